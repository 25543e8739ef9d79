"""Finders of texts by configuration, and a finder that reads a text once."""

from __future__ import annotations

from sladd.config import Config
from sladd.model import Span
from sladd.pipeline.bind import Bound
from sladd.pipeline.texts import Remembered


def test_a_text_is_read_once_and_memory_is_bounded():
    """Answers are those of the finder whatever is remembered."""
    asked: list[str] = []

    def finder(texts):
        asked.extend(texts)
        return [[Span(0, len(text), "X", 1.0)] for text in texts]

    remembered = Remembered(finder, most=3)
    for texts in (["a", "b", "a"], ["b", "c"], ["d", "a"], ["a", "d"], []):
        assert [len(each) and each[0].end for each in remembered(texts)] == [len(t) for t in texts]
    assert asked[:3] == ["a", "b", "c"]
    assert len(asked) <= 6
    assert "a" not in repr(remembered)[1:-1].replace("Remembered", "")


def test_the_configuration_says_what_finds_names():
    """Every language is read; values of a row are looked for; without a model none is claimed."""
    finders = Bound(
        Config(detection={"spacy": dict.fromkeys(("nb", "nn", "en"), "off")})
    ).text_finders
    text = "My name is Emily Clarke"
    for find in (finders.everything, finders.by_rules):
        assert [span.type for span in find([text])[0]] == ["PERSON"]
    assert finders.modelled == ()
