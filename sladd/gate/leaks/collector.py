"""Originals of one table, taken while the source is read for a release."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.gate.leaks import shapes
from sladd.gate.leaks.emitter import Emitter
from sladd.gate.leaks.encoded import Encoded, encode, flattened, joined
from sladd.gate.leaks.folding import fold, slices, texts
from sladd.gate.leaks.numbered import Numbered
from sladd.gate.leaks.seen import LIMIT, Fresh, Persons, SeenColumn, SeenTable, places
from sladd.gate.leaks.shapes import Kind, Originals
from sladd.gate.leaks.spans import person_digests
from sladd.gate.leaks.store import tag

if TYPE_CHECKING:
    from sladd.gate.leaks.needles import Needles


class TableNeedles:
    """Takes the originals of one table, batch by batch, from any thread."""

    def __init__(self, needles: Needles, given: Originals, first: int) -> None:
        self._needles, self.given, self._first = needles, given, first
        self._seen = self._anew()
        self._paired = Numbered()  # keys of persons whose pseudonyms are known
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<TableNeedles of {len(self.given.fields)} fields>"

    def add(self, batch: pa.RecordBatch) -> None:
        """Take what is looked for from some rows of the source."""
        if not batch.num_rows:
            return
        seen = self._seen
        if seen.full:
            seen = self._seen = self._anew()
        try:
            self._add(batch, seen)
        except BaseException:
            # What counts as seen may not have been kept.
            self._seen = self._anew()
            raise

    def _anew(self) -> SeenTable:
        entity, hasher = self.given.entity, self._needles.hasher
        return SeenTable(lambda keys: person_digests(keys, entity, hasher))

    def _add(self, batch: pa.RecordBatch, seen: SeenTable) -> None:
        encoded = Encoded(batch)
        persons = seen.persons(encoded[self.given.person]) if self.given.person else None
        by_column = {f.column: n for n, f in enumerate(self.given.fields, self._first)}
        for number, field in enumerate(self.given.fields, self._first):
            kind, values, mine = shapes.kind_of(field.category), batch.column(field.column), persons
            # Whole cells are asked for where the plan does not let them out, each with the row's
            # own person if the release tells who that is.
            if kind is Kind.CELL and field.kept:
                continue
            if kind is Kind.CELL and not self.given.told:
                mine = None
            if pa.types.is_nested(values.type):
                flat, rows = flattened(values)
                mine = mine if mine is None or rows is None else mine.of(rows)
                taken = encode(flat)
            else:
                taken = encoded[field.column]
            column = seen.column(number, kind)
            self._taken(column, number, kind, taken, mine, field.category, cells=not field.kept)
        for kind, pairs, at in (
            (Kind.NAME, self.given.names, 1),
            (Kind.ADDRESS, self.given.addresses, 0),
        ):
            for pair in pairs:
                whole = joined(*(encoded[column] for column in pair))
                number = by_column[pair[at]]
                self._taken(seen.column(number, kind), number, kind, whole, persons)

    def pseudonyms(self, keys: pa.Array, made: pa.Array) -> None:
        """Learn which pseudonym the key of each row's person has in the release."""
        try:
            self._pseudonyms(keys, made)
        except BaseException:
            self._paired = Numbered()
            raise

    def _pseudonyms(self, keys: pa.Array, made: pa.Array) -> None:
        hasher = self._needles.hasher
        encoded = encode(keys)
        entries = encoded.dictionary
        # Equal keys have equal pseudonyms: the first row of each says it.
        used, rows = np.unique(places(encoded, len(entries)), return_index=True)
        rows, used = rows[used < len(entries)], used[used < len(entries)]
        with self._lock:
            if len(self._paired) > LIMIT:
                self._paired = Numbered()
            known = len(self._paired)
            fresh = self._paired.of(entries.take(pa.array(used))) >= known
        if not fresh.any():
            return
        owners = person_digests(entries.take(pa.array(used[fresh])), self.given.entity, hasher)
        found = person_digests(texts(made.take(pa.array(rows[fresh]))), "", hasher)
        given = (owners != 0) & (found != 0)
        salted = self._needles.salted(found[given], Kind.OWNER)
        self._needles.store.add(salted, owners[given], tag(0, Kind.OWNER))

    def _taken(
        self,
        seen: SeenColumn,
        number: int,
        kind: Kind,
        encoded: pa.DictionaryArray,
        persons: Persons | None,
        category: str = "",
        *,
        cells: bool = False,
    ) -> None:
        fresh = seen.fresh(encoded, persons)
        if not len(fresh.place):
            return
        emit = Emitter(self._needles, number, category, cells=cells)
        weak = np.zeros(len(fresh.values), bool)
        for start, part in slices(fold(fresh.values)):
            stop = start + len(part)
            mine = slice(None) if len(part) == len(fresh.values) else _within(fresh, start, stop)
            weak[start:stop] = emit.part(
                kind, part, fresh.place[mine] - start, fresh.owner[mine], fresh.first[start:stop]
            )
        if fresh.judged is not None:
            fresh.judged(weak & self.given.told)


def _within(fresh: Fresh, start: int, stop: int) -> npt.NDArray[np.bool_]:
    """Pairs of the values from `start` up to `stop`."""
    return (fresh.place >= start) & (fresh.place < stop)
