"""The words of the release's own page, in two languages."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from sladd.policy.profile import load_profile, load_reasons
from sladd.targets.language import language, reason_in
from sladd.targets.report import report_html
from sladd.targets.treatment import treatment
from sladd.writing import LANGUAGES
from tests.unit.release.pages import NBSP, Page, full


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "nb",
            [
                (
                    "2 tabeller med 140 rader. 2 kolonner er uendret, 4 er endret, og 3 felt"
                    " fra kildene er ikke med."
                ),
                "i én tabell",
                "Alle 3 kontrollene er bestått.",
                "byttet ut med et pseudonym; like verdier får like pseudonymer",
                "sted gjort om til landsdel",
                "Regelen i utgivelsen gjelder kategorien postnummer.",
                "Ingen funn i 40 rader, og typen rommer ikke tekst.",
                (
                    "Klassen offentlig ID slipper bare ut når en regel nevner feltet og en avgjørelse"
                    " bekrefter det."
                ),
                "Kontaktopplysningen trengs ikke til analyse (dataminimering).",
                "om en verdi fra kilden står igjen i utgivelsen (krever kilden)",
                "22. november 2026 kl. 10.11 UTC".replace(". n", f".{NBSP}n").replace(
                    "kl. ", f"kl.{NBSP}"
                ),
            ],
        ),
        (
            "en",
            [
                (
                    "2 tables with 140 rows. 2 columns are unchanged, 4 are transformed, and 3 fields"
                    " of the sources stayed behind."
                ),
                "in one table",
                "All 3 checks passed.",
                "replaced by a pseudonym; equal values get equal pseudonyms",
                "place made into its part of the country",
                "No finding in 40 rows, and the type holds no text.",
                (
                    "The class government ID leaves only when a rule names the field and a verdict"
                    " confirms it."
                ),
                "whether a value of the source is left in the release (needs the source)",
                f"22{NBSP}November 2026 10:11 UTC",
            ],
        ),
    ],
)
def test_a_reader_of_either_language_is_served(lang, sentences):
    """Figures, treatments, reasons and dates stand in words of that language."""
    said = Page(report_html(full())).words[lang]
    for sentence in sentences:
        assert sentence in said, sentence


def test_no_sentence_is_left_in_the_other_language():
    """In the Norwegian half, only measurements of the gate are English, and marked so."""
    said = Page(report_html(full())).says("nb")
    for word in (" the ", " rows ", " field ", " checks "):
        assert word not in said


@pytest.mark.parametrize(
    ("transform", "parameters", "nb", "en"),
    [
        ("keep", {}, "uendret", "unchanged"),
        ("generalise", {"to": "digits"}, "postnummer kortet til 2 sifre",
         "postcode cut to 2 digits"),
        ("generalise", {"to": "network"},
         "IP-adresse kortet til nettet (/24 for IPv4, /48 for IPv6)",
         "IP address cut to its network (/24 for IPv4, /48 for IPv6)"),
        ("generalise", {"to": "age_band", "width": 5, "top": 80},
         "gjort om til aldersgrupper på 5 år, 80 og eldre samlet",
         "made into age bands of 5 years, 80 and older together"),
        ("generalise", {"to": "band", "width": 100000},
         f"gjort om til trinn på 100{NBSP}000", "made into bands of 100,000"),
        ("generalise", {"to": "band", "width": 0.25},
         "gjort om til trinn på 0,25", "made into bands of 0.25"),
        ("generalise", {"to": "band", "edges": [0, 18, 67.5]},
         "gjort om til trinn med grensene 0, 18, 67,5", "made into bands with the edges 0, 18, 67.5"),
        ("truncate_date", {}, "dato kuttet til måneden", "date cut to its month"),
        ("truncate_date", {"to": "day"}, "klokkeslettet er fjernet",
         "the time of day is removed"),
        ("mask", {}, "tegnene er skjult", "the characters are hidden"),
        ("mask", {"keep_last": 4}, "tegnene er skjult, unntatt 0 først og 4 sist",
         "the characters are hidden, except 0 at the start and 4 at the end"),
        ("replace", {"value": "{x}"}, "alle verdier byttet ut med den samme teksten",
         "every value replaced by the same text"),
        ("redact_text", {"with": "pseudonym"},
         "personopplysninger i teksten byttet ut med pseudonymer; resten står",
         "personal data within the text replaced by pseudonyms; the rest stays"),
        ("acme_noise", {"scale": 3}, "acme_noise (scale: 3)", "acme_noise (scale: 3)"),
        ("generalise", {"to": "later"}, "generalise (to: later)", "generalise (to: later)"),
    ],
)  # fmt: skip
def test_what_was_done_is_said_in_words(transform, parameters, nb, en):
    """A phrase for each of our transforms; a plug-in's keeps its name and parameters."""
    column = full().tables[0].columns[0]
    column = column.model_copy(update={"transform": transform, "parameters": parameters})
    assert treatment(column, language("nb")) == nb
    assert treatment(column, language("en")) == en


def test_every_transform_and_choice_has_a_phrase():
    """A transform that ships says what it does in both languages."""
    import transforms

    column = full().tables[0].columns[0]
    for worker in transforms.TRANSFORMS:
        spec = worker.SPEC
        if spec.drops:
            continue
        to = next((p for p in spec.parameters if p.name in {"to", "kind"}), None)
        for choice in to.choices if to else ("",):
            given = {to.name: choice, "width": 10} if to and choice else {}
            said = column.model_copy(update={"transform": spec.name, "parameters": given})
            for lang in LANGUAGES:
                assert treatment(said, language(lang)).split(" (")[0] != spec.name, choice


def test_every_reason_of_a_plan_is_known_again():
    """Our English sentences turn into Norwegian ones; a stranger's stays as it is."""
    facts_given = {
        "category": "user.name", "entity": "shop/a.id", "rows": "12", "type": "date",
        "legal_class": "art9", "field": "shop/a.{x}", "transform": "keep",
        "role": "quasi", "distinct": "7",
    }  # fmt: skip
    english, norwegian = load_reasons("en"), load_reasons("nb")
    for reason in english.sentences:
        said = reason_in(english.say(reason, **facts_given), language("nb"))
        in_norwegian = {
            "category": "navn",
            "type": "dato",
            "legal_class": "særlig kategori (art. 9)",
            "role": "kan kjennes igjen",
        }
        assert said == norwegian.say(reason, **{**facts_given, **in_norwegian})
    for texts in load_profile().texts.values():
        assert reason_in(texts["en"], language("nb")) == texts["nb"]
    assert reason_in("A plug-in's own words.", language("nb")) == "A plug-in's own words."
    assert reason_in("", language("nb")) == ""


def test_both_languages_have_the_same_texts():
    """No key is missing in either, and their facts are the same."""
    texts = {
        lang: language(lang).texts
        for lang in LANGUAGES
        if tomllib.loads(
            files("sladd.targets").joinpath("texts", f"{lang}.toml").read_text("utf-8")
        )
    }
    assert texts["nb"].keys() == texts["en"].keys()
    for key, text in texts["nb"].items():
        found = set(re.findall(r"\{(\w+)\}", text))
        assert found == set(re.findall(r"\{(\w+)\}", texts["en"][key])), key
