"""All that the partitions of one table have in common."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from sladd.model import StorageType, TablePlan
from sladd.pipeline.columns import TableWork, appliers, each_giver
from sladd.pipeline.exclusions import Exclusions
from sladd.pipeline.leaving import LeavingRows, sampled, whole_column
from sladd.pipeline.making.givers import givers_of
from sladd.pipeline.nesting import nested_columns
from sladd.pipeline.persons import Known
from sladd.pipeline.texts import Remembered
from sladd.sources.nested import column_name
from transforms.contract import is_number

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound
    from sladd.pipeline.making.release import Making


def work_of(making: Making, planned: TablePlan, left_out: Exclusions) -> TableWork:
    """All that the partitions of one table have in common."""
    table = making.tables[str(planned.table)]
    rows = LeavingRows(
        planned,
        making.snapshots[planned.table.source],
        left_out,
        sampled(making.plan, planned, making.subjects, making.master),
        making.leaks.watch(planned) if making.leaks else None,
    )
    givers = givers_of(making, planned, table)
    texts = any(isinstance(giver, Known) for giver in each_giver(givers.values()))
    finders = making.bound.text_finders if texts else None
    work = TableWork(
        table=table,
        plan=planned,
        rows=rows,
        apply=appliers(
            making.plan,
            planned,
            master=making.master,
            vault=making.vault,
            find_spans=Remembered(finders.everything) if finders else None,
            find_known=finders.known if finders else None,
            transforms=making.bound.transforms,
            language="nb",
            labels={c.key: c.label_nb for c in making.bound.taxonomy},
            missed=finders.missed if finders else None,
            fresh=making.fresh,
            chunks=partial(whole_column, rows, table, givers),
        ),
        counted=tuple(dict.fromkeys(_counted(making, planned))),
        numbers=frozenset(
            f.output
            for f in planned.fields
            if f.output and f.transform != "keep" and is_number(f.key_type, making.plan)
        ),
        empties=making.empties.setdefault(planned.output, {}),
        counts=making.counts,
        transforms=making.bound.transforms,
        guessed=_typed(planned, making.bound),
        givers=givers,
        nested=nested_columns(
            planned.fields,
            frozenset(column_name(f.ref.column, f.ref.path) for f in table.fields),
        ),
    )
    return making.leaks.follow(work) if making.leaks else work


def _counted(making: Making, planned: TablePlan) -> Iterator[tuple[str, ...]]:
    """Keys of which distinct values are counted before and after."""
    for join in making.joins:
        if join.table == planned.output:
            yield join.columns
        if join.target == planned.output:
            yield join.target_columns
    # Keys of one column are asked of the files; what holds together is counted here.
    yield from (key for key in keys_of(making, planned) if len(key) > 1)


def keys_of(making: Making, planned: TablePlan) -> Iterator[tuple[str, ...]]:
    """Keys that the source promises to be unique and that come along, the primary one first."""
    if making.plan.kind == "anonymised":
        return
    table = making.tables[str(planned.table)]
    outputs = {
        f.field.column: f.output
        for f in planned.fields
        if f.output
        and not f.field.path
        and making.bound.transforms[f.transform].SPEC.keeps_apart(f.parameters)
    }
    alone = ((f.ref.column,) for f in table.fields if f.unique)
    for key in dict.fromkeys((table.primary_key, *table.unique_keys, *alone)):
        if key and all(column in outputs for column in key):
            yield tuple(outputs[column] for column in key)


def _typed(planned: TablePlan, bound: Bound) -> dict[str, bool]:
    """Columns of text that get types → whether they must.

    Those of text files may: analysts want numbers. Those that the policy lets out *because*
    every value was a number or a date must: a value that is none could be anything.
    """
    files = bound.config.sources[planned.table.source].files is not None
    return {
        f.output: f.reason == "typed"
        for f in planned.fields
        if f.output
        and f.transform == "keep"
        and f.type is StorageType.STRING
        and (files or f.reason == "typed")
    }
