"""Names that stand again: the given name of a full name, the owner of an e-mail address.

Once a text has said `Kari Nordmann`, its `kari` and its `Nordmanns` are the same person; and
`kari.nordmann@…` says who `Kari` is. Words that are also everyday words (`Per`, `Dag`) echo only
with a capital.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from detectors.mailbox import role
from detectors.norway.kontonummer import is_valid as is_account
from detectors.texts.enumerated_names import enumerated
from detectors.texts.lexicon import (
    bare,
    is_everyday,
    is_given,
    is_never,
    is_place,
    is_surname,
    plain,
)
from detectors.texts.name_grammar import WORD, is_company, name_end
from detectors.texts.resolution import free
from sladd.model import Span

SCORE = 0.7
_SHORTEST = 3  # letters of a name that may echo
_SURE = 0.7  # score from which a name is sure enough to echo
_IN = regex.compile(
    r"(?<![\p{L}\p{M}])(?:i|på|til|frå|fra|ved|in|at|from|near)[ ]$", regex.IGNORECASE
)
_LISTED = 0.6  # score of a name that only its place in a list tells
_AND = regex.compile(r"[ ](?:og|and|&|samt)[ ]")
_STOP = regex.compile(r"[ ]?(?:[.,;:!?)\n]|$)")
_ELEVEN = regex.compile(r"(?<![0-9])[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{5}(?![0-9])")
_JOINED_BEFORE = regex.compile(r"[_/\\#@]$")
_JOINED_BEHIND = regex.compile(r"[_/\\@0-9]|\.[\p{L}0-9]")
_PARTS = regex.compile(r"[\p{L}\p{M}]+")


def echoed(spans: Sequence[Span], text: str) -> list[Span]:
    """The spans with further mentions of the persons among them, in the order of the text.

    Args:
        spans: of one text, without overlaps.
        text: folded.
    """
    found = [*spans, *_listed(spans, text), *_accounts(spans, text)]
    found.sort(key=lambda span: span.start)
    found = enumerated(found, text)
    names = {*_of_persons(found, text), *_of_mailboxes(found, text)}
    return with_names(found, text, names, SCORE) if names else found


def _listed(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """The last name of a list whose others are known: `Dagny, Espen og Farida`."""
    persons = [span for span in spans if span.type == "PERSON"]
    for before, last in pairwise(persons):
        if text[before.end : last.start] != ", ":
            continue
        match = _AND.match(text, last.end)
        if match is None:
            continue
        end = name_end(text, match.end())
        start = match.end()
        if end > start and _STOP.match(text, end) and free(start, end, spans) == [(start, end)]:
            yield Span(start, end, "PERSON", _LISTED, "user.name")


def _accounts(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """Further account numbers in a text that speaks of one."""
    first = next((span for span in spans if span.type == "NO_KONTONUMMER"), None)
    if first is None:
        return
    for match in _ELEVEN.finditer(text):
        start, end = match.span()
        if free(start, end, spans) == [(start, end)] and is_account(match.group()):
            yield Span(start, end, first.type, first.score, first.category)


def with_names(spans: Sequence[Span], text: str, names: set[str], score: float) -> list[Span]:
    """The spans with every free word that is one of these names.

    Args:
        spans: of one text, without overlaps.
        text: folded.
        names: looked-up words.
        score: of what is added.
    """
    added: list[Span] = []
    for token in WORD.finditer(text):
        low = plain(token.group())
        stem = low if low in names else bare(low)
        if stem not in names:
            # The genitive of a name that no list knows.
            stem = low.removesuffix("s") if low.endswith("s") else low
            if stem not in names:
                continue
        if token.group()[0].islower() and (is_everyday(stem) or len(stem) < _SHORTEST):
            continue
        end = token.end() - (len(low) - len(stem))
        if _JOINED_BEFORE.search(text, max(0, token.start() - 1), token.start()) or (
            _JOINED_BEHIND.match(text, end)
        ):
            continue  # a part of a user name, a file or a code
        if text[end : end + 1] == "-" and text[end + 1 : end + 2].islower():
            continue  # the first part of a compound
        if is_place(stem) and _IN.search(text, max(0, token.start() - 6), token.start()):
            continue  # "Kari Førde … bor i Førde"
        if token.group()[0].isupper() and is_company(text, token.start()):
            continue
        if free(token.start(), end, spans) == [(token.start(), end)]:
            added.append(Span(token.start(), end, "PERSON", score, "user.name"))
    return sorted([*spans, *added], key=lambda span: span.start)


def _of_persons(spans: Sequence[Span], text: str) -> Iterator[str]:
    for span in spans:
        if span.type == "PERSON" and span.score >= _SURE:
            for token in WORD.findall(text[span.start : span.end]):
                low = plain(token)
                if len(low) > 1 and not is_never(low):
                    yield low


def _of_mailboxes(spans: Sequence[Span], text: str) -> Iterator[str]:
    """Names that the local part of a person's address spells."""
    for span in spans:
        if span.type != "EMAIL_ADDRESS":
            continue
        address = text[span.start : span.end]
        if role(address) == "role":
            continue
        for part in _PARTS.findall(address.partition("@")[0]):
            low = plain(part)
            if len(low) >= _SHORTEST and (is_given(low) or is_surname(low)) and not is_never(low):
                yield low
