"""Spans in texts, the registry, and a user's own recognisers."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from detectors import engine
from detectors.declaration import Declaration
from detectors.registry import Detectors, build
from sladd.errors import DetectionError

LANGUAGES = ("nb", "nn", "en")


@pytest.fixture(scope="module")
def analyzer() -> Any:
    """One analyzer for the module: its recognisers take a second to make."""
    return engine.analyzer(build(LANGUAGES, ("NO", "SE")), LANGUAGES)


def _found(analyzer: Any, text: str, language: str = "nb") -> list[tuple[str, str]]:
    spans = engine.spans(analyzer, [text], language)[0]
    return [(span.type, text[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kundens fødselsnummer er 13097248022.", [("NO_FODSELSNUMMER", "13097248022")]),
        ("Kontonummer 13097248022", [("NO_FODSELSNUMMER", "13097248022")]),
        ("kontonr. 86011117947", [("NO_KONTONUMMER", "86011117947")]),
        ("KID: 12344, takk", [("NO_KID", "12344")]),
        ("Mitt fnr er 13097248032", [("NO_FODSELSNUMMER", "13097248032")]),
        ("ring 91234567", [("PHONE_NUMBER", "91234567")]),
        ("Tlf: 912\u00a034\u00a0567", [("PHONE_NUMBER", "912\u00a034\u00a0567")]),
        ("Skriv til kari@example.no nå", [("EMAIL_ADDRESS", "kari@example.no")]),
        ("Bor i Karl Johans gate 12B, 0154 Oslo. Takk",
         [("NO_STREET_ADDRESS", "Karl Johans gate 12B, 0154 Oslo")]),
        ("Sendes 0154 Oslo i dag", [("NO_POSTAL_CODE", "0154 Oslo")]),
        ("bilen EL12345", [("NO_NUMBER_PLATE", "EL12345")]),
        ("IP-adresse 192.0.2.10", [("IP_ADDRESS", "192.0.2.10")]),
        ("personnummer 880320-0016", [("SE_PERSONNUMMER", "880320-0016")]),
        ("Ordre 45230017 er sendt", [("ORDER_NUMBER", "45230017")]),
        # Hard negatives: a lone number, a product, a year, an article number, a version.
        ("Vare 45230017, 1234 Sort, 2024 Vår, AB12345", []),
        ("Kjører versjon 10.4.1.2 nå", []),
        ("Lot 86011117947", []),
        ("Hash 0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", []),
    ],
)  # fmt: skip
def test_texts_give_the_spans_a_reader_would_mark(
    analyzer: Any, text: str, expected: list[tuple[str, str]]
) -> None:
    """Identifiers are found where context or a check speaks for them, and only there."""
    assert _found(analyzer, text) == expected


def test_context_words_work_in_every_language(analyzer: Any) -> None:
    """Nynorsk and English context words raise the score as bokmål ones do."""
    assert _found(analyzer, "Telefonnummeret mitt: 91234567", "nn")
    assert _found(analyzer, "my phone is 91234567", "en")
    assert not _found(analyzer, "lot 91234567", "en")


def test_a_named_entity_keeps_what_a_rule_left_of_it() -> None:
    """A name that a model joined to an e-mail address stays a name, without the address."""
    from presidio_analyzer import RecognizerResult

    text = "Kari Nordmann kari@example.no"
    results = [
        RecognizerResult("PERSON", 0, len(text), 0.85),
        RecognizerResult("EMAIL_ADDRESS", 14, len(text), 1.0),
        RecognizerResult("URL", 19, len(text), 0.5),
    ]
    spans = engine.resolve(results, text, {"EMAIL_ADDRESS": (5, "e"), "URL": (90, "u")})
    assert [(s.type, text[s.start : s.end]) for s in spans] == [
        ("PERSON", "Kari Nordmann"), ("EMAIL_ADDRESS", "kari@example.no"),
    ]  # fmt: skip


def test_failures_do_not_quote_the_text(analyzer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a recogniser raises, the text stays out of the error."""
    recognizer = analyzer.registry.recognizers[0]

    def broken(text: str, *_: object, **__: object) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(recognizer, "analyze", broken)
    with pytest.raises(DetectionError) as caught:
        engine.spans(analyzer, ["canary-7351@example.no"], recognizer.supported_language)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_importing_the_package_is_light() -> None:
    """`import detectors` loads neither Presidio nor spaCy."""
    code = (
        "import sys, detectors; print('presidio_analyzer' in sys.modules, 'spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def by_entity(built: Detectors) -> dict[str, Declaration]:
    """Entity type → declaration."""
    return {declaration.entity: declaration for declaration in built.declarations}


def test_countries_switch_recognisers_on() -> None:
    """Swedish numbers only with SE; an unknown country is an error that names the known ones."""
    assert "SE_PERSONNUMMER" not in by_entity(build(["nb"]))
    assert "SE_PERSONNUMMER" in by_entity(build(["nb"], ["NO", "se"]))
    assert "NO_KID" not in by_entity(build(["nb"], ["SE"]))
    with pytest.raises(DetectionError, match="SLADD-702"):
        build(["nb"], ["XX"])


CUSTOM = """
recognizers:
  - name: Member number
    supported_entity: MEMBER_NUMBER
    patterns: [{name: member, regex: "M[0-9]{6}", score: 0.6}]
    context: [medlem]
  - name: Word
    supported_entity: CODE_NAME
    deny_list: [Østerlars]
sladd:
  MEMBER_NUMBER: {category: user.unique_id, context: [medlemsnummer]}
"""


def test_a_users_recognisers_load(tmp_path: Path) -> None:
    """Patterns and deny lists work in texts and cells; category and context come from `sladd`."""
    path = tmp_path / "own.yaml"
    path.write_text(CUSTOM, encoding="utf-8")
    found = build(["nb"], custom=[path])
    member, code = (by_entity(found)[name] for name in ("MEMBER_NUMBER", "CODE_NAME"))
    assert (member.category, code.category) == ("user.unique_id", "user.custom")
    assert member.context == ("medlem", "medlemsnummer")
    assert member.verify(["M123456", "M12345", "xM123456"]).tolist() == [True, False, False]
    assert member.screen is not None
    spans = _found(engine.analyzer(found, ["nb"]), "Møte om Østerlars med M123456")
    assert spans == [("CODE_NAME", "Østerlars"), ("MEMBER_NUMBER", "M123456")]


@pytest.mark.parametrize(
    ("content", "code", "names"),
    [
        ("recognizers: [{name: x, class_name: os.system}]", 706, "class_name"),
        ("recognizers: [SpacyRecognizer]", 707, "recognizers[0]"),
        ("recognizers: [{name: x, type: predefined, supported_entity: X}]", 707, "type"),
        ("recognizers: [{name: x, supported_entity: X}]", 707, "deny_list"),
        ("recognizers: [{supported_entity: X, patterns: [{regex: '(', score: 1}]}]", 708, "regex"),
        ("recognizers: [{supported_entity: X, patterns: [{regex: a, score: 3}]}]", 707, "score"),
        ("surprise: 1\nrecognizers: []", 706, "surprise"),
        ("recognizers: [", 705, "YAML"),
        ("recognizers: [{supported_entity: PHONE_NUMBER, deny_list: [a]}]", 703, "PHONE_NUMBER"),
    ],
)
def test_a_wrong_file_is_one_clear_line(
    tmp_path: Path, content: str, code: int, names: str
) -> None:
    """The error names the file or entity and the key, and has its code."""
    path = tmp_path / "own.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DetectionError) as caught:
        build(["nb"], custom=[path])
    assert caught.value.code == code
    assert names in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("expression", ["(a+)+$", r"(\w+\s?)+$"])
def test_a_catastrophic_expression_is_bounded(tmp_path: Path, expression: str) -> None:
    """It runs in RE2's linear time, or stops after a second with an error."""
    import time

    path = tmp_path / "own.yaml"
    path.write_text(
        f"recognizers: [{{supported_entity: X, patterns: [{{regex: '{expression}', score: 0.5}}]}}]",
        encoding="utf-8",
    )
    declaration = by_entity(build(["nb"], custom=[path]))["X"]
    began = time.monotonic()
    with contextlib.suppress(DetectionError):
        declaration.verify(["a" * 40 + "!"])
    assert time.monotonic() - began < 60  # backtracking takes years
