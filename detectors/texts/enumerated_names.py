"""Names in lists: where most entries are persons, the others are as well.

A list runs along a line (`Dagny, Espen, Zuhal og Farida`) or down the lines (`3) Lech Zieliński,
str. S`). A language model takes the unusual ones for places, or leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from detectors.texts.lexicon import bare, is_given, is_never, is_place, is_surname, plain, words
from detectors.texts.name_grammar import WORD, is_company
from detectors.texts.resolution import free
from sladd.model import Span

SCORE = 0.65
_W = r"\p{Lu}[\p{L}\p{M}'’]*(?:-\p{L}[\p{L}\p{M}'’]*)*"
_NAME = rf"{_W}(?:[ ](?:(?:de|van|von|der|af|al|el|bin|da|dos)[ ])?{_W}\.?){{0,3}}"
_NOTE = r"(?:[ ]\([^)\n]{1,14}\)|[ ](?:XS|S|M|L|X{1,3}L|[0-9]{2}))?"
_ALONG = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}.@-]){_NAME}{_NOTE}(?:(?:,[ \n]|[ ](?:og|and|eller|&|\+)[ ]|,[ ](?:og|and)[ ]){_NAME}{_NOTE})+(?![\p{{L}}\p{{M}}])"
)
_ENTRY = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){_NAME}")
_DOWN = regex.compile(
    rf"(?m)^[> \t]*(?P<mark>(?:[0-9]{{1,3}}[.):]?|[-*•–·]|\p{{L}}{{2,9}}:?)[ \t]{{1,2}})?(?P<name>{_NAME})"
    r"(?=[ \t]*(?:$|[–,;|(=✓\t]|:[^\n]{0,14}$|[ ]-[ ]|[ ]\+[ ]|[ ][0-9]))"
)
_FEWEST = 2  # persons that make a list one of persons
_MANY = 3  # that outvote a model's place
_SHARE = 0.6
_FROM = regex.compile(
    r"(?<![\p{L}\p{M}])(?:i|på|til|frå|fra|ved|in|at|from|near|to|til|mot)[ ]$", regex.IGNORECASE
)
_SIZE = regex.compile(r"[XSML]{1,4}|[0-9]*XL|L")


@dataclass(frozen=True, slots=True)
class _Entry:
    start: int
    end: int


def enumerated(spans: Sequence[Span], text: str) -> list[Span]:
    """The spans with the persons that their list tells, in the order of the text.

    Args:
        spans: of one text, without overlaps.
        text: folded.
    """
    found = list(spans)
    for entries in (*_along(text), *_down(text)):
        found = _completed(found, entries, text)
    return found


def _along(text: str) -> Iterator[list[_Entry]]:
    for match in _ALONG.finditer(text):
        yield [_Entry(*entry.span()) for entry in _ENTRY.finditer(text, *match.span())]


def _down(text: str) -> Iterator[list[_Entry]]:
    block: list[_Entry] = []
    last, marked = -2, False
    for match in _DOWN.finditer(text):
        line = text.count("\n", 0, match.start("name"))
        if line != last + 1 and block:
            yield block
            block = []
        if block and (match["mark"] is not None) != marked:
            yield block  # a heading, or what follows
            block = []
        last, marked = line, match["mark"] is not None
        block.append(_Entry(*match.span("name")))
    if block:
        yield block


def _completed(spans: list[Span], entries: Sequence[_Entry], text: str) -> list[Span]:
    if len(entries) < _FEWEST + 1:
        return spans
    persons = [
        entry
        for entry in entries
        if any(s.type == "PERSON" and s.start < entry.end and s.end > entry.start for s in spans)
    ]
    sure = len(persons) >= _FEWEST
    known = [entry for entry in entries if entry in persons or _is_known(text, entry, sure=sure)]
    if not persons or len(known) < _FEWEST or len(known) < _SHARE * len(entries):
        return spans
    shouted = all(text[p.start : p.end].isupper() for p in persons)
    for entry in entries:
        if entry in persons or not _may_be_name(text, entry):
            continue
        over = [s for s in spans if s.start < entry.end and s.end > entry.start]
        if text[entry.start : entry.end].isupper() and not shouted:
            continue
        if over and (len(known) < _MANY or any(s.type != "LOCATION" for s in over)):
            continue
        spans = [s for s in spans if s not in over]
        if free(entry.start, entry.end, spans) == [(entry.start, entry.end)]:
            spans.append(Span(entry.start, entry.end, "PERSON", SCORE, "user.name"))
    return sorted(spans, key=lambda span: span.start)


def _is_known(text: str, entry: _Entry, *, sure: bool) -> bool:
    """Whether it begins with a given name, be that a word as well: `Per`, `Liv`, and `Mai` if sure."""
    first = WORD.match(text, entry.start)
    if first is None or not is_given(plain(first.group())):
        return False
    return sure or not is_never(plain(first.group()))


def _may_be_name(text: str, entry: _Entry) -> bool:
    found = [plain(word) for word in WORD.findall(text[entry.start : entry.end])]
    if _SIZE.fullmatch(text, entry.start, entry.end) or _FROM.search(
        text, max(0, entry.start - 6), entry.start
    ):
        return False
    if not found or len(found[0]) < 2 or is_company(text, entry.start):
        return False
    if any((is_never(word) and not is_given(word)) or word in words().brands for word in found):
        return False
    low = plain(text[entry.start : entry.end])
    return not is_place(low) or is_given(bare(low)) or is_surname(bare(low))
