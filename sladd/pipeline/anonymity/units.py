"""Rows become persons: facts added up, or bounded to a fixed number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import PlanError
from sladd.model import TablePlan
from sladd.pipeline.anonymity.reading import PERSON, Read, columns_of

_EXACT = pa.decimal128(38, 6)


def aggregated(read: Read, planned: TablePlan, aggregates: Mapping[str, str]) -> Read:
    """One row a person: some columns added up, the others the same in all rows of the person.

    Args:
        read: the table, with `PERSON`.
        planned: the table's plan.
        aggregates: column of the source → aggregate.

    Raises:
        PlanError: a column differs between the rows of a person (SLADD-379), or cannot be added
            up (SLADD-380).
    """
    fields = columns_of(planned)
    how = {one.output: aggregates.get(one.field.column, "") for one in fields}
    made = read.table.select([PERSON])
    asked: list[tuple[str, str]] = []
    for one in fields:
        values = read.table.column(one.output)
        if how[one.output] in {"", "count", "count_distinct", "min", "max"}:
            values = _plain(values)
        else:
            values = _exact(values, f"{planned.table}.{one.field.column}", how[one.output])
        made = made.append_column(one.output, values)
        if how[one.output]:
            asked.append((one.output, how[one.output]))
        else:
            asked += [(one.output, "first"), (one.output, "count_distinct")]
    options = {
        "count_distinct": pc.CountOptions(mode="all"),
        "first": pc.ScalarAggregateOptions(skip_nulls=False),
    }
    grouped = made.group_by(PERSON, use_threads=False).aggregate(
        [(name, kind, options[kind]) if not how[name] else (name, kind) for name, kind in asked]
    )
    columns = {}
    for one in fields:
        kind = how[one.output] or "first"
        if not how[one.output]:
            _constant(grouped.column(f"{one.output}_count_distinct"), planned, one.field.column)
        values = grouped.column(f"{one.output}_{kind}")
        if pa.types.is_decimal(values.type) and kind in {"sum", "mean"}:
            values = values.cast(pa.float64())
        columns[one.output] = values
    columns[PERSON] = grouped.column(PERSON)
    return replace(read, table=pa.table(columns))


def bounded(read: Read, rows: int) -> Read:
    """At most so many rows of each person, drawn by the hash of what they hold.

    The draw depends on neither the order of the rows nor the person.
    """
    import duckdb

    table = pa.table({name: _plain(read.table.column(name)) for name in read.table.column_names})
    names = [f"c{number}" for number in range(table.num_columns)]
    person = names[table.column_names.index(PERSON)]
    others = ", ".join(name for name in names if name != person) or "1"
    with duckdb.connect(":memory:") as opened:
        opened.register("rows", table.rename_columns(names))
        chosen: pa.Table = opened.sql(
            f"SELECT * FROM rows QUALIFY row_number() OVER (PARTITION BY {person} "
            f"ORDER BY hash({others}), {others}) <= {int(rows)}"
        ).to_arrow_table()
    return replace(read, table=chosen.rename_columns(table.column_names))


def _constant(counts: pa.ChunkedArray, planned: TablePlan, column: str) -> None:
    several = pc.sum(pc.greater(counts, 1)).as_py() or 0
    if several:
        raise PlanError(
            f"the column differs between the rows of {several} persons, so it says nothing of a "
            "person as a whole",
            code=379,
            where=f"{planned.table}.{column}",
            mend="name it under aggregate:, or give it role: direct",
        )


def _exact(values: pa.ChunkedArray, where: str, how: str) -> pa.ChunkedArray:
    """Numbers whose sum does not depend on the order of the rows."""
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return values.cast(pa.decimal128(38, 0)) if pa.types.is_integer(kind) else values
    if not pa.types.is_floating(kind):
        raise PlanError(
            f"the column holds no numbers, and has no {how}",
            code=380,
            where=where,
            mend="count, count_distinct, min or max",
        )
    try:
        return pc.round(values, 6).cast(_EXACT)
    except pa.ArrowInvalid:
        return values  # beyond 10³² there are no six decimals to keep


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        return values.cast(values.type.value_type)
    return values
