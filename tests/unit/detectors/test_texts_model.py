"""Rules together with a language model: a spaCy pipeline that knows a handful of words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy

from detectors import engine
from detectors.registry import build

PATTERNS = {
    "nb": [
        ("PER", "Venezuelas"),
        ("PER", "NTNU-forsker Wold"),
        ("PER", "Ibrahimovic"),
        ("ORG", "Thomas Hansen"),
        ("LOC", "Trondheim"),
        ("ORG", "Kari"),
    ],
    "en": [("PER", "Grimsby")],
}


def _model(folder: Path, language: str) -> str:
    """A pipeline with a part called `ner` that marks words it was told."""
    nlp = spacy.blank(language)
    ruler: Any = nlp.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": label, "pattern": word} for label, word in PATTERNS[language]])
    nlp.meta["name"] = f"test_{language}"
    path = folder / language
    nlp.to_disk(path)
    return str(path)


@pytest.fixture(scope="module")
def analyzers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An analyzer with one model for all languages, and one with a model each."""
    folder = tmp_path_factory.mktemp("models")
    nb, en = _model(folder, "nb"), _model(folder, "en")
    detectors = build(("nb", "en"))
    return (
        engine.analyzer(detectors, ("nb", "en"), {"nb": nb, "en": nb}),
        engine.analyzer(detectors, ("nb", "en"), {"nb": nb, "en": en}),
    )


def _found(finder: engine.Finder, text: str) -> list[tuple[str, str]]:
    return [(s.type, text[s.start : s.end]) for s in finder([text])[0]]


def test_a_model_adds_names_and_places(analyzers):
    """What no rule knows, and where somebody is."""
    finder = engine.Finder(analyzers[0], ("nb", "en"))
    assert _found(finder, "Ibrahimovic henter i Trondheim") == [
        ("PERSON", "Ibrahimovic"), ("LOCATION", "Trondheim"),
    ]  # fmt: skip


def test_an_organisation_is_no_person_unless_a_rule_says_so(analyzers):
    """A lone listed name gives way; a full name, a greeting or a label does not."""
    finder = engine.Finder(analyzers[0], ("nb", "en"))
    assert _found(finder, "Vi kjøpte Kari på nett") == []
    assert _found(finder, "Jeg heter Kari") == [("PERSON", "Kari")]
    assert _found(finder, "Varen er fra Thomas Hansen") == [("PERSON", "Thomas Hansen")]


def test_a_country_and_what_somebody_is_are_no_names(analyzers):
    """A country is a place also with its genitive, and a compound before a name a calling."""
    finder = engine.Finder(analyzers[0], ("nb", "en"))
    assert _found(finder, "Venezuelas lag og NTNU-forsker Wold henter") == [
        ("LOCATION", "Venezuelas"), ("PERSON", "Wold"),
    ]  # fmt: skip


def test_by_rules_alone_the_model_is_not_asked(analyzers):
    """Discovery reads by rules first."""
    finder = engine.Finder(analyzers[0], ("nb", "en"), model=False)
    assert _found(finder, "Ibrahimovic henter i Trondheim") == []
    assert finder.modelled == ()


def test_languages_with_models_of_their_own_read_their_own_texts(analyzers):
    """One model reads everything; two models read the texts of their language."""
    shared = engine.Finder(analyzers[0], ("nb", "en"))
    apart = engine.Finder(analyzers[1], ("nb", "en"))
    english, norwegian = "Where is the Grimsby order that I have not got", "Ibrahimovic er ikke her"
    assert _found(shared, english) == []
    assert _found(apart, english) == [("PERSON", "Grimsby")]
    assert [_found(f, norwegian) for f in (shared, apart)] == [[("PERSON", "Ibrahimovic")]] * 2
    assert apart.modelled == ("nb", "en")
    answers = apart([english, norwegian, english])
    assert answers[0] == answers[2] != answers[1]
