"""One table as the search wants it: columns as codes, and who each row is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from sladd.errors import PlanError
from sladd.model import FieldPlan, StorageType, TablePlan
from sladd.pipeline.columns import Apply, TableWork, source_column
from sladd.pipeline.subjects import Subject

PERSON = "\x1fperson"
"""Name of the column of persons; it starts with a unit separator, which no column's name holds."""
MOST_BYTES = 4 << 30
"""Of one table in memory: the search needs every row. 100 million rows of 8 columns have 3.2 GB."""

_OF_TEXT = frozenset({"place", "network", "user_agent", "frequency", "none", "prefix", "ordered"})
"""Hierarchies for which `0150` is no number."""


@dataclass(frozen=True, slots=True)
class Read:
    """A table in memory. Holds values: never printed.

    Attributes:
        table: shape (rows, columns), by output name; texts are dictionaries. The persons stand as
            numbers in `PERSON`, where they are counted.
        rows_in: read from the source.
        counts: rows that stay out: `left_out`, `not_in_sample`, `without_person`.
        persons: that the rows are about.
        tokens: shape (persons,), of the persons that `PERSON` numbers; None where nobody asked.
    """

    table: pa.Table
    rows_in: int
    counts: Mapping[str, int]
    persons: int
    tokens: pa.Array | None = None

    def whose(self) -> pa.Array | None:
        """Shape (rows,): the token of each row's person; None where rows are not of persons."""
        if self.tokens is None or PERSON not in self.table.column_names:
            return None
        return self.tokens.take(self.table.column(PERSON).combine_chunks())

    @property
    def several(self) -> bool:
        """Whether a person has more than one row."""
        return bool(self.table.num_rows > self.persons)

    def __repr__(self) -> str:
        return f"<Read: {self.table.num_rows} rows>"


def columns_of(planned: TablePlan) -> list[FieldPlan]:
    """The columns that go out."""
    return [one for one in planned.fields if one.output]


def read(work: TableWork, subject: Subject | None, *, strangers: bool = False) -> Read:
    """Stream a table, columns coded as they come.

    Args:
        work: the table, with its rows that may leave.
        subject: leads to the persons; None where each row counts as one.
        strangers: keep rows of which nobody knows the person, each as a person of its own.

    Raises:
        PlanError: it does not fit into memory (SLADD-378).
        SourceError: the source failed.
    """
    fields = columns_of(work.plan)
    wanted = [source_column(one) for one in fields]
    also = subject.columns() if subject is not None else ()
    columns: dict[str, list[pa.Array]] = {one.output: [] for one in fields}
    people: list[pa.Array] = []
    tally = Counter[str]()
    size = 0
    for partition in work.rows.snapshot.partitions(work.table):
        for batch in work.rows.batches(partition, [*wanted, *also], tally):
            rest = batch
            if subject is not None:
                persons = subject.of(batch)
                if not strangers:
                    known = persons.is_valid()
                    rest, persons = batch.filter(known), persons.filter(known)
                    tally["without_person"] += batch.num_rows - rest.num_rows
                people.append(persons.dictionary_encode())
                size += people[-1].nbytes
            for one in fields:
                made = _coded(_before(one, rest.column(source_column(one)), work.apply))
                columns[one.output].append(made)
                size += made.nbytes
            _bounded(size, work.plan)
    data = {one.output: _typed(one, _whole(columns[one.output])) for one in fields}
    rows_in = tally.pop("rows_in", 0)
    if subject is None:
        whole = pa.table(data)
        return Read(whole, rows_in, tally, whole.num_rows)
    codes = _whole(people)
    tokens = codes.chunk(0).dictionary if codes.num_chunks else pa.array([], pa.binary(16))
    indices = [chunk.indices.cast(pa.int64()) for chunk in codes.chunks]
    data[PERSON] = pa.chunked_array(indices, pa.int64())
    return Read(pa.table(data), rows_in, tally, len(tokens) + data[PERSON].null_count, tokens)


def _before(one: FieldPlan, values: pa.Array, apply: Mapping[str, Apply]) -> pa.Array:
    """The column as the search sees it: after a rule of the release, if there is one."""
    if one.transform == "keep" or not {"hierarchy", "aggregate"}.isdisjoint(one.parameters):
        return values
    return apply[one.output](values)


def _coded(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values.cast(pa.string()).dictionary_encode()
    if pa.types.is_dictionary(kind) and kind.index_type != pa.int32():
        return values.cast(pa.dictionary(pa.int32(), kind.value_type))
    return values


def _whole(chunks: Sequence[pa.Array]) -> pa.ChunkedArray:
    if not chunks:
        return pa.chunked_array([], pa.string())
    whole = pa.chunked_array(chunks)
    return whole.unify_dictionaries() if pa.types.is_dictionary(whole.type) else whole


def _typed(one: FieldPlan, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers and dates that a file or SQLite keeps as text get their type, if all of them are."""
    from sladd.sources.files.typing import TypeGuess

    kind = values.type
    if one.type is not StorageType.STRING or one.parameters.get("hierarchy") in _OF_TEXT:
        return values
    if not pa.types.is_dictionary(kind) or not values.num_chunks:
        return values
    guess = TypeGuess()
    guess.update(values.chunk(0).dictionary)  # chunks that were unified share it
    cast = guess.cast()
    if cast is None:
        return values
    typed = cast(values.chunk(0).dictionary)
    return pa.chunked_array([typed.take(chunk.indices) for chunk in values.chunks])


def _bounded(size: int, planned: TablePlan) -> None:
    if size > MOST_BYTES:
        raise PlanError(
            f"the table needs more than {MOST_BYTES >> 30} GB of memory, and the search needs all "
            "of it",
            code=378,
            where=str(planned.table),
            mend="give fewer columns a role, narrow it with where:, or aggregate it per person",
        )
