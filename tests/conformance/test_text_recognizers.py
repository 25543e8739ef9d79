"""One suite over every recogniser for running text."""

from __future__ import annotations

import time

import pytest
import re2
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry

from detectors import texts
from detectors.folding import FOLDED, fold
from detectors.nlp import WordNlpEngine
from detectors.registry import build
from sladd import taxonomy
from tests.unit.detectors.marked import load

EVERY = pytest.mark.parametrize("kind", texts.RECOGNIZERS, ids=lambda kind: kind.__name__)
TEXTS = [each.text for each in load()]
VARIANTS = [*TEXTS, *(text.upper() for text in TEXTS), *(text.lower() for text in TEXTS)]


@EVERY
def test_it_says_what_it_finds(kind):
    """An entity, a category of the taxonomy, and a rank unless it finds names of persons or places."""
    assert issubclass(kind, EntityRecognizer)
    assert kind.ENTITY.isupper()
    assert kind.CATEGORY in taxonomy.load().categories
    assert (kind.RANK is None) == (kind.ENTITY in {"PERSON", "LOCATION"})


@EVERY
def test_its_screen_hits_whatever_it_finds(kind):
    """A text that the screen misses is one in which nothing is found."""
    if kind.SCREEN is None:
        pytest.skip("it reads every text")
    screen = re2.compile(kind.SCREEN.removesuffix(f"|{FOLDED}"))
    recognizer = kind("nb")
    found = 0
    for text in VARIANTS:
        if list(recognizer.find(fold(text))):
            found += 1
            assert screen.search(fold(text)), text
    assert found


@pytest.fixture(scope="module")
def words():
    """The engine that reads words and names, and what it reads in every text."""
    engine = WordNlpEngine(["nb"], {})
    engine.load()
    return engine, [engine.process_text(text, "nb") for text in TEXTS]


@EVERY
def test_it_works_in_a_plain_engine(kind, words):
    """It could be offered upstream: Presidio's own engine runs it."""
    words, read = words
    registry = RecognizerRegistry(recognizers=[kind("nb")], supported_languages=["nb"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=words, supported_languages=["nb"])
    found = [
        result
        for text, artifacts in zip(TEXTS, read, strict=True)
        for result in engine.analyze(text, "nb", nlp_artifacts=artifacts)
    ]
    assert found
    assert {result.entity_type for result in found} == {kind.ENTITY}
    assert all(0 < result.score <= 1 for result in found)


def test_columns_do_not_see_them():
    """The column scanner's declarations are those of the registry, which has none of these."""
    recognizers = build(["nb"]).registry.recognizers
    assert not any(isinstance(r, tuple(texts.RECOGNIZERS)) for r in recognizers)


HOSTILE = (
    "a ", "Kari ", "Kari-", "A.", "1", "12 ", "12.12.", "hei\n", "\n", " ", ".", ", ", ">", "(", "<a@",
    "mvh ", "navn: ", "Til: a;", "Kari og ", "Hansen, ", "født ", "ordre nr ", "adresse: aaa a ", "+47 ",
    "gata 1 ", "12 Aa Bb ", "'", "@a", "c/o ",
)  # fmt: skip


@EVERY
def test_it_takes_linear_time(kind):
    """Twenty thousand characters of anything are read in seconds, not in minutes."""
    recognizer = kind("nb")
    begun = time.process_time()
    for unit in HOSTILE:
        list(recognizer.find((unit * 20_000)[:20_000]))
    assert time.process_time() - begun < 4  # 0.7 s on an idle machine
