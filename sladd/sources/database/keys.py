"""Samples by key, for databases that have no sampling of their own.

Random integers of the key's range are drawn where most of them exist: then every row is
equally likely. Elsewhere the range is cut at random places and a few rows are read after
each cut: spread over the table, but neighbours come together.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sladd.sources.database.sessions import Session
from sladd.sources.database.shapes import Draw, Scan, Shape

_DENSE = 0.05  # share of the range that exists; below it most look-ups are in vain
_LOOKUPS = 1000  # keys in one IN list
_CUTS = 64
_LETTERS = 8  # of a random text key: 36⁸ places

Quote = Callable[[str], str]
Literal = Callable[[Any], str | None]
"""Writes a value as SQL, or says None where it cannot."""

Select = Callable[[str, Scan], str]
"""Writes `SELECT <expression>` over a scan."""


def by_key(
    session: Session,
    shape: Shape,
    relation: str,
    *,
    rows: int,
    seed: int,
    quote: Quote,
    literal: Literal,
    select: Select,
) -> Draw:
    """Decide on about `rows` rows of a table that is larger than that."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    spread = _Spread(session, relation, chance, quote, literal, select)
    if shape.integer_key is not None:
        drawn = spread.random_keys(shape.integer_key, rows, shape.rows or rows)
        if drawn:
            return Draw("random_rows", drawn)
    if shape.primary_key:
        scans = spread.ranges(shape.primary_key, (), rows)
        if scans:
            return Draw("spread_keys", scans)
    return Draw("first_rows", [Scan(relation, limit=rows)])


class _Spread:
    def __init__(
        self,
        session: Session,
        relation: str,
        chance: random.Random,
        quote: Quote,
        literal: Literal,
        select: Select,
    ) -> None:
        self.session = session
        self.relation = relation
        self.chance = chance
        self.quote = quote
        self.literal = literal
        self.select = select

    def bounds(self, column: str, where: tuple[str, ...]) -> tuple[Any, Any]:
        """Smallest and largest value of a key column."""
        name = self.quote(column)
        scan = Scan(self.relation, where)
        found = self.session.rows(self.select(f"MIN({name}), MAX({name})", scan))
        return (found[0][0], found[0][1]) if found else (None, None)

    def random_keys(self, column: str, rows: int, total: int) -> list[Scan]:
        """Rows of randomly drawn keys; nothing where the key is too sparse for that."""
        low, high = self.bounds(column, ())
        if low is None:
            return []
        low, high = int(low), int(high)
        width = high - low + 1
        share = min(1.0, total / width)
        if share < _DENSE:
            return []
        # The estimate of the rows may be a third off; what is too much is left out again.
        keys = sorted(self.chance.sample(range(low, high + 1), min(width, int(rows / share * 1.3))))
        name = self.quote(column)
        return [
            Scan(
                self.relation,
                (f"{name} IN ({', '.join(map(str, keys[at : at + _LOOKUPS]))})",),
                (name,),
            )
            for at in range(0, len(keys), _LOOKUPS)
        ]

    def ranges(self, columns: Sequence[str], where: tuple[str, ...], rows: int) -> list[Scan]:
        """A few rows after each of many cuts; a column with one value leads to the next."""
        column, *rest = columns
        low, high = self.bounds(column, where)
        if low is None or self.literal(low) is None:
            return []
        name = self.quote(column)
        if low == high and rest:
            return self.ranges(rest, (*where, f"{name} = {self.literal(low)}"), rows)
        if isinstance(low, int) and rest and high - low < _CUTS:
            values = range(low, high + 1)
            each = -(-rows // len(values))
            return [
                scan
                for value in values
                for scan in self.ranges(rest, (*where, f"{name} = {value}"), each)
            ]
        cuts = self.cuts(column, where, low, high, min(_CUTS, rows))
        order = tuple(self.quote(c) for c in columns)
        each = -(-rows // (len(cuts) + 1))
        # Ranges without their first end and their last: nothing below the first cut is lost.
        edges = [None, *cuts, None]
        return [
            Scan(
                self.relation,
                where
                + ((f"{name} >= {start}",) if start is not None else ())
                + ((f"{name} < {end}",) if end is not None else ()),
                order,
                each,
            )
            for start, end in pairwise(edges)
        ]

    def cuts(
        self, column: str, where: tuple[str, ...], low: Any, high: Any, number: int
    ) -> list[str]:
        """Literals that cut the range of a key, in its order."""
        if isinstance(low, int):
            width = range(low + 1, high + 1)
            return [str(k) for k in sorted(self.chance.sample(width, min(number, len(width))))]
        if not isinstance(low, str):
            return []
        letters = self.alphabet(column, where)
        if len(letters) < 2:
            return []
        made = {"".join(self.chance.choices(letters, k=_LETTERS)) for _ in range(number)}
        start = _common_start(low, high)
        return [text for key in sorted(made) if (text := self.literal(start + key)) is not None]

    def alphabet(self, column: str, where: tuple[str, ...]) -> str:
        """Letters of one case and digits, as they stand at both ends of the range."""
        name = self.quote(column)
        seen: set[str] = set()
        for direction in ("ASC", "DESC"):
            scan = Scan(self.relation, where, (f"{name} {direction}",), 100)
            for (value,) in self.session.rows(self.select(name, scan)):
                seen.update(str(value))
        # Collations agree on the order of digits and of letters of one case.
        plain = {letter.lower() for letter in seen if letter.isascii() and letter.isalnum()}
        if any(letter.isupper() for letter in seen) and not any(map(str.islower, seen)):
            plain = {letter.upper() for letter in plain}
        return "".join(sorted(plain))


def _common_start(low: str, high: str) -> str:
    length = 0
    for a, b in zip(low, high, strict=False):
        if a != b:
            break
        length += 1
    return low[:length]
