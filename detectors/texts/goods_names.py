"""Names that a text gives to goods, animals, ships and founts: `Kaffekoppen Berit`, `Er Bjørk tykkere?`.

Goods are called like people, and a word by itself does not tell. A frame around one mention does
(`«Sofie»-sjalet`, `Modellene Synnøve og Ingrid`, `Finnes Signe i grønt?`), and then it holds for the
whole text and for those named in one breath with it. A name that also has a surname, a
greeting or a signature somewhere in the text stays a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from detectors.texts.goods_frames import LIKENED, SAID, SURE, TOWNS, Frames
from detectors.texts.lexicon import bare, is_given, plain
from sladd.model import Span

_THERE = regex.compile(
    r"(?<![\p{L}\p{M}])(?:i|på|fra|frå|til|ved|utenfor|utanfor|nær|te|in|from|to|near|outside|at)[ ]$",
    regex.IGNORECASE,
)
_BREATH = regex.compile(
    r"[ ](?:i|in)[ ]\p{Ll}+,?[ ](?:og|eller|or|and)[ ](?:bare[ ]|berre[ ]|only[ ]|just[ ])?"
    r"|[ ](?:det|den|the)[ ](?:samme|same)[ ]\p{Ll}+[ ](?:som|as)[ ]|[ ](?:er|e|is)[ ]\p{Ll}+,?[ ](?:men|mens|og|but|while|and)[ ]"
    r"|[ ][0-9]+[ ]?(?:stk\.?|x)?,[ ]|[ ](?:[0-9]+[ ](?:stk[ ])?)?(?:og|and|,)[ ][0-9]+[ ](?:stk[ ])?|[ ]\p{Ll}+[ ](?:for|so)?[ ]?\p{Ll}+,[ ](?=\p{Lu}\p{Ll}+[ ](?:er|is)[ ])|[\"”»]?(?:,[ ]?|[ ](?:og|eller|and|or|&|kontra|vs\.?|enn|than)[ ]|[ ]\p{Ll}+[ ](?:enn|than)[ ]|,[ ](?:og|eller)[ ])[\"“«]?"
)
_CALLED_SO = frozenset({"PERSON", "LOCATION"})
_ANNOUNCED = 0.88  # score of a greeting's and a signature's names


def goods_among(spans: Sequence[Span], text: str) -> frozenset[str]:
    """The looked-up names of goods among the persons that were found.

    Args:
        spans: of one text, in its order.
        text: folded.
    """
    called = [span for span in spans if span.type in _CALLED_SO]
    if not called:
        return frozenset()
    persons = [span for span in called if span.type == "PERSON"]
    sure = set(_framed(text, SURE))
    named = sure | set(_framed(text, SAID))
    if len(persons) < len(called):
        named |= set(_framed(text, TOWNS)) & {
            _word(span, text) for span in called if span.type == "LOCATION"
        }
    if not named:
        return frozenset()
    named |= set(_framed(text, LIKENED))
    named = _in_one_breath(called, text, named)
    return frozenset(named - (set(_of_persons(persons, text)) - sure))


def without(spans: Sequence[Span], text: str, goods: frozenset[str]) -> list[Span]:
    """The spans but the persons and places that are called like goods of the text."""
    return [
        span
        for span in spans
        if span.type not in _CALLED_SO
        or _word(span, text) not in goods
        or (span.type == "LOCATION" and _THERE.search(text, max(0, span.start - 9), span.start))
    ]


def _framed(text: str, frames: Frames) -> Iterator[str]:
    for frame in frames.patterns if frames.maybe.hits(text) else ():
        for match in frame.finditer(text):
            name = plain(match["name"])
            yield name
            parts = name.split(" ")
            if len(parts) > 1 and not is_given(parts[-1]):
                yield parts[0]  # "Modellen Kari Er …"
            if len(parts) > 1:
                yield parts[-1]


def _in_one_breath(persons: Sequence[Span], text: str, named: set[str]) -> set[str]:
    """The names of goods with those that stand in one list with them."""
    for order in (persons, persons[::-1]):
        before: Span | None = None
        for span in order:
            if before is not None and _word(before, text) in named:
                first, last = sorted((before, span), key=lambda s: s.start)
                if _BREATH.fullmatch(text, first.end, last.start):
                    named.add(_word(span, text))
            before = span
    return named


def _of_persons(persons: Sequence[Span], text: str) -> Iterator[str]:
    """Words of names that can be nobody else's: announced, or with a surname."""
    for span in persons:
        parts = plain(text[span.start : span.end]).split()
        if span.score >= _ANNOUNCED or len(parts) > 1:
            yield from parts
            if span.score >= _ANNOUNCED:
                yield " ".join(parts)


def _word(span: Span, text: str) -> str:
    low = plain(text[span.start : span.end])
    return low if " " in low else bare(low)
