"""Links from the first scan to a release: suggested, decided, built on, kept; never a value."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.commands import Project

CONFIG = """\
sources:
  web:
    database: sqlite:///shop.db
  crm:
    files: data/*.csv
keys:
  main: {file: ../keys/main.key}
releases:
  analytics:
    domain: test
    from: [web, crm]
    to: releases/analytics
"""
GIVEN = ("Kari", "Ola", "Ingrid", "Per", "Liv", "Nils", "Anne", "Lars", "Berit", "Jan")
FAMILY = ("Hansen", "Olsen", "Berg", "Haugen", "Moen", "Dahl", "Lund", "Vik")
PEOPLE = range(40_001, 40_121)


def person(number: int) -> str:
    """A name."""
    return f"{GIVEN[number % 10]} {FAMILY[number % 8]}"


def build(folder: Path) -> Project:
    """A shop without foreign keys, and a newsletter that most customers read."""
    project = Project(folder)
    (folder / "data").mkdir(parents=True)
    customers = ", ".join(f"({n}, '{person(n)}', 'kunde{n}@example.no')" for n in PEOPLE)
    carts = ", ".join(f"({i}, {40_001 + i * 7 % 120}, {i % 9})" for i in range(1, 241))
    project.sql(
        "CREATE TABLE customers (kundenr INTEGER PRIMARY KEY, navn TEXT, epost TEXT)",
        "CREATE TABLE carts (id INTEGER PRIMARY KEY, kjoper INTEGER, antall INTEGER)",
        f"INSERT INTO customers VALUES {customers}",
        f"INSERT INTO carts VALUES {carts}",
    )
    letters = "".join(
        f"{'Kunde' if n % 2 else 'kunde'}{n}@Example.no;2024-01-{1 + n % 28:02d}\n"
        for n in [*list(PEOPLE)[:62], *range(50_000, 50_038)]
    )
    (folder / "data/nyhetsbrev.csv").write_text(f"epost;dato\n{letters}", encoding="utf-8")
    orders = "".join(f"{n};{40_001 + n * 11 % 120};{n % 40}\n" for n in range(900, 1200))
    (folder / "data/ordre.csv").write_text(f"ordrenr;kundenr;antall\n{orders}", encoding="utf-8")
    project.configure(CONFIG)
    assert project.run("keys", "init", str(folder.parent / "keys/main.key")).code == 0
    return project


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Scanned once."""
    project = build(tmp_path_factory.mktemp("links") / "shop")
    done = project.run("discover")
    assert done.code == 0, done.err + done.out
    return project


@pytest.fixture
def project(shop: Project, tmp_path: Path) -> Project:
    """A copy that a test may change."""
    shutil.copytree(shop.folder, tmp_path / "shop")
    shutil.copytree(shop.folder.parent / "keys", tmp_path / "keys")
    return Project(tmp_path / "shop")


def listed(project: Project, *words: str) -> dict[tuple[str, str], dict]:
    """What `sladd links --json` says, by both ends."""
    done = project.run("links", "--json", *words)
    assert done.code == 0, done.err
    return {(each["from"], each["to"]): each for each in json.loads(done.out)["links"]}


def test_suggested_within_a_source_and_from_one_to_another(shop: Project) -> None:
    """Both say why, and neither is certain."""
    found = listed(shop)
    assert set(found) == {
        ("web/carts.kjoper", "web/customers.kundenr"),
        ("crm/ordre.kundenr", "web/customers.kundenr"),
    }
    for each in found.values():
        assert each["state"] == "suggested" and each["confidence"] < 1
        assert all(term["text"] for term in each["evidence"])


def test_a_suggestion_marks_findings_and_builds_nothing(project: Project) -> None:
    """Findings say "if the key is confirmed", are less sure, and no way to a person is claimed."""
    rows = {r["field"]: r for r in json.loads(project.run("findings", "--all", "--json").out)}
    count = rows["web/carts.antall"]
    assert count["how"] == "linked" and count["confidence"] < 0.9
    assert "If the key is confirmed" in count["evidence"][0]["text"]
    plan = project.run("plan", "analytics", "--json")
    assert plan.code == 0
    reasons = {r["field"]: r["reason"] for r in json.loads(plan.out)["fields"]}
    assert reasons["web/carts.kjoper"] != "key"
    report = json.loads(project.run("report", "--format", "json", "--lang", "en").out)
    assert len(report["links"]) == 2
    paths = {t["table"]: t["person_path"] for s in report["sources"] for t in s["tables"]}
    assert paths["web/carts"] == []


def test_confirmed_it_is_as_good_as_declared(project: Project) -> None:
    """Person path, linked finding, entity; the release joins on it, across sources as well."""
    for start in ("web/carts.kjoper", "crm/ordre.kundenr"):
        done = project.run(
            "links", "confirm", start, "web/customers.kundenr", "--reason", "felles nummer"
        )
        assert done.code == 0, done.err
    assert project.run("discover").code == 0
    assert {each["state"] for each in listed(project).values()} == {"confirmed"}
    rows = {r["field"]: r for r in json.loads(project.run("findings", "--all", "--json").out)}
    count = rows["web/carts.antall"]
    assert count["how"] == "linked"
    assert "If the key" not in count["evidence"][0]["text"]
    assert rows["web/carts.kjoper"]["category"] == "user.unique_id"
    report = json.loads(project.run("report", "--format", "json").out)
    paths = {t["table"]: t["person_path"] for s in report["sources"] for t in s["tables"]}
    assert paths["web/carts"] == ["web/carts.kjoper", "web/customers.kundenr"]
    assert paths["crm/ordre"] == ["crm/ordre.kundenr", "web/customers.kundenr"]
    done = project.run("publish", "analytics")
    assert done.code == 0, done.err
    release = project / "releases/analytics/latest"
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    keys = {(k["table"], k["target"]): k["orphans"] for k in manifest["foreign_keys"]}
    assert keys == {("carts", "customers"): 0, ("ordre", "customers"): 0}
    with duckdb.connect(str(release / "analytics.duckdb"), read_only=True) as db:
        joined = "SELECT count(*) FROM {} t JOIN customers c ON t.{} = c.kundenr"
        assert db.execute(joined.format("carts", "kjoper")).fetchone() == (240,)
        assert db.execute(joined.format("ordre", "kundenr")).fetchone() == (300,)


def test_rejected_it_is_not_suggested_again(project: Project) -> None:
    """Neither by a rescan nor by a full one; `--all` still shows it, and it can be taken back."""
    ends = ("web/carts.kjoper", "web/customers.kundenr")
    assert project.run("links", "reject", *ends, "--reason", "et lokalt nummer").code == 0
    assert project.run("discover", "--full").code == 0
    assert ends not in listed(project)
    assert listed(project, "--all")[ends]["state"] == "rejected"
    rows = {r["field"]: r for r in json.loads(project.run("findings", "--all", "--json").out)}
    assert rows["web/carts.antall"]["how"] == "none"
    assert project.run("links", "confirm", *ends, "--reason", "likevel").code == 0
    assert listed(project)[ends]["state"] == "confirmed"


def test_nothing_changed_nothing_is_measured_again(project: Project) -> None:
    """A second scan keeps what was suggested, without reading a value."""
    before = listed(project)
    project.sql("UPDATE customers SET navn = navn WHERE 0")
    assert project.run("discover").code == 0
    assert listed(project) == before


def test_overlap_is_told_with_counts_and_yaml(shop: Project) -> None:
    """62 of 100 readers are customers, however their addresses are written."""
    told = json.loads(shop.run("links", "--json").out)
    (overlap,) = told["overlaps"]
    assert overlap["by"] == "user.contact.email"
    assert (overlap["field"], overlap["other"]) == ("crm/nyhetsbrev.epost", "web/customers.epost")
    assert (overlap["shared"], overlap["persons"], overlap["read"]) == (62, 100, "all")
    assert told["entities"] == [
        "entities:",
        "  person_email: [crm/nyhetsbrev.epost, web/customers.epost]",
    ]
    text = shop.run("links").out
    assert "62% of the persons in crm/nyhetsbrev.epost are also in web/customers.epost" in text


def test_fewer_than_five_shared_persons_are_not_told(project: Project) -> None:
    """A count of four could point someone out."""
    rows = "".join(f"kunde{n}@example.no;x\n" for n in [*list(PEOPLE)[:4], *range(70_000, 70_040)])
    (project / "data/nyhetsbrev.csv").write_text(f"epost;dato\n{rows}", encoding="utf-8")
    assert project.run("discover").code == 0
    assert json.loads(project.run("links", "--json").out)["overlaps"] == []


def test_decisions_travel_as_yaml(project: Project, shop: Project) -> None:
    """Exported with the verdicts of fields, imported elsewhere; once more changes nothing."""
    ends = ("crm/ordre.kundenr", "web/customers.kundenr")
    assert project.run("links", "confirm", *ends, "--reason", "felles kundenummer").code == 0
    text = project.run("verdicts", "export").out
    assert "crm/ordre.kundenr -> web/customers.kundenr:" in text
    (project / "verdicts.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(shop.folder / ".sladd", project / ".sladd", dirs_exist_ok=True)
    assert listed(project)[ends]["state"] == "suggested"
    assert project.run("verdicts", "import", "verdicts.yaml").out.startswith("1 applied")
    assert listed(project)[ends]["state"] == "confirmed"
    assert project.run("verdicts", "import", "verdicts.yaml").out.startswith("0 applied, 1 already")


def test_no_value_is_kept_or_printed(project: Project) -> None:
    """Catalog, report and terminal know counts and names; no address, name or customer number."""
    outcome = [
        project.run("discover", "--full"),
        project.run("links"),
        project.run("links", "--json"),
    ]
    assert project.run("report", "-o", "rapport.html").code == 0
    assert (
        project.run(
            "links", "confirm", "web/carts.kjoper", "web/customers.kundenr", "--reason", "ja"
        ).code
        == 0
    )
    written = "".join(each.out + each.err for each in outcome).encode()
    for path in [*(project / ".sladd").iterdir(), project / "rapport.html"]:
        written += path.read_bytes()
    for number in list(PEOPLE)[1::7]:
        assert f"kunde{number}@".encode() not in written.lower()
        assert str(number).encode() not in written


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("web/carts.kjoper", "web/customers.nummer"), 520),
        (("web/carts.kjoper", "web/carts.kjoper"), 520),
        (("web/carts.kjoper+web/carts.id", "web/customers.kundenr"), 520),
    ],
)
def test_a_link_that_cannot_be_is_refused(project: Project, words, code) -> None:
    """One line says what and how to mend it; nothing is stored."""
    done = project.run("links", "confirm", *words, "--reason", "x")
    assert done.code == 2
    done.one_line(2, code)
    assert {each["state"] for each in listed(project, "--all").values()} == {"suggested"}


def test_a_source_that_nobody_asked_for_is_not_opened(project: Project) -> None:
    """`sladd discover web` leaves the files alone, and what was suggested of them as it was."""
    before = listed(project)
    shutil.rmtree(project / "data")
    project.sql("INSERT INTO carts VALUES (9001, 40001, 3)")
    done = project.run("discover", "web")
    assert (done.code, done.err) == (0, "")
    assert set(listed(project)) == set(before)


def test_before_the_first_scan_the_way_is_shown(tmp_path: Path) -> None:
    """An empty catalog is no fault."""
    project = Project(tmp_path)
    project.sql("CREATE TABLE t (id INTEGER)")
    project.configure("sources: {web: {database: 'sqlite:///shop.db'}}\n")
    assert "sladd discover" in project.run("links").out
    assert project.run("discover").code == 0
    assert "no key is suggested" in project.run("links").out


def test_switched_off_nothing_is_measured(tmp_path: Path) -> None:
    """`detection: {links: false}` reads no column for keys."""
    project = build(tmp_path / "shop")
    project.configure(CONFIG + "detection: {links: false}\n")
    assert project.run("discover").code == 0
    assert listed(project) == {}


def test_a_reason_with_personal_data_is_refused(project: Project) -> None:
    """A reason is stored and shown."""
    done = project.run(
        "links", "confirm", "web/carts.kjoper", "web/customers.kundenr",
        "--reason", "spør kari.nordmann@example.no",
    )  # fmt: skip
    done.one_line(2, 160)
