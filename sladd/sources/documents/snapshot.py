"""One view of documents: it holds as long as none changes, and says when one did."""

from __future__ import annotations

import collections.abc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyarrow as pa

from sladd.errors import SourceError
from sladd.model import Partition, Table
from sladd.sources.documents.table import SCHEMA, Collection
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.filtering import filtered
from sladd.sources.files.part import rebatch

PARTITION_BYTES = 64 << 20
PARTITION_FILES = 1_000
Stream = Callable[[Collection, Sequence[FileEntry]], Iterator[pa.RecordBatch]]


class DocumentsSnapshot:
    """Implements `sladd.model.Snapshot` over documents.

    Attributes:
        id: hash over names, sizes and times of all documents.
        consistency: always `snapshot`: a document that changed stops the publish.
    """

    consistency = "snapshot"

    def __init__(self, source: str, found: Mapping[str, Collection], stream: Stream) -> None:
        self._source = source
        self._found = found
        self._stream = stream
        self._read: dict[str, FileEntry] = {}
        digest = hashlib.sha256()
        for name, each in sorted(found.items()):
            digest.update(f"{name}\0{each.table.fingerprint}\n".encode())
        self.id = digest.hexdigest()[:32]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            for file in self._read.values():
                self._unchanged(file)

    def partitions(self, table: Table, *, rows: int = 200_000) -> Sequence[Partition]:  # noqa: ARG002
        """Runs of documents; how many rows they give is known when they are read."""
        files = self._collection(table.ref.name).files
        runs: list[tuple[int, int]] = []
        start = held = 0
        for place, file in enumerate(files):
            held += file.size
            full = held >= PARTITION_BYTES or place + 1 - start >= PARTITION_FILES
            if full or place == len(files) - 1:
                runs.append((start, place + 1))
                start, held = place + 1, 0
        return [
            Partition(table.ref, index, {"documents": list(run)})
            for index, run in enumerate(runs or [(0, 0)])
        ]

    def batches(
        self,
        partition: Partition,
        *,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        batch_rows: int = 65_536,
        encoded: collections.abc.Collection[str] = (),  # noqa: ARG002 - the protocol's; texts rarely repeat
    ) -> Iterator[pa.RecordBatch]:
        """Stream a partition; see `Snapshot.batches`.

        Raises:
            SourceError: a column is not there (SLADD-266), a document changed (249), or the
                condition is wrong (251).
        """
        wanted = list(SCHEMA.names if columns is None else columns)
        if not set(wanted) <= set(SCHEMA.names):
            raise gone(str(partition.table), "column", self._source)
        found = self._collection(partition.table.name)
        start, end = partition.spec["documents"]
        files = found.files[start:end]
        for file in files:
            self._unchanged(file)
            self._read[file.relative] = file
        stream = self._stream(found, files)
        if where is not None:
            stream = filtered(stream, where, table=str(partition.table))
        for batch in rebatch(stream, batch_rows):
            yield batch.select(wanted)

    def count(self, table: Table, *, where: str | None = None) -> int:
        """Rows, exactly; every document is read for it."""
        return sum(
            batch.num_rows
            for partition in self.partitions(table)
            for batch in self.batches(
                partition, columns=None if where else ["ordinal"], where=where
            )
        )

    def _collection(self, name: str) -> Collection:
        try:
            return self._found[name]
        except KeyError:
            raise gone(f"{self._source}/{name}", "table", self._source) from None

    def _unchanged(self, file: FileEntry) -> None:
        if file.stamp_now() != file.stamp:
            raise SourceError(
                "a file changed while it was being read",
                code=249,
                where=f"{self._source}/{file.shown}",
                mend="run the command again when no one writes to it",
            )


def gone(where: str, what: str, source: str) -> SourceError:
    """The error for a table or column that the documents do not have."""
    return SourceError(
        f"the documents have no such {what} any more",
        code=266,
        where=where,
        mend=f"sladd discover {source}",
    )
