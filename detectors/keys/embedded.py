"""A number inside another: the customer and the invoice in a KID, measured row by row.

A KID is what the creditor makes of it: often customer number, invoice number, check digit. So
the last character is taken off, and each number that belongs to the row is looked for at one
place in all rows. Held against a neighbouring row, the same number is seldom there.

Source: Mastercard Payment Services (Nets), OCR giro systemspesifikasjon, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Evidence

_LEAST_ROWS = 20
_LEAST_DIGITS = 3  # a shorter number stands anywhere by accident
_SHARE = 0.95
_BY_CHANCE = 0.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands.

    Attributes:
        start: digits before it, counted from the left; from the right where it is negative.
        digits: how many there are, leading zeros included.
        rows: rows that have both.
        found: of them, rows that hold their number at that place.
        chance: share 0-1 of the rows that hold the number of the next row there.
    """

    start: int
    digits: int
    rows: int
    found: int
    chance: float

    @property
    def evidence(self) -> Evidence:
        """The same as a term."""
        return Evidence(
            "link_embedded",
            4.0,
            {
                "rows": self.rows,
                "found": self.found,
                "chance": round(self.chance, 4),
                "from": self.start + 1,
                "to": self.start + self.digits,
            },
        )


def embedded(holder: pa.Array, number: pa.Array) -> Place | None:
    """Where one column holds the number that stands in another of the same row.

    Args:
        holder: shape (n,): KIDs, as text or numbers.
        number: shape (n,): customer, order or invoice numbers.

    Returns:
        The place, counted from the left; None when there is none in 95 % of the rows.
    """
    rows = pa.table({"holder": _digits(holder), "number": _digits(number)}).drop_null()
    if rows.num_rows < _LEAST_ROWS:
        return None
    holders, numbers = rows["holder"].to_pylist(), rows["number"].to_pylist()
    if len(set(numbers)) < _LEAST_ROWS // 2 or min(map(len, numbers)) < _LEAST_DIGITS:
        return None
    bodies = [text[:-1] for text in holders]
    best: Place | None = None
    for start, width in _places(bodies, numbers):
        padded = [text.zfill(width) for text in numbers]
        hits = np.fromiter(
            (b[start : start + width] == n for b, n in zip(bodies, padded, strict=True)), np.bool_
        )
        found = int(hits.sum())
        if found < _SHARE * len(bodies):
            continue
        # The next row with another number, so that repeats do not count as accidents.
        others = [*padded[1:], padded[0]]
        differ = [(b, o) for b, n, o in zip(bodies, padded, others, strict=True) if n != o]
        strays = sum(b[start : start + width] == o for b, o in differ)
        chance = strays / len(differ) if differ else 1.0
        if chance <= _BY_CHANCE and (best is None or found > best.found):
            best = Place(start, width, len(bodies), found, chance)
    return best


def _digits(column: pa.Array) -> pa.Array:
    """Digits as text; null for what is none."""
    one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(one.type):
        one = one.dictionary_decode()
    text = pc.replace_substring_regex(pc.cast(one, pa.string()), r"[\s.]", "")
    good = pc.match_substring_regex(text, r"^[0-9]{2,25}-?$")
    return pc.if_else(
        good, pc.replace_substring_regex(text, "-$", "0"), pa.scalar(None, pa.string())
    )


def _places(bodies: list[str], numbers: list[str]) -> Iterator[tuple[int, int]]:
    """Places where the first rows have their number, padded to one width."""
    widths = sorted({len(n) for n in numbers[:200]})
    for width in dict.fromkeys((widths[-1], *range(widths[-1] + 1, widths[-1] + 5))):
        seen: dict[int, int] = {}
        for body, number in zip(bodies[:50], numbers[:50], strict=True):
            padded, at = number.zfill(width), -1
            while (at := body.find(padded, at + 1)) >= 0:
                seen[at] = seen.get(at, 0) + 1
        for start, count in sorted(seen.items(), key=lambda pair: -pair[1])[:2]:
            if count >= _SHARE * len(bodies[:50]) - 1:
                yield start, width
