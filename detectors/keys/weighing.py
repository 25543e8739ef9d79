"""The evidence that a column points at another, term by term.

Weights are log-odds, natural logarithm, set from what each signal can be mistaken for and not
fitted to any schema; `tests/unit/keys` measures them on schemas with their keys struck out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detectors.keys.columns import KeyColumn
from detectors.keys.naming import Relation
from detectors.keys.sketch import Sketch, common
from sladd.model import Evidence, StorageType

PRIOR = -3.0  # of a table's columns, one in twenty points at any one other table
SUGGESTED = 0.6  # confidence from which a link is shown
_MOST = 4.0  # what inclusion can add: a missing name needs more than that
_WRITTEN = frozenset({"nr", "no", "num", "number", "nummer", "kode", "code"})
_TELLING = 20  # different values from which inclusion without a name says something
_SAME, _AS_TEXT = 0.4, 0.1
_DECLARED, _MEASURED = 1.0, 0.6
_MANY = 0.4
_ORPHANS = 0.995  # above it, as good as all: rows are deleted while others still point at them
_SOME = 0.95
_FEW = 0.8


@dataclass(frozen=True, slots=True)
class Measured:
    """How far one column's keys are among another's.

    Attributes:
        compared: different keys that were compared.
        found: of them, in the target.
        chance: probability that a key of the column's own kind is in the target by accident.
        whole: whether the whole target was read; if not, `found` is a lower bound.
    """

    compared: int
    found: int
    chance: float
    whole: bool

    @property
    def share(self) -> float:
        """Share 0-1 of the keys that were found."""
        return self.found / self.compared if self.compared else 0.0


def measure(column: Sketch, target: Sketch) -> Measured:
    """Compare the keys of two columns."""
    compared, found, _ = common(column, target)
    return Measured(compared, found, chance(column, target), target.complete)


def chance(column: Sketch, target: Sketch) -> float:
    """How likely a key of this kind is in the target by accident.

    Running numbers 1…n are in every other 1…m: within the range of the column, the target has
    them all. Long random keys are in another column by accident never.
    """
    if column.numbers is not None and target.numbers is not None and len(column.numbers):
        low, high = int(column.numbers[0]), int(column.numbers[-1])
        between = np.searchsorted(target.numbers, [low, high + 1] if high < 2**62 else [low, high])
        many = int(between[1] - between[0]) / target.share
        return float(min(1.0, max(1e-4, many / (high - low + 1))))
    longest = max(column.longest, 1)
    # Codes of one to three letters share an alphabet; beyond eight, accidents are not seen.
    return float(max(1e-4, min(0.9, 3.0 * 10.0 ** -(longest - 2))) if longest < 8 else 1e-4)


def weigh(
    column: KeyColumn,
    target: KeyColumn,
    relation: Relation,
    mine: Sketch | None,
    theirs: Sketch | None,
) -> tuple[Evidence, ...]:
    """All terms; () where the target cannot be a key or the column cannot point at it."""
    terms = [Evidence("link_name", relation.weight, {"by": relation.kind})]
    terms.append(_type(column, target, mine, theirs))
    if theirs is None or not theirs.filled:
        if not target.declared:
            return ()
        terms.append(Evidence("link_unique", _DECLARED, {"declared": True}))
    elif target.declared or theirs.unique:
        facts = {"declared": target.declared, "distinct": theirs.distinct}
        weight = _DECLARED if target.declared else _MEASURED
        terms.append(Evidence("link_unique", weight, facts))
    else:
        return ()
    terms += _values(column, target, relation, mine, theirs)
    return tuple(terms)


def _values(
    column: KeyColumn,
    target: KeyColumn,
    relation: Relation,
    mine: Sketch | None,
    theirs: Sketch | None,
) -> list[Evidence]:
    """What the values say: inclusion, how far they reach, how often they repeat."""
    if mine is None or theirs is None or not mine.filled or not theirs.filled:
        return [Evidence("link_inclusion", -0.8, {"compared": 0, "found": 0})]
    seen = measure(mine, theirs)
    if not seen.compared:
        return [Evidence("link_inclusion", -0.8, {"compared": 0, "found": 0})]
    named = relation.weight > 1.0
    terms = [_inclusion(seen, named=named)]
    if column.table.source != target.table.source and _counts_rows(theirs, seen):
        # Who writes a number on a form uses it in both systems; nobody writes down an id.
        written = target.name.tail in _WRITTEN
        weight = -1.5 if written else -5.0
        terms.append(Evidence("link_surrogate", weight, {"distinct": theirs.distinct}))
    reach = _reach(mine, theirs, seen, named=named)
    if reach is not None:
        terms.append(reach)
    facts = {"rows": mine.filled, "distinct": mine.distinct}
    if mine.distinct < mine.filled:
        terms.append(Evidence("link_many", _MANY, facts))
    elif column.key and relation.kind not in {"exact", "same", "prefixed"}:
        terms.append(Evidence("link_many", -2.0, facts))
    return terms


def _inclusion(seen: Measured, *, named: bool) -> Evidence:
    facts: dict[str, str | int | float | bool] = {
        "compared": seen.compared,
        "found": seen.found,
        "chance": round(seen.chance, 4),
        "whole": seen.whole,
    }
    # Each value found is a draw that accident would have passed with `chance`.
    told = -math.log(seen.chance) * min(seen.compared, 10) / 2
    weight = min(_MOST, 0.5 + told)
    if not named and seen.compared < _TELLING:
        weight = min(weight, 1.0)
    if seen.share >= _ORPHANS:
        pass
    elif not seen.whole:
        weight = -0.5  # the rest may be in what was not read
    elif seen.share >= _SOME:
        weight = min(weight, 1.5) - 0.5
    elif seen.share >= _FEW:
        weight = -1.0
    elif seen.share >= 0.5:
        weight = -4.0
    else:
        weight = -6.0
    return Evidence("link_inclusion", weight, facts)


def _counts_rows(theirs: Sketch, seen: Measured) -> bool:
    """Whether a key only numbers its rows from one: every system has a supplier number 3."""
    if theirs.numbers is None or not len(theirs.numbers) or seen.chance < 0.5:
        return False
    return int(theirs.numbers[0]) <= theirs.distinct


def _reach(mine: Sketch, theirs: Sketch, seen: Measured, *, named: bool) -> Evidence | None:
    """Numbers that stop early in a dense key are counts, not keys."""
    if mine.numbers is None or theirs.numbers is None or seen.chance < 0.5 or mine.distinct < 5:
        return None
    low, high = int(theirs.numbers[0]), int(theirs.numbers[-1])
    if high <= low or theirs.distinct < 10:
        return None
    reached = (int(mine.numbers[-1]) - low) / (high - low)
    # Keys drawn evenly would all stay below with reached ** distinct: under one in a million.
    if reached > 0 and mine.distinct * math.log(max(reached, 1e-9)) > math.log(1e-6):
        return None
    # A name is not refuted by that: a few managers lead all, first addresses are billed.
    return Evidence("link_reach", -0.5 if named else -1.5, {"reached": round(max(reached, 0.0), 3)})


def _type(
    column: KeyColumn, target: KeyColumn, mine: Sketch | None, theirs: Sketch | None
) -> Evidence:
    one, other = column.field.type, target.field.type
    facts: dict[str, str | int | float | bool] = {"type": str(one), "target": str(other)}
    if mine is not None and theirs is not None and mine.padded != theirs.padded and mine.filled:
        facts["padded"] = True
        return Evidence("link_type", -0.2, facts)
    if one is other:
        return Evidence("link_type", _SAME, facts)
    numbers = {StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT}
    both = one in numbers and other in numbers
    return Evidence("link_type", _SAME if both else _AS_TEXT, facts)


def confidence(terms: tuple[Evidence, ...]) -> float:
    """The sum as a probability."""
    total = PRIOR + sum(term.weight for term in terms)
    return round(1.0 / (1.0 + math.exp(-total)), 4)
