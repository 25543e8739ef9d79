"""One table as the search wants it: columns as codes, and who each row is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import PlanError
from sladd.model import FieldPlan, Plan, Snapshot, StorageType, Table, TablePlan
from sladd.pipeline.anonymity.ways import Way
from sladd.pipeline.columns import Apply, source_column
from sladd.pipeline.exclusions import Exclusions

PERSON = "\x1fperson"
"""Name of the column of persons; it starts with a unit separator, which no column's name holds."""
MOST_BYTES = 4 << 30
"""Of one table in memory: the search needs every row. 100 million rows of 8 columns have 3.2 GB."""


@dataclass(frozen=True, slots=True)
class Read:
    """A table in memory. Holds values: never printed.

    Attributes:
        table: shape (rows, columns), by output name; texts are dictionaries. The persons stand as
            numbers in `PERSON`, where they are counted.
        rows_in: read from the source.
        left_out: of these, left out by condition or person.
        nobody: of these, without a known person; they stay out too.
        persons: that the rows are about.
    """

    table: pa.Table
    rows_in: int
    left_out: int
    nobody: int
    persons: int

    @property
    def several(self) -> bool:
        """Whether a person has more than one row."""
        return self.table.num_rows > self.persons

    def __repr__(self) -> str:
        return f"<Read: {self.table.num_rows} rows>"


def columns_of(planned: TablePlan) -> list[FieldPlan]:
    """The columns that go out."""
    return [one for one in planned.fields if one.output]


def read(
    plan: Plan,
    planned: TablePlan,
    table: Table,
    snapshot: Snapshot,
    left_out: Exclusions,
    apply: Mapping[str, Apply],
    way: Way | None,
) -> Read:
    """Stream a table, columns coded as they come.

    Args:
        plan: of the release.
        planned: the table's.
        table: as the source lists it.
        snapshot: of its source.
        left_out: rows that stay out.
        apply: what happens to a column before the search, by output name.
        way: to the persons; None where each row counts as one.

    Raises:
        PlanError: it does not fit into memory (SLADD-378).
        SourceError: the source failed.
    """
    fields = columns_of(planned)
    address = str(planned.table)
    wanted = [source_column(one) for one in fields]
    also = [*left_out.columns(address), *(way.columns() if way else ())]
    columns: dict[str, list[pa.Array]] = {one.output: [] for one in fields}
    people: list[pa.Array] = []
    rows_in = gone = nobody = size = 0
    for partition in snapshot.partitions(table):
        for batch in snapshot.batches(
            partition, columns=list(dict.fromkeys([*wanted, *also])), where=planned.where
        ):
            rows_in += batch.num_rows
            rest = left_out.keep(address, batch)
            gone += batch.num_rows - rest.num_rows
            if way is not None:
                persons = way.of(rest)
                known = persons.is_valid()
                nobody += rest.num_rows - pc.sum(known).as_py() if rest.num_rows else 0
                rest, persons = rest.filter(known), persons.filter(known)
                people.append(persons.dictionary_encode())
                size += people[-1].nbytes
            for one in fields:
                made = _coded(_before(one, rest.column(source_column(one)), apply))
                columns[one.output].append(made)
                size += made.nbytes
            _bounded(size, planned)
    data = {name: _whole(chunks) for name, chunks in columns.items()}
    for one in fields:
        data[one.output] = _typed(one, data[one.output])
    if way is None:
        whole = pa.table(data)
        return Read(whole, rows_in, gone, 0, whole.num_rows)
    codes = _whole(people).combine_chunks() if people else pa.array([], pa.string()).dictionary_encode()
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.unify_dictionaries().chunk(0) if codes.num_chunks else codes.combine_chunks()
    data[PERSON] = codes.indices.cast(pa.int64())
    return Read(pa.table(data), rows_in, gone, nobody, len(codes.dictionary))


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
    if one.type is not StorageType.STRING or one.transform not in {"keep", "generalise"}:
        return values
    if not pa.types.is_dictionary(kind) or not pa.types.is_string(kind.value_type):
        return values
    guess = TypeGuess()
    for text in _texts(values):
        guess.update(text)
    cast = guess.cast()
    if cast is None:
        return values
    return pa.chunked_array([cast(chunk.dictionary).take(chunk.indices) for chunk in values.chunks])


def _texts(values: pa.ChunkedArray) -> Iterator[pa.Array]:
    """The distinct texts; chunks that were unified share them."""
    for chunk in values.chunks[:1]:
        yield chunk.dictionary


def _bounded(size: int, planned: TablePlan) -> None:
    if size > MOST_BYTES:
        raise PlanError(
            f"the table needs more than {MOST_BYTES >> 30} GB of memory, and the search needs all "
            "of it",
            code=378,
            where=str(planned.table),
            mend="give fewer columns a role, narrow it with where:, or aggregate it per person",
        )
