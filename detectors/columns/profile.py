"""A column as its distinct values and their counts: what every signal is computed from."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.days import days_of
from detectors.columns.distinct import by_hash, tidy, unmarked, without_blanks, without_placeholders
from detectors.columns.encoded import counts_of, encoded
from detectors.columns.patterns import matches
from sladd.model import StorageType

Counts = npt.NDArray[np.int64]

_SHARE_OF = 2000  # distinct values a share is computed from: its error is below 2.2 %


class Profile:
    """Distinct values of one column. Holds cell values: neither printed nor pickled.

    Attributes:
        type: what the cells are, by their Arrow type.
        values: shape (d,), string; distinct, without nulls, blanks and placeholders (`-`,
            `ukjent`) beside other values, look-alike characters folded; empty for types that hold no text (dates, booleans, binary). They stand in
            the order of their hashes, so that the first of them, or of any selection, are a
            draw that does not depend on the order of the rows.
        counts: shape (d,): how often each was seen.
        days: of dates and timestamps, since 1970; empty for the rest.
        timed: share 0-1 of the timestamps with a time of day.
        rows, nulls: of the column. distinct: of the raw column, blanks counted as a value.
        few_values: ≤ 50 distinct values, each seen ≥ 5 times.
        integers: the values are whole numbers, so leading zeros are lost.
    """

    __slots__ = (
        "_moments", "_shares", "counts", "days", "distinct", "few_values", "integers", "nulls",
        "rows", "timed", "type", "values",
    )  # fmt: skip

    def __init__(
        self,
        *,
        type: StorageType,  # noqa: A002  # the word of `Field`
        values: pa.StringArray,
        counts: Counts,
        rows: int,
        nulls: int,
        distinct: int,
        few_values: bool,
        integers: bool = False,
        moments: pa.Array | None = None,
        days: Counts | None = None,
        timed: float = 0.0,
    ) -> None:
        self.type = type
        self.values = values
        self.counts = counts
        self.rows = rows
        self.nulls = nulls
        self.distinct = distinct
        self.few_values = few_values
        self.integers = integers
        self._moments = moments if moments is not None else pa.nulls(0)
        self.days = days if days is not None else np.zeros(0, dtype=np.int64)
        self.timed = timed
        self._shares: dict[tuple[str, int], float] = {}

    @property
    def empty(self) -> bool:
        """Whether there is no value to judge by."""
        return self.rows == self.nulls or (len(self.values) == 0 and self.type in _TEXTUAL)

    @property
    def years(self) -> Counts:
        """Of dates and timestamps, one for each; empty for the rest."""
        return _years(self._moments)

    @property
    def repeats(self) -> float:
        """How often a value is seen on average."""
        return float(self.counts.sum() / len(self.counts)) if len(self.counts) else 0.0

    def share(self, pattern: str, *, longest: int = 0) -> float:
        """Share 0-1 of the distinct values that an RE2 pattern hits, from a draw of them.

        Several signals ask the same, so it is kept.
        """
        known = self._shares.get((pattern, longest))
        if known is None:
            known = self._shares[pattern, longest] = self._share(pattern, longest)
        return known

    def _share(self, pattern: str, longest: int) -> float:
        if not len(self.values):
            return 0.0
        drawn = self.values.slice(0, _SHARE_OF)
        hit = matches(drawn, pattern)
        if longest:
            hit = pc.and_(hit, pc.less_equal(pc.utf8_length(drawn), longest))
        return float(pc.mean(hit).as_py())

    def seen_share(self, pattern: str, *, longest: int = 0) -> float:
        """Share 0-1 of the cells, not of the different values, that a pattern hits.

        Among few values each odd one weighs as much as one that half of the cells hold.
        """
        if not len(self.values):
            return 0.0
        hit = matches(self.values, pattern)
        if longest:
            hit = pc.and_(hit, pc.less_equal(pc.utf8_length(self.values), longest))
        return float(self.counts[hit.to_numpy(zero_copy_only=False)].sum() / self.counts.sum())

    def drawn(self, most: int) -> list[str]:
        """At most `most` distinct values, the same whatever the order of the rows."""
        cells: list[str] = self.values.slice(0, most).to_pylist()
        return cells

    def __repr__(self) -> str:
        return f"<Profile of {self.rows} rows, {self.distinct} distinct>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Profile holds personal data and is never serialised")


_TEXTUAL = {
    StorageType.STRING, StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT,
    StorageType.JSON, StorageType.UUID, StorageType.LIST,
}  # fmt: skip


_NUMBERS = {StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT}


def profile(column: pa.Array | pa.ChunkedArray, declared: StorageType) -> Profile:
    """Profile a column.

    Args:
        column: shape (n,); any Arrow type.
        declared: the source's own word, for what Arrow cannot tell (JSON, UUID).
    """
    return profiled(encoded(column), declared)


def profiled(data: pa.Array, declared: StorageType) -> Profile:
    """`profile` of a column that is encoded."""
    rows, nulls = len(data), data.null_count
    listed = False
    while pa.types.is_list(data.type) or pa.types.is_large_list(data.type):
        data, listed = encoded(pc.list_flatten(data)), True
    kind = StorageType.LIST if listed else _kind(data.type, declared)
    counted = _counted(data) if _has_text(data.type) else None
    if counted is None:
        if _is_time(data.type):
            data = _sorted(data)
        days, timed = days_of(data)
        counts = _count(data)
        return Profile(
            type=kind,
            values=pa.array([], pa.string()),
            counts=np.zeros(0, dtype=np.int64),
            rows=rows,
            nulls=nulls,
            distinct=len(counts),
            few_values=_few(counts),
            moments=data if _is_time(data.type) else None,
            days=days,
            timed=timed,
        )
    values, counts, integers = counted
    few, distinct = _few(counts), len(counts)
    if kind not in _NUMBERS:
        values, counts = without_blanks(values, counts)
    if not integers and kind is StorageType.STRING:
        values, counts = without_placeholders(unmarked(tidy(values)), counts)
    values, counts = by_hash(values, counts)
    return Profile(
        type=kind,
        values=values,
        counts=counts,
        rows=rows,
        nulls=nulls,
        distinct=distinct,
        few_values=few,
        integers=integers,
    )


def _few(counts: Counts) -> bool:
    return 0 < len(counts) <= 50 and bool(counts.min() >= 5)


def _kind(arrow: pa.DataType, declared: StorageType) -> StorageType:
    """What the cells are; the declared type where Arrow's word is wider."""
    is_ = pa.types
    if is_.is_dictionary(arrow):
        arrow = arrow.value_type
    if is_.is_string(arrow) or is_.is_large_string(arrow) or is_.is_string_view(arrow):
        return declared if declared in {StorageType.JSON, StorageType.UUID} else StorageType.STRING
    for test, kind in (
        (is_.is_boolean, StorageType.BOOLEAN), (is_.is_integer, StorageType.INTEGER),
        (is_.is_floating, StorageType.FLOAT), (is_.is_decimal, StorageType.DECIMAL),
        (is_.is_date, StorageType.DATE), (is_.is_timestamp, StorageType.TIMESTAMP),
        (is_.is_time, StorageType.TIME), (is_.is_binary, StorageType.BINARY),
        (is_.is_large_binary, StorageType.BINARY),
    ):  # fmt: skip
        if test(arrow):
            return kind
    return declared if is_.is_null(arrow) else StorageType.OTHER


def _has_text(arrow: pa.DataType) -> bool:
    """Whether cells of the type are looked at as text: strings and numbers."""
    is_ = pa.types
    return any(
        test(arrow)
        for test in (is_.is_dictionary, is_.is_string, is_.is_large_string, is_.is_string_view,
                     is_.is_null, is_.is_integer, is_.is_floating, is_.is_decimal)
    )  # fmt: skip


def _counted(data: pa.Array) -> tuple[pa.StringArray, Counts, bool]:
    """Distinct values as strings, their counts, and whether they are whole numbers."""
    if pa.types.is_dictionary(data.type):
        found, counts = data.dictionary, counts_of(data)
        if not (seen := counts > 0).all():
            found, counts = found.filter(pa.array(seen)), counts[seen]
    else:
        counted = pc.value_counts(data.drop_null())
        found = counted.field("values")
        counts = counted.field("counts").to_numpy(zero_copy_only=False).astype(np.int64)
    # Counted before they are written out: a million numbers hold fewer different ones.
    values, integers = _as_text(found)
    if pa.types.is_floating(found.type):
        values, counts = _merged(values, counts, zeros=integers)
    return values, counts, integers


def _merged(
    values: pa.StringArray, counts: Counts, *, zeros: bool
) -> tuple[pa.StringArray, Counts]:
    """One entry for each text: among whole numbers -0.0 is 0, and NaN is none."""
    if values.null_count:
        known = pc.is_valid(values)
        values, counts = values.filter(known), counts[known.to_numpy(zero_copy_only=False)]
    # Any other two numbers are written in two ways.
    if not zeros or pc.count_distinct(values).as_py() == len(values):
        return values, counts
    grouped = pa.table({"value": values, "count": counts}).group_by("value", use_threads=False)
    table = grouped.aggregate([("count", "sum")])
    return table["value"].combine_chunks(), table["count_sum"].to_numpy()


def _as_text(data: pa.Array) -> tuple[pa.StringArray, bool]:
    """Values as strings, and whether they are whole numbers; null for what is no number."""
    is_ = pa.types
    arrow = data.type
    if is_.is_string(arrow):
        return data, False
    if is_.is_large_string(arrow) or is_.is_null(arrow):
        return data.cast(pa.string()), False
    if is_.is_integer(arrow):
        return data.cast(pa.string()), True
    if is_.is_floating(arrow):
        # 1.3097e10 from a spreadsheet is an identifier; 12.5 is not and keeps its point.
        finite = pc.if_else(pc.is_finite(data), data, pa.scalar(None, arrow))
        whole = pc.and_(pc.equal(finite, pc.floor(finite)), pc.less(pc.abs(finite), 2.0**53))
        if pc.all(whole).as_py():
            return finite.cast(pa.int64(), safe=False).cast(pa.string()), True
        return finite.cast(pa.string()), False
    text = data.cast(pa.string())
    return pc.replace_substring_regex(text, r"\.0+$", ""), arrow.scale == 0


def _count(data: pa.Array) -> Counts:
    """Counts of the distinct values of a type that is never looked into."""
    if _is_time(data.type):
        ticks = _ticks(data)
        starts = np.flatnonzero(np.concatenate(([True], ticks[1:] != ticks[:-1])))
        return np.diff(starts, append=len(ticks)) if len(ticks) else starts[:0]
    try:
        counted = pc.value_counts(data.drop_null())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return np.zeros(0, dtype=np.int64)
    counts: Counts = counted.field("counts").to_numpy(zero_copy_only=False).astype(np.int64)
    return counts


def _is_time(arrow: pa.DataType) -> bool:
    """Whether cells of the type are points in time, stored as one number each."""
    return bool(pa.types.is_timestamp(arrow) or pa.types.is_date(arrow) or pa.types.is_time(arrow))


def _sorted(data: pa.Array) -> pa.Array:
    """Points in time without nulls, in their order: then they are counted in one pass.

    A million of them, all different, take a fifth of the time that a table of hashes does.
    """
    ticks = pa.array(np.sort(_ticks(data.drop_null())))
    return ticks.view(data.type)


def _ticks(data: pa.Array) -> npt.NDArray[np.signedinteger]:
    """Points in time as the numbers they are stored as; no nulls."""
    whole = pa.int32() if data.type.bit_width == 32 else pa.int64()
    ticks: npt.NDArray[np.signedinteger] = data.view(whole).to_numpy(zero_copy_only=False)
    return ticks


def _years(data: pa.Array) -> Counts:
    if not (pa.types.is_date(data.type) or pa.types.is_timestamp(data.type)):
        return np.zeros(0, dtype=np.int64)
    years: Counts = pc.year(data.drop_null()).to_numpy(zero_copy_only=False).astype(np.int64)
    return years
