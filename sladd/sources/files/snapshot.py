"""One view of a source of files: it holds as long as no file changes, and says when one did."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyarrow as pa

from sladd.errors import SourceError
from sladd.model import Partition, Table
from sladd.sources.files import columnar
from sladd.sources.files.filtering import filtered
from sladd.sources.files.formats import READERS
from sladd.sources.files.part import Losses, Part, rebatch
from sladd.sources.files.tables import Dataset
from sladd.sources.nested import there_field

_NESTED = frozenset({"json", "parquet", "arrow"})  # formats that hold objects
Said = Callable[[Part, Losses], None]


class FilesSnapshot:
    """Implements `sladd.model.Snapshot` over files.

    Attributes:
        id: hash over names, sizes and times of all files.
        consistency: always `snapshot`: a file that changed stops the publish.
        hashes: SHA-256 of the content of each file read so far, by masked name.
    """

    consistency = "snapshot"

    def __init__(self, source: str, datasets: Mapping[str, Dataset], said: Said) -> None:
        self._source = source
        self._datasets = datasets
        self._said = said
        self.hashes: dict[str, str] = {}
        self._hashed: set[str] = set()
        files = {p.file.relative: p.file for d in datasets.values() for p in d.parts}
        self._files = dict(sorted(files.items()))
        digest = hashlib.sha256()
        for relative, file in self._files.items():
            digest.update(f"{relative}\0{file.size}\0{file.stamp}\n".encode())
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
            self.verify()

    def verify(self) -> None:
        """Look at every file that was read, once more.

        Raises:
            SourceError: one changed or is gone (SLADD-249).
        """
        for file in self._files.values():
            if file.id in self._hashed and file.stamp_now() != file.stamp:
                raise _changed(f"{self._source}/{file.shown}")

    def partitions(self, table: Table, *, rows: int = 200_000) -> Sequence[Partition]:
        """Each file is one partition; of a Parquet file, each run of row groups."""
        specs: list[tuple[dict[str, object], int | None]] = []
        for part in self._dataset(table).parts:
            key = part_key(part)
            if part.format != "parquet" or len(part.groups) < 2:
                specs.append(({"part": key}, part.rows))
                continue
            start = held = 0
            for group, count in enumerate(part.groups):
                held += count
                if held >= rows or group == len(part.groups) - 1:
                    specs.append(({"part": key, "groups": [start, group + 1]}, held))
                    start, held = group + 1, 0
        return [
            Partition(table.ref, index, spec, count) for index, (spec, count) in enumerate(specs)
        ]

    def batches(
        self,
        partition: Partition,
        *,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        batch_rows: int = 65_536,
        encoded: Collection[str] = (),
    ) -> Iterator[pa.RecordBatch]:
        """Stream a partition; see `Snapshot.batches`. Columns bear their dotted path.

        Raises:
            SourceError: a column is not there (SLADD-253), the file changed (249), the
                condition is wrong (251), or the file cannot be read.
        """
        dataset = self._dataset_named(partition.table.name)
        part = next((p for p in dataset.parts if part_key(p) == partition.spec["part"]), None)
        if part is None:
            raise _changed(str(partition.table))
        wanted = list(dataset.schema.names if columns is None else columns)
        for name in wanted:
            if name not in dataset.schema.names and there_field(name) is None:
                raise SourceError(
                    "a column is not in the files any more",
                    code=253,
                    where=str(partition.table),
                    mend=f"run sladd discover {self._source}",
                )
        self._freeze(part)
        first, last = partition.spec.get("groups") or (0, len(part.groups))
        if where is None and encoded and part.format == "parquet" and last > first:
            target = _target(dataset.schema, wanted)
            for batch in columnar.encoded_batches(
                part,
                columns=_own(part, wanted),
                groups=(first, last),
                encoded=encoded,
                batch_rows=2 * batch_rows,  # the row groups of most writers in one go
            ):
                yield align(batch, target, part, encoded)
            return
        groups = partition.spec.get("groups")
        stream = self._aligned(
            part,
            dataset.schema,
            wanted if where is None else [*dict.fromkeys([*dataset.schema.names, *wanted])],
            (groups[0], groups[1]) if groups else None,
        )
        if where is not None:
            stream = filtered(stream, where, table=str(partition.table))
        for batch in rebatch(stream, batch_rows):
            yield batch.select(wanted)

    def digest(
        self, partition: Partition, *, columns: Sequence[str], where: str | None
    ) -> str | None:
        """SHA-256 of the file's bytes, and which part of it is meant; no row is looked at.

        Raises:
            SourceError: the file changed since it was listed (SLADD-249), or cannot be read.
        """
        del columns, where
        dataset = self._dataset_named(partition.table.name)
        part = next((p for p in dataset.parts if part_key(p) == partition.spec["part"]), None)
        if part is None:
            raise _changed(str(partition.table))
        self._freeze(part)
        content = self.hashes[part.file.shown]
        return f"{content} {partition.spec['part']} {partition.spec.get('groups')}"

    def count(self, table: Table, *, where: str | None = None) -> int:
        """Rows, exactly; only Parquet and Arrow know theirs without being read."""
        total = 0
        known = {part_key(p): p for p in self._dataset(table).parts if p.exact}
        for partition in self.partitions(table):
            part = known.get(partition.spec["part"])
            if where is None and part is not None and partition.rows is not None:
                self._unchanged(part)
                total += partition.rows
                continue
            first = list(self._dataset(table).schema.names[:1])
            total += sum(
                batch.num_rows
                for batch in self.batches(
                    partition, columns=first if where is None else None, where=where
                )
            )
        return total

    def _aligned(
        self,
        part: Part,
        schema: pa.Schema,
        wanted: Sequence[str],
        groups: tuple[int, int] | None,
    ) -> Iterator[pa.RecordBatch]:
        losses = Losses()
        target = _target(schema, wanted)
        mine = _own(part, wanted)
        for batch in READERS[part.format].batches(part, losses, columns=mine, groups=groups):
            yield align(batch, target, part)
        self._said(part, losses)

    def _freeze(self, part: Part) -> None:
        """Hash the content at the first read, so that the manifest can name what was read."""
        self._unchanged(part)
        if part.file.id not in self._hashed:
            self.hashes[part.file.shown] = part.file.sha256()
            self._hashed.add(part.file.id)

    def _unchanged(self, part: Part) -> None:
        now = part.file.stamp_now()
        if now != part.file.stamp:
            if not now:
                part.file.open().close()  # says better why
            raise _changed(f"{self._source}/{part.file.shown}")

    def _dataset(self, table: Table) -> Dataset:
        return self._dataset_named(table.ref.name)

    def _dataset_named(self, name: str) -> Dataset:
        try:
            return self._datasets[name]
        except KeyError:
            raise SourceError(
                "the table is not in the files any more",
                code=253,
                where=f"{self._source}/{name}",
                mend=f"run sladd discover {self._source}",
            ) from None


def _target(schema: pa.Schema, wanted: Sequence[str]) -> pa.Schema:
    """The fields of some columns; those that say where an object is have theirs by name."""
    known = set(schema.names)
    return pa.schema([schema.field(n) if n in known else there_field(n) for n in wanted])


def _own(part: Part, wanted: Sequence[str]) -> list[str]:
    """What of the wanted columns a file can have.

    A file that has none of them still has rows: one column counts them.
    """
    own = [n for n in wanted if n in part.schema.names]
    if own and part.format in _NESTED:
        own += [n for n in wanted if n not in part.schema.names and there_field(n)]
    return own or part.schema.names[:1]


def part_key(part: Part) -> str:
    """A reference to a part without its name; the same in every process."""
    return hashlib.sha256(f"{part.file.relative}\0{part.inner}".encode()).hexdigest()[:16]


def align(
    batch: pa.RecordBatch, schema: pa.Schema, part: Part, encoded: Collection[str] = ()
) -> pa.RecordBatch:
    """Columns of a batch in the order and types of `schema`; missing ones are NULL.

    A dictionary of the wanted type stays one in the columns `encoded`.
    """
    arrays = []
    for field in schema:
        place = batch.schema.get_field_index(field.name)
        if place < 0:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        column = batch.column(place)
        try:
            same = column.type == field.type or (
                field.name in encoded
                and pa.types.is_dictionary(column.type)
                and column.type.value_type == field.type
            )
            arrays.append(column if same else column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise SourceError(
                "a column does not fit the type it has in the other files",
                code=252,
                where=part.where,
                mend="export the files with equal types",
            ) from None
    if not schema.names:
        return batch.select([])
    return pa.RecordBatch.from_arrays(arrays, names=schema.names)


def _changed(where: str) -> SourceError:
    return SourceError(
        "a file changed while it was being read",
        code=249,
        where=where,
        mend="run the command again when no one writes to it",
    )
