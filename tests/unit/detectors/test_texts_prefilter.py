"""The quick look before slow patterns misses nothing that they find."""

from __future__ import annotations

import pytest
import regex

from detectors.folding import fold
from detectors.texts import age, goods_frames, introduced_names
from detectors.texts.prefilter import Prefilter, loosened
from tests.unit.detectors.marked import load

TEXTS = [fold(each.text) for each in load()] + [
    "Har dere Marius-genser i blått? Torstein uten lokk, 6 x Kari, jakka Finnmark er utsolgt.",
    "NAVN: KARI NORDMANN, DØRSKILT: «LUND/KNUTSEN», mor mi er 82 år og Trym (11) fyller 12 i mai.",
]
PATTERNS = [
    *goods_frames.SAID.patterns,
    *goods_frames.SURE.patterns,
    *goods_frames.TOWNS.patterns,
    *(each for each in vars(introduced_names).values() if isinstance(each, regex.Pattern)),
    *(each for each in vars(age).values() if isinstance(each, regex.Pattern)),
]


def test_it_hits_wherever_a_pattern_matches() -> None:
    """Leaving assertions out only widens a pattern."""
    matched = 0
    for pattern in PATTERNS:
        quick = Prefilter(pattern)
        for text in (form for each in TEXTS for form in (each, each.upper(), each.lower())):
            if pattern.search(text):
                matched += 1
                assert quick.hits(text), pattern.pattern
    assert matched > 1000


@pytest.mark.parametrize(
    ("pattern", "wider"),
    [
        (r"(?<![\p{L}(])a(?=b|(?:c))", "a"),
        (r"[(?=]x\(?!", r"[(?=]x\(?!"),
        (r"(?P<name>a(?!b)c)", "(?:ac)"),
    ],
)
def test_assertions_go_and_nothing_else(pattern: str, wider: str) -> None:
    """Classes and escaped brackets stay as they are."""
    assert loosened(pattern) == wider
