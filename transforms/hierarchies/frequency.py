"""A hierarchy that keeps what is common and puts what is rare together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa

from sladd.model import StorageType
from transforms import arrays

OTHER = "(other)"


@dataclass(frozen=True)
class Frequency:
    """A hierarchy by how often a value was seen.

    Attributes:
        name: what a rule calls it.
        least: for every level but the first, how often a value was seen that stands for itself;
            ascending.
        counts: of each value as text.
    """

    name: str
    least: tuple[int, ...]
    counts: Mapping[str, int]

    def __repr__(self) -> str:
        return f"<Frequency {self.name}: {len(self.counts)} values>"

    @property
    def levels(self) -> tuple[str, ...]:
        """See `Hierarchy`."""
        return ("value", *(f"seen {least} times" for least in self.least))

    def generalise(self, values: pa.Array, level: int) -> pa.Array:
        """The value itself, or `(other)`; see `Hierarchy`."""
        if not 0 <= level < len(self.levels):
            raise IndexError(level)
        if level == 0:
            return arrays.plain(values)
        least = self.least[level - 1]
        return arrays.per_text(
            arrays.texts(values, StorageType.STRING),
            lambda text: text if self.counts.get(text, 0) >= least else OTHER,
        )


def by_frequency(name: str, values: pa.Array, least: Sequence[int]) -> Frequency:
    """Fit a hierarchy by frequency to a column.

    Args:
        name: of the hierarchy.
        values: shape (n,).
        least: ascending; see `Frequency`.

    Raises:
        ValueError: the numbers do not ascend.
    """
    if not least or least[0] < 1 or any(b <= a for a, b in pairwise(least)):
        raise ValueError("the numbers ascend from at least 1")
    counted = arrays.texts(values, StorageType.STRING).drop_null().value_counts()
    names, counts = counted.field(0).to_pylist(), counted.field(1).to_pylist()
    return Frequency(name, tuple(least), dict(zip(names, counts, strict=True)))
