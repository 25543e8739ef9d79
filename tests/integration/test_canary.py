"""DESIGN §8.1: no personal value in anything that sladd writes or says, whatever goes wrong.

Canaries stand in values and in names. Every command runs, also on its failing paths, and
then everything written is searched: output, catalog, reports, release, temporary files.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

# Synthetic: example.* is reserved, the number is in the +80 range. Both names are in the lists,
# as a name must be to be known for one where it stands as a header or a file name.
NAME = "Borghild Skjerdal"
EMAIL = "borghild.skjerdal@example.no"
FNR = "10915596784"
PHONE = "+47 412 98 753"
SECRET = "passord-kanarifugl-7731"
CANARIES = ["skjerdal", "borghild", FNR, "41298753", "412 98 753", SECRET]

CONFIG = """
sources:
  shop:
    database: sqlite:///shop.db
  exports:
    files: data/*.{csv,jsonl}
keys:
  main: {file: KEY}
releases:
  analytics:
    domain: canary
    from: [shop, exports]
    rules:
      - {field: shop/notes.body, transform: redact_text}
    to: releases/analytics
  vaulted:
    domain: canary
    from: [shop]
    rules:
      - {field: shop/notes.body, transform: redact_text, with: pseudonym}
    vault: {store: "sqlite:///VAULT/vault.db"}
    to: releases/vaulted
  open:
    kind: anonymised
    domain: canary
    from: [shop]
    roles: {shop/visits.sted: ROLE, shop/visits.antall: sensitive}
    guarantee: {k: 5, l: 2}
    to: releases/open
"""


def rows(n: int) -> list[tuple]:
    people = [(1, NAME, EMAIL, FNR, PHONE)]
    for i in range(2, n + 1):
        people.append((i, f"Ola Nordmann{i}", f"ola{i}@example.org", None, f"+47 900 00 {i:03d}"))
    return people


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A shop whose values, column names, keys and file names hold canaries."""
    folder = tmp_path_factory.mktemp("canary")
    with sqlite3.connect(folder / "shop.db") as db:
        db.execute(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, navn TEXT, epost TEXT, fnr TEXT, "
            "mobil TEXT)"
        )
        db.executemany("INSERT INTO customers VALUES (?,?,?,?,?)", rows(200))
        db.execute(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES "
            "customers(id), body TEXT)"
        )
        db.executemany(
            "INSERT INTO notes VALUES (?,?,?)",
            [
                (i, 1 + i % 200, f"Ring meg på {PHONE} eller skriv til {EMAIL}, fnr {FNR}. Hilsen")
                for i in range(1, 60)
            ],
        )
        db.execute(
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES "
            "customers(id), sted TEXT, antall INTEGER)"
        )
        db.executemany(
            "INSERT INTO visits VALUES (?,?,?,?)",
            [
                (i, i, "Skjerdal" if i == 1 else ("Oslo", "Bergen")[i % 2], i % 7)
                for i in range(1, 200)
            ],
        )
        db.execute(f'CREATE TABLE odd ("{EMAIL}" TEXT, "{NAME}" TEXT)')
        db.execute("INSERT INTO odd VALUES (?,?)", (NAME, FNR))
        db.execute(f'CREATE TABLE "{NAME}" (id INTEGER PRIMARY KEY, x TEXT)')
        db.execute(f"INSERT INTO \"{NAME}\" VALUES (1, '{EMAIL}')")
    data = folder / "data"
    data.mkdir()
    (data / "headerless.csv").write_text(
        f"{NAME};{EMAIL};41298753\n"
        + "".join(f"{n};{e};9{i * i * 48271 % 9999991:07d}\n" for i, n, e, _, _ in rows(40)[1:]),
        encoding="utf-8",
    )
    (data / "Borghild_Skjerdal_ordre.csv").write_text(
        f"ordre;epost\n1;{EMAIL}\n2;ola@example.org\n", encoding="utf-8"
    )
    (data / "keyed.jsonl").write_text(
        f'{{"by": {{"{EMAIL}": {{"n": 1}}, "ola@example.org": {{"n": 2}}}}}}\n' * 5,
        encoding="utf-8",
    )
    (data / "broken.jsonl").write_text(f'{{"epost": "{EMAIL}", "navn": ', encoding="utf-8")
    (data / "person.txt").write_text(f"{NAME}\n{EMAIL}\n{FNR}\n{PHONE}", encoding="utf-8")
    keys = folder.parent / f"{folder.name}-keys"
    keys.mkdir(mode=0o700)
    (folder / "sladd.yaml").write_text(placed(CONFIG, str(keys / "main.key")), "utf-8")
    return folder


def placed(text: str, key: str) -> str:
    """The configuration with the place of the key; the vault lies beside it."""
    return text.replace("KEY", key).replace("VAULT", str(Path(key).parent)).replace("ROLE", "quasi")


DRIVER = """
import contextlib, io, json, sys
from sladd.cli import main
said = []
for words in json.load(sys.stdin):
    out, sys.argv, code = io.StringIO(), ["sladd", *words], 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    said.append((code, out.getvalue()))
json.dump(said, sys.stdout)
"""


def run(project: Path, commands: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Run the commands one after another; what libraries write past Python counts too."""
    temporary = project / "tmp"
    temporary.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=280,
        input=json.dumps(list(commands.values())),
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    said = json.loads(done.stdout.splitlines()[-1])
    beside = done.stderr + "".join(done.stdout.splitlines()[:-1])
    return {name: (code, text) for name, (code, text) in zip(commands, said, strict=True)} | {
        "beside": (0, beside)
    }


def journey(project: Path) -> dict[str, tuple[int, str]]:
    """Every command, then the paths that end in an error, each with a canary near."""
    key = re.findall(r"file: (\S+)}", (project / "sladd.yaml").read_text())[0]
    commands = {"keys init": ["keys", "init", key]}
    for words in (
        "discover --full",
        "discover",
        "findings --all",
        "findings --all --format json",
        "findings --all --format csv",
        "report --format html -o r.html",
        "report --format xlsx -o r.xlsx",
        "report --format md -o r.md",
        "report --format json -o r.json",
        "plan analytics",
        "plan analytics --json",
        "check",
        "verdicts export -o v.yaml",
        "publish analytics",
        "verify analytics",
        "doctor",
        "keys list",
        "roles open --all",
        "plan open --explore -o explore.html",
        "publish open",
        "verify open",
        "assess open -o assessment.yaml",
        "publish vaulted",
        "vault status --json",
        "keys rotate",
        "publish vaulted --json",
        "vault forget canary --reason sak --yes --from-file data/person.txt -o receipt.json",
        "vault forget canary --reason sak --yes --from-file data/person.txt --type no",
        "vault forget nowhere --reason sak --yes --from-file data/person.txt",
        "reveal request vaulted --reason sak --from-file data/person.txt --json",
        "reveal vaulted --reason sak --approver ombudet --from-file data/person.txt",
        "reveal vaulted --reason sak --approver ombudet --from-file data/person.txt -o none.json",
        "reveal list --json",
        "keys translate analytics --from 1 --to 2 --reason sak -o KEYS/t.parquet",
        "keys translate --destroy KEYS/t.parquet",
    ):
        commands[words] = words.replace("KEYS", str(Path(key).parent)).split()
    bad = {
        "wrong password": CONFIG.replace(
            "sqlite:///shop.db", f"postgresql+psycopg://r:{SECRET}@127.0.0.1:1/shop"
        ),
        "no such database": CONFIG.replace("shop.db", "missing.db"),
        "unknown key": CONFIG.replace("domain: canary", f"domain: canary\n    dommain: {SECRET}"),
        "where with a value": CONFIG.replace(
            "    to: releases",
            f'    where: {{shop/customers: "epost = {EMAIL!r} oops"}}\n    to: releases',
        ),
        "where that fails on a cast": CONFIG.replace(
            "    to: releases",
            '    where: {exports/keyed: "CAST(no_such AS INTEGER) > 1"}\n    to: releases',
        ),
    }
    rare = project / "bad-rare.yaml"
    rare.write_text(placed(CONFIG.replace("ROLE", "insensitive"), key), encoding="utf-8")
    commands["a rare value"] = ["--debug", "--config", rare.name, "publish", "open"]
    for number, (name, text) in enumerate(bad.items()):
        path = project / f"bad{number}.yaml"
        path.write_text(placed(text, key), encoding="utf-8")
        for command in ("discover shop", "publish analytics"):
            commands[f"{name}: {command}"] = ["--debug", "--config", path.name, *command.split()]
    commands["reason with a value"] = [
        "decide",
        "shop/customers.navn",
        "confirm",
        "--reason",
        f"see {EMAIL}",
    ]
    commands["query that quotes"] = [
        "query",
        "analytics",
        "SELECT CAST(epost AS INTEGER) FROM customers",
    ]
    return run(project, commands)


def leaks(data: bytes) -> list[str]:
    """Canaries in these bytes, as text in any usual encoding or wrapped in base64."""
    text = data.decode("utf-8", "ignore").lower() + data.decode("utf-16-le", "ignore").lower()
    for blob in re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", data):
        try:
            text += (
                base64.b64decode(blob + b"=" * (-len(blob) % 4)).decode("utf-8", "ignore").lower()
            )
        except ValueError:
            continue
    return [c for c in CANARIES if c.lower() in text]


def written(project: Path) -> list[Path]:
    """Every file that sladd wrote, archives opened."""
    own = {"shop.db", "sladd.yaml", "none.json"}  # the last: what was asked for, to its owner
    keys = project.parent / f"{project.name}-keys"
    return [path for path in keys.iterdir() if path.is_file()] + [
        path
        for path in project.rglob("*")
        if path.is_file()
        and path.name not in own
        and not path.match("bad*.yaml")
        and "data" not in path.relative_to(project).parts
    ]


@pytest.fixture(scope="module")
def outcome(project) -> dict[str, tuple[int, str]]:
    """What every command said, with its exit code."""
    return journey(project)


def test_the_commands_did_their_work(outcome):
    """A canary test over commands that failed early would prove nothing."""
    done = ("discover --full", "report --format html -o r.html", "publish analytics",
            "publish vaulted", "keys rotate", "publish vaulted --json", "publish open",
            "plan open --explore -o explore.html", "assess open -o assessment.yaml")  # fmt: skip
    for words in (*done, *(w for w in outcome if w.startswith(("vault forget canary", "keys tr")))):
        assert outcome[words][0] == 0, outcome[words][1]
    assert "user.contact.email" in outcome["findings --all"][1]
    for words, (code, text) in outcome.items():
        assert "Traceback" not in text, words
        assert code != 70, f"{words}: {text}"
    assert outcome["reason with a value"][0] == 2
    assert outcome["a rare value"][0] == 1
    assert "shop/visits.sted" in outcome["roles open --all"][1]
    assert outcome["wrong password: discover shop"][0] == 3
    assert outcome["where with a value: publish analytics"][0] == 3


def test_no_command_says_a_value(outcome):
    """Neither standard output nor standard error, neither success nor failure."""
    found = {words: leaks(text.encode()) for words, (_, text) in outcome.items()}
    assert not {w: f for w, f in found.items() if f}


def test_no_file_holds_a_value(outcome, project):
    """Catalog, reports, verdicts, release, temporary files: names of files as well."""
    import zipfile

    found = {}
    files = written(project)
    for path in files:
        data = path.read_bytes() + str(path.relative_to(project.parent)).encode()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                data += b"".join(book.read(name) for name in book.namelist())
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            data += str(pq.read_table(path).to_pydict()).encode()
        if hits := leaks(data):
            found[str(path.relative_to(project.parent))] = hits
    assert len(files) > 10
    assert not found


def test_nothing_is_left_in_the_temporary_folder(outcome, project):
    """A temporary file that outlives its command is a leak waiting."""
    assert [p for p in (project / "tmp").rglob("*") if p.is_file()] == []
