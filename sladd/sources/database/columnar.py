"""From what a driver hands over to record batches of exactly the schema that was promised."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_REPEATED = 0.5  # distinct texts a row, above which a dictionary costs more than it saves
_MOST_BYTES = 32_000_000  # of a batch; three of them are held at once


def fit(array: pa.Array, target: pa.DataType) -> pa.Array:
    """Carry an array over to a type without losing anything.

    Raises:
        pa.ArrowInvalid: a value does not fit.
    """
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_string(target):
        return _text(array)
    if array.type.equals(target):
        return array
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), target)
    return pc.cast(array, target)


def _text(array: pa.Array) -> pa.Array:
    if pa.types.is_binary(array.type):
        return _decoded(array)
    if not pa.types.is_string(array.type):
        return pc.cast(array, pa.string())
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        # SQLite lets any bytes stand in a TEXT column.
        return _decoded(array.view(pa.binary()))
    return array


def _decoded(array: pa.Array) -> pa.Array:
    return pa.array(
        [None if v is None else v.decode("utf-8", "replace") for v in array.to_pylist()],
        pa.string(),
    )


def fit_batch(
    batch: pa.RecordBatch, schema: pa.Schema, refused: Callable[[str], Exception]
) -> pa.RecordBatch:
    """Carry every column over; `refused(column)` is raised for one that does not fit."""
    columns = []
    for position, wanted in enumerate(schema):
        try:
            columns.append(fit(batch.column(position), wanted.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            # Arrow's own text quotes the value.
            raise refused(wanted.name) from None
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def rows_to_batch(
    rows: Sequence[Sequence[Any]], schema: pa.Schema, refused: Callable[[str], Exception]
) -> pa.RecordBatch:
    """Turn the rows of a DB-API cursor into one batch."""
    columns = []
    for position, wanted in enumerate(schema):
        turn = _turn_to(wanted.type)
        try:
            columns.append(pa.array([turn(row[position]) for row in rows], wanted.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, ValueError):
            raise refused(wanted.name) from None
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def in_batches(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Batches of `rows`, the last one of fewer, however a driver cut them; of wide rows, fewer.

    What repeats is transformed once a batch: a driver that hands over a few thousand rows at a
    time makes that several times the work.
    """
    waiting: list[pa.RecordBatch] = []
    held = size = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, rows - held)
            start += part.num_rows
            waiting.append(part)
            held += part.num_rows
            size += part.nbytes
            if held == rows or size >= _MOST_BYTES:
                yield _one(waiting)
                waiting, held, size = [], 0, 0
    if waiting:
        yield _one(waiting)


def with_dictionaries(
    batches: Generator[pa.RecordBatch], columns: Collection[str]
) -> Generator[pa.RecordBatch]:
    """The same batches with columns of texts that repeat as dictionaries, told by the first batch.

    Transforms and leak test ask for each value once: looked up here, it is looked up once for
    both, and in the thread that reads ahead.
    """
    chosen: list[int] | None = None
    with closing(batches):
        for batch in batches:
            arrays = batch.columns
            if chosen is None:
                chosen = [
                    place
                    for place, field in enumerate(batch.schema)
                    if field.name in columns and pa.types.is_string(field.type)
                ]
                made = {place: arrays[place].dictionary_encode() for place in chosen}
                most = _REPEATED * batch.num_rows
                chosen = [place for place in chosen if len(made[place].dictionary) <= most]
            else:
                made = {place: arrays[place].dictionary_encode() for place in chosen}
            for place in chosen:
                arrays[place] = made[place]
            yield pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def _turn_to(target: pa.DataType) -> Callable[[Any], Any]:
    if pa.types.is_string(target):
        return _as_text
    if pa.types.is_boolean(target):
        return _as_boolean
    if pa.types.is_timestamp(target):
        return _as_utc if target.tz else _as_timestamp
    if pa.types.is_date(target):
        return _as_date
    if pa.types.is_time(target):
        return _as_time
    if pa.types.is_integer(target):
        return lambda v: None if v is None else int(v)
    if pa.types.is_floating(target):
        return lambda v: None if v is None else float(v)
    if pa.types.is_decimal(target):
        quantum = Decimal(1).scaleb(-target.scale)
        return lambda v: None if v is None else _exact(Decimal(str(v)), quantum)
    if pa.types.is_binary(target):
        return lambda v: None if v is None else v.encode() if isinstance(v, str) else bytes(v)
    if pa.types.is_list(target):
        turn = _turn_to(target.value_type)
        return lambda v: None if v is None else [turn(each) for each in v]
    return lambda v: v


def _exact(value: Decimal, quantum: Decimal) -> Decimal:
    fitted = value.quantize(quantum)
    if fitted != value:
        raise ValueError("more decimals than declared")
    return fitted


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _as_boolean(value: Any) -> bool | None:
    if isinstance(value, bytes | bytearray):  # MariaDB's BIT(1)
        return any(value)
    return None if value is None else bool(value)


def _as_datetime(value: Any) -> datetime | None:
    if isinstance(value, str):
        # MariaDB's 0000-00-00 and 2024-00-00 arrive as text; they say that there is no date.
        return None if "-00" in value else datetime.fromisoformat(value)
    if isinstance(value, datetime) or value is None:
        return value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date has no zone


def _as_date(value: Any) -> date | None:
    found = _as_datetime(value)
    return None if found is None else found.date()


def _as_timestamp(value: Any) -> datetime | None:
    found = _as_datetime(value)
    return None if found is None else found.replace(tzinfo=None)


def _as_utc(value: Any) -> datetime | None:
    found = _as_datetime(value)
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _as_time(value: Any) -> time | None:
    if isinstance(value, timedelta):
        if not timedelta() <= value < timedelta(days=1):
            return None
        return (datetime(1, 1, 1) + value).time()  # noqa: DTZ001 - a time of day has no zone
    return value if isinstance(value, time) else None
