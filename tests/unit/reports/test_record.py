"""The record of processing activities: what it says, in every format and language."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from sladd.catalog import Catalog, open_catalog
from sladd.config import Config, ControllerConfig, SourceConfig
from sladd.model import Activity, Basis, Condition, Persons, Transfer
from sladd.reports.record.columns import COLUMNS
from sladd.reports.record.facts import Record
from sladd.reports.record.gathering import gather
from sladd.reports.record.rendering import FORMATS, render, render_assessment
from sladd.reports.record.suggestions import suggest
from sladd.reports.record.telling import language
from sladd.writing import LANGUAGES
from tests.unit.reports.conftest import FORMULA, HOSTILE, scan, shop_tables

GOLDEN = Path(__file__).parents[2] / "golden"

KUNDER = Activity(
    "orders",
    "Kundeforhold og ordre",
    purpose="Levere bestillinger",
    bases=(Basis.CONTRACT, Basis.LEGITIMATE_INTERESTS),
    basis_note="Interesseavveining i arkivet, sak 12",
    conditions=(Condition.EXPLICIT_CONSENT,),
    persons=(Persons.CUSTOMER, Persons.SUPPLIER),
    other_persons="Deltakere i konkurranser",
    categories=("user.contact.email", "user.demographic.trade_union"),
    recipients="Transportører",
    transfer=Transfer.CLAUSES,
    transfer_note="USA, avtale i arkivet",
    retention="To år",
    measures="Tilgangsstyring",
    processor="Driftsleverandør",
    agreement="2026-01-01",
    contact="Daglig leder",
    covers=("shop/kunder", "shop/ordrer.kommentar"),
)
HARMFUL = Activity("x", FORMULA, purpose=HOSTILE, recipients="@SUM(1)", covers=("shop/varer",))


@pytest.fixture
def config() -> Config:
    """An organisation that says who it is."""
    return Config(
        organisation="Eksempelbutikken AS",
        controller=ControllerConfig(email="personvern@example.no", officer="Ombudet"),
        sources={"shop": SourceConfig(files="x/*.csv")},
    )


@pytest.fixture
def catalog(catalog: Catalog) -> Catalog:
    """The catalog of the reports' tests with two activities."""
    catalog.activities.save(KUNDER, version=0, by="ombud")
    catalog.activities.save(HARMFUL, version=0, by="ombud")
    return catalog


@pytest.fixture
def record(catalog, taxonomy, config) -> Record:
    """What they tell, under a version that never changes."""
    found = gather(catalog, taxonomy, config)
    return replace(found, discovery=replace(found.discovery, version="1.0"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("style", ["html", "md", "jsonld"])
def test_the_record_reads_as_it_did(record, taxonomy, style, lang):
    """Compared with the stored file; SLADD_WRITE_GOLDEN=1 writes it anew."""
    _golden(f"record.{lang}.{style}", render(record, taxonomy, style, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_inputs_to_a_dpia_read_as_they_did(record, taxonomy, lang):
    """Both as Markdown, which the page shows too."""
    _golden(f"dpia.{lang}.md", render_assessment(record, taxonomy, "md", lang))
    page = render_assessment(record, taxonomy, "html", lang).decode()
    assert language(lang).say("dpia.conclusion") in page
    assert HOSTILE not in page


def _golden(name: str, content: bytes) -> None:
    place = GOLDEN / name
    if os.environ.get("SLADD_WRITE_GOLDEN"):
        place.write_bytes(content)
    assert content.decode() == place.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_has_the_columns_of_the_template_and_marks_what_the_law_requires(
    record, taxonomy, lang
):
    """Orange for art. 30(1), green beside it; one row an activity."""
    book = openpyxl.load_workbook(io.BytesIO(render(record, taxonomy, "xlsx", lang)))
    words = language(lang)
    sheet = book[words.say("record.sheet")]
    rows = list(sheet.iter_rows())
    head = next(r for r in rows if r[1].value == words.say("column.purpose"))
    assert [c.value for c in head] == [words.say(f"column.{c.key}") for c in COLUMNS]
    colours = [c.fill.fgColor.rgb for c in head]
    assert {colours[i] for i, c in enumerate(COLUMNS) if c.required} == {"FFF7C99B"}
    assert {colours[i] for i, c in enumerate(COLUMNS) if not c.required} == {"FFCFE3C2"}
    first = {c.key: cell.value for c, cell in zip(COLUMNS, rows[head[0].row], strict=True)}
    assert first["name"] == "Kundeforhold og ordre"
    named = [taxonomy[key] for key in KUNDER.categories]
    assert first["categories"] == ", ".join(words.label(c) for c in named)
    assert "2026-01-01" in first["processor"]
    assert first["special"] == words.say("record.yes")


def test_a_formula_in_a_name_stays_a_name(record, taxonomy):
    """No cell of the workbook is a formula, and no text of the others a script or a table."""
    book = openpyxl.load_workbook(io.BytesIO(render(record, taxonomy, "xlsx", "nb")))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert any(c.value == FORMULA for c in cells)
    assert {c.data_type for c in cells} <= {"s", "n"}
    for style in ("html", "md"):
        text = render(record, taxonomy, style, "nb").decode()
        assert "<script>alert" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("style", FORMATS)
def test_an_empty_catalog_has_an_empty_record(tmp_path, taxonomy, style, lang):
    """It says that it is empty; it is not a fault."""
    with open_catalog("sqlite:///catalog.db", root=tmp_path) as opened:
        empty = gather(opened, taxonomy, Config())
        content = render(empty, taxonomy, style, lang)
        assert render_assessment(empty, taxonomy, "html", lang)
    assert content
    if style in {"html", "md"}:
        assert language(lang).say("record.none") in content.decode()
    if style == "jsonld":
        assert json.loads(content)["dpv:hasPersonalDataProcess"] == []


def test_an_activity_keeps_a_table_that_vanished_overnight_and_says_so(catalog, taxonomy, config):
    """What was filled in stays, and the record shows that it is no longer there."""
    scan(catalog, "shop", shop_tables()[1:])
    found = gather(catalog, taxonomy, config)
    (orders, _) = found.activities
    assert orders.activity.covers == KUNDER.covers
    assert orders.gone == ("shop/kunder",)
    assert orders.tables == ("shop/ordrer",)
    assert "shop/kunder (finnes ikke lenger)" in render(found, taxonomy, "md", "nb").decode()


def test_every_term_of_the_json_ld_has_a_prefix_of_its_context(record, taxonomy):
    """Keys and types alike; and nothing has to be fetched to read it."""
    document = json.loads(render(record, taxonomy, "jsonld", "en"))
    known = set(document["@context"])
    assert all(isinstance(place, str) for place in document["@context"].values())

    def terms(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if not key.startswith("@"):
                    yield key
                if key == "@type":
                    yield from [inner] if isinstance(inner, str) else inner
                yield from terms(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from terms(inner)

    body = {key: value for key, value in document.items() if key != "@context"}
    assert {term.partition(":")[0] for term in terms(body)} <= known
    process = document["dpv:hasPersonalDataProcess"][0]
    bases = [each["@id"] for each in process["dpv:hasLegalBasis"]]
    assert bases == ["eu-gdpr:A6-1-b", "eu-gdpr:A6-1-f", "eu-gdpr:A9-2-a", "eu-gdpr:A46-2-c"]


def test_a_suggestion_names_the_tables_that_its_kind_is_known_by(record):
    """Customers and orders by name; sign-in by its category; products nowhere."""
    suggested = {a.id: a for a in suggest(record.discovery, (), language("nb"))}
    assert suggested["orders"].covers == ("shop/kunder", "shop/ordrer")
    assert "shop/brukere" in suggested["security"].covers
    assert all("shop/varer" not in a.covers for a in suggested.values())
    assert suggested["sladd"].covers == ()


def test_a_suggestion_names_the_groups_that_its_tables_are_said_to_hold(record):
    """`data_subjects` of sladd.yaml and the record's categories of persons are one vocabulary."""
    said = {"child": ["shop/kunder"], "klubbmedlemmer": ["shop/ordrer"], "supplier": ["shop/varer"]}
    suggested = {a.id: a for a in suggest(record.discovery, (), language("nb"), said)}
    orders = suggested["orders"]
    assert orders.persons == (
        Persons.CUSTOMER,
        Persons.CONTACT,
        Persons.RECIPIENT,
        Persons.CHILD,
    )
    assert orders.other_persons == "klubbmedlemmer"
    assert "child" not in suggested["security"].persons


def test_texts_are_the_same_in_both_languages(record):
    """The same keys, and the same facts in each text."""
    nb, en = (language(code).texts for code in LANGUAGES)
    assert set(nb) == set(en)
    for key in nb:
        assert set(re.findall(r"{\w+}", nb[key])) == set(re.findall(r"{\w+}", en[key])), key
