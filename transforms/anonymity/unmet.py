"""Why nothing meets the thresholds, and what would."""

from __future__ import annotations

from math import floor

import numpy as np

from sladd.errors import PlanError
from transforms.anonymity.checks import Checker
from transforms.anonymity.criteria import SLACK, Protected
from transforms.anonymity.problem import Diversity

_LEAST_L = 2  # fewer different values protect nothing


def unmet(checker: Checker, stopped: str = "") -> PlanError:
    """The refusal, with the column that stands in the way and the change that mends it.

    Args:
        checker: of the problem.
        stopped: why the search ended before it had looked everywhere; empty if it had.
    """
    problem = checker.problem
    asked = [f"k={problem.k}"]
    asked += [f"l={problem.l:g}"] if problem.l is not None else []
    asked += [f"t={problem.t:g}"] if problem.t is not None else []
    reasons, where, way = _reason(checker, stopped)
    return PlanError(
        f"no generalisation of {checker.rows.size} rows meets {', '.join(asked)}: {reasons}",
        code=352,
        where=where,
        mend=f"guarantee: {way}",
    )


def _reason(checker: Checker, stopped: str) -> tuple[str, str, str]:
    problem = checker.problem
    persons = len(checker.person.values) if checker.person else checker.rows.size
    columns = ", ".join(problem.columns)
    if persons < problem.k:
        return f"there are {persons} persons in all", columns, f"{{k: {persons}}}"
    for one in checker.protected:
        reached, what = _most_diverse(one)
        if problem.l is not None and reached < problem.l - SLACK:
            lower = floor(reached + SLACK)
            # All rows together are the most diverse class that a level for every row can give.
            way = f"{{l: {lower}}}" if lower >= _LEAST_L else "without l"
            name = one.sensitive.column
            return (
                f"{name} has {reached:g} {what} in all",
                name,
                f"{way}, or roles: {{…{name}: direct}} to leave the column out",
            )
    if stopped:
        return stopped, columns, "{budget: {}} lets the search go on until it is done"
    share = min(0.99, 2 * problem.max_suppression + 0.05)
    way = f"{{max_suppression: {share:.2g}}}, or lower thresholds"
    return "more rows would have to be left out", columns, way


def _most_diverse(one: Protected) -> tuple[float, str]:
    """The l of all rows as one class, and what it counts."""
    counts = one.coded.counts
    if one.sensitive.diversity is Diversity.ENTROPY:
        shares = counts / counts.sum()
        return round(float(np.exp(-(shares * np.log(shares)).sum())), 2), "equally common values"
    return float(len(counts)), "different values"
