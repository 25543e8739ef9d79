"""A hierarchy whose levels are functions, each of the value itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa

from sladd.model import StorageType
from transforms import arrays, bands

Step = Callable[[pa.Array], pa.Array]


@dataclass(frozen=True, slots=True)
class Ladder:
    """A hierarchy made of functions.

    Attributes:
        name: what a rule calls it.
        levels: finest first; the first is the value itself.
        steps: for every level but the first, from the value to its class.
    """

    name: str
    levels: tuple[str, ...]
    steps: tuple[Step, ...]

    def generalise(self, values: pa.Array, level: int) -> pa.Array:
        """The classes of values at a level; see `Hierarchy`."""
        if not 0 <= level < len(self.levels):
            raise IndexError(level)
        values = arrays.plain(values)
        return self.steps[level - 1](values) if level else values


def bands_of(name: str, widths: Sequence[Decimal | int]) -> Ladder:
    """A hierarchy of numbers in ever wider bands.

    Args:
        name: of the hierarchy.
        widths: ascending, each a multiple of the one before.

    Raises:
        ValueError: a band would not lie within one of the next level.
    """
    steps = [Decimal(width) for width in widths]
    if not steps or steps[0] <= 0 or any(b <= a or b % a for a, b in pairwise(steps)):
        raise ValueError("each width is a multiple of the one before")

    def step(width: Decimal) -> Step:
        def classed(text: str) -> str | None:
            found = bands.number(text)
            return None if found is None else bands.by_width(found, width)

        return lambda values: arrays.per_text(arrays.texts(values, StorageType.STRING), classed)

    return Ladder(name, ("value", *(f"{w}" for w in steps)), tuple(step(w) for w in steps))
