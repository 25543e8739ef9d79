"""A hierarchy of values in a known order: sizes, grades, steps of education."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from transforms.hierarchies.table import TableHierarchy


def ordered(name: str, values: Sequence[str], widths: Sequence[int]) -> TableHierarchy:
    """A hierarchy of neighbours in a list.

    Args:
        name: of the hierarchy.
        values: in their order, each once.
        widths: how many neighbours form a class, ascending, each a multiple of the one before.

    Raises:
        ValueError: a class would not lie within one of the next level, or a value stands twice.

    >>> sizes = ordered("size", ["S", "M", "L", "XL"], [2])
    >>> sizes.rows[1]
    ('M', 'S–M')
    """
    if not widths or widths[0] < 2 or any(b <= a or b % a for a, b in pairwise(widths)):
        raise ValueError("each width is a multiple of the one before, and the first at least 2")
    if len(set(values)) < len(values):
        raise ValueError("a value stands twice")

    def label(place: int, width: int) -> str:
        group = values[place // width * width :][:width]
        return group[0] if len(group) == 1 else f"{group[0]}–{group[-1]}"

    rows = tuple(
        (value, *(label(place, width) for width in widths)) for place, value in enumerate(values)
    )
    return TableHierarchy(name, ("value", *(f"{width} together" for width in widths)), rows)
