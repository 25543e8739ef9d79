"""Whole messages with the spans a reader would mark: recall, precision, and Presidio's answer.

The texts were written with the rules, so these floors hold what is reached, and prove nothing:
that is for the accuracy benchmark.
"""

from __future__ import annotations

import random

from detectors import engine
from detectors.folding import fold
from detectors.texts.echoes import echoed
from detectors.texts.reading import Reader
from tests.unit.detectors.marked import load, parse, score

NOT_MARKED = {"LOCATION", "AGE", "URL"}
TEXTS = load()


def test_marks_are_read_as_they_are_written():
    """The reader of marks is right itself."""
    made = parse("Hei [[PERSON|Kari]], [[EMAIL_ADDRESS|k@example.no]]")
    assert made.text == "Hei Kari, k@example.no"
    assert [(kind, made.text[a:b]) for kind, a, b in made.spans] == [
        ("PERSON", "Kari"),
        ("EMAIL_ADDRESS", "k@example.no"),
    ]


def test_most_of_what_is_marked_is_found_and_little_else(find):
    """Direct identifiers by rules alone: recall 0.97, precision 0.97 on the development texts."""
    found = find([each.text for each in TEXTS])
    pairs = [
        (each.spans, [(s.type, s.start, s.end) for s in spans if s.type not in NOT_MARKED])
        for each, spans in zip(TEXTS, found, strict=True)
    ]
    reached = score(pairs)
    assert reached.marked > 300
    assert reached.recall >= 0.97
    assert reached.precision >= 0.97


def test_the_reader_says_what_presidio_says(text_analyzer):
    """Screens, lazy words and no copies change no result, at any boundary."""
    texts = [each.text for each in TEXTS] + list(_odd([each.text for each in TEXTS]))
    for text, quick in zip(texts, Reader(text_analyzer, "nb").read(texts), strict=True):
        slow = text_analyzer.analyze(text, language="nb")
        assert _plain(quick) == _plain(slow), text


def test_the_reader_without_a_model_reads_the_same(text_analyzer):
    """With no model loaded, reading by rules alone is the whole reading."""
    texts = [each.text for each in TEXTS]
    whole = Reader(text_analyzer, "nb").read(texts)
    rules = Reader(text_analyzer, "nb", model=False).read(texts)
    assert [_plain(each) for each in whole] == [_plain(each) for each in rules]


def test_what_a_text_says_again_changes_nothing_the_second_time(text_analyzer, find):
    """Echoes of echoes are none."""
    texts = [each.text for each in TEXTS]
    for text, spans in zip(texts, find(texts), strict=True):
        again = echoed(spans, fold(text))
        assert [s for s in again if s not in spans and s.type != "PERSON"] == []


def test_a_finder_refuses_a_language_it_was_not_made_for(text_analyzer):
    """A language without recognisers is an error, never an empty answer."""
    import pytest

    from sladd.errors import DetectionError

    with pytest.raises(DetectionError, match="SLADD-710"):
        engine.Finder(text_analyzer, ["fi"])


def _plain(results):
    return sorted((r.entity_type, r.start, r.end, round(r.score, 6)) for r in results)


def _odd(texts):
    """The texts with no-break spaces, decomposed letters, full-width digits and emoji in them."""
    import unicodedata

    rng = random.Random(7)
    for text in rng.sample(texts, 40):
        yield text.replace(" ", "\N{NO-BREAK SPACE}")
        yield unicodedata.normalize("NFD", text)
        yield "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
        place = rng.randrange(len(text))
        yield text[:place] + "🙂" + text[place:]
        yield text.upper()
        yield text.lower()
