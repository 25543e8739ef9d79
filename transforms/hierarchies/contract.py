"""What a hierarchy is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import pyarrow as pa


@runtime_checkable
class Hierarchy(Protocol):
    """Levels of generalisation: two values equal at one level are equal at every coarser one.

    A search over levels (ISO/IEC 20889 §8.6; full-domain generalisation) may take any level of
    it without asking what the values are.
    """

    @property
    def name(self) -> str:
        """What a rule calls it."""

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of its levels, finest first; level 0 is the value itself."""

    def generalise(self, values: pa.Array, level: int) -> pa.Array:
        """The classes of values at a level.

        Args:
            values: shape (n,), plain.
            level: 0 to `len(levels) - 1`.

        Returns:
            Shape (n,); null for null and for what the hierarchy does not know.

        Raises:
            IndexError: there is no such level.
        """
