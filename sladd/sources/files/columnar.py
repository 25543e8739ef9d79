"""Parquet and Arrow IPC (Feather): by row group, nested columns flattened."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

from sladd.errors import SladdError, SourceError
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.naming import NameJudge
from sladd.sources.files.part import Drawn, Losses, Part, collect, pick
from sladd.sources.nested import flat_batch, flatten_schema, path_of, there_field

_BATCH = 65_536
# Most writers give up a dictionary above a mebibyte, and an index has at most 17 bits then
# (parquet-cpp, DEFAULT_DICTIONARY_PAGE_SIZE_LIMIT).
_DICTIONARY_BYTES = 1 << 20
_INDEX_BYTES = 2.2
# A sample reads at most this many row groups, spread over the file.
SAMPLE_GROUPS = 8
_STREAM_MAGIC = b"\xff\xff\xff\xff"


@contextmanager
def _reading(file: FileEntry) -> Iterator[None]:
    """Turn whatever a reader of untrusted bytes raises into one line without its text."""
    try:
        yield
    except SladdError:
        raise
    except FileNotFoundError as error:
        raise _gone(file, error) from None
    except Exception:
        raise SourceError(
            "the file is cut off or damaged",
            code=243,
            where=file.shown,
            mend="export it again",
        ) from None


def _gone(file: FileEntry, error: BaseException) -> SourceError:
    from sladd.sources.files.entry import unreadable

    return unreadable(file, error)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Encodings of text and lists as their plain types, so that every source gives the same."""
    types = pa.types
    if types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind):
        return pa.string()
    if types.is_large_binary(kind) or types.is_binary_view(kind):
        return pa.binary()
    if types.is_float16(kind):
        return pa.float32()  # which neither DuckDB nor most of Arrow's functions do without
    if types.is_list(kind):
        return pa.list_(pa.field(kind.value_field.name, plain_type(kind.value_type)))
    return kind


def _bare(schema: pa.Schema) -> pa.Schema:
    """A schema without what the file itself says about paths."""
    return pa.schema([field.remove_metadata() for field in schema])


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """A flat schema with plain types and nothing but the paths as metadata."""
    flat = flatten_schema(_bare(schema))
    return pa.schema([f.with_type(plain_type(f.type)).with_nullable(True) for f in flat])


def _plain_batch(
    batch: pa.RecordBatch,
    schema: pa.Schema,
    columns: Sequence[str] | None,
    encoded: Collection[str] = (),
) -> pa.RecordBatch:
    batch.validate(full=True)  # offsets and UTF-8 of a hostile file
    bare = pa.RecordBatch.from_arrays(batch.columns, schema=_bare(batch.schema))
    asked = [field for name in columns or () if (field := there_field(name))]
    flat = flat_batch(bare, there=bool(asked))
    if columns is not None:
        flat = flat.select([name for name in flat.schema.names if name in columns])
    own = {field.name: field for field in (*asked, *schema)}
    fields = [own[name] for name in flat.schema.names]
    arrays = [
        column if column.type == field.type or field.name in encoded else column.cast(field.type)
        for column, field in zip(flat.columns, fields, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=[field.name for field in fields])


def inspect(file: FileEntry, judge: NameJudge, losses: Losses) -> Sequence[Part]:  # noqa: ARG001
    """Read the footer of a Parquet or Arrow file; see `Reader.inspect`."""
    with _reading(file), file.open() as stream:
        magic = stream.read(6)
        stream.seek(0)
        if magic.startswith(b"PARE"):
            raise SourceError(
                "the Parquet file is encrypted",
                code=244,
                where=file.shown,
                mend="export it without encryption",
            )
        if magic.startswith(b"PAR1"):
            parquet = pq.ParquetFile(stream)
            about = parquet.metadata
            groups = tuple(about.row_group(i).num_rows for i in range(about.num_row_groups))
            schema, rows = parquet.schema_arrow, int(about.num_rows)
        elif magic.startswith(_STREAM_MAGIC):
            reader = ipc.open_stream(stream)
            schema, groups = reader.schema, ()
            rows = sum(batch.num_rows for batch in reader)
        else:
            opened = ipc.open_file(stream)
            schema = opened.schema
            counts = [opened.get_batch(i).num_rows for i in range(opened.num_record_batches)]
            groups, rows = tuple(counts), sum(counts)
    layout = "stream" if magic.startswith(_STREAM_MAGIC) else None
    fmt = "parquet" if magic.startswith(b"PAR1") else "arrow"
    flat = plain_schema(schema)
    if len({path_of(field) for field in flat}) < len(flat):
        raise SourceError(
            "two of its columns have one name",
            code=267,
            where=file.shown,
            mend="export it with a name for each",
        )
    return [
        Part(
            file=file,
            format=fmt,
            schema=flat,
            rows=rows,
            exact=True,
            groups=groups,
            layout=layout,
        )
    ]


def batches(
    part: Part,
    losses: Losses,  # noqa: ARG001 - the protocol's; nothing is ever left out here
    *,
    columns: Sequence[str] | None = None,
    groups: tuple[int, int] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Stream row groups `groups[0]` to `groups[1]` (exclusive); see `Reader.batches`."""
    first, last = groups or (0, len(part.groups))
    yield from _read(part, range(first, last), columns)


def encoded_batches(
    part: Part,
    *,
    columns: Sequence[str],
    groups: tuple[int, int] | None,
    encoded: Collection[str],
    batch_rows: int,
) -> Iterator[pa.RecordBatch]:
    """Stream a Parquet file with texts as dictionaries where the file has them so.

    Args:
        part: of a Parquet file.
        columns: wanted ones.
        groups: first row group and the one after the last; all when None.
        encoded: columns that may come as dictionaries.
        batch_rows: at most; a batch never spans two row groups, whose dictionaries differ.

    Raises:
        SourceError: the file is damaged (SLADD-243).
    """
    first, last = groups or (0, len(part.groups))
    with _reading(part.file), part.file.open() as stream:
        names = {n for n in encoded if n in columns} & _dictionaries(stream, first)
        stream.seek(0)
        for batch in _raw(part, stream, range(first, last), columns, names, batch_rows):
            yield _plain_batch(batch, part.schema, columns, names)


def _encoded(part: Part) -> pa.Table:
    """All rows of a Parquet file, with texts as dictionaries where the file has them so."""
    texts = [field.name for field in part.schema if pa.types.is_string(field.type)]
    found = list(
        encoded_batches(
            part, columns=part.schema.names, groups=None, encoded=texts, batch_rows=2 * _BATCH
        )
    )
    if not found:
        return part.schema.empty_table()
    # A later row group may give up its dictionary; Arrow makes one of it all the same.
    data = pa.Table.from_batches(found)
    columns = [data.column(name) for name in part.schema.names]
    fields = [f.with_type(c.type) for f, c in zip(part.schema, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _dictionaries(stream: Any, group: int) -> set[str]:
    """Columns of text whose values stand once in this row group, not once a row."""
    about = pq.ParquetFile(stream).metadata.row_group(group)
    found = set()
    for place in range(about.num_columns):
        chunk = about.column(place)
        most = _DICTIONARY_BYTES + _INDEX_BYTES * chunk.num_values
        if chunk.has_dictionary_page and chunk.total_uncompressed_size <= most:
            found.add(chunk.path_in_schema)
    return found


def _read(
    part: Part, groups: Sequence[int], columns: Sequence[str] | None, *, dictionary: bool = False
) -> Iterator[pa.RecordBatch]:
    # Four times faster on repetitive text (measured); decoded again after the draw.
    strings = set(part.schema.names) if dictionary else set()
    with _reading(part.file), part.file.open() as stream:
        for batch in _raw(part, stream, groups, columns, strings, _BATCH):
            yield _plain_batch(batch, part.schema, columns)


def _raw(
    part: Part,
    stream: Any,
    groups: Sequence[int],
    columns: Sequence[str] | None,
    encoded: Collection[str],
    batch_rows: int,
) -> Iterator[pa.RecordBatch]:
    if part.format == "parquet":
        tops = None
        if columns is not None:
            tops = sorted({path_of(f)[0] for f in part.schema if f.name in columns})
        # Arrow cannot do that inside nested columns.
        strings = [
            f.name
            for f in part.schema
            if f.name in encoded and pa.types.is_string(f.type) and not path_of(f)[1]
        ]
        parquet = pq.ParquetFile(stream, read_dictionary=strings or None)
        # One group at a time: a batch that begins in one and ends in the next has the
        # dictionaries of both, and comes apart again.
        for group in groups:
            yield from parquet.iter_batches(
                batch_size=batch_rows, row_groups=[group], columns=tops, use_threads=False
            )
    elif part.layout != "stream":
        opened = ipc.open_file(stream)
        for group in groups:
            yield opened.get_batch(group)
    else:
        yield from ipc.open_stream(stream)


def draw(part: Part, losses: Losses, rows: int, rng: random.Random) -> Drawn:
    """Sample spread row groups; see `Reader.draw`."""
    count = len(part.groups)
    if not rows and part.format == "parquet" and count:
        return Drawn(_encoded(part), "all")
    if not rows or (part.rows or 0) <= rows or not count:
        data = collect(part.schema, batches(part, losses))
        picked = pick(data, rows, rng) if rows else data
        return Drawn(picked, "all" if picked.num_rows == data.num_rows else "random_rows")
    chosen = list(range(count))
    if count > SAMPLE_GROUPS:
        step = count / SAMPLE_GROUPS
        chosen = sorted({int((i + rng.random()) * step) for i in range(SAMPLE_GROUPS)})
    total = sum(part.groups[group] for group in chosen)
    wanted = sorted(rng.sample(range(total), min(rows, total)))
    taken: list[pa.RecordBatch] = []
    seen = place = 0
    for batch in _read(part, chosen, None, dictionary=True):
        here = []
        while place < len(wanted) and wanted[place] < seen + batch.num_rows:
            here.append(wanted[place] - seen)
            place += 1
        seen += batch.num_rows
        if here:
            taken.append(batch.take(pa.array(here)))
    how = "random_rows" if len(chosen) == count else "block_sample"
    return Drawn(collect(part.schema, iter(taken)), how)
