"""Types for analysts: text columns cast to numbers and dates where nothing is lost.

A column is a number only when every value is written as that number is written: a leading
zero, a plus or a second spelling of an equal value keeps it text. The guess holds counts and
forms, never values, so it may cross process borders and be merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import StorageType

MAX_DECIMAL_DIGITS = 38

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_YEAR = r"(?:1[5-9]|[2-9]\d)\d\d"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_FRACTION = r"(?:\.\d{1,6})?"


def _decimal(mark: str) -> str:
    """A number with or without a mark; a minus before nothing but zeros would be lost."""
    own = rf"(?:0|[1-9]\d*)(?:{mark}\d+)?"
    below = rf"-(?:[1-9]\d*(?:{mark}\d+)?|0{mark}\d*[1-9]\d*)"
    return f"^(?:{own}|{below})$"


_FORMS: dict[str, str] = {
    "integer": r"^(?:0|-?[1-9]\d{0,17})$",
    "decimal_point": _decimal(r"\."),
    "decimal_comma": _decimal(","),
    "date_iso": rf"^{_YEAR}-{_MONTH}-{_DAY}$",
    "date_no": rf"^{_DAY}\.{_MONTH}\.{_YEAR}$",
    "timestamp_iso": rf"^{_YEAR}-{_MONTH}-{_DAY}[T ]{_CLOCK}{_FRACTION}$",
    "timestamp_zoned": rf"^{_YEAR}-{_MONTH}-{_DAY}[T ]{_CLOCK}{_FRACTION}(?:Z|[+-]\d\d:\d\d)$",
    "timestamp_no": rf"^{_DAY}\.{_MONTH}\.{_YEAR} {_CLOCK}$",
    "boolean_lower": r"^(?:true|false)$",
    "boolean_title": r"^(?:True|False)$",
    "boolean_upper": r"^(?:TRUE|FALSE)$",
}
_STORED: dict[str, StorageType] = {
    "integer": StorageType.INTEGER,
    "decimal": StorageType.DECIMAL,
    "date": StorageType.DATE,
    "timestamp": StorageType.TIMESTAMP,
    "boolean": StorageType.BOOLEAN,
}
_NO_DATE = r"^(\d\d)\.(\d\d)\.(\d{4})"


@dataclass(frozen=True, slots=True)
class LosslessCast:
    """How a text column becomes typed: the form its values are written in, and the type."""

    form: str
    type: pa.DataType

    @property
    def storage(self) -> StorageType:
        """The coarse type."""
        return _STORED[self.form.split("_")[0]]

    def __call__(self, values: pa.Array) -> pa.Array:
        """Cast; nulls stay nulls.

        Raises:
            ValueError: a value does not have the form. Carries no value.
        """
        text = values.cast(pa.string())
        if not _all_match(text, _FORMS[self.form]):
            raise ValueError(f"a value is not written as {self.form}")
        try:
            return _casted(text, self.form, self.type)
        except pa.ArrowInvalid:
            raise ValueError(f"a value is not written as {self.form}") from None


@dataclass(slots=True)
class _Decimals:
    """What decides whether decimals are written one way: digits before and after the mark."""

    whole: int = 0
    scale: int = 0
    least: int = MAX_DECIMAL_DIGITS
    marked: int = 0  # values with a mark
    padded: bool = False  # a value ends in zeros after its mark

    def join(self, other: _Decimals) -> None:
        self.whole = max(self.whole, other.whole)
        self.scale = max(self.scale, other.scale)
        self.least = min(self.least, other.least)
        self.marked += other.marked
        self.padded = self.padded or other.padded

    @property
    def one_spelling(self) -> bool:
        """Whether equal numbers are always written equally."""
        return self.scale == self.least or not self.padded


@dataclass(slots=True)
class TypeGuess:
    """Which types a text column could have, over any number of batches."""

    rows: int = 0  # non-null
    forms: set[str] = field(default_factory=lambda: set(_FORMS))
    point: _Decimals = field(default_factory=_Decimals)
    comma: _Decimals = field(default_factory=_Decimals)

    def update(self, values: pa.Array | pa.ChunkedArray) -> None:
        """Add a batch of the column.

        Args:
            values: shape (n,), strings or a dictionary of strings, nulls allowed.
        """
        if pa.types.is_null(values.type):
            return
        self.rows += len(values) - values.null_count
        if self.forms:  # a look at the first spares most columns the rest
            self._narrow_to(pc.drop_null(values.slice(0, _LOOKED).cast(pa.string())))
        if self.forms:  # else nothing is left to find out
            text = _distinct(values)
            if len(text):
                self._narrow(text)

    def _narrow_to(self, text: pa.Array) -> None:
        for form in sorted(self.forms):
            if not _all_match(text, _FORMS[form]) or not _real(text, form):
                self.forms.discard(form)

    def _narrow(self, text: pa.Array) -> None:
        self._narrow_to(text)
        if "decimal_point" in self.forms:
            self.point.join(_decimals(text, "."))
        if "decimal_comma" in self.forms:
            self.comma.join(_decimals(text, ","))

    def merge(self, other: TypeGuess) -> TypeGuess:
        """The guess for both parts of a column together."""
        joined = TypeGuess(self.rows + other.rows, self.forms & other.forms)
        for mine in (self, other):
            joined.point.join(mine.point)
            joined.comma.join(mine.comma)
        return joined

    def dump(self) -> dict[str, Any]:
        """Counts and names of forms, fit for JSON."""
        return {**asdict(self), "forms": sorted(self.forms)}

    @classmethod
    def restored(cls, dumped: Mapping[str, Any]) -> TypeGuess:
        """The guess that was dumped."""
        return cls(
            int(dumped["rows"]),
            set(dumped["forms"]),
            _Decimals(**dumped["point"]),
            _Decimals(**dumped["comma"]),
        )

    def cast(self) -> LosslessCast | None:
        """The cast that loses nothing; None: the column stays text."""
        if not self.rows:
            return None
        if "integer" in self.forms:
            return LosslessCast("integer", pa.int64())
        for form, seen in (("decimal_point", self.point), ("decimal_comma", self.comma)):
            if form in self.forms and seen.marked and seen.one_spelling:
                if seen.scale == seen.least == 3 and form == "decimal_comma" and seen.whole <= 3:
                    continue  # `1,234` may be a thousand
                if seen.whole + seen.scale <= MAX_DECIMAL_DIGITS:
                    kind = pa.decimal128(max(1, seen.whole + seen.scale), seen.scale)
                    return LosslessCast(form, kind)
        for form in sorted(self.forms):
            kind_of = _TYPES.get(form.split("_")[0])
            if kind_of is not None:
                return LosslessCast(form, kind_of(form))
        return None

    def result(self) -> StorageType | None:
        """The coarse type of `cast`; None: the column stays text."""
        cast = self.cast()
        return None if cast is None else cast.storage


def _distinct(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The texts that stand in a column; entries of a dictionary that no row has do not."""
    if isinstance(values, pa.ChunkedArray) and values.num_chunks == 1:
        values = values.chunk(0)
    if isinstance(values, pa.DictionaryArray):
        entries = values.dictionary.cast(pa.string())
        values = entries.take(pc.unique(values.indices.drop_null()))
    return pc.unique(pc.drop_null(values.cast(pa.string())))


_LOOKED = 50  # rows; numbers and dates among words are seen in fewer

_TYPES: dict[str, Callable[[str], pa.DataType]] = {
    "boolean": lambda _: pa.bool_(),
    "date": lambda _: pa.date32(),
    "timestamp": lambda form: pa.timestamp("us", "UTC" if form == "timestamp_zoned" else None),
}


def _all_match(text: pa.Array, pattern: str) -> bool:
    matched = pc.all(pc.match_substring_regex(text, pattern), min_count=0)
    return matched.as_py() is not False and not _has_line_break(text)


def _has_line_break(text: pa.Array) -> bool:
    # RE2's `$` is the end of the text, but a value of two lines must not slip through.
    return bool(pc.any(pc.match_substring(text, "\n"), min_count=0).as_py())


def _real(text: pa.Array, form: str) -> bool:
    """Whether dates exist in the calendar: 30.02. does not."""
    kind_of = _TYPES.get(form.split("_", maxsplit=1)[0])
    if kind_of is None:
        return True
    try:
        _casted(text, form, kind_of(form))
    except pa.ArrowInvalid:
        return False
    return True


def _casted(text: pa.Array, form: str, kind: pa.DataType) -> pa.Array:
    if form == "decimal_comma":
        text = pc.replace_substring(text, ",", ".")
    elif form in {"date_no", "timestamp_no"}:
        text = pc.replace_substring_regex(text, _NO_DATE, r"\3-\2-\1")
    elif form.startswith("boolean"):
        text = pc.utf8_lower(text)
    return text.cast(kind)


def _decimals(text: pa.Array, mark: str) -> _Decimals:
    bare = pc.replace_substring(text, "-", "")
    place = pc.find_substring(bare, mark)
    has = pc.greater_equal(place, 0)
    length = pc.utf8_length(bare)
    scale = pc.if_else(has, pc.subtract(pc.subtract(length, place), 1), 0)
    whole = pc.if_else(has, place, length)
    padded = pc.and_(has, pc.ends_with(bare, "0"))
    return _Decimals(
        whole=pc.max(whole).as_py(),
        scale=pc.max(scale).as_py(),
        least=pc.min(scale).as_py(),
        marked=pc.sum(has).as_py(),
        padded=bool(pc.any(padded).as_py()),
    )
