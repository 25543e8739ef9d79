"""What a sample without a hit tells of the rows that were not read."""

from __future__ import annotations


def upper_bound(rows: int) -> float:
    """The share of a table that may hit a rule although none of `rows` random rows did.

    Exact binomial bound at 95 %: (1 - p)^n = 0.05 (Clopper and Pearson 1934, for no hit).

    >>> round(upper_bound(5000), 6)
    0.000599
    """
    return 1.0 - float(0.05 ** (1.0 / rows)) if rows > 0 else 1.0
