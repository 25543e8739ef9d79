"""CSV, TSV and their kin, read as strings: a leading zero is part of the value."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import csv

from sladd.errors import SourceError
from sladd.sources.files.dialect import Dialect, sniff
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.naming import NameJudge
from sladd.sources.files.part import Drawn, Losses, Part, collect, pick
from sladd.sources.files.streams import Utf8Stream, compression_of, open_unpacked, read_head
from sladd.sources.nested import with_paths

HEAD_BYTES = 256 << 10
BLOCK_BYTES = 1 << 20
# A row longer than this is an opening quote that never closes, or not a table.
MAX_ROW_BYTES = 64 << 20
# Files up to this size are read whole for a sample (0.3 s on one core, measured).
WHOLE_BYTES = 32 << 20
PACKED_SHARE = 8  # text tables unpack to about this many times their size
SAMPLE_BLOCK_BYTES = 128 << 10
_NULLS = ["", "\\N"]  # nothing between delimiters; MySQL's and PostgreSQL's text export


def inspect(file: FileEntry, judge: NameJudge, losses: Losses) -> Sequence[Part]:
    """Find dialect and columns of a delimited file; see `Reader.inspect`."""
    head, whole = read_head(file, HEAD_BYTES)
    dialect = sniff(head, whole=whole, where=file.shown, judge=judge)
    losses.add("skipped", dialect.skipped_rows)
    schema = with_paths(pa.schema([(name, pa.string()) for name in dialect.columns]))
    part = Part(file=file, format="csv", schema=schema, layout=dialect)
    rows: int | None = None
    exact = whole
    if whole:
        rows = sum(b.num_rows for b in batches(part, losses, columns=[]))
    elif not compression_of(head) and not _packed(file):
        rows = int(max(0, file.size - dialect.skip_bytes) / dialect.row_bytes)
    return [Part(file=file, format="csv", schema=schema, rows=rows, exact=exact, layout=dialect)]


def batches(
    part: Part,
    losses: Losses,
    *,
    columns: Sequence[str] | None = None,
    groups: tuple[int, int] | None = None,  # noqa: ARG001 - the protocol's; a CSV is one piece
) -> Iterator[pa.RecordBatch]:
    """Stream a delimited file; see `Reader.batches`."""
    given = 0
    block = BLOCK_BYTES
    while True:
        seen = Losses()
        try:
            skip = given
            for batch in _stream(part, seen, columns, block):
                if skip >= batch.num_rows:
                    skip -= batch.num_rows
                    continue
                fresh = batch.slice(skip)
                skip = 0
                given += fresh.num_rows
                yield fresh
            break
        except pa.ArrowInvalid as error:
            # A row longer than the block: start again with larger blocks, after what was given.
            # Arrow's text quotes the row, so only the kind of the error is looked at.
            if "straddl" not in str(error) or block >= MAX_ROW_BYTES:
                raise _broken(part) from None
            block *= 8
    for kind, count in seen.counts.items():
        losses.add(kind, count)
        losses.rows[kind] = seen.rows[kind]


def _stream(
    part: Part, losses: Losses, columns: Sequence[str] | None, block: int
) -> Iterator[pa.RecordBatch]:
    layout: Dialect = part.layout
    before = 1 + layout.skipped_rows + layout.header

    def ragged(row: Any) -> str:
        # Without threads Arrow counts rows from 1; the header stands in front of them.
        number = None if row.number is None else int(row.number) - 1 + before
        losses.add("ragged", row=number)
        return "skip"

    stream = Utf8Stream(
        open_unpacked(part.file),
        layout.encoding,
        skip=layout.skip_bytes,
        quote=layout.quote if not layout.escape else "",
    )
    try:
        try:
            reader = csv.open_csv(
                pa.PythonFile(stream, mode="r"), *_options(layout, columns, block, ragged)
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise
        empty = columns is not None and not columns
        last: pa.RecordBatch | None = None
        for batch in reader:
            last = batch if batch.num_rows else last
            if empty:  # Arrow takes "no columns" for "all of them"
                yield batch.select([])
            else:
                yield batch
        if stream.quotes % 2 and last is not None and _spans_lines(last):
            losses.add("unclosed")
    finally:
        losses.add("nul", stream.nuls)
        losses.add("foreign", stream.foreign)
        stream.close()


def _spans_lines(batch: pa.RecordBatch) -> bool:
    """Whether a cell of the last row goes over several lines."""
    cells = [column[-1].as_py() for column in batch.columns]
    return any("\n" in cell for cell in cells if cell is not None)


def _options(layout: Dialect, columns: Sequence[str] | None, block: int, ragged: Any) -> list[Any]:
    include = [name for name in layout.columns if columns is None or name in columns]
    return [
        csv.ReadOptions(column_names=list(layout.columns), use_threads=False, block_size=block),
        csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char=layout.quote or False,
            double_quote=not layout.escape,
            escape_char=layout.escape or False,
            newlines_in_values=bool(layout.quote),
            # In a table of one column an empty line is a row without a value.
            ignore_empty_lines=len(layout.columns) > 1,
            invalid_row_handler=ragged,
        ),
        csv.ConvertOptions(
            column_types=dict.fromkeys(layout.columns, pa.string()),
            include_columns=include or list(layout.columns[:1]),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=_NULLS,
        ),
    ]


def draw(part: Part, losses: Losses, rows: int, rng: random.Random) -> Drawn:
    """Sample a delimited file; see `Reader.draw`."""
    packed = _packed(part.file)
    if not rows or part.file.size <= (WHOLE_BYTES // PACKED_SHARE if packed else WHOLE_BYTES):
        data = collect(part.schema, batches(part, losses))
        picked = pick(data, rows, rng) if rows else data
        return Drawn(picked, "all" if picked.num_rows == data.num_rows else "random_rows")
    if not packed and (blocks := _blocks(part, rows, rng)) is not None:
        return Drawn(pick(blocks, rows, rng), "block_sample")
    taken: list[pa.RecordBatch] = []
    stream = batches(part, losses)
    for batch in stream:
        taken.append(batch)
        if sum(b.num_rows for b in taken) >= rows:
            break
    ended = next(stream, None) is None
    data = collect(part.schema, iter(taken))
    if ended:
        picked = pick(data, rows, rng)
        return Drawn(picked, "all" if picked.num_rows == data.num_rows else "random_rows")
    return Drawn(data.slice(0, rows), "first_rows")


def _blocks(part: Part, rows: int, rng: random.Random) -> pa.Table | None:
    """Rows at random places of a large file; None where that would be unsafe.

    A place inside a quoted cell cannot be told from one outside it, so a block with a quote
    character is not used; when most blocks have one, the caller reads from the start.
    """
    layout: Dialect = part.layout
    if layout.encoding.startswith("utf-16"):
        return None
    count = max(8, min(64, int(rows * layout.row_bytes * 2 / SAMPLE_BLOCK_BYTES)))
    size = max(SAMPLE_BLOCK_BYTES, int(layout.row_bytes * 8))
    last = part.file.size - size
    if last <= layout.skip_bytes:
        return None
    tables: list[pa.Table] = []
    refused = 0
    with part.file.open() as stream:
        for step in range(count):
            # One block in each of `count` equal stretches: spread, and still random.
            stretch = (last - layout.skip_bytes) / count
            start = layout.skip_bytes + int((step + rng.random()) * stretch)
            stream.seek(start)
            table = _block(stream.read(size), layout)
            if table is None:
                refused += 1
            else:
                tables.append(table)
    if refused * 2 > count:
        return None
    return pa.concat_tables(tables).cast(part.schema)


def _block(data: bytes, layout: Dialect) -> pa.Table | None:
    first, last = data.find(b"\n"), data.rfind(b"\n")
    if first < 0 or first == last or (layout.quote and layout.quote.encode() in data):
        return None
    inner = Utf8Stream(io.BytesIO(data[first + 1 : last + 1]), layout.encoding)  # type: ignore[arg-type]
    losses = Losses()

    def ragged(row: Any) -> str:  # noqa: ARG001 - Arrow hands the row; counting is enough here
        losses.add("ragged")
        return "skip"

    try:
        options = _options(layout, None, 2 * len(data), ragged)
        return csv.open_csv(pa.PythonFile(inner, mode="r"), *options).read_all()
    except pa.ArrowInvalid:
        return None


def _packed(file: FileEntry) -> bool:
    with file.open() as stream:
        return bool(compression_of(stream.read(4)))


def _broken(part: Part) -> SourceError:
    return SourceError(
        "the rows cannot be told apart; a quote that never closes, or one very long row",
        code=254,
        where=part.where,
        mend="export it again, with cells quoted",
    )
