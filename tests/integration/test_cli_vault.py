"""A release with a vault from the shell: published, a person forgotten, published again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import shop
from tests.commands import Project
from tests.services import Server

CANARY = "kunde7@example.no"


def _with_vault(folder: Path, store: str) -> Project:
    project = shop.scanned(folder / "p")
    project.configure(f'{shop.CONFIG}    vault: {{store: "{store}"}}\n')
    done = project.run("publish", "analytics")
    assert done.code == 0, done.err + done.out
    return project


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """The shop, published with a vault in a file, and in a real PostgreSQL."""
    store = f"sqlite:///{tmp_path}/vault/v.db"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        store = server.new_database()
    return _with_vault(tmp_path, store)


def _customers(project: Project) -> list[dict[str, str]]:
    sql = "SELECT c.*, count(o.id) AS n FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY ALL"
    done = project.run("query", "analytics", sql, "--format", "json")
    assert done.code == 0, done.err
    return sorted(json.loads(done.out), key=lambda row: row["id"])


def test_publishing_again_gives_the_same_tokens_and_joins(project: Project) -> None:
    """Also under a new version of the key; orders find their customers."""
    before = _customers(project)
    assert len(before) == 60
    assert {row["n"] for row in before} == {2}
    assert project.run("keys", "rotate").code == 0
    assert project.run("publish", "analytics").code == 0
    assert _customers(project) == before
    assert project.run("verify", "analytics").code == 0


def test_plan_manifest_and_report_say_that_there_is_a_vault(project: Project) -> None:
    """The analyst and the officer read it without asking."""
    plan = json.loads(project.run("plan", "analytics", "--json").out)
    (email,) = [f for f in plan["fields"] if f["field"] == "shop/customers.epost"]
    assert email["parameters"] == {"tokens": "vault"}
    assert "tokens vault" in project.run("plan", "analytics").out
    folder = project / "releases/analytics/latest"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["vault"]["deletions"] == 0
    report = (folder / "REPORT.html").read_text()
    assert "only the vault leads back" in report
    assert "bare hvelvet leder tilbake" in report


def test_forgetting_a_person_deletes_the_rows_and_says_what_stays(project: Project) -> None:
    """The receipt counts, names backups and releases, and holds no value; the next tokens differ."""
    before = _customers(project)
    given = f" Kunde7@Example.NO \nLars Vik\nukjent@example.no\n{CANARY}\n"
    asked = project.run("vault", "forget", "test", "--reason", "sak 4", "--dry-run", stdin=given)
    assert "Nothing was deleted" in asked.out
    assert _sum(project) == _sum(project)
    tokens = _sum(project)
    done = project.run(
        "vault", "forget", "test", "--reason", "sak 4", "--yes", "--json", "-o", "receipt.json",
        stdin=given,
    )  # fmt: skip
    assert done.code == 0, done.err
    receipt = json.loads(done.out)
    assert json.loads((project / "receipt.json").read_text()) == receipt
    # Two spellings of one address have one row; Lars Vik is in the shop, `ukjent` is not.
    assert receipt["deleted"] == {"email": 1, "name": 1}
    assert (receipt["identifiers"], receipt["matched"]) == (4, 3)
    assert receipt["publish_again"] == ["analytics"]
    assert [v["here"] for v in receipt["versions"]] == [True]
    assert _sum(project) == tokens - 2
    assert "kunde7" not in done.out.lower()
    text = project.run(
        "vault", "forget", "test", "--reason", "sak 4", "--yes", "--lang", "nb", stdin=given
    )
    assert "Sikkerhetskopier" in text.out
    assert "sladd publish analytics" in text.out
    assert "kunde7" not in (text.out + text.err).lower()
    assert project.run("publish", "analytics").code == 0
    after = {row["id"]: row for row in _customers(project)}
    changed = [row for row in before if after[row["id"]]["epost"] != row["epost"]]
    assert len(changed) == 1


def _sum(project: Project) -> int:
    (vault,) = json.loads(project.run("vault", "status", "--json").out)
    return sum(space["tokens"] for space in vault["spaces"])


def test_what_is_written_down_of_forgetting_holds_no_value(project: Project) -> None:
    """Audit entry, catalog and everything else in the folder."""
    project.run("vault", "forget", "test", "--reason", "sak 5", "--yes", stdin=f"{CANARY}\n")
    project.run(
        "vault", "forget", "test", "--reason", f"ba {CANARY}", "--yes", stdin="x\n"
    ).one_line(2, 160, "personal")
    from sladd.catalog import open_catalog

    with open_catalog("sqlite:///.sladd/catalog.db", root=project.folder) as catalog:
        (entry,) = [e for e in catalog.audit.entries() if e.action == "vault forget"]
    assert entry.subject == "domain test"
    assert entry.detail == {"identifiers": 1, "matched": 1, "rows": 1, "reason": "sak 5"}
    written = [p for p in project.folder.rglob("*") if p.is_file() and p.name != "shop.db"]
    assert [p for p in written if b"kunde7" in p.read_bytes().lower()] == []


def test_forgetting_needs_a_terminal_or_a_yes(project: Project) -> None:
    """Nothing is deleted by a pipe alone; nothing is asked about nothing."""
    tokens = _sum(project)
    project.run("vault", "forget", "test", "--reason", "x", stdin=f"{CANARY}\n").one_line(2, 175)
    project.run("vault", "forget", "test", "--reason", "x", "--yes").one_line(2, 174)
    project.run("vault", "forget", "tset", "--reason", "x", "--yes", stdin="a\n").one_line(
        3, 436, "test"
    )
    assert _sum(project) == tokens


def test_only_the_types_asked_for_are_searched(project: Project) -> None:
    """A customer's number is an order's number, too."""
    done = project.run(
        "vault", "forget", "test", "--reason", "x", "--yes", "--json", "--type", "shop/customers.id",
        stdin="7\n",
    )  # fmt: skip
    assert json.loads(done.out)["deleted"] == {"shop/customers.id": 1}


def test_retiring_a_key_tells_what_a_vault_loses_by_it(project: Project) -> None:
    """Rows that no publish has carried over to the newest version yet."""
    project.run("keys", "rotate")
    told = project.run("keys", "retire", "main", "1", "--yes")
    assert told.code == 0
    assert "tokens of a vault are looked up by version 1" in told.err
    gone = project.run("vault", "forget", "test", "--reason", "x", "--yes", stdin=f"{CANARY}\n")
    assert "could not be searched" in gone.out


def test_doctor_opens_the_vault(project: Project) -> None:
    """And says how much it holds."""
    done = project.run("doctor")
    assert done.code == 0, done.out
    assert "ok   vault of analytics:" in done.out


def test_a_vault_that_fails_stops_the_publish_before_anything_is_handed_out(tmp_path: Path) -> None:
    """The old version stands."""
    project = _with_vault(tmp_path, f"sqlite:///{tmp_path}/vault/v.db")
    before = project.versions()
    (tmp_path / "vault" / "v.db").chmod(0o644)
    project.run("publish", "analytics").one_line(3, 431, "chmod 600")
    (tmp_path / "vault" / "v.db").chmod(0o600)
    (tmp_path / "vault" / "v.db").write_bytes(b"no database" * 1000)
    project.run("publish", "analytics").one_line(3, 432)
    assert project.versions() == before


@pytest.mark.parametrize(
    ("rule", "vault", "code"),
    [
        ("tokens: vault", False, 346),
        ("show_version: true", True, 347),
        ("bits: 96", True, 347),
    ],
)
def test_what_tokens_cannot_be_is_said_by_the_plan(
    tmp_path: Path, rule: str, vault: bool, code: int
) -> None:
    """Before anything is read or made."""
    project = shop.scanned(tmp_path / "p")
    rules = f"    rules:\n      - {{field: shop/customers.epost, transform: pseudonym, {rule}}}\n"
    store = f'    vault: {{store: "sqlite:///{tmp_path}/vault/v.db"}}\n' if vault else ""
    project.configure(shop.CONFIG + store + rules)
    project.run("plan", "analytics").one_line(1, code, "customers.epost")
    assert not (tmp_path / "vault").exists()


def test_a_rule_can_leave_a_column_to_the_key(tmp_path: Path) -> None:
    """The others come from the vault, spans within texts too."""
    project = shop.build(tmp_path / "p", wide=False)
    project.sql(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tekst TEXT)",
        *(
            f"INSERT INTO notes VALUES ({n}, 'Ring meg på kunde{n}@example.no i morgen, hilsen oss')"
            for n in range(1, 60)
        ),
    )
    project.configure(
        f'{shop.CONFIG}    vault: {{store: "sqlite:///{tmp_path}/vault/v.db"}}\n'
        "    rules:\n"
        "      - {field: shop/customers.navn, transform: pseudonym, tokens: key}\n"
        "      - {field: shop/notes.tekst, transform: redact_text, with: pseudonym}\n"
    )
    for words in (("discover",), ("publish", "analytics")):
        assert project.run(*words).code == 0
    (vault,) = json.loads(project.run("vault", "status", "--json").out)
    assert "name" not in {space["type"] for space in vault["spaces"]}
    sql = "SELECT count(*) AS n FROM notes x JOIN customers c ON contains(x.tekst, c.epost)"
    (row,) = json.loads(project.run("query", "analytics", sql, "--format", "json").out)
    assert row["n"] == 59
