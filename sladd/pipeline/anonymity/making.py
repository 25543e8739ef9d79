"""The tables of an anonymised release: searched, generalised, written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sladd.errors import PlanError
from sladd.model import FieldPlan, Progress, Receipt, Role, TablePlan
from sladd.pipeline.anonymity.measuring import measured
from sladd.pipeline.anonymity.reading import PERSON
from sladd.pipeline.anonymity.searching import Asked, ask, budget_of, refuse_nothing
from sladd.pipeline.assurance import AnonymisedTable
from transforms.anonymity import Answer, generalised, search

if TYPE_CHECKING:
    from sladd.pipeline.exclusions import Exclusions
    from sladd.pipeline.making import Making

BATCH_ROWS = 65_536


def make_tables(made: Making, left_out: Exclusions, tell: Progress) -> dict[str, Any]:
    """Search, generalise and write every table; each by itself, sharing no key.

    Returns:
        What was asked and found, for the manifest: names, numbers and levels, no values.

    Raises:
        PlanError: a table cannot be searched, or nothing meets the thresholds (SLADD-325, 350…352,
            378…382).
    """
    refuse_nothing(made)
    found: dict[str, Any] = {}
    outcome: list[TablePlan] = []
    for number, planned in enumerate(made.planned):
        tell(planned.output, number, len(made.planned))
        asked = ask(made, made.work(planned, left_out))
        answer = _searched_for(made, asked)
        table = _written(asked, answer)
        outcome.append(_as_done(planned, answer))
        _write(made, asked, table.drop_columns([PERSON]) if PERSON in table.column_names else table)
        if answer is not None:
            made.searched.append(_searched(asked, answer))
        found[planned.output] = {
            **_told(asked, answer, table.num_rows),
            **measured(made, asked, table),
        }
        pa.default_memory_pool().release_unused()
    made.planned = outcome
    tell("sorted", len(made.planned), len(made.planned))
    guarantee = made.release.promised
    return {
        "guarantee": guarantee.model_dump(
            mode="json",
            include={"k", "l", "t", "max_suppression", "diversity", "distance", "earlier"},
        ),
        "tables": found,
    }


def _searched_for(made: Making, asked: Asked) -> Answer | None:
    """The answer of the search; None where nothing has to be made coarser.

    Raises:
        PlanError: nothing meets the thresholds (SLADD-352); columns by their addresses.
    """
    if asked.problem is None:
        return None
    try:
        return search(asked.read.table, asked.problem, budget_of(made))
    except PlanError as fault:
        fault.where = ", ".join(f"{asked.plan.table}.{c}" for c in fault.where.split(", "))
        fault.mend = fault.mend.replace("…", f"{asked.plan.table}.")
        raise


def _searched(asked: Asked, answer: Answer) -> AnonymisedTable:
    """Both sides of a table, for what is measured of the release as a whole."""
    return AnonymisedTable(
        asked.plan.output,
        str(asked.plan.table),
        asked.read.table,
        answer,
        roles=dict.fromkeys(asked.names(Role.INSENSITIVE), "insensitive"),
        sensitive=asked.names(Role.SENSITIVE),
        persons=asked.read.whose(),
    )


def _written(asked: Asked, answer: Answer | None) -> pa.Table:
    """The rows that go out, with their persons where several rows are of one."""
    table = asked.read.table
    keep = [*asked.names(Role.SENSITIVE), *asked.names(Role.INSENSITIVE)]
    if answer is None:
        return table
    also = [PERSON] if PERSON in table.column_names and asked.read.several else []
    return generalised(table, answer, keep=[*keep, *also])


def _as_done(planned: TablePlan, answer: Answer | None) -> TablePlan:
    """The plan with the levels that the search chose."""
    if answer is None:
        return planned
    return replace(planned, fields=tuple(_at_level(one, answer) for one in planned.fields))


def _at_level(one: FieldPlan, answer: Answer) -> FieldPlan:
    if not one.output or one.output not in answer.levels:
        return one
    parameters = {k: v for k, v in one.parameters.items() if k != "hierarchy"}
    if answer.levels[one.output] == 0:
        # A rule of the release may have changed it before the search.
        before = one.transform if one.transform != "generalise" or "to" in parameters else "keep"
        return replace(one, transform=before, parameters=parameters)
    found = {**one.parameters, "level": answer.labels[one.output]}
    return replace(one, parameters=found)


def _write(made: Making, asked: Asked, table: pa.Table) -> None:
    """Write the rows through the ordinary target, which sorts them by their own values."""
    name = asked.plan.output
    plain = pa.table({column: _plain(table.column(column)) for column in table.column_names})
    path = made.staging.part_path(name, 0)
    made.staging.write_part(path, _batches(plain), plain.schema)
    made.finished[name] = made.staging.finish_table(name, [path], plain.schema)
    made.receipts[name] = [
        Receipt(
            table=name,
            index=0,
            rows_in=asked.read.rows_in,
            rows_out=plain.num_rows,
            files=(),
            counts={what: rows for what, rows in asked.read.counts.items() if rows},
            snapshot=made.snapshots[asked.plan.table.source].id,
        )
    ]


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.to_batches(max_chunksize=BATCH_ROWS)


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = values.type
    if pa.types.is_null(kind):
        return values.cast(pa.string())
    return values.cast(kind.value_type) if pa.types.is_dictionary(kind) else values


def _told(asked: Asked, answer: Answer | None, rows_out: int) -> Mapping[str, Any]:
    """What was asked and found."""
    told: dict[str, Any] = {
        "unit": asked.unit,
        "rows": asked.read.table.num_rows,
        "persons": asked.read.persons,
        "several_rows_a_person": asked.read.several,
        "rows_without_person": asked.read.counts.get("without_person", 0),
        "rows_suppressed": asked.read.table.num_rows - rows_out,
        "quasi": asked.names(Role.QUASI),
        "sensitive": asked.names(Role.SENSITIVE),
        "insensitive": asked.names(Role.INSENSITIVE),
    }
    if answer is None:
        return told
    return {
        **told,
        "levels": dict(answer.labels),
        "loss": round(answer.loss, 6),
        "optimal": answer.optimal,
        "best_found_because": answer.reason,
        "nodes": answer.nodes,
        "nodes_checked": answer.nodes_checked,
    }
