"""What a search found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.anonymity.buckets import Node
from transforms.anonymity.problem import Problem


@dataclass(frozen=True, slots=True)
class Point:
    """A node that meets the thresholds, with what it loses and what it leaves at risk.

    Attributes:
        levels: name of the level of each column.
        loss: normalised certainty penalty, 0 to 1, rows left out counting as lost wholly.
        rows_suppressed: rows left out.
        classes: that are published.
        smallest: persons of the smallest of them; its reciprocal is the greatest risk.
    """

    levels: Mapping[str, str]
    loss: float
    rows_suppressed: int
    classes: int
    smallest: int


@dataclass(frozen=True)
class Answer:
    """The best node found. Holds names and counts, no values.

    Attributes:
        problem: what was asked.
        node: level of each column, as the search counts them.
        levels: number of each column's level in its hierarchy; one past the last is `*`.
        labels: names of those levels.
        loss: normalised certainty penalty, 0 to 1, rows left out counting as lost wholly.
        rows: of the table.
        rows_suppressed: of these, left out.
        classes: that are published.
        smallest: persons of the smallest of them.
        optimal: whether no node of the lattice loses less; only said when that was shown.
        reason: why not, where it is not.
        nodes: of the lattice.
        nodes_checked: of these, looked at.
        seconds: coding of the columns and search.
        frontier: nodes met on the way of which none is both better and safer, by loss.
    """

    problem: Problem = field(repr=False)
    node: Node
    levels: Mapping[str, int]
    labels: Mapping[str, str]
    loss: float
    rows: int
    rows_suppressed: int
    classes: int
    smallest: int
    optimal: bool
    reason: str
    nodes: int
    nodes_checked: int
    seconds: float
    frontier: tuple[Point, ...]

    @property
    def highest_risk(self) -> float:
        """Of being singled out, for a person of the smallest class."""
        return 1 / self.smallest

    @property
    def mean_risk(self) -> float:
        """Of being singled out, over all published rows."""
        return self.classes / (self.rows - self.rows_suppressed)


def on_frontier(points: list[Point]) -> tuple[Point, ...]:
    """The points of which none is both better and safer, by loss."""
    kept: list[Point] = []
    for point in sorted(
        points, key=lambda one: (one.loss, -one.smallest, sorted(one.levels.items()))
    ):
        if not kept or point.smallest > kept[-1].smallest:
            kept.append(point)
    return tuple(kept)
