"""JSON and JSON Lines: records streamed, nested values flattened by path."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import pyarrow as pa

from sladd.errors import SourceError
from sladd.sources.files.dialect import encoding_of
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.naming import NameJudge
from sladd.sources.files.part import Drawn, Losses, Part, collect, pick
from sladd.sources.files.streams import Utf8Stream, compression_of, open_unpacked, read_head
from sladd.sources.json_shape import (
    Misfits,
    Shape,
    arrow_type,
    conform,
    is_plain,
    learn,
    parse,
    repaired,
    settle,
)
from sladd.sources.nested import flat_batch, flatten_schema, there_field

# The shape is learnt from this much text; almost every file is smaller.
LEARN_BYTES = 64 << 20
MAX_RECORD_BYTES = 64 << 20
WHOLE_BYTES = 16 << 20
PACKED_SHARE = 8  # text unpacks to about this many times its size
SAMPLE_BLOCK_BYTES = 256 << 10
_CHUNK = 1 << 20
_BATCH = 8_192


@dataclass(frozen=True, slots=True)
class JsonLayout:
    """How the records stand in the file, and the Arrow type that holds them.

    Attributes:
        lines: one record a line; otherwise arrays and values one after the other.
        encoding: as Python spells it.
        type: a struct; of one field `value` where records are not objects with fixed keys.
        wrapped: whether records stand in that field.
        plain: Arrow converts the records by itself.
    """

    lines: bool
    encoding: str
    type: pa.StructType
    wrapped: bool
    plain: bool


def inspect(file: FileEntry, judge: NameJudge, losses: Losses) -> Sequence[Part]:
    """Learn the shape of the records; see `Reader.inspect`."""
    head, whole = read_head(file, 64 << 10)
    encoding = encoding_of(head, whole=whole)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    lines = _has_lines(text, file.path, whole=whole)
    shape, rows, used, complete = _learn(file, encoding, lines=lines, losses=losses)
    if not rows:
        bad = losses.counts.get("json", 0)
        raise SourceError(
            "holds no valid JSON" if bad else "holds no records",
            code=247 if bad else 255,
            where=file.shown,
            mend="export it again" if bad else "nothing to read; take it out of the pattern",
        )
    settle(shape, judge)
    kind = arrow_type(shape)
    if not complete:
        kind = _null_as_text(kind)
    wrapped = not pa.types.is_struct(kind)
    if wrapped:
        kind = pa.struct([pa.field("value", kind)])
    layout = JsonLayout(lines, encoding, kind, wrapped, complete and is_plain(shape))
    schema = flatten_schema(pa.schema(list(kind)))
    if not complete:
        rows = int(rows * file.size / used) if used and not compression_of(head) else 0
    return [
        Part(
            file=file,
            format="json",
            schema=schema,
            rows=rows or None,
            exact=complete,
            layout=layout,
        )
    ]


def _null_as_text(kind: pa.DataType) -> pa.DataType:
    """Where only null was seen so far, leave room for what comes."""
    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([f.with_type(_null_as_text(f.type)) for f in kind])
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_null_as_text(kind.value_type)))
    return kind


def _has_lines(text: str, path: str, *, whole: bool) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or (len(lines) < 2 and not whole):
        return False
    try:
        first = json.loads(lines[0])
    except (ValueError, RecursionError):
        # A broken first line of a JSONL file; a pretty-printed object starts with `{` alone.
        named = "jsonl" in path.lower() or "ndjson" in path.lower()
        pretty = lines[0].strip() in {"{", "["}
        return (len(lines) > 1 and _is_object(lines[1])) or (named and not pretty)
    return isinstance(first, dict)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _learn(
    file: FileEntry, encoding: str, *, lines: bool, losses: Losses
) -> tuple[Shape, int, int, bool]:
    shape, rows = Shape(), 0
    stream = _open(file, encoding, losses)
    try:
        for record in _records(file, stream, lines=lines, losses=losses):
            learn(shape, record)
            rows += 1
            if rows % 256 == 0 and stream.tell() > LEARN_BYTES:
                return shape, rows, stream.tell(), False
        return shape, rows, stream.tell(), True
    finally:
        stream.close()


class _Counted(io.BufferedReader):
    """A buffered stream over `Utf8Stream` that reports its NUL bytes when it closes."""

    def __init__(self, raw: Utf8Stream, losses: Losses) -> None:
        super().__init__(raw, _CHUNK)
        self._utf8 = raw
        self._losses = losses
        self._read = 0

    def close(self) -> None:
        if not self.closed:
            self._losses.add("nul", self._utf8.nuls)
            self._losses.add("foreign", self._utf8.foreign)
        super().close()

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._read += len(data)
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        data = super().readline(size)
        self._read += len(data)
        return data

    def tell(self) -> int:
        return self._read


def _open(file: FileEntry, encoding: str, losses: Losses) -> _Counted:
    return _Counted(Utf8Stream(open_unpacked(file), encoding), losses)


def _records(file: FileEntry, stream: IO[bytes], *, lines: bool, losses: Losses) -> Iterator[Any]:
    if lines:
        return _lines(file, stream, losses)
    return _values(file, stream)


def _lines(file: FileEntry, stream: IO[bytes], losses: Losses) -> Iterator[Any]:
    number = 0
    while line := stream.readline(MAX_RECORD_BYTES):
        number += 1
        if len(line) >= MAX_RECORD_BYTES:
            raise _too_long(file)
        if line.isspace():
            continue
        try:
            record = parse(line)
        except (ValueError, RecursionError):
            losses.add("json", row=number)
        else:
            yield record


def _values(file: FileEntry, stream: IO[bytes]) -> Iterator[Any]:
    """Values one after the other; the elements of a top-level array count as values."""
    decoder = json.JSONDecoder()
    text, place, inside, ended, number = "", 0, False, False, 0
    carry = b""
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        value, stop, fits = None, place, False
        if place < len(text):
            mark = text[place]
            if mark == ("]" if inside else "["):
                inside = not inside
                place += 1
                continue
            try:
                value, stop = decoder.raw_decode(text, place)
                fits = stop < len(text) or ended
            except (ValueError, RecursionError):
                fits = False
        if fits:
            number += 1
            place = stop
            yield repaired(value, text)
            continue
        if ended:
            if place < len(text) or inside:
                raise _broken(file, number + 1)
            return
        rest = len(text) - place
        if rest > MAX_RECORD_BYTES:
            raise _broken(file, number + 1)
        # Reading as much again as is held keeps the repeated parsing linear.
        chunk = stream.read(max(_CHUNK, rest))
        ended = not chunk
        fresh, carry = _whole_characters(carry + chunk, ended=ended)
        text, place = text[place:] + fresh, 0


def _whole_characters(data: bytes, *, ended: bool) -> tuple[str, bytes]:
    import codecs

    text, used = codecs.utf_8_decode(data, "replace", ended)
    return text, data[used:]


def _broken(file: FileEntry, number: int) -> SourceError:
    return SourceError(
        f"ends or breaks in the middle of record {number}",
        code=247,
        where=file.shown,
        mend="export it again",
    )


def _too_long(file: FileEntry) -> SourceError:
    return SourceError(
        f"holds a record of more than {MAX_RECORD_BYTES >> 20} MB",
        code=247,
        where=file.shown,
        mend="export it as one record a line",
    )


def batches(
    part: Part,
    losses: Losses,
    *,
    columns: Sequence[str] | None = None,
    groups: tuple[int, int] | None = None,  # noqa: ARG001 - the protocol's; JSON is one piece
) -> Iterator[pa.RecordBatch]:
    """Stream the records; see `Reader.batches`."""
    layout: JsonLayout = part.layout
    stream = _open(part.file, layout.encoding, losses)
    try:
        held: list[Any] = []
        for record in _records(part.file, stream, lines=layout.lines, losses=losses):
            held.append(record)
            if len(held) == _BATCH:
                yield _batch(held, part, losses, columns)
                held = []
        if held:
            yield _batch(held, part, losses, columns)
    finally:
        stream.close()


def _batch(
    records: Sequence[Any], part: Part, losses: Losses, columns: Sequence[str] | None
) -> pa.RecordBatch:
    layout: JsonLayout = part.layout
    rows = [{"value": r} for r in records] if layout.wrapped else records
    array: pa.StructArray | None = None
    if layout.plain:
        try:
            array = pa.array(rows, layout.type)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            array = None
    if array is None:
        misfits = Misfits()
        array = pa.array([conform(row, layout.type, misfits) for row in rows], layout.type)
        losses.add("unfit", misfits.unfit)
        losses.add("unseen", misfits.unseen)
    there = any(there_field(name) for name in columns or ())
    flat = flat_batch(pa.RecordBatch.from_struct_array(array), there=there)
    return flat if columns is None else flat.select([c for c in flat.schema.names if c in columns])


def draw(part: Part, losses: Losses, rows: int, rng: random.Random) -> Drawn:
    """Sample the records; see `Reader.draw`."""
    with part.file.open() as stream:
        packed = bool(compression_of(stream.read(4)))
    if not rows or part.file.size <= (WHOLE_BYTES // PACKED_SHARE if packed else WHOLE_BYTES):
        data = collect(part.schema, batches(part, losses))
        picked = pick(data, rows, rng) if rows else data
        return Drawn(picked, "all" if picked.num_rows == data.num_rows else "random_rows")
    layout: JsonLayout = part.layout
    if layout.lines and not packed and not layout.encoding.startswith("utf-16"):
        return Drawn(_blocks(part, losses, rows, rng), "block_sample")
    taken: list[pa.RecordBatch] = []
    stream_ = batches(part, losses)
    for batch in stream_:
        taken.append(batch)
        if sum(b.num_rows for b in taken) > rows:
            return Drawn(collect(part.schema, iter(taken)).slice(0, rows), "first_rows")
    return Drawn(collect(part.schema, iter(taken)), "all")


def _blocks(part: Part, losses: Losses, rows: int, rng: random.Random) -> pa.Table:
    """Lines at random places: a line break never stands inside a JSON record."""
    found: list[Any] = []
    mean = max(1, part.file.size // max(1, part.rows or 1))
    size = max(SAMPLE_BLOCK_BYTES, 8 * mean)
    count = max(8, min(64, 2 * rows * mean // size))
    last = max(1, part.file.size - size)
    with part.file.open() as stream:
        for step in range(count):
            stream.seek(int((step + rng.random()) * last / count))
            text = stream.read(size).decode(part.layout.encoding, "replace")
            for line in text.split("\n")[1:-1]:
                try:
                    found.append(parse(line))
                except (ValueError, RecursionError):
                    losses.add("json")
    if not found:
        return part.schema.empty_table()
    table = pa.Table.from_batches([_batch(found, part, losses, None)], part.schema)
    return pick(table, rows, rng)
