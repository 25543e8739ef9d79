"""A plain search over every node, written from the definitions: what the fast one is held against."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from transforms.anonymity import Distance, Diversity, Problem, Sensitive

Row = Mapping[str, Any]
Map = Mapping[Any, Any]


def best_loss(rows: Sequence[Row], problem: Problem) -> float | None:
    """The least loss over all nodes; None when nothing meets the thresholds."""
    ladders = {name: _ladder(rows, problem, name) for name in problem.columns}
    found: list[float] = []
    for node in itertools.product(*(range(len(ladders[name])) for name in problem.columns)):
        at = dict(zip(problem.columns, node, strict=True))
        maps = {name: ladders[name][level] for name, level in at.items()}
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            groups[tuple(maps[name][row[name]] for name in problem.columns)].append(row)
        left = _published(list(groups.values()), problem, len(rows))
        if left is None:
            continue
        weights = {name: problem.weights.get(name, 1.0) for name in problem.columns}
        kept = [row for group in left for row in group]
        lost = float(len(rows) - len(kept))
        for row in kept:
            for name in problem.columns:
                penalty = _penalty(rows, name, maps[name], row[name])
                lost += penalty * weights[name] / sum(weights.values())
        found.append(lost / len(rows))
    return min(found, default=None)


def _ladder(rows: Sequence[Row], problem: Problem, name: str) -> list[Map]:
    values = list(dict.fromkeys(row[name] for row in rows))
    hierarchy = problem.hierarchies.get(name)
    maps: list[Map] = [{value: value for value in values}]
    for level in range(1, len(hierarchy.levels) if hierarchy else 0):
        assert hierarchy is not None
        made = hierarchy.generalise(pa.array(values), level).to_pylist()
        maps.append(dict(zip(values, made, strict=True)))
    return [*maps, dict.fromkeys(values, "everything")]


def _penalty(rows: Sequence[Row], name: str, to: Map, value: Any) -> float:
    every = {row[name] for row in rows}
    same = {other for other in every if to[other] == to[value]}
    if len(same) == 1:
        return 0.0
    if same == every:
        return 1.0
    if all(isinstance(v, int) for v in every if v is not None):
        if None in same:
            return 1.0
        numbers = [v for v in every if v is not None]
        return (max(same) - min(same)) / (max(numbers) - min(numbers))
    return len(same) / len(every)


def _published(groups: list[list[Row]], problem: Problem, rows: int) -> list[list[Row]] | None:
    limit = math.floor(problem.max_suppression * rows + 1e-9)

    def size(group: list[Row]) -> int:
        return len({row[problem.person] for row in group}) if problem.person else len(group)

    left = [g for g in groups if size(g) >= problem.k]
    if problem.l is not None:
        least = problem.l
        left = [
            g
            for g in left
            if all(diverse(_spread(g, problem, s), s, least) for s in problem.sensitive)
            and not (least > 1 and problem.person and any(_common(g, problem, size(g))))
        ]
    while left and problem.t is not None:
        every = {
            s.column: sum((_spread(g, problem, s) for g in left), Counter())
            for s in problem.sensitive
        }
        scale = {
            s.column: sorted({r[s.column] for g in groups for r in g}, key=_null_last)
            for s in problem.sensitive
        }
        near = [
            g
            for g in left
            if all(
                distance(_spread(g, problem, s), every[s.column], scale[s.column], s)
                <= problem.t + 1e-9
                for s in problem.sensitive
            )
            and not (problem.person and _beyond(g, left, every, problem, size) > problem.t + 1e-9)
        ]
        if len(near) == len(left):
            break
        left = near
    if not left or rows - sum(len(g) for g in left) > limit:
        return None
    return left


def _common(group: list[Row], problem: Problem, persons: int) -> Iterator[bool]:
    """Whether one value of a column is had by every person of a class."""
    for one in problem.sensitive:
        yield max(_spread(group, problem, one).values()) == persons


def _beyond(
    group: list[Row],
    left: list[list[Row]],
    every: Mapping[str, Counter[Any]],
    problem: Problem,
    size: Callable[[list[Row]], int],
) -> float:
    """By how much more of a class's persons have a value than of the table's."""
    persons = sum(size(g) for g in left)
    return max(
        count / size(group) - every[one.column][value] / persons
        for one in problem.sensitive
        for value, count in _spread(group, problem, one).items()
    )


def _spread(group: list[Row], problem: Problem, one: Sensitive) -> Counter[Any]:
    if not problem.person:
        return Counter(row[one.column] for row in group)
    return Counter(value for _, value in {(row[problem.person], row[one.column]) for row in group})


def diverse(spread: Counter[Any], one: Sensitive, least: float) -> bool:
    """l-diversity of one class."""
    counts = sorted(spread.values(), reverse=True)
    if one.diversity is Diversity.DISTINCT:
        return len(counts) >= least
    if one.diversity is Diversity.ENTROPY:
        total = sum(counts)
        return -sum(c / total * math.log(c / total) for c in counts) >= math.log(least) - 1e-9
    return counts[0] < one.c * sum(counts[int(least) - 1 :])


def distance(
    here: Counter[Any], every: Counter[Any], scale: Sequence[Any], one: Sensitive
) -> float:
    """The earth mover's distance of one class."""
    gaps = {v: here[v] / here.total() - every[v] / every.total() for v in scale}
    if one.distance is Distance.EQUAL:
        return sum(abs(gap) for gap in gaps.values()) / 2
    if one.distance is Distance.ORDERED:
        moved, total = 0.0, 0.0
        for value in scale[:-1]:
            moved += gaps[value]
            total += abs(moved)
        return total / max(1, len(scale) - 1)
    assert one.hierarchy is not None
    return _tree_distance(gaps, one)


def _tree_distance(gaps: Mapping[Any, float], one: Sensitive) -> float:
    """Li et al. 2007, §5.2, node by node."""
    assert one.hierarchy is not None
    values = list(gaps)
    levels = [
        one.hierarchy.generalise(pa.array(values), n).to_pylist()
        for n in range(len(one.hierarchy.levels))
    ]
    if len(set(levels[-1])) > 1:
        levels.append(["everything"] * len(values))
    height = next(n for n, level in enumerate(levels) if len(set(level)) == 1)
    total = 0.0
    for n in range(1, height + 1):
        for node in set(levels[n]):
            children: dict[Any, float] = defaultdict(float)
            for value, parent, child in zip(values, levels[n], levels[n - 1], strict=True):
                if parent == node:
                    children[child] += gaps[value]
            more = sum(gap for gap in children.values() if gap > 0)
            less = -sum(gap for gap in children.values() if gap < 0)
            total += n / max(1, height) * min(more, less)
    return total


def _null_last(value: Any) -> tuple[bool, Any]:
    return (value is None, "" if value is None else value)
