"""A heuristic for lattices too large to exhaust: from the coarsest node down, greedily."""

from __future__ import annotations

from collections.abc import Callable

from transforms.anonymity.buckets import Node
from transforms.anonymity.checks import Checker, Verdict

Check = Callable[[Node], Verdict]
Spent = Callable[[], str]


def descend(checker: Checker, check: Check, spent: Spent) -> str:
    """Lower one level at a time, the one that loses least for it first.

    A column that could not be lowered because too many rows lay in small classes cannot be lowered
    further down either. The way starts at `*` in every column and takes at most one step per level
    and one refusal per column. Source: top-down specialisation, Fung et al. 2005, with the penalty
    of `precision` as its score.

    Args:
        checker: of the problem.
        check: checks a node and remembers the best.
        spent: why to stop now; empty to go on.

    Returns:
        Why it stopped early; empty when it came to its end.
    """
    node: Node = tuple(size - 1 for size in checker.shape)
    here = check(node)
    stuck: set[int] = set()
    while True:
        ways = sorted(
            (
                (checker.base(finer), place, finer)
                for place in range(len(node))
                if place not in stuck and node[place]
                for finer in [_lowered(node, place)]
            ),
        )
        if not ways:
            return ""
        for _, place, finer in ways:
            if stopped := spent():
                return stopped
            verdict = check(finer)
            # From a node that is not met itself any finer one may lead to one that is.
            if verdict.meets and (not here.meets or verdict.loss < here.loss):
                node, here = finer, verdict
                break
            stuck.add(place)
        else:
            return ""


def _lowered(node: Node, place: int) -> Node:
    return (*node[:place], node[place] - 1, *node[place + 1 :])
