"""From the parts of a table to its files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import PlanError, raise_all
from sladd.model import Receipt
from sladd.pipeline.columns import TableWork, cast_part
from sladd.pipeline.incremental.files import fetched, joined
from sladd.pipeline.incremental.table import restored_schema
from sladd.targets.columns import canonical_schema
from sladd.targets.parquet import bucket_count

if TYPE_CHECKING:
    from sladd.pipeline.incremental.state import FileState
    from sladd.pipeline.incremental.table import TableReuse
    from sladd.pipeline.making.release import Making


def finish(
    making: Making, work: TableWork, receipts: Sequence[Receipt], again: TableReuse | None
) -> None:
    """Put the parts of a table in order and write its files, those that changed at least."""
    name = work.plan.output
    folder = making.staging.part_path(name, 0).parent
    held = folder.parent / ".held"
    if making.reuse is not None and again is not None and again.same() and again.former:
        files = again.former.files
        if fetched(making.reuse.fetch, files, held):
            making.finished[name] = joined(
                name,
                files,
                held=held,
                release=making.staging.path,
                schema=restored_schema(again.former.schema),
                written=None,
            )
            _remember(making, again, name, taken=len(files), count=again.former.buckets)
            shutil.rmtree(folder, ignore_errors=True)
            return
    parts = [Path(file) for receipt in receipts for file in receipt.files]
    casts = {c: cast for c, guess in work.guesses.items() if (cast := guess.cast())}
    _all_typed(work, casts)
    # A text within an object stays one: its type is that of the file.
    alone = {f.output for f in work.plan.fields if not f.within}
    casts = {c: cast for c, cast in casts.items() if c in alone}
    if casts:
        parts = [cast_part(part, casts) for part in parts]
    schema = _schema(work, parts)
    keys = [
        f.output
        for f in work.plan.fields
        if (spec := making.bound.transforms[f.transform].SPEC).keyed
        and spec.joinable
        and f.output in schema.names
        and not pa.types.is_nested(schema.field(f.output).type)
    ]
    rows = sum(receipt.rows_out for receipt in receipts)
    count = (making.release.buckets or bucket_count(rows)) if keys else 1
    only: frozenset[int] | None = None
    taken: list[FileState] = []
    if making.reuse is not None and again is not None:
        target = canonical_schema(schema, {})
        only = again.touched(parts, casts, target, keys[0] if keys else "", count)
        taken = again.untouched(only) if only is not None else []
        if not taken or not fetched(making.reuse.fetch, taken, held):
            only, taken = None, []
    written = None
    if only is None or only:
        written = making.staging.finish_table(
            name,
            parts,
            schema,
            key_columns=keys[:1],
            buckets=making.release.buckets if only is None else count,
            only=only,
        )
    making.finished[name] = (
        written
        if written and not taken
        else joined(
            name,
            taken,
            held=held,
            release=making.staging.path,
            schema=canonical_schema(schema, {}),
            written=written,
        )
    )
    shutil.rmtree(folder, ignore_errors=True)
    if again is not None:
        _remember(making, again, name, taken=len(taken), count=count)


def _remember(making: Making, again: TableReuse, name: str, *, taken: int, count: int) -> None:
    """Keep what the next incremental publish needs to know, and count what was taken over."""
    finished = making.finished[name]
    again.files, again.linked = len(finished.files), taken
    if making.reuse is not None:
        making.reuse.remember(name, again.state(finished, count))


def _all_typed(work: TableWork, casts: Mapping[str, object]) -> None:
    """Stop when a column that had to be numbers or dates has another value by now.

    Raises:
        PlanError: it has (SLADD-332).
    """
    raise_all(
        [
            PlanError(
                "the column was only numbers or dates when it was scanned, and no longer is",
                code=332,
                where=f"{work.plan.table}.{column}",
                mend=f"sladd discover {work.plan.table.source} --full",
            )
            for column, must in work.guessed.items()
            if must and column not in casts and column in work.guesses and work.guesses[column].rows
        ]
    )


def _schema(work: TableWork, parts: Sequence[Path]) -> pa.Schema:
    """Columns of the parts; for a table without rows, those of the plan as text."""
    from sladd.targets.parts import read_part

    for part in parts:
        for batch in read_part(part):
            return batch.schema
    return pa.schema([pa.field(f.output, pa.string()) for f in work.plan.fields if f.output])
