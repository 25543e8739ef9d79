"""One partition: read it, transform its columns, write the part. The hot path of a publish."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import PlanError
from sladd.model import (
    FieldPlan,
    KnownFinder,
    Needs,
    Partition,
    Receipt,
    Snapshot,
    SpanFinder,
    Table,
    TablePlan,
)
from sladd.pipeline.exclusions import Exclusions
from sladd.pipeline.integrity import KeyCounts
from sladd.pipeline.memo import Memo, used_alone
from sladd.pipeline.persons import Known

if TYPE_CHECKING:
    from sladd.keyring import MasterKey
    from sladd.model import Plan
    from sladd.pipeline.elsewhere import PartDone
    from sladd.sources.files.typing import LosslessCast, TypeGuess
    from sladd.vault import Tokens
    from transforms.contract import Beside, Context, Transform

Apply = Callable[..., pa.Array]
"""The values, and for a transform that needs the row, the columns beside them."""


@dataclass(slots=True)
class TableWork:
    """One table of a release while it is made. Holds keys: never printed or pickled."""

    table: Table
    plan: TablePlan
    snapshot: Snapshot
    exclusions: Exclusions
    apply: Mapping[str, Apply]  # by output column
    counted: frozenset[str]  # output columns of which keys are counted
    counts: KeyCounts
    guessed: Mapping[str, bool]  # output columns of text that get types → whether they must
    by_row: frozenset[str] = frozenset()  # output columns whose transform needs the row
    known: Known = field(default_factory=lambda: Known({}))  # of the persons of the rows
    guesses: dict[str, TypeGuess] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)  # one writer of counts

    def __repr__(self) -> str:
        return f"<TableWork {self.plan.output}>"


def appliers(
    plan: Plan,
    table: TablePlan,
    *,
    master: MasterKey | None,
    vault: Tokens | None = None,
    find_spans: SpanFinder | None,
    find_known: KnownFinder | None = None,
    transforms: Mapping[str, Transform],
    language: str,
    labels: Mapping[str, str],
    missed: Mapping[str, float] | None = None,
) -> dict[str, Apply]:
    """Each column's transform with its context; repeated values are asked for once."""
    from transforms.contract import Part, context_of

    def work_of(planned: FieldPlan, counts: Counter[str]) -> Apply:
        context = context_of(
            plan,
            planned,
            master=master,
            vault=vault,
            find_spans=find_spans,
            find_known=find_known,
            language=language,
            labels=labels,
            missed=missed,
            counts=counts,
        )
        if planned.parts:
            parts = tuple(
                Part(
                    part.field.path,
                    part.type,
                    work_of(part, counts),
                    transforms[part.transform].SPEC.needs is Needs.ROW,
                )
                for part in planned.parts
                if part.output
            )
            context = replace(context, parts=parts)
        return partial(_apply, transforms[planned.transform], context)

    found: dict[str, Apply] = {}
    for planned in table.fields:
        if not planned.output:
            continue
        work = work_of(planned, Counter())
        spec = transforms[planned.transform].SPEC
        if spec.name == "keep":
            found[planned.output] = partial(_kept, work)
            continue
        repeats = spec.deterministic and spec.needs is Needs.COLUMN
        found[planned.output] = Memo(work) if repeats and not spec.by_parts else work
    return found


def _apply(
    transform: Transform,
    context: Context,
    values: pa.Array,
    *beside: Sequence[Beside],
    counts: Counter[str] | None = None,
) -> pa.Array:
    if counts is not None:
        context = replace(context, counts=counts)
    return transform.apply(values, context, *beside)


def _kept(keep: Apply, values: pa.Array) -> pa.Array:
    """The values as they are; a dictionary stays one, without what stood in rows left out."""
    return used_alone(values) if pa.types.is_dictionary(values.type) else keep(values)


def work_partition(work: TableWork, partition: Partition, path: Path) -> Receipt:
    """Read, leave out, transform and write one partition.

    Raises:
        SourceError: the source failed or changed.
        TransformError: a transform cannot work on a column.
    """
    from sladd.targets.parts import write_part

    tally = Counter[str]()
    batches = _transformed(work, partition, tally)
    first = next(batches, None)
    rows_out = 0
    if first is not None:
        rows_out, _ = write_part(path, _prepend(first, batches), first.schema)
    return Receipt(
        table=work.plan.output,
        index=partition.index,
        rows_in=tally["rows_in"],
        rows_out=rows_out,
        files=(str(path),) if first is not None else (),
        counts={k: v for k, v in tally.items() if k != "rows_in"},
        snapshot=work.snapshot.id,
    )


def _prepend(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _transformed(
    work: TableWork, partition: Partition, tally: Counter[str]
) -> Iterator[pa.RecordBatch]:
    address = str(work.plan.table)
    kept = [planned for planned in work.plan.fields if planned.output]
    wanted = [source_column(planned) for planned in kept]
    needed = [*work.exclusions.columns(address), *(work.known.columns() if work.by_row else ())]
    # What decides about rows, and texts with the person beside them, is looked at value by value.
    encoded = () if work.by_row else frozenset(wanted).difference(needed)
    for batch in work.snapshot.batches(
        partition,
        columns=[*dict.fromkeys([*wanted, *needed])],
        where=work.plan.where,
        encoded=encoded,
    ):
        tally["rows_in"] += batch.num_rows
        rest = work.exclusions.keep(address, batch)
        tally["left_out"] += batch.num_rows - rest.num_rows
        yield _one_batch(work, kept, rest, tally)


def source_column(planned: FieldPlan) -> str:
    """The name of the column in the source's batches; a nested one has its path in it."""
    text = planned.field.column
    for part in planned.field.path:
        text += part if part == "[]" else f".{part}"
    return text


def _one_batch(
    work: TableWork, kept: Sequence[FieldPlan], batch: pa.RecordBatch, tally: Counter[str]
) -> pa.RecordBatch:
    arrays = []
    beside = work.known.of(batch) if work.by_row else []
    for planned in kept:
        values = batch.column(source_column(planned))
        apply = work.apply[planned.output]
        by_row = planned.output in work.by_row
        given = (beside,) if by_row else ()
        counts = Counter[str]()
        told = {"counts": counts} if by_row or planned.parts else {}
        made = apply(values, *given, **told)
        if not planned.parts and made.null_count > values.null_count:
            counts["unparsed"] = made.null_count - values.null_count
        tally.update({f"{planned.output}: {what}": n for what, n in counts.items() if n})
        if len(made) != len(values):
            raise PlanError(
                f"the transform {planned.transform} returned another number of rows",
                code=330,
                where=str(planned.field),
            )
        arrays.append(made)
        if planned.output in work.counted or planned.output in work.guessed:
            _note(work, planned.output, values, made)
    return pa.RecordBatch.from_arrays(arrays, names=[planned.output for planned in kept])


def take_counts(work: TableWork, partition: Partition, done: PartDone) -> None:
    """Add what a partition counted that another process worked; keys are counted here."""
    from sladd.targets.parts import read_part

    with work.lock:
        for column, guess in done.guesses.items():
            known = work.guesses.get(column)
            work.guesses[column] = guess if known is None else known.merge(guess)
    kept = [f for f in work.plan.fields if f.output in work.counted]
    if not kept:
        return
    address = str(work.plan.table)
    columns = [*map(source_column, kept), *work.exclusions.columns(address)]
    for batch in work.snapshot.batches(
        partition, columns=[*dict.fromkeys(columns)], where=work.plan.where
    ):
        rest = work.exclusions.keep(address, batch)
        for planned in kept:
            nothing = pa.array([], pa.string())
            work.counts.add(
                work.plan.output, planned.output, rest.column(source_column(planned)), nothing
            )
    for file in done.receipt.files:
        for batch in read_part(Path(file)):
            for planned in kept:
                after, nothing = batch.column(planned.output), pa.array([], pa.string())
                work.counts.add(work.plan.output, planned.output, nothing, after)


def _note(work: TableWork, column: str, before: pa.Array, after: pa.Array) -> None:
    with work.lock:
        if column in work.counted:
            work.counts.add(work.plan.output, column, before, after)
        if column in work.guessed:
            from sladd.sources.files.typing import TypeGuess

            work.guesses.setdefault(column, TypeGuess()).update(after)


def cast_part(path: Path, casts: Mapping[str, LosslessCast]) -> Path:
    """Rewrite a part with the types that all values of its columns have; the old one goes."""
    from sladd.targets.parts import read_part, write_part

    typed = path.with_name(f"{path.stem}-typed{path.suffix}")

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in read_part(path):
            arrays = [
                casts[name](column) if name in casts else column
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)

    stream = batches()
    first = next(stream)
    write_part(typed, _prepend(first, stream), first.schema)
    path.unlink()
    return typed
