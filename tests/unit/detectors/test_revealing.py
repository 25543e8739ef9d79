"""Words in texts that may reveal a special category, and words that only sound so."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import registry, revealing
from detectors.engine import analyzer, spans
from detectors.revealing import RevealingRecognizer
from detectors.special_words import terms

KINDS = [
    found
    for found in vars(revealing).values()
    if isinstance(found, type)
    and issubclass(found, RevealingRecognizer)
    and found is not RevealingRecognizer
]
H, B, P, U = "HEALTH", "BELIEF", "POLITICS", "UNION"
E, S, C = "ETHNICITY", "ORIENTATION", "OFFENCE"

REVEALING = [
    ("Hei, jeg er sykmeldt til uke 12 og kan ikke ta imot pakken", {H: "sykmeldt"}),
    ("Eg er sjukmeld og får ikkje henta", {H: "sjukmeld"}),
    ("Jeg er gravid, så størrelsen passer ikke lenger", {H: "gravid"}),
    ("Faren min har fått kreft og vi må avlyse", {H: "kreft"}),
    ("Har dere rampe? Jeg sitter i rullestol.", {H: "rullestol"}),
    ("sønnen min har cøliaki", {H: "cøliaki"}),
    ("En av gjestene har nøtteallergi", {H: "nøtteallergi"}),
    ("mi dotter har diabetes type 1", {H: "diabetes"}),
    ("My wife is pregnant, please deliver to the office", {H: "pregnant"}),
    ("I'm deaf and cannot be called", {H: "deaf"}),
    ("kona er på sykehus", {H: "sykehus"}),
    ("Kollegaen min er muslim og spiser ikke svin", {B: "muslim"}),
    ("jeg er aktiv i menigheten", {B: "menigheten"}),
    ("Jeg er medlem i Arbeiderpartiet", {P: "medlem i Arbeiderpartiet"}),
    ("Eg er medlem i Senterpartiet", {P: "Senterpartiet"}),
    ("jeg er tillitsvalgt for klubben", {U: "tillitsvalgt for"}),
    ("Eg er medlem i Fagforbundet", {U: "Fagforbundet"}),
    ("jeg er same og vil ha trykk på nordsamisk", {E: "er same"}),
    ("han er flyktning fra Syria", {E: "flyktning"}),
    ("Vi er et lesbisk par", {S: "lesbisk"}),
    ("broren min sitter i fengsel", {C: "sitter i fengsel"}),
    ("He was convicted of theft", {C: "convicted of"}),
    ("SYKMELDT FRA 1. MAI", {H: "SYKMELDT"}),
]
HARMLESS = [
    "Vi trenger 200 kopper til Kreftforeningen",
    "Jeg jobber i Kreftforeningen og trenger penner",
    "Førstehjelpsskrin med plaster og kors",
    "Allergivennlig dyne, testet av NAAF",
    "Kors-anheng i sølv",
    "Det stemmer at jeg ville ha den til høyre",
    "Vi i Fagforbundet ønsker 500 refleksbrikker",
    "Kan dere trykke logoen til Den norske kirke på 50 krus?",
    "Bestilling til Arbeiderpartiets landsmøte",
    "same procedure as last year",
    "Jeg vil ha svarte kopper, ikke hvite",
    "I would like the black mugs and white caps",
    "Kan jeg operere med to fakturaer?",
    "Pakken jeg fikk er skadet, og esken var brukket",
    "Trykket ble skeivt, kan jeg få nytt?",
    "Eg lurer på kven som leverer",
    "Med mine beste krefter",
    "Hilsen min kollega Kristen Christiansen",
    "I am sick of waiting",
    "jeg snakket med sykehusdirektøren om tilbudet",
    "Gave til konfirmasjonen til min datter",
    "Bestillingen ble avbrutt i kassen",
    "Logoen er for blass",
    "Moskus på genseren",
    "samefisk",  # a word that begins as one of the list, and is none
    "Vegan er et annet ord",
    "<HELSEOPPLYSNING> og jeg",
]


def said(text: str) -> dict[str, str]:
    return {
        kind.DECLARATION.entity.removeprefix("MAY_REVEAL_"): text[found.start : found.end]
        for kind in KINDS
        for found in reversed(kind("nb").analyze(text, []))
    }


@pytest.mark.parametrize(("text", "expected"), REVEALING)
def test_what_may_reveal_is_marked(text, expected):
    """The word and its category, in nb, nn and en."""
    assert said(text) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_so_is_not(text):
    """Products, associations as customers, everyday words with two meanings."""
    assert said(text) == {}


def test_every_category_of_the_lists_has_a_recogniser():
    """And each of them is in the registry."""
    wanted = {t.category for t in terms() if t.use in {"word", "near"}}
    assert {kind.DECLARATION.category for kind in KINDS} == wanted
    built = registry.build(["nb", "en"])
    assert {k.DECLARATION.entity for k in KINDS} <= {d.entity for d in built.declarations}


def test_the_engine_marks_the_word_and_leaves_what_a_rule_finds():
    """An address in a sentence about illness stays an e-mail address."""
    engine = analyzer(registry.build(["nb"]), ["nb"])
    text = "Jeg er sykmeldt, skriv til kreft.kari@example.no"
    (found,) = spans(engine, [text], "nb")
    assert [(s.type, text[s.start : s.end]) for s in found] == [
        ("MAY_REVEAL_HEALTH", "sykmeldt"),
        ("EMAIL_ADDRESS", "kreft.kari@example.no"),
    ]


def test_a_redacted_text_reveals_nothing_more():
    """The label that a redaction leaves is no word of the lists."""
    from sladd import taxonomy

    for category in taxonomy.load():
        label = re.sub(r"[<>\s]+", "_", category.label_nb).upper()
        assert said(f"min mor har <{label}>, sier jeg") == {}


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_and_do_not_overlap(text):
    """Whatever the text is."""
    for kind in KINDS:
        last = 0
        for found in kind("nb").analyze(text, []):
            assert last <= found.start < found.end <= len(text)
            last = found.end


@given(st.sampled_from([t.text for t in terms() if t.use == "word" and not t.stem]))
def test_a_word_is_found_alone_and_not_inside_another(word):
    """Letters beside it make another word."""
    assert said(f"x. {word}!")
    assert word not in said(f"zz{word}zz").values()
