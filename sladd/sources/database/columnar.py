"""From what a driver hands over to record batches of exactly the schema that was promised."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sladd.sources.database.arrays import arrays_from_json, is_array_of_arrays
from sladd.sources.database.texts import as_text, decoded, holds_texts, list_of_texts, odd_bytes

_REPEATED = 0.5  # distinct texts a row, above which a dictionary costs more than it saves
_MOST_BYTES = 32_000_000  # of a batch; three of them are held at once
_NO_NUMBERS = pa.array(["NaN", "Infinity", "-Infinity"])  # as PostgreSQL writes them
# Years 1 to 9999, in seconds from 1970: what Python, pandas and most readers of Parquet can tell.
_FIRST, _END = -62_135_596_800, 253_402_300_800
_DAY_S = 86_400
_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000}
_WRITTEN_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NOWHERE = object()  # stands for a value that its type has no place for


class Lost(Counter[str]):
    """How many values of each column are NULL because their type has no place for them.

    Attributes:
        recoded: how many texts of each column were not UTF-8.
    """

    def __init__(self) -> None:
        super().__init__()
        self.recoded = Counter[str]()


def fit(array: pa.Array, target: pa.DataType) -> pa.Array:
    """Carry an array over to a type without losing anything but what has no place in it.

    Infinite dates, years before 1 and after 9999, 24:00 and numbers that are none become NULL.

    Raises:
        pa.ArrowInvalid: a value does not fit.
    """
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_string(target):
        return as_text(array)
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), target)
    if pa.types.is_decimal(target) and pa.types.is_string(array.type):
        return pc.cast(_numbers(array), target)
    if not array.type.equals(target):
        array = pc.cast(array, target)
    if pa.types.is_list(target) and pa.types.is_string(target.value_type):
        return list_of_texts(array)
    return _in_calendar(array)


def _numbers(texts: pa.Array) -> pa.Array:
    """Written numbers; NULL for NaN and infinity."""
    none = pc.is_in(texts, _NO_NUMBERS)
    return pc.if_else(none, pa.scalar(None, texts.type), texts) if pc.any(none).as_py() else texts


def _in_calendar(array: pa.Array) -> pa.Array:
    """Dates and times, also in lists; NULL for those outside the calendar and the day."""
    kind = array.type
    if pa.types.is_list(kind) and pa.types.is_temporal(kind.value_type):
        values = _in_calendar(array.values)
        same = values.null_count == array.values.null_count
        if same:
            return array
        return pa.ListArray.from_arrays(array.offsets, values, type=kind, mask=array.is_null())
    ends = _ends(kind)
    if ends is None:
        return array
    whole = array.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    found = pc.min_max(whole)
    if not found["min"].is_valid or (
        found["min"].as_py() >= ends[0] and found["max"].as_py() < ends[1]
    ):
        return array
    outside = pc.or_(pc.less(whole, ends[0]), pc.greater_equal(whole, ends[1]))
    return pc.if_else(outside, pa.scalar(None, kind), array)


def _ends(kind: pa.DataType) -> tuple[int, int] | None:
    """The first number that is a date or time of day, and the first that no longer is."""
    if pa.types.is_date32(kind):
        return _FIRST // _DAY_S, _END // _DAY_S
    if pa.types.is_timestamp(kind) and kind.unit in _UNITS:  # nanoseconds end before
        return _FIRST * _UNITS[kind.unit], _END * _UNITS[kind.unit]
    if pa.types.is_time(kind) and kind.unit in _UNITS:
        return 0, _DAY_S * _UNITS[kind.unit]
    return None


def fit_batch(
    batch: pa.RecordBatch,
    schema: pa.Schema,
    refused: Callable[[str], Exception],
    lost: Lost,
) -> pa.RecordBatch:
    """Carry every column over; `refused(column)` is raised for one that does not fit.

    What has no place in its type becomes NULL and is counted in `lost`, by column.
    """
    columns = []
    for position, wanted in enumerate(schema):
        given = batch.column(position)
        try:
            if is_array_of_arrays(wanted.type) and pa.types.is_string(given.type):
                columns.append(_arrays(given, wanted, lost))
                continue
            fitted = fit(given, wanted.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            # Arrow's own text quotes the value.
            raise refused(wanted.name) from None
        if less := _nulls(fitted) - _nulls(given):
            lost[wanted.name] += less
        if fitted is not given and holds_texts(wanted.type):  # what is UTF-8 is handed on as it is
            lost.recoded[wanted.name] += odd_bytes(given)
        columns.append(fitted)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _arrays(texts: pa.Array, wanted: pa.Field, lost: Lost) -> pa.Array:
    made, less = arrays_from_json(texts, wanted.type)
    if less:
        lost[wanted.name] += less
    return made


def _nulls(array: pa.Array) -> int:
    """NULLs of an array; of a list, also those in it."""
    inside = array.values.null_count if pa.types.is_list(array.type) else 0
    return int(array.null_count + inside)


def rows_to_batch(
    rows: Sequence[Sequence[Any]],
    schema: pa.Schema,
    refused: Callable[[str], Exception],
    lost: Lost,
) -> pa.RecordBatch:
    """Turn the rows of a DB-API cursor into one batch; see `fit_batch`."""
    columns = []
    for position, wanted in enumerate(schema):
        try:
            if is_array_of_arrays(wanted.type):
                texts = pa.array([row[position] for row in rows], pa.string())
                columns.append(_arrays(texts, wanted, lost))
                continue
            turn = _turn_to(wanted.type)
            values = [turn(row[position]) for row in rows]
            if _loses(wanted.type) and _NOWHERE in values:
                lost[wanted.name] += sum(value is _NOWHERE for value in values)
                values = [None if value is _NOWHERE else value for value in values]
            columns.append(pa.array(values, wanted.type))
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


def _loses(kind: pa.DataType) -> bool:
    return bool(pa.types.is_temporal(kind) or pa.types.is_decimal(kind))


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


def _exact(value: Decimal, quantum: Decimal) -> Any:
    if not value.is_finite():
        return _NOWHERE
    fitted = value.quantize(quantum)
    if fitted != value:
        raise ValueError("more decimals than declared")
    return fitted


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return decoded(bytes(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _as_boolean(value: Any) -> bool | None:
    if isinstance(value, bytes | bytearray):  # MariaDB's BIT(1)
        return any(value)
    return None if value is None else bool(value)


def _as_datetime(value: Any) -> Any:
    if isinstance(value, str):
        # MariaDB's 0000-00-00, 2024-00-00 and 2024-02-31 arrive as text: there is no such date.
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            if _WRITTEN_DATE.match(value):
                return _NOWHERE
            raise
    if isinstance(value, datetime) or value is None:
        return value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date has no zone


def _as_date(value: Any) -> Any:
    found = _as_datetime(value)
    return found.date() if isinstance(found, datetime) else found


def _as_timestamp(value: Any) -> Any:
    found = _as_datetime(value)
    return found.replace(tzinfo=None) if isinstance(found, datetime) else found


def _as_utc(value: Any) -> Any:
    found = _as_datetime(value)
    naive = isinstance(found, datetime) and found.tzinfo is None
    return found.replace(tzinfo=UTC) if naive else found


def _as_time(value: Any) -> Any:
    if isinstance(value, timedelta):
        if not timedelta() <= value < timedelta(days=1):
            return _NOWHERE
        return (datetime(1, 1, 1) + value).time()  # noqa: DTZ001 - a time of day has no zone
    return value if isinstance(value, time) else None
