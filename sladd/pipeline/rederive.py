"""Read the source's columns again, to make their pseudonyms again.

An HMAC pseudonym holds nothing of its value: who wants to know whose it is, or what it becomes
under another key, has to go through the values and make the pseudonym of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pyarrow as pa
import pyarrow.compute as pc

from sladd import canonical
from sladd.model import FieldPlan, How, Plan, Progress, Table
from sladd.pipeline.bind import Bound
from sladd.pipeline.columns import source_column


def fields_of(plan: Plan, key_type: str) -> list[FieldPlan]:
    """The fields of the sources whose values are keyed for a type, also those that stay behind."""
    return [
        field
        for table in plan.tables
        for top in table.fields
        for field in top.each()
        if field.key_type == key_type
        or (
            not field.key_type
            and field.how is How.IS
            and field.category
            and canonical.key_type_of(field.category) == key_type
        )
    ]


def streamed(
    bound: Bound, fields: Sequence[FieldPlan], *, tell: Progress
) -> Iterator[tuple[FieldPlan, pa.Array]]:
    """Every distinct value of each batch of these fields, as text. Holds values.

    Args:
        bound: the configuration.
        fields: of any sources; each table is read once.
        tell: progress in rows.

    Raises:
        SourceError: a source cannot be read.
    """
    for name in dict.fromkeys(f.field.table.source for f in fields):
        with closing(bound.open_source(name)) as source, source.snapshot() as snapshot:
            for table in source.tables():
                wanted = [f for f in fields if f.field.table == table.ref]
                wanted = [f for f in wanted if _there(f, table)]
                if not wanted:
                    continue
                columns = list(dict.fromkeys(_column(f, table) for f in wanted))
                done = 0
                for partition in snapshot.partitions(table):
                    for batch in snapshot.batches(partition, columns=columns):
                        for field in wanted:
                            values = batch.column(_column(field, table))
                            yield field, _texts(_at_place(values, field, table), field)
                        done += batch.num_rows
                        tell(str(table.ref), done, table.rows)


def _there(field: FieldPlan, table: Table) -> bool:
    return any(known.ref in {field.field, field.field.top} for known in table.fields)


def _in_json(field: FieldPlan, table: Table) -> bool:
    """Whether it is a place in a column of JSON, which the source has as a whole."""
    return all(known.ref != field.field for known in table.fields)


def _column(field: FieldPlan, table: Table) -> str:
    return field.field.column if _in_json(field, table) else source_column(field)


def _at_place(values: pa.Array, field: FieldPlan, table: Table) -> pa.Array:
    if not _in_json(field, table):
        return values
    from transforms.json_paths import values_at

    return values_at(values, field.field.path, field.type)


def _texts(values: pa.Array, field: FieldPlan) -> pa.Array:
    """Distinct values as text, without null and ''; elements of lists one by one."""
    from transforms import arrays

    while arrays.is_list(values.type):
        values = values.flatten()
    texts = pc.drop_null(pc.unique(arrays.texts(values, field.type)))
    return texts.filter(pc.not_equal(texts, ""))
