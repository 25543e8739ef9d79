"""The rows of each table that stay out, known by their keys and by the flags they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sladd.pipeline.exclusions.flags import truthy
from sladd.pipeline.exclusions.keys import KeySets, among, folded, texts
from sladd.pipeline.exclusions.ways import Link
from sladd.pipeline.integrity import without_zeros


class Exclusions:
    """Knows for every table which rows to leave out. Holds keys: never printed or pickled."""

    __slots__ = ("_flags", "_keys", "_links")

    def __init__(
        self,
        keys: KeySets,
        links: Mapping[str, Sequence[Link]],
        flags: Mapping[str, Sequence[str]],
    ) -> None:
        self._keys = keys
        self._links = links
        self._flags = flags

    def keys(self) -> list[tuple[str, pa.Array]]:
        """Field addresses and the keys that are left out there, by address."""
        return sorted(self._keys.items(), key=lambda item: item[0])

    def columns(self, table: str) -> tuple[str, ...]:
        """Columns that `keep` needs to see, beside those of the plan."""
        needed = [link.column for link in self._links.get(table, ()) if self._has(link.target)]
        return tuple(dict.fromkeys((*needed, *self._flags.get(table, ()))))

    def keep(self, table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of a batch that may leave."""
        mask = None
        for link in self._links.get(table, ()):
            if self._has(link.target):
                column, keys = batch.column(link.column), self._keys[link.target]
                if link.number:
                    column, keys = without_zeros(texts(column)), without_zeros(keys)
                if link.mail:
                    column, keys = folded(texts(column)), folded(keys)
                mask = _either(mask, among(column, keys))
        for column in self._flags.get(table, ()):
            mask = _either(mask, truthy(batch.column(column)))
        return batch if mask is None else batch.filter(pc.invert(mask))

    def _has(self, target: str) -> bool:
        return target in self._keys and len(self._keys[target]) > 0

    def __repr__(self) -> str:
        return f"<Exclusions of {len(self._keys)} keys>"


def _either(mask: pa.Array | None, more: pa.Array) -> pa.Array:
    return more if mask is None else pc.or_(mask, more)
