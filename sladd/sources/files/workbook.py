"""XLSX: each sheet a table. A workbook is an archive, so its bounds are checked first."""

from __future__ import annotations

import random
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pyarrow as pa

from sladd.errors import SladdError, SourceError
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.header import column_names, is_header, numbered_names
from sladd.sources.files.naming import NameJudge, masked
from sladd.sources.files.part import Drawn, Losses, Part, collect, pick
from sladd.sources.nested import with_paths

MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 1 << 30
MAX_STRINGS_BYTES = 256 << 20  # shared strings are held in memory
MAX_RATIO = 200
RATIO_FROM_BYTES = 64 << 20
MAX_COLUMNS = 16_384  # the format's own limit
_HEAD_ROWS = 200
_BATCH = 8_192
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXACT_FLOAT = 1 << 53

_TYPES = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "moment": pa.timestamp("us"),
    "text": pa.string(),
    "empty": pa.null(),  # another file of the dataset may know more
}


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Where the table lies on the sheet.

    Attributes:
        skip: rows in front of the first data row.
        left: columns in front of the first.
        kinds: one key of `_TYPES` for each column.
    """

    skip: int
    left: int
    kinds: tuple[str, ...]


def refuse_ole(file: FileEntry, head: bytes) -> None:
    """An OLE container is a workbook with a password, or one of the time before 2007.

    Raises:
        SourceError: SLADD-244 or SLADD-248.
    """
    if not head.startswith(_OLE_MAGIC):
        return
    if "EncryptedPackage".encode("utf-16-le") in head or file.path.lower().endswith(".xlsx"):
        raise SourceError(
            "the workbook is protected by a password",
            code=244,
            where=file.shown,
            mend="save it without a password",
        )
    raise SourceError(
        "is an Excel file of the old .xls format",
        code=248,
        where=file.shown,
        mend="save it as .xlsx",
    )


def _check_bounds(file: FileEntry, stream: Any) -> None:
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise SourceError(
            "is a zip archive, not a workbook",
            code=248,
            where=file.shown,
            mend="unpack it, or save it as .xlsx",
        )
    total = sum(entry.file_size for entry in entries)
    strings = sum(e.file_size for e in entries if e.filename.lower().endswith("sharedstrings.xml"))
    ratio = total / max(1, file.size)
    # `zipfile` stops each entry at its declared size, so these numbers bound what is unpacked.
    if (
        len(entries) > MAX_ENTRIES
        or total > MAX_UNPACKED_BYTES
        or strings > MAX_STRINGS_BYTES
        or (ratio > MAX_RATIO and total > RATIO_FROM_BYTES)
    ):
        raise SourceError(
            f"the workbook unpacks to {total / (1 << 30):.1f} GB in {len(entries)} entries, "
            "more than is safe to read",
            code=245,
            where=file.shown,
            mend="save it as CSV or Parquet if it is meant to be that large",
        )


@contextmanager
def _workbook(file: FileEntry) -> Iterator[Any]:
    import openpyxl

    stream = file.open()
    book: Any = None
    try:
        refuse_ole(file, stream.read(1 << 16))
        stream.seek(0)
        _check_bounds(file, stream)
        stream.seek(0)
        if not openpyxl.DEFUSEDXML:  # entities in XML can read files and fill memory
            raise SourceError(
                "defusedxml is not installed, so workbooks are not opened",
                code=245,
                where=file.shown,
                mend="pip install defusedxml",
            )
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        yield book
    except (SladdError, GeneratorExit):
        raise
    except Exception:
        raise SourceError(
            "the workbook is cut off or damaged",
            code=243,
            where=file.shown,
            mend="open it in Excel and save it again",
        ) from None
    finally:
        if book is not None:
            book.close()
        stream.close()


def inspect(file: FileEntry, judge: NameJudge, losses: Losses) -> Sequence[Part]:  # noqa: ARG001
    """Find the sheets, their columns and types; see `Reader.inspect`."""
    parts: list[Part] = []
    with _workbook(file) as book:
        for sheet in book.worksheets:
            part = _inspect_sheet(file, sheet, judge)
            if part is not None:
                parts.append(part)
    if not parts:
        raise SourceError(
            "no sheet of the workbook holds a table",
            code=255,
            where=file.shown,
            mend="nothing to read; take it out of the pattern",
        )
    return parts


def _inspect_sheet(file: FileEntry, sheet: Any, judge: NameJudge) -> Part | None:
    rows = _rows(sheet)
    head = list(islice(rows, _HEAD_ROWS))
    filled = [(place, row) for place, row in enumerate(head) if _width(row)]
    if not filled:
        return None
    left = min(next(i for i, cell in enumerate(row) if _given(cell)) for _, row in filled)
    width = Counter(_width(row) for _, row in filled).most_common(1)[0][0]
    widest = max(_width(row) for _, row in filled)
    # A title stands alone above the table; a row with fewer cells at its end does not.
    top = next((place for place, row in filled if _width(row) >= width), filled[0][0])
    first = [_as_name(cell) for cell in _padded(head[top], left, widest)]
    after = [[_as_name(c) for c in _padded(r, left, widest)] for p, r in filled if p > top]
    texts = all(isinstance(cell, str) for cell in head[top] if _given(cell))
    header = texts and is_header(first, after, judge)
    names = column_names(first) if header else numbered_names(len(first))
    skip = top + 1 if header else top
    seen: list[set[str]] = [set() for _ in names]
    count = 0
    for row in _chain(head[skip:], rows):
        if not _width(row):
            continue
        count += 1
        for place, cell in enumerate(row[left:]):
            if not _given(cell):
                continue
            while place >= len(seen):  # a cell right of everything in the first rows
                seen.append(set())
                names.append(f"c{len(seen)}")
            seen[place].add(_kind(cell))
    kinds = tuple(_settle(kinds) for kinds in seen)
    names = column_names(names)
    schema = with_paths(
        pa.schema([(name, _TYPES[kind]) for name, kind in zip(names, kinds, strict=True)])
    )
    title = str(sheet.title)
    return Part(
        file=file,
        format="xlsx",
        schema=schema,
        inner=title,
        inner_shown=masked(title, "sheet") if judge(title) else title,
        rows=count,
        exact=True,
        layout=SheetLayout(skip, left, kinds),
    )


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # A sheet may claim dimensions that pad every row to 16,384 cells.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        yield row[:MAX_COLUMNS]


def _chain(first: Sequence[Any], rest: Iterator[Any]) -> Iterator[Any]:
    yield from first
    yield from rest


def _given(cell: Any) -> bool:
    return cell is not None and cell != ""


def _width(row: Sequence[Any]) -> int:
    return next((i + 1 for i in range(len(row) - 1, -1, -1) if _given(row[i])), 0)


def _padded(row: Sequence[Any], left: int, width: int) -> list[Any]:
    return [*row[left:width], *[None] * (width - max(left, len(row)))]


def _as_name(cell: Any) -> str:
    return "" if cell is None else _as_text(cell)


def _kind(cell: Any) -> str:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int | float):
        whole = float(cell).is_integer() and abs(cell) <= _EXACT_FLOAT
        return "integer" if whole else "number"
    return "moment" if isinstance(cell, datetime | date) else "text"


def _settle(kinds: set[str]) -> str:
    if not kinds:
        return "empty"
    if len(kinds) == 1:
        return next(iter(kinds))
    return "number" if kinds == {"integer", "number"} else "text"


def _as_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT_FLOAT:
        return str(int(cell))
    if isinstance(cell, datetime):
        midnight = cell.time() == time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())


def _convert(cell: Any, kind: str, losses: Losses) -> Any:
    if not _given(cell):
        return None
    if kind == "text":
        return _as_text(cell)
    if _kind(cell) != kind and not (kind == "number" and _kind(cell) == "integer"):
        losses.add("unfit")
        return None
    if kind == "integer":
        return int(cell)
    if kind == "moment" and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - Excel knows no zone
    return float(cell) if kind == "number" else cell


def batches(
    part: Part,
    losses: Losses,
    *,
    columns: Sequence[str] | None = None,
    groups: tuple[int, int] | None = None,  # noqa: ARG001 - the protocol's; a sheet is one piece
) -> Iterator[pa.RecordBatch]:
    """Stream the rows of a sheet; see `Reader.batches`."""
    layout: SheetLayout = part.layout
    with _workbook(part.file) as book:
        if part.inner not in book.sheetnames:
            raise SourceError(
                "the sheet is gone", code=253, where=part.where, mend="run sladd discover again"
            )
        rows = (row for row in islice(_rows(book[part.inner]), layout.skip, None) if _width(row))
        while held := list(islice(rows, _BATCH)):
            batch = _batch(held, part, losses)
            yield (
                batch
                if columns is None
                else batch.select([name for name in batch.schema.names if name in columns])
            )


def _batch(rows: Sequence[Sequence[Any]], part: Part, losses: Losses) -> pa.RecordBatch:
    layout: SheetLayout = part.layout
    arrays = []
    for place, (field, kind) in enumerate(zip(part.schema, layout.kinds, strict=True)):
        at = layout.left + place
        cells = [_convert(row[at], kind, losses) if at < len(row) else None for row in rows]
        arrays.append(pa.array(cells, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=part.schema)


def draw(part: Part, losses: Losses, rows: int, rng: random.Random) -> Drawn:
    """Sample a sheet; it is read through either way, as it has no index. See `Reader.draw`."""
    total = part.rows or 0
    if not rows or total <= rows:
        return Drawn(collect(part.schema, batches(part, losses)), "all")
    share = min(1.0, 1.5 * rows / total + 100 / total)
    kept: list[pa.RecordBatch] = []
    for batch in batches(part, losses):
        keep = [place for place in range(batch.num_rows) if rng.random() < share]
        kept.append(batch.take(pa.array(keep, pa.int64())))
    return Drawn(pick(collect(part.schema, iter(kept)), rows, rng), "random_rows")
