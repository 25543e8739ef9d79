"""Training of the names model: what running text that a model has read teaches the next one."""

from __future__ import annotations

from detectors.ner.annotated import Mention
from detectors.ner.training import met
from detectors.ner.training.met import Reading


def _reading(text: str, *names: tuple[str, str]) -> Reading:
    """A sentence in which both readings find these names."""
    spans = tuple(
        Mention(text.index(name), text.index(name) + len(name), label) for name, label in names
    )
    return Reading(text, spans, spans)


def test_words_read_alike_in_most_sentences_join_a_list() -> None:
    """A band, a place, a given name and a surname get the marks of their lists; goods get none."""
    readings = [
        _reading(
            "Der sang Volbeat og Ozzy Qvale i Lipki om Xbox.",
            ("Volbeat", "ORG"),
            ("Ozzy Qvale", "PER"),
            ("Lipki", "LOC"),
            ("Xbox", "MISC"),
        )
    ] * 3
    assert met.codes(readings, {"volbeat": "4"}) == {
        "volbeat": "4O",
        "ozzy": "?F",
        "qvale": "?L",
        "lipki": "?P",
    }


def test_words_seldom_seen_read_both_ways_or_listed_keep_their_codes() -> None:
    """Five readings are too few; half and half tells nothing; a list is not overruled."""
    seldom = [_reading("Vi hørte Volbeat.", ("Volbeat", "ORG"))] * 2
    mixed = [_reading("Vi så Enron.", ("Enron", "ORG"))] * 3 + [_reading("Vi så Enron.")] * 3
    listed = [_reading("Vi så Odd.", ("Odd", "ORG"))] * 5
    everyday = [_reading("Vi fant Lys.", ("Lys", "PER"))] * 5
    known = {"odd": "4F", "lys": "0"}
    assert met.codes([*seldom, *mixed, *listed, *everyday], known) == {}


def test_a_genitive_is_looked_up_by_its_stem() -> None:
    """`Enrons` gets no entry of its own beside `Enron`."""
    readings = [_reading("Vi så Enron.", ("Enron", "ORG"))] * 3
    readings += [_reading("Vi så Enrons gjeld.", ("Enrons", "ORG"))] * 3
    assert met.codes(readings, {}) == {"enron": "?O"}
