"""`sladd explain`: the sum of a finding, from a real scan, in both languages and as JSON."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path

import pytest

from tests.commands import Project

NAME = "kari.hansen@example.no"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A scanned shop with a customer table, a union, JSON, an empty table and products."""
    made = Project(tmp_path_factory.mktemp("explain"))
    made.configure("sources:\n  shop:\n    database: sqlite:///shop.db\n")
    made.sql(
        "CREATE TABLE kunder (id INTEGER PRIMARY KEY, epost TEXT, fdato TEXT, saldo REAL,"
        f' fagforening TEXT, kommentar TEXT, "{NAME}" TEXT)',
        "CREATE TABLE tom (epost TEXT, xyz TEXT)",
        "CREATE TABLE vogner (id INTEGER PRIMARY KEY, innhold TEXT)",
        "CREATE TABLE produkter (sku TEXT, navn TEXT)",
    )
    for n in range(60):
        union, day = ("LO", "YS", "NITO")[n % 3], f"{1940 + n}-{1 + n % 12:02}-{1 + n % 28:02}"
        text = f"Hei, jeg er sykmeldt og vil bytte vare nummer {n}, takk for hjelpen"
        made.sql(
            f"INSERT INTO kunder VALUES ({n}, 'kunde{n}@example.no', '{day}', {n}.5, '{union}',"
            f" '{text}', 'x{n}')",
            f"INSERT INTO vogner VALUES ({n}, '{json.dumps({'epost': f'k{n}@example.no'})}')",
            f"INSERT INTO produkter VALUES ('A{n:03}', 'Vare {n}')",
        )
    assert made.run("discover").code == 0
    return made


def as_json(project: Project, field: str) -> dict:
    done = project.run("explain", field, "--json")
    assert (done.code, done.err) == (0, "")
    told: dict = json.loads(done.out)
    return told


FIELDS = ("kunder.epost", "kunder.fdato", "kunder.fagforening", "kunder.kommentar", "tom.epost")


@pytest.mark.parametrize("field", FIELDS)
def test_the_terms_add_up_to_what_is_stated(project, field):
    """Families are sums of their terms, held within bounds; with the intercept they give it all."""
    told = as_json(project, f"shop/{field}")
    assert told["basis"] == "sum"
    for family in told["families"]:
        weights = [term["weight"] for term in family["terms"]]
        assert family["sum"] == pytest.approx(sum(weights), abs=0.01)
        assert family["contribution"] == pytest.approx(family["slope"] * family["held"], abs=0.01)
    total = told["intercept"] + sum(f["contribution"] for f in told["families"])
    assert total == pytest.approx(told["log_odds"], abs=0.01)
    assert told["confidence"] == pytest.approx(1 / (1 + exp(-total)), abs=0.002)
    assert told["confidence"] == told["computed"]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("field", [*FIELDS, "kunder.saldo", "kunder.id", "tom.xyz",
                                   "vogner.innhold", "vogner.innhold.epost", "produkter.sku"])  # fmt: skip
def test_every_field_is_explained_in_words(project, field, lang):
    """With and without a finding, linked, nested and empty; in the language asked for."""
    done = project.run("explain", f"shop/{field}", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"shop/{field}")
    assert {"nb": "Avgjørelse:", "en": "Decision:"}[lang] in done.out
    assert "explain." not in done.out
    assert "{" not in done.out
    assert "@example.no" not in done.out


def test_numbers_are_written_as_the_language_does(project):
    """A comma in Norwegian, a point in English."""
    assert "×" not in project.run("explain", "shop/kunder.epost", "--lang", "nb").out
    assert "0,9" in project.run("explain", "shop/kunder.epost", "--lang", "nb").out
    assert "0.9" in project.run("explain", "shop/kunder.epost").out


def test_what_may_reveal_is_said_to_wait_for_a_person(project):
    """A union, and an illness inside a text, in `explain` and in `findings`."""
    assert as_json(project, "shop/kunder.fagforening")["may_reveal"] == [
        "user.demographic.trade_union"
    ]
    text = as_json(project, "shop/kunder.kommentar")
    assert (text["how"], text["category"]) == ("contains", "user.content.private")
    assert text["may_reveal"] == ["user.health_and_medical"]
    assert "a person must decide" in project.run("explain", "shop/kunder.kommentar").out
    rows = json.loads(project.run("findings", "--json").out)
    told = {row["field"]: row["may_reveal"] for row in rows}
    assert told["shop/kunder.kommentar"] == ["user.health_and_medical"]
    assert told["shop/kunder.epost"] == []
    assert (
        "user.content.private (may reveal: user.health_and_medical)" in project.run("findings").out
    )


def test_a_field_without_a_finding_is_told_why_not(project):
    """What spoke for it, and what it lacks."""
    told = as_json(project, "shop/produkter.navn")
    assert told["how"] == "none"
    assert told["log_odds"] < 0
    assert "It lacks" in project.run("explain", "shop/produkter.navn").out
    empty = project.run("explain", "shop/tom.epost").out
    assert "had no values when it was read" in empty


def test_a_decision_is_part_of_the_explanation(project):
    """Who decided what, and why."""
    done = project.run("decide", "shop/kunder.fdato", "confirm", "--reason", "bursdagshilsen")
    assert done.code == 0
    assert "bursdagshilsen" in project.run("explain", "shop/kunder.fdato").out
    assert as_json(project, "shop/kunder.fdato")["verdict"] == "confirmed"


@pytest.mark.parametrize(
    ("asked", "near"),
    [("shop/kunder.fdat", "shop/kunder.fdato"), ("fdato", "shop/kunder.fdato"),
     ("komentar", "shop/kunder.kommentar")],
)  # fmt: skip
def test_an_unknown_field_names_the_nearest(project, asked, near):
    """One line, exit code 2, and what was probably meant."""
    assert near in project.run("explain", asked).one_line(2, 168, "did you mean")


def test_a_personal_name_is_never_shown(project):
    """A column called by an e-mail address is explained under the name shown for it."""
    rows = json.loads(project.run("findings", "--all", "--json").out)
    known = {"id", "epost", "fdato", "saldo", "fagforening", "kommentar"}
    (shown,) = [
        row["field"] for row in rows if row["table"] == "kunder" and row["column"] not in known
    ]
    done = project.run("explain", shown)
    assert done.code == 0
    assert "kari" not in done.out + done.err


def test_help_has_an_example(project):
    """Like every command."""
    assert "Example:  sladd explain" in project.run("explain", "--help").out


def test_special_fields_stay_out_of_a_release_until_decided(project, tmp_path: Path):
    """Neither the union nor the text that tells of an illness leaves by the profile alone."""
    config = project.config
    key = tmp_path / "main.key"
    try:
        project.configure(
            config + f"keys:\n  main: {{file: {key}}}\nreleases:\n  r:\n    domain: d\n"
            "    from: [shop]\n    to: out\n    rules:\n"
            "      - {category: user.demographic.trade_union, transform: keep}\n"
            "      - {field: shop/kunder.kommentar, transform: redact_text}\n"
        )
        done = project.run("plan", "r", "--json")
        plan = {row["field"]: row for row in json.loads(done.out)["fields"]}
    finally:
        project.configure(config)
    for field in ("shop/kunder.fagforening", "shop/kunder.kommentar"):
        assert (plan[field]["transform"], plan[field]["reason"]) == ("drop", "sensitive")
