"""Names of columns that are more than a name: questions, remarks, paths, two names in one.

`Hva er din e-postadresse?`, `phone (optional)`, `Person - Email - Work`, `Personnr/orgnr`: what
is read of them are the names inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import regex

from detectors.columns.affixes import Affixes
from detectors.columns.composition import Composition
from detectors.columns.header_match import HeaderMatch
from detectors.columns.spelling import joined, words

Read = Callable[[str], Sequence[HeaderMatch]]
Known = Callable[[str], bool]

_SAID = 0.95  # of what a name says that stands in a phrase
_ADDRESSED = 1.2  # more where whoever fills in the form is spoken to
_MENTIONED = 0.85  # of what a question says with some of its words
_LEAST_ASKED = 3  # words of a question
_LEAST_FRAME = 2  # of which so many only ask
_LONGEST = 4  # words of a name inside a question
_YOURS = frozenset(
    {"din", "ditt", "dine", "dykkar", "your", "yours", "ihr", "ihre", "dein", "deine"}
)
_YOU = frozenset({"du", "dykk", "deg", "you", "sie", "dig"})
_WHO = frozenset({"hvem", "kven", "vem", "who", "wer"})
_WHO_IS = 2.8  # log-odds that someone is named where it is asked who
_TWO = 2
_SAYS = 2.4  # weight from which a reading says enough
_REMARK = regex.compile(r"^(?P<name>[^()\[\]]*\w[^()\[\]]*)[(\[][^()\[\]]*[)\]]?\s*$")
_SENTENCE = regex.compile(r"[?!:]\s*$")


def asked(name: str, composed: Composition, known: Known, read: Read) -> list[HeaderMatch]:
    """What a question of a form asks for; [] where a name is none.

    Without the words that only ask, what is left is a name; else the strongest name among its
    words tells: `Hvilken avdeling jobber du i?`.

    Args:
        name: of the column.
        composed: which words only ask.
        known: whether a list has a name as a whole.
        read: reads a name.
    """
    parts = words(name)
    rest = [part for part in parts if part not in composed.frames]
    if not rest or len(rest) == len(parts) or known(name):
        return []
    framed = len(parts) - len(rest)
    sentence = _SENTENCE.search(name) is not None and len(parts) >= _LEAST_ASKED
    starts = parts[0] in composed.frames and len(parts) >= _LEAST_ASKED
    yours = parts[0] in _YOURS or parts[-1] in _YOURS
    if not (yours or sentence or (starts and framed >= _LEAST_FRAME)):
        return []
    you = _ADDRESSED if set(parts) & (_YOURS | _YOU) else 1.0
    found = [match.scaled(_SAID * you) for match in read(" ".join(rest))]
    if max((m.weight for m in found if m.category), default=0.0) >= _SAYS:
        return found
    told = _mentioned(rest, read, _MENTIONED * you) if sentence or starts else []
    if not told and parts[0] in _WHO:
        return [HeaderMatch("user.name", "name", _WHO_IS, parts[0])]
    return told or found


def _mentioned(parts: Sequence[str], read: Read, share: float) -> list[HeaderMatch]:
    """What the strongest name among the words says; the longer one where two say as much."""
    best: list[HeaderMatch] = []
    most = _SAYS / share
    for length in range(min(_LONGEST, len(parts)), 0, -1):
        for start in range(len(parts) - length + 1):
            told = [m for m in read(" ".join(parts[start : start + length])) if m.category]
            weight = max((m.weight for m in told), default=0.0)
            if weight >= most and weight > max((m.weight for m in best), default=0.0):
                best = told
    return [match.scaled(share) for match in best]


def either(name: str, affixes: Affixes, known: Known, read: Read) -> list[HeaderMatch]:
    """Names of two things in one: `Personnr/orgnr`, and the step of an export, `Person - Email`."""
    if len(step := name.split(" - ")) > 1:
        while len(step) > _TWO and joined(words(step[-1])) in affixes.words:
            step.pop()  # `Person - Email - Work`: one of several
        said = [joined([part]) for part in words(" ".join(step[:-1]))]
        theirs = affixes.of_organisation(said)
        return [
            replace(m.scaled(_SAID), organisation=theirs and m.category != "user.name")
            for m in read(step[-1])
        ]
    parts = [part.strip() for part in name.split("/")]
    if len(parts) != _TWO or not all(len(part) > 1 for part in parts):
        return []
    if known(name):
        return []
    best: dict[str, HeaderMatch] = {}
    for part in parts:
        for match in read(part):
            if match.weight >= _SAYS and match.category:
                best.setdefault(match.category, match.scaled(_SAID))
    return list(best.values())


def unremarked(name: str, found: Sequence[HeaderMatch], read: Read) -> list[HeaderMatch]:
    """What a name says without the remark behind it, where it says little with it."""
    remark = _REMARK.match(name)
    if remark is None or max((m.weight for m in found), default=0.0) >= _SAYS:
        return list(found)
    return [match.scaled(_SAID) for match in read(remark["name"])] or list(found)
