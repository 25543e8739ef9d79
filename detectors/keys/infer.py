"""Which column points at which, over all tables: candidates by name and type, then by values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detectors.keys.columns import KeyColumn, compatible
from detectors.keys.naming import Relation, relate
from detectors.keys.sketch import Sketch, count_in
from detectors.keys.weighing import SUGGESTED, chance, confidence, weigh
from sladd.model import Link, LinkState

_PROBES = 64  # keys held against a target before all are
_STRAYS = 0.15  # of the probes: more than that in vain, and a nameless pair is given up


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two columns that may be linked, and what the names say."""

    column: KeyColumn
    target: KeyColumn
    relation: Relation

    @property
    def named(self) -> bool:
        """Whether the names speak for it."""
        return self.relation.weight > 0


def candidates(columns: Sequence[KeyColumn], *, across: bool = False) -> tuple[Candidate, ...]:
    """Pairs of columns that are worth a look at their values.

    Args:
        columns: of all tables.
        across: pairs of different sources, by name alone; else pairs within one source.
    """
    targets = [column for column in columns if column.targetable]
    found = []
    for column in columns:
        if column.points:
            continue
        pairs = list(_pairs(column, targets, across))
        named = [pair for pair in pairs if pair.named]
        found += named
        # What is called after one table is not tried on the others.
        if not across and not named and _nameless(column):
            found += [pair for pair in pairs if pair.relation.kind == "none"]
    return tuple(found)


def _pairs(column: KeyColumn, targets: Sequence[KeyColumn], across: bool) -> Iterator[Candidate]:
    for target in targets:
        own = target.table == column.table
        if (
            target.address == column.address
            or (target.table.source != column.table.source) != across
        ):
            continue
        if own and not (target.key or target.declared or target.seldom):
            continue
        if not compatible(column, target):
            continue
        relation = relate(column.name, target.noun, target.name, own=own)
        if own and relation.kind != "own":
            continue
        if column.key and relation.kind in {"none", "worker", "short"}:
            continue  # a table's own running number
        if column.key and column.name.generic:
            continue
        yield Candidate(column, target, relation)


def _nameless(column: KeyColumn) -> bool:
    """Whether a column that is called after no table may still be a key."""
    if column.key or column.few or not column.filled or column.name.generic:
        return False
    return bool(column.name.tail)


def infer(
    pairs: Sequence[Candidate],
    sketches: Mapping[str, Sketch],
    *,
    keep: Callable[[Link], bool] = lambda _link: True,
) -> tuple[Link, ...]:
    """The links that the evidence speaks for, one for each column, the best first.

    Args:
        pairs: from `candidates`.
        sketches: field address → its keys; a column that could not be read is missing.
        keep: whether a link may be suggested; one that a person rejected may not, and the
            next best stands in for it.
    """
    found: dict[str, list[tuple[float, Link, Candidate]]] = defaultdict(list)
    for pair in pairs:
        mine, theirs = sketches.get(pair.column.address), sketches.get(pair.target.address)
        if not pair.named and (mine is None or theirs is None or not _worth(mine, theirs)):
            continue
        if mine is not None and mine.numbers is None and not mine.textual and mine.filled:
            continue  # decimal fractions
        terms = weigh(pair.column, pair.target, pair.relation, mine, theirs)
        if not terms:
            continue
        link = Link(
            pair.column.table,
            (pair.column.column,),
            pair.target.table,
            (pair.target.column,),
            state=LinkState.SUGGESTED,
            confidence=confidence(terms),
            evidence=terms,
        )
        if link.confidence >= SUGGESTED and keep(link):
            found[link.start].append((sum(t.weight for t in terms), link, pair))
    best = {start: _best(options, sketches) for start, options in found.items()}
    return tuple(sorted(_one_way(best, sketches), key=lambda link: (-link.confidence, link.name)))


def _worth(mine: Sketch, theirs: Sketch) -> bool:
    """Whether a nameless pair can be more than an accident, from a few keys."""
    if not len(mine.digests) or not len(theirs.digests):
        return False
    if mine.numbers is not None and chance(mine, theirs) >= 0.5:
        return False
    probes = mine.below(theirs.threshold)[:_PROBES]
    return count_in(probes, theirs.digests) >= (1 - _STRAYS) * len(probes)


def _best(options: Sequence[tuple[float, Link, Candidate]], sketches: Mapping[str, Sketch]) -> Link:
    """The strongest; among equals the one that ends where others point: a primary key."""

    def order(option: tuple[float, Link, Candidate]) -> tuple[float, int, int, int, str]:
        weight, link, pair = option
        theirs = sketches.get(pair.target.address)
        tail = pair.column.name.tail and pair.column.name.tail == pair.target.name.tail
        # Weights that differ by less than this say the same.
        rounded = -round(weight * 2) / 2
        return (
            rounded,
            -int(bool(tail)),
            -int(pair.target.key),
            -(theirs.distinct if theirs else 0),
            link.name,
        )

    return min(options, key=order)[1]


def _one_way(best: Mapping[str, Link], sketches: Mapping[str, Sketch]) -> Iterator[Link]:
    """Two keys that hold each other are one link, from the smaller to the larger."""
    for start, link in best.items():
        back = best.get(link.end)
        if back is not None and back.end == start:
            mine, theirs = _size(sketches.get(start)), _size(sketches.get(link.end))
            if (mine, start) > (theirs, link.end):
                continue
        yield link


def _size(sketch: Sketch | None) -> int:
    return sketch.distinct if sketch is not None else 0
