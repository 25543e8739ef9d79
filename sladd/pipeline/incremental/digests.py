"""Whether a partition is as it was: by its file, by the database, by watermark, or by its rows."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import pyarrow as pa

from sladd.model import Partition, Snapshot, Table

if TYPE_CHECKING:
    from sladd.pipeline.columns import TableWork


@runtime_checkable
class Digesting(Protocol):
    """A snapshot that tells the content of a partition without handing out its rows."""

    def digest(
        self, partition: Partition, *, columns: Sequence[str], where: str | None
    ) -> str | None:
        """Changes when the content does; None when only reading can tell."""


@runtime_checkable
class Cutting(Protocol):
    """A snapshot that can cut a table where it was cut before."""

    def cuts(self, table: Table, *, rows: int) -> list[int]:
        """Keys at which the second and later partitions begin."""

    def cut_at(self, table: Table, cuts: Sequence[int], *, rows: int) -> None:
        """Cut there, and where more rows have come after the last one."""


def digest_of(
    work: TableWork, partition: Partition, columns: Sequence[str], by: str, key: bytes
) -> str:
    """A keyed digest that changes when what goes out of a partition may change.

    Args:
        work: of the table.
        partition: of it.
        columns: of the source that the output depends on.
        by: the watermark's column; "" for the content.
        key: 32 bytes.
    """
    digest = hmac.new(key, digestmod=hashlib.sha256)
    snapshot: Snapshot = work.rows.snapshot
    if by:
        # Keys beside the watermark: a row that went or came shows, too.
        wanted = list(dict.fromkeys((*work.table.primary_key, by)))
        _feed(digest, snapshot.batches(partition, columns=wanted, where=work.plan.where))
        return digest.hexdigest()
    told = (
        snapshot.digest(partition, columns=columns, where=work.plan.where)
        if isinstance(snapshot, Digesting)
        else None
    )
    if told is None:
        _feed(digest, snapshot.batches(partition, columns=columns, where=work.plan.where))
    else:
        digest.update(told.encode())
    return digest.hexdigest()


def keys_digest(parts: Iterable[tuple[str, pa.Array | None]], key: bytes) -> str:
    """A keyed digest of named sets of keys, whatever their order."""
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for name, values in parts:
        digest.update(f"\0{name}\0".encode())
        for text in sorted(v for v in (values.to_pylist() if values is not None else ()) if v):
            digest.update(f"{len(text)}:{text}".encode())
    return digest.hexdigest()


def rows_digest(columns: Iterable[pa.Array], key: bytes) -> str:
    """A keyed digest of columns in the order of their rows."""
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for column in columns:
        _feed(digest, [pa.RecordBatch.from_arrays([column], names=["c"])])
    return digest.hexdigest()


def _feed(digest: hmac.HMAC, batches: Iterable[pa.RecordBatch]) -> None:
    for batch in batches:
        plain = [
            column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            for column in batch.columns
        ]
        for column in plain:
            digest.update(str(column.type).encode())
        # Arrow's own form, which leaves out what a slice does not show.
        digest.update(pa.RecordBatch.from_arrays(plain, names=batch.schema.names).serialize())
