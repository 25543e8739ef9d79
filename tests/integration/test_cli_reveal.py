"""`sladd reveal` from the shell: who may, what is led back, and what is written down."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sladd.errors import RevealError
from sladd.pipeline import requests
from sladd.pipeline.bind import Bound, bind
from tests import shop
from tests.commands import Outcome, Project

RULES = """\
    rules:
      - {field: shop/customers.id, transform: encrypt}
      - {field: shop/orders.customer_id, transform: encrypt}
      - {field: shop/customers.epost, transform: pseudonym, show_version: true, prefix: "e-"}
      - {field: shop/customers.mobil, transform: format_preserving}
      - {field: shop/customers.postnr, transform: generalise, to: region}
      - {field: shop/notes.tekst, transform: redact_text, with: pseudonym}
"""
SECOND = """\
  strict:
    domain: strengt
    from: [shop]
    to: releases/strict
    reveal: {approval: two_persons, request_expires: 2d}
"""
ALLOWED = ("--reason", "sak 2026/114", "--approver", "personvernombudet")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop with every transform that leads back, and one that does not."""
    made = shop.build(tmp_path_factory.mktemp("reveal") / "p", wide=False)
    made.sql(
        "ALTER TABLE customers ADD COLUMN mobil TEXT",
        "ALTER TABLE customers ADD COLUMN postnr TEXT",
        "UPDATE customers SET mobil = '4' || printf('%07d', id * 7919 % 10000000), postnr = '0150'",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tekst TEXT)",
        *(
            f"INSERT INTO notes VALUES ({n}, 'Skriv til meg på kunde{n}@example.no, takk skal du ha')"
            for n in range(1, 60)
        ),
    )
    made.configure(shop.CONFIG + RULES + SECOND)
    for words in (("discover",), ("publish", "analytics"), ("publish", "strict")):
        done = made.run(*words)
        assert done.code == 0, done.err + done.out
    return made


def _rows(project: Project, sql: str, release: str = "analytics") -> list[dict[str, str]]:
    done = project.run("query", release, sql, "--format", "json")
    assert done.code == 0, done.err
    found: list[dict[str, str]] = json.loads(done.out)
    return found


def _revealed(
    project: Project, given: list[str], *words: str, release: str = "analytics"
) -> tuple[dict[str, str], Outcome]:
    path = project / "out.json"
    path.unlink(missing_ok=True)
    done = project.run(
        "reveal", release, *(words or ALLOWED), "-o", "out.json", stdin="\n".join(given)
    )
    if not path.exists():
        return {}, done
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = {e["pseudonym"]: e["value"] for e in json.loads(path.read_text())["found"]}
    path.unlink()
    return found, done


def test_every_kind_of_pseudonym_is_led_back(project: Project) -> None:
    """Keyed ones by the source, ciphertexts by the key; the values belong to one customer."""
    row, *_ = _rows(project, "SELECT id, navn, epost FROM customers ORDER BY id")
    found, done = _revealed(project, list(row.values()))
    assert done.code == 0, done.err
    number = int(found[row["id"]])
    assert found[row["epost"]] == f"kunde{number}@example.no"
    name = f"{shop.GIVEN[number % 10]} {shop.FAMILY[number % 8]}"
    assert found[row["navn"]] == name
    assert name not in done.out + done.err


def test_a_format_preserving_number_needs_its_key_only(project: Project) -> None:
    """Any key would give some number, so there must be one column that it can be of."""
    row, *_ = _rows(project, "SELECT id, mobil FROM customers ORDER BY id")
    found, _ = _revealed(project, list(row.values()))
    expected = f"4{int(found[row['id']]) * 7919 % 10000000:07d}"
    assert found[row["mobil"]].endswith(expected)
    chosen, _ = _revealed(project, [row["mobil"]], *ALLOWED, "--column", "customers.mobil")
    assert chosen == {row["mobil"]: found[row["mobil"]]}


def test_a_pseudonym_within_a_text_is_led_back(project: Project) -> None:
    """As it stands there, with its label."""
    (row,) = _rows(
        project, "SELECT regexp_extract(tekst, '<[^>]+>') AS span FROM notes ORDER BY 1 LIMIT 1"
    )
    found, done = _revealed(project, [row["span"]])
    assert done.code == 0, done.err
    assert found[row["span"]].endswith("@example.no")


def test_what_leads_nowhere_is_said_in_one_line(project: Project) -> None:
    """A word that is no pseudonym, one of another release, and columns without a way back."""
    (other,) = _rows(project, "SELECT epost FROM customers LIMIT 1", "strict")
    found, done = _revealed(project, ["tull", "e-v1:" + other["epost"]])
    assert (found, done.code) == ({}, 1)
    lost, unknown = done.lines
    assert lost.startswith("1 not found")
    assert unknown.startswith("1 are no pseudonyms of this release; nothing leads back from")
    assert "customers.postnr (generalise)" in unknown
    _, refused = _revealed(project, ["x"], *ALLOWED, "--column", "customers.postnr")
    refused.one_line(1, 455, "generalise")
    _, refused = _revealed(project, ["x"], *ALLOWED, "--column", "customers.tull")
    refused.one_line(1, 456)


def test_a_person_who_left_the_source_is_not_found(tmp_path: Path) -> None:
    """A keyed pseudonym holds nothing of its value."""
    made = shop.published(tmp_path / "p")
    rows = _rows(made, "SELECT epost FROM customers")
    made.sql("DELETE FROM customers WHERE id <> 1")
    found, done = _revealed(made, [row["epost"] for row in rows])
    assert list(found.values()) == ["kunde1@example.no"]
    assert "59 not found: the source no longer has the value" in done.err


def test_reason_and_approver_are_needed(project: Project) -> None:
    """And the reason holds no personal data."""
    for words in (("--reason", "x"), ("--approver", "x"), ("--reason", " ", "--approver", "x")):
        _, done = _revealed(project, ["x"], *words)
        done.one_line(2, 172, "--approver")
    _, done = _revealed(project, ["x"], "--reason", "om kunde7@example.no", "--approver", "x")
    done.one_line(2, 160)


def test_values_go_neither_into_a_pipe_nor_beside_data(project: Project) -> None:
    """Nor over a file that is there, nor into a release or a git work tree."""
    project.run("reveal", "analytics", *ALLOWED, stdin="x").one_line(1, 458, "-o PATH")
    (project / "there").write_text("mine")
    done = project.run("reveal", "analytics", *ALLOWED, "-o", "there", stdin="tull")
    assert (project / "there").read_text() == "mine"
    assert done.code == 3
    project.run(
        "reveal", "analytics", *ALLOWED, "-o", "releases/analytics/x.json", stdin="x"
    ).one_line(3, 405, "output")


def test_every_reveal_is_written_down_without_values(project: Project) -> None:
    """Who, when, why, who allowed it, how many; and it was written before anything was shown."""
    row, *_ = _rows(project, "SELECT id, navn, epost FROM customers ORDER BY id LIMIT 1")
    _revealed(project, [*row.values(), "tull"])
    with _bound(project).catalog as catalog:
        entry = catalog.audit.entries()[-1]
        assert catalog.audit.verify() == []
    assert (entry.action, entry.subject, entry.by) == (
        "reveal",
        "analytics",
        requests.system_user(),
    )
    assert entry.detail == {
        "reason": "sak 2026/114", "approver": "personvernombudet", "asked": 4, "found": 3,
    }  # fmt: skip
    catalog_files = [p for p in (project / ".sladd").rglob("*") if p.is_file()]
    written = b"".join(p.read_bytes() for p in catalog_files).lower()
    assert b"kunde7@" not in written
    assert row["navn"].encode() not in written


def _bound(project: Project) -> Bound:
    return bind(project / "sladd.yaml")


def test_two_persons_are_needed_where_the_policy_says_so(project: Project) -> None:
    """Ask, approve as another, use once, for those pseudonyms alone."""
    rows = _rows(project, "SELECT epost FROM customers LIMIT 3", "strict")
    given = [row["epost"] for row in rows]
    _, refused = _revealed(project, given, release="strict")
    refused.one_line(1, 450, "sladd reveal request")
    asked = project.run(
        "reveal", "request", "strict", "--reason", "sak 9", "--json", stdin="\n".join(given)
    )
    assert asked.code == 0, asked.err
    number = json.loads(asked.out)["id"]
    words = ("--request", number)
    _, early = _revealed(project, given, *words, release="strict")
    early.one_line(1, 452, "waiting")
    project.run("reveal", "approve", number).one_line(1, 453, "another person")
    bound = _bound(project)
    with pytest.raises(RevealError):
        requests.approve(bound, number, by=requests.system_user().upper())
    requests.approve(bound, number, by="ombudet")
    (listed,) = json.loads(project.run("reveal", "list", "--json").out)
    assert (listed["state"], listed["approved_by"], listed["count"]) == ("approved", "ombudet", 3)
    _, other = _revealed(project, given[:2], *words, release="strict")
    other.one_line(1, 454)
    _, elsewhere = _revealed(project, given, *words)
    elsewhere.one_line(1, 454)
    found, done = _revealed(project, given[::-1], *words, release="strict")
    assert done.code == 0, done.err
    assert len(found) == 3
    _, again = _revealed(project, given, *words, release="strict")
    again.one_line(1, 452, "used")
    assert json.loads(project.run("reveal", "list", "--json").out) == []


def test_a_request_ends(project: Project) -> None:
    """Two days, as the release says; neither approved nor used after that."""
    bound = _bound(project)
    old = datetime.now(UTC) - timedelta(days=3)
    late = requests.ask(bound, "strict", ["a"], reason="x", by="kari", now=old)
    with pytest.raises(RevealError, match="expired") as caught:
        requests.approve(bound, late.id, by="ola")
    assert caught.value.code == 452
    slow = requests.ask(bound, "strict", ["a"], reason="x", by="kari", now=old)
    requests.approve(bound, slow.id, by="ola", now=old)
    with pytest.raises(RevealError, match="expired"):
        requests.approved(bound, slow.id, "strict", ["a"])
    with pytest.raises(RevealError) as caught:
        requests.approve(bound, "nothing", by="ola")
    assert caught.value.code == 451


def test_who_asks_cannot_rename_himself(project: Project) -> None:
    """The system says who runs a command; the environment does not."""
    asked = project.run("reveal", "request", "strict", "--reason", "x", "--json", stdin="a")
    number = json.loads(asked.out)["id"]
    names = {"LOGNAME": "ombudet", "USER": "ombudet", "LNAME": "ombudet", "USERNAME": "ombudet"}
    project.run("reveal", "approve", number, **names).one_line(1, 453)


@pytest.mark.skipif(sys.platform != "linux", reason="pseudo-terminals and /proc are Linux'")
def test_a_terminal_asks_and_shows(project: Project) -> None:
    """Pseudonyms are asked for, the value is shown; neither it nor a key stands in the arguments."""
    row, *_ = _rows(project, "SELECT navn FROM customers ORDER BY navn")
    theirs, ours = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from sladd.cli import main; main()", "reveal", "analytics", *ALLOWED],
        cwd=project.folder,
        stdin=ours, stdout=ours, stderr=ours,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "NO_COLOR": "1",
                          "COLUMNS": "200"},
    )  # fmt: skip
    os.close(ours)
    os.write(theirs, f"{row['navn']}\n\n".encode())
    seen, arguments = b"", b""
    try:
        while chunk := os.read(theirs, 65_536):
            seen += chunk
            arguments += Path(f"/proc/{process.pid}/cmdline").read_bytes()
    except OSError:  # the other end was closed
        pass
    os.close(theirs)
    assert process.wait(60) == 0, seen
    text = seen.decode()
    assert any(f"{given} {family}" in text for given in shop.GIVEN for family in shop.FAMILY)
    assert row["navn"].encode() not in arguments
    secret = (project.folder.parent / "keys" / "main.key").read_text().splitlines()[-1].split()[1]
    assert secret.encode() not in arguments
    assert secret not in text


def test_a_key_of_the_same_name_that_is_another_is_told(tmp_path: Path) -> None:
    """A release that was made elsewhere, or a key that was lost and made anew."""
    made = shop.published(tmp_path / "p")
    row, *_ = _rows(made, "SELECT epost FROM customers")
    key = tmp_path / "keys" / "main.key"
    key.unlink()
    assert made.run("keys", "init", str(key)).code == 0
    _, done = _revealed(made, [row["epost"]])
    done.one_line(1, 457, "another key")


def test_an_older_version_of_the_key_leads_back_too(tmp_path: Path) -> None:
    """A pseudonym of an earlier release, made before the key was rotated."""
    made = shop.published(tmp_path / "p")
    (row, *_), (first,) = _rows(made, "SELECT epost FROM customers"), _published(made)
    assert made.run("keys", "rotate").code == 0
    assert made.run("publish", "analytics").code == 0
    assert _revealed(made, [row["epost"]])[0] == {}
    found, _ = _revealed(made, [row["epost"]], *ALLOWED, "--key-version", "1")
    assert list(found) == [row["epost"]]
    assert _revealed(made, [row["epost"]], *ALLOWED, "--version", first)[0] == found


def _published(project: Project) -> list[str]:
    return [name.removeprefix("v=") for name in project.versions() if name.startswith("v=")]


def test_tokens_of_a_vault_are_led_back_until_they_are_forgotten(tmp_path: Path) -> None:
    """The way leads over the store; without a row there is none, key and source or not."""
    made = shop.build(tmp_path / "p", wide=False)
    made.configure(f'{shop.CONFIG}    vault: {{store: "sqlite:///{tmp_path}/vault/v.db"}}\n')
    for words in (("discover",), ("publish", "analytics")):
        assert made.run(*words).code == 0
    tokens = [row["epost"] for row in _rows(made, "SELECT epost FROM customers")]
    found, done = _revealed(made, tokens)
    assert done.code == 0
    assert set(found.values()) == {f"kunde{n}@example.no" for n in range(1, 61)}
    forgotten = made.run(
        "vault", "forget", "test", "--reason", "x", "--yes", stdin="kunde7@example.no"
    )
    assert forgotten.code == 0
    left, done = _revealed(made, tokens)
    assert set(found) - set(left) == {
        t for t, value in found.items() if value == "kunde7@example.no"
    }
    assert done.code == 1
    assert "1 without a row in the vault: the way back was deleted" in done.err
