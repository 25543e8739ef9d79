"""Evidence in words: every signal of the scanner, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest

from detectors.columns.weighing import FAMILY
from sladd.model import Evidence
from sladd.reports.language import language
from sladd.reports.words import SIGNALS, evidence_text
from sladd.writing import LANGUAGES

SCANNER = Path(__file__).parents[3] / "detectors" / "columns"
LANGS: tuple[Literal["nb", "en"], ...] = ("nb", "en")
NBSP = "\u00a0"

SENTENCES = [
    (
        Evidence("checksum", 6, {"matched": 980, "distinct": 1000, "chance": 0.0005}),
        (f"98{NBSP}% av 1{NBSP}000 ulike verdier har gyldige kontrollsifre;"
        f" ved ren tilfeldighet ventes 0,05{NBSP}%"),
        "98% of 1,000 different values have valid check digits; 0.05% is expected by chance",
    ),
    (
        Evidence(
            "checksum", 6,
            {"matched": 4, "distinct": 4, "chance": 0.01, "subtype d": 1, "subtype classic": 3},
        ),
        (f"100{NBSP}% av 4 ulike verdier har gyldige kontrollsifre; ved ren tilfeldighet ventes"
        f" 1{NBSP}% (vanlige fødselsnumre 75{NBSP}%, D-numre 25{NBSP}%)"),
        ("100% of 4 different values have valid check digits; 1% is expected by chance"
        " (ordinary national identity numbers 75%, D numbers 25%)"),
    ),
    (
        Evidence("checksum", -2.5, {"matched": 0}),
        "Ingen av verdiene har gyldige kontrollsifre",
        "None of the values has valid check digits",
    ),
    (
        Evidence("pattern", 4.5, {"category": "user.device.ip_address", "matched": 3,
                                  "distinct": 50}),
        "3 av 50 ulike verdier er eller inneholder IP-adresse",
        "3 of 50 different values are or contain IP address",
    ),
    (
        Evidence("permutation", -5.0, {"permuted": 0.45}),
        (f"Stokkes tegnene i kolonnen om, består fortsatt 45{NBSP}% den samme prøven;"
        " treffene kan altså være tilfeldige"),
        ("With the characters of the column shuffled, 45% still pass the same test;"
        " so the hits may be accidental"),
    ),
    (
        Evidence("header", -2.0, {"token": "antall"}),
        "Kolonnenavnet svarer til «antall», som vanligvis ikke er personopplysninger",
        "The column name matches “antall”, which is not usually personal data",
    ),
    (
        Evidence("sequence", -4.0, {"density": 0.92, "values": 100}),
        f"Tallene fyller 92{NBSP}% av rekken fra det laveste til det høyeste, slik løpenumre gjør",
        ("The numbers fill 92% of the range from the lowest to the highest,"
        " as running numbers do"),
    ),
    (
        Evidence("neighbour", 3.0, {"agree": 0.98, "pairs": 1200}),
        (f"98{NBSP}% av 1{NBSP}200 ulike par av postnummer og poststed i raden stemmer med"
        " Postens register"),
        ("98% of 1,200 different pairs of postal code and town in the row agree with the"
        " postal register"),
    ),
    (
        Evidence("agreement", 4.5, {"with": "user.contact.email", "agree": 0.91, "pairs": 100,
                                    "chance": 0.02}),
        (f"I 91{NBSP}% av 100 rader går navnet igjen i e-postadressen på samme rad; ved ren"
        f" tilfeldighet ventes 2{NBSP}%"),
        "In 91% of 100 rows the e-mail address beside it holds the name; 2% would by chance",
    ),
    (
        Evidence("agreement", 4.5, {"with": "user.contact.email", "column": "epost2",
                                    "agree": 0.91, "pairs": 100, "chance": 0.02}),
        (f"I 91{NBSP}% av 100 rader går navnet igjen i e-postadressen i epost2; ved ren"
        f" tilfeldighet ventes 2{NBSP}%"),
        "In 91% of 100 rows the e-mail address in epost2 holds the name; 2% would by chance",
    ),
    (
        Evidence("gazetteer", 0.0, {"companies": 0.4, "sole": 0.05}),
        (f"40{NBSP}% av verdiene ligner firmanavn, resten er personer; 5{NBSP}% er"
        " enkeltpersonforetak, der firmaet bærer personens navn"),
        ("40% of the values look like company names, the others are persons; 5% are sole"
        " proprietors, whose firm bears their own name"),
    ),
    (
        Evidence("type", 0.8, {"shape": "birth_date", "median_year": 1978, "spread_years": 41}),
        "Årstallene ligger rundt 1978 og sprer seg over 41 år, slik fødselsdatoer gjør",
        "The years lie around 1978 and spread over 41 years, as dates of birth do",
    ),
    (
        Evidence("dates", 1.5, {"median_age": 48, "spread_years": 41, "distinct": 900}),
        "Datoene sprer seg over 41 år, rundt en alder på 48 år, slik fødsler gjør",
        "The dates spread over 41 years, around an age of 48, as births do",
    ),
    (
        Evidence("dates", -4, {"median_age": 1, "spread_years": 3, "distinct": 9, "events": True}),
        ("Datoene ligger slik hendelser gjør: nylig og på ukedager, med klokkeslett eller fram"
         " i tid"),
        "The dates lie as events do: lately and on weekdays, at an hour, or in the future",
    ),
    (
        Evidence("text", 3, {"category": "user.health_and_medical", "texts": 4, "read": 200}),
        "4 av 200 leste tekster kan avsløre helseopplysning",
        "4 of 200 texts read may reveal health data",
    ),
    (
        Evidence("ages", -3, {"distinct": 90, "impossible": 0.4}),
        f"40{NBSP}% av tallene kan ikke være en alder",
        "40% of the numbers are no age of a person",
    ),
    (
        Evidence("gazetteer", 3.4, {"distinct": 4, "lexicon": "user.demographic.trade_union"}),
        "Verdiene står i ordlisten for fagforeningsmedlemskap",
        "The values stand in the word list for trade union membership",
    ),
    (
        Evidence("pattern", 2.2, {"distinct": 40, "codes": "user.health_and_medical"}),
        "Verdiene er skrevet som koder for diagnoser eller legemidler (ICD-10, ICPC-2, ATC)",
        "The values are written as codes of diagnoses or medicines (ICD-10, ICPC-2, ATC)",
    ),
    (
        Evidence("position", 4.2, {"beside": True, "distinct": 40}),
        "To kolonner ved siden av hverandre er breddegrad og lengdegrad",
        "Two columns beside each other are degrees of latitude and longitude",
    ),
    (
        Evidence("position", 4.2, {"share": 0.97, "distinct": 40}),
        f"97{NBSP}% av verdiene er en posisjon",
        "97% of the values are a position",
    ),
    (
        Evidence("children", 0, {"under": 1012, "persons": 7200, "age": 16}),
        f"1{NBSP}012 av 7{NBSP}200 personer med kjent alder er under 16 år",
        "1,012 of 7,200 persons whose age is told are under 16 years",
    ),
    (
        Evidence("children", 0, {"few": True, "persons": 64, "age": 16}),
        "Færre enn fem av 64 personer med kjent alder er under 16 år",
        "Fewer than five of 64 persons whose age is told are under 16 years",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("evidence", "nb", "en"), SENTENCES)
def test_facts_become_a_sentence(evidence: Evidence, nb: str, en: str) -> None:
    """Counts, shares and names stand in the sentence as the language writes them."""
    assert evidence_text(evidence, "nb") == nb
    assert evidence_text(evidence, "en") == en


def test_a_header_names_the_category_it_speaks_for() -> None:
    """The label stands inside the sentence as a word."""
    told = evidence_text(Evidence("header", 3.5, {"token": "mail"}), "nb", about="E-postadresse")
    assert told == "Kolonnenavnet svarer til «mail», et kjent ord for e-postadresse"


def test_every_signal_of_the_scanner_has_a_sentence() -> None:
    """What the scanner calls its signals, in its table of families and in its calls."""
    called = set()
    for path in SCANNER.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        called |= set(re.findall(r'(?:\.add|Evidence)\(\s*"(\w+)",', source))
    assert len(called) >= 8
    assert called | set(FAMILY) <= set(SIGNALS)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("weight", [-2.0, 0.0, 2.0])
def test_a_signal_without_facts_still_gets_a_sentence(
    weight: float, lang: Literal["nb", "en"]
) -> None:
    """Facts may be missing: those of a plug-in, or of an older scan."""
    for signal in (*sorted(SIGNALS), "moon_phase"):
        told = evidence_text(Evidence(signal, weight, {}), lang)
        assert len(told) > 15, signal
        assert "{" not in told, signal
        assert "None" not in told, signal


def test_an_unknown_signal_is_neutral_and_named() -> None:
    """A plug-in's signal is told, for or against."""
    assert evidence_text(Evidence("moon", 1.0), "en") == "Another sign speaks for it (moon)"
    assert evidence_text(Evidence("moon", -1.0), "en") == "Another sign speaks against it (moon)"


def test_both_languages_have_the_same_texts() -> None:
    """The same keys with the same placeholders; faults of sources are English already."""
    nb, en = (language(code).texts for code in LANGUAGES)
    own = {key for key in nb if not key.startswith("fault.")}
    assert own == set(en)
    for key in own:
        assert set(re.findall(r"{(\w+)}", nb[key])) == set(re.findall(r"{(\w+)}", en[key])), key


@pytest.mark.parametrize("group", ["subtype", "shape", "tablekind"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_the_scanner_are_translated(group: str, code: str) -> None:
    """Shapes, kinds of tables and subtypes of recognisers are words, not codes."""
    import tomllib

    from detectors import registry

    root = SCANNER.parent / "lexicon"
    kinds = [line.split(",")[0] for line in (root / "tables.csv").read_text("utf-8").split("\n")]
    known = {
        "shape": set(tomllib.loads((root / "values.toml").read_text("utf-8"))),
        "tablekind": {kind for kind in kinds[1:] if kind},
        "subtype": {
            subtype.name
            for found in registry.build(["nb"]).declarations
            if len(found.subtypes) > 1 and found.entity != "PASSWORD_HASH"
            for subtype in found.subtypes
        },
    }[group]
    texts = language(code).texts
    assert known
    assert {name for name in known if f"{group}.{name}" not in texts} == set()


@pytest.mark.parametrize("lang", LANGS)
def test_a_share_of_none_is_said_as_none(lang: Literal["nb", "en"]) -> None:
    """`Only 0%` reads as a fault."""
    told = evidence_text(Evidence("type", -6.0, {"shape": "email", "share": 0.0}), lang)
    assert told.startswith({"nb": "Ingen av verdiene", "en": "None of the values"}[lang])
