"""Holds the predicted spans of one message against its annotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.accuracy.texts.labels import (
    DIRECT,
    NOT_PERSONAL,
    PREDICTED_PERSONAL,
    QUASI,
    group_of,
    label_of,
    type_of,
)
from benchmarks.accuracy.texts.load import Gold, Message

# Half of a span is the usual line between "found, with a ragged edge" and "found something else"
# (Pascal VOC's IoU 0.5, which span scoring borrowed).
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """One annotated span and how it was found.

    `exact`: a prediction of the same type has the same offsets. `relaxed`: one of the same group
    has IoU ≥ 0.5, or those of the same group cover it. `covered`: predicted personal spans of
    whatever type cover every letter and digit of it. `said_as`: the label of the prediction that
    overlaps it most, empty when none does.
    """

    label: str
    exact: bool
    relaxed: bool
    covered: bool
    said_as: str


@dataclass(frozen=True, slots=True)
class Said:
    """One predicted span and how it was right.

    `exact` and `relaxed` as in `Wanted`, seen from the prediction: a relaxed one has IoU ≥ 0.5
    with an annotated span of its group, or covers it, alone or as one of the pieces that do.
    `overlaps`: at least half of its letters and digits lie in annotated spans that are direct or
    quasi. `stands_on`: the label it overlaps most, empty when none.
    """

    label: str
    exact: bool
    relaxed: bool
    overlaps: bool
    stands_on: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One message, judged. No words."""

    id: str
    language: str
    style: str
    wanted: tuple[Wanted, ...]
    said: tuple[Said, ...]


def judge(message: Message, predicted: Sequence[tuple[int, int, str]]) -> Judged:
    """Judge the predictions (start, end, category or entity) for one message."""
    counts = [character.isalnum() for character in message.text]
    said = [Gold(start, end, label_of(kind)) for start, end, kind in dict.fromkeys(predicted)]
    personal = [p for p in said if p.label in PREDICTED_PERSONAL]
    identifying = [g for g in message.spans if g.label in DIRECT | QUASI]
    return Judged(
        id=message.id,
        language=message.language,
        style=message.style,
        wanted=tuple(
            Wanted(
                label=gold.label,
                exact=any(_exact(p, gold) for p in said),
                relaxed=any(_alike(p, gold) for p in said) or _pieced(gold, said, counts),
                covered=_share(gold, personal, counts) == 1,
                said_as=_nearest(gold, said),
            )
            for gold in message.spans
        ),
        said=tuple(
            Said(
                label=p.label,
                exact=any(_exact(p, gold) for gold in message.spans),
                relaxed=any(
                    _alike(p, gold) or (_inside(p, gold, counts) and _pieced(gold, said, counts))
                    for gold in message.spans
                ),
                overlaps=_share(p, identifying, counts) >= HALF,
                stands_on=_nearest(p, message.spans),
            )
            for p in said
        ),
    )


def is_organisations(said: Said) -> bool:
    """Whether a false alarm stands on an organisation's name, number or contact point."""
    return said.stands_on in NOT_PERSONAL


def _exact(said: Gold, gold: Gold) -> bool:
    same = (said.start, said.end) == (gold.start, gold.end)
    return same and type_of(said.label) == type_of(gold.label)


def _alike(said: Gold, gold: Gold) -> bool:
    if group_of(said.label) != group_of(gold.label):
        return False
    both = _common(said, gold)
    either = max(said.end, gold.end) - min(said.start, gold.start)
    return both > 0 and (both / either >= HALF or both == gold.end - gold.start)


def _pieced(gold: Gold, said: Sequence[Gold], counts: Sequence[bool]) -> bool:
    group = group_of(gold.label)
    return _share(gold, [p for p in said if group_of(p.label) == group], counts) == 1


def _inside(said: Gold, gold: Gold, counts: Sequence[bool]) -> bool:
    return group_of(said.label) == group_of(gold.label) and _share(said, [gold], counts) >= HALF


def _share(span: Gold, over: Sequence[Gold], counts: Sequence[bool]) -> float:
    """The share of a span's letters and digits that lie in any of the others; 0 when it has none."""
    places = [i for i in range(span.start, min(span.end, len(counts))) if counts[i]]
    if not places:
        return 0.0
    return sum(any(o.start <= i < o.end for o in over) for i in places) / len(places)


def _nearest(span: Gold, others: Sequence[Gold]) -> str:
    """The label of the span that shares most characters; among equals one of the same type."""
    touching = [o for o in others if _common(span, o) > 0]
    if not touching:
        return ""
    same = type_of(span.label)
    return max(touching, key=lambda o: (_common(span, o), type_of(o.label) == same)).label


def _common(one: Gold, other: Gold) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
