"""One partition: read it, transform its columns, write the part. The hot path of a publish."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from sladd.errors import PlanError
from sladd.model import (
    FieldPlan,
    KnownFinder,
    Needs,
    Partition,
    Receipt,
    SpanFinder,
    Table,
    TablePlan,
)
from sladd.pipeline.empties import Empties
from sladd.pipeline.integrity import KeyCounts, without_zeros
from sladd.pipeline.kept import Kept
from sladd.pipeline.leaving import LeavingRows
from sladd.pipeline.memo import Memo
from sladd.pipeline.nesting import Nested, nest
from sladd.sources.nested import column_name

if TYPE_CHECKING:
    from sladd.keyring import MasterKey
    from sladd.model import Plan
    from sladd.pipeline.elsewhere import PartDone
    from sladd.sources.files.typing import LosslessCast, TypeGuess
    from sladd.vault import Tokens
    from transforms.contract import Chunk, Context, Transform

Apply = Callable[..., pa.Array]
"""The values; then, of a transform that needs more, its third argument and where to count."""


Learn = Callable[[pa.RecordBatch, pa.RecordBatch], None]
"""The rows of the source, and what was made of them."""


class Giver(Protocol):
    """Gives a transform what it needs beside its column. Holds keys or values."""

    def columns(self) -> tuple[str, ...]:
        """Columns of the table that `of` reads."""

    def of(self, batch: pa.RecordBatch) -> Any:
        """The third argument of `apply` for the rows of a batch."""


@dataclass(frozen=True, slots=True)
class PartsGiver:
    """Gives the parts of a column what each of them needs. Holds keys or values."""

    givers: Mapping[Needs, Giver]

    def columns(self) -> tuple[str, ...]:
        """Columns of the table that `of` reads."""
        return tuple(dict.fromkeys(c for giver in self.givers.values() for c in giver.columns()))

    def of(self, batch: pa.RecordBatch) -> Mapping[Needs, Any]:
        """What the rows of a batch have for each need."""
        return {needs: giver.of(batch) for needs, giver in self.givers.items()}

    def __repr__(self) -> str:
        return f"<PartsGiver of {len(self.givers)}>"


def each_giver(givers: Iterable[Giver]) -> Iterator[Giver]:
    """The givers, with those of parts instead of what holds them."""
    for giver in givers:
        yield from giver.givers.values() if isinstance(giver, PartsGiver) else (giver,)


@dataclass(slots=True)
class TableWork:
    """One table of a release while it is made. Holds keys: never printed or pickled."""

    table: Table
    plan: TablePlan
    rows: LeavingRows
    apply: Mapping[str, Apply]  # by output column
    counted: tuple[tuple[str, ...], ...]  # keys, as output columns, that are counted
    counts: KeyCounts
    transforms: Mapping[str, Transform]
    guessed: Mapping[str, bool]  # output columns of text that get types → whether they must
    givers: Mapping[str, Giver] = field(default_factory=dict)  # by output column
    guesses: dict[str, TypeGuess] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()  # output columns of texts whose key is a number elsewhere
    empties: dict[str, Empties] = field(default_factory=dict)  # by output column
    lock: threading.Lock = field(default_factory=threading.Lock)  # one writer of counts
    nested: tuple[Nested, ...] = ()  # columns that flat ones become
    learn: Learn | None = None  # told which pseudonyms persons have, by the leak test

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
    fresh: bytes = b"",
    chunks: Callable[[FieldPlan], Iterable[Chunk]] | None = None,
) -> dict[str, Apply]:
    """Each column's transform with its context; repeated values are asked for once.

    `chunks` reads a whole column, for transforms that must see it before they change any of it.
    """
    from transforms.contract import Part, context_of, fitted

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
            fresh=fresh,
        )
        if planned.parts:
            parts = tuple(
                Part(
                    part.field.path,
                    part.type,
                    work_of(part, counts),
                    transforms[part.transform].SPEC.needs,
                )
                for part in planned.parts
                if part.output
            )
            context = replace(context, parts=parts)
        transform = transforms[planned.transform]
        if chunks is not None and hasattr(transform, "fit"):
            context = fitted(transform, chunks(planned), context)
        return partial(_apply, transform, context)

    found: dict[str, Apply] = {}
    for planned in table.fields:
        if not planned.output:
            continue
        work = work_of(planned, Counter())
        spec = transforms[planned.transform].SPEC
        if spec.name == "keep":
            found[planned.output] = Kept(work)
            continue
        repeats = spec.deterministic and spec.needs is Needs.COLUMN
        found[planned.output] = Memo(work) if repeats and not spec.by_parts else work
    return found


def _apply(
    transform: Transform,
    context: Context,
    values: pa.Array,
    given: object = None,
    counts: Counter[str] | None = None,
) -> pa.Array:
    from transforms.contract import transformed

    own = context if counts is None else replace(context, counts=counts)
    return transformed(transform, values, own, given)


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
        snapshot=work.rows.snapshot.id,
    )


def _prepend(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _transformed(
    work: TableWork, partition: Partition, tally: Counter[str]
) -> Iterator[pa.RecordBatch]:
    kept = [planned for planned in work.plan.fields if planned.output]
    wanted = columns_read(work)
    for batch in work.rows.batches(partition, wanted, tally, encoded=_encoded(work, wanted)):
        yield _one_batch(work, kept, batch, tally)


def columns_read(work: TableWork) -> list[str]:
    """Columns of the source on which the output depends."""
    wanted = [source_column(planned) for planned in work.plan.fields if planned.output]
    needed = [column for giver in work.givers.values() for column in giver.columns()]
    there = [column for one in work.nested for column in one.there.values()]
    return [*dict.fromkeys((*wanted, *work.rows.columns(), *needed, *there))]


def _encoded(work: TableWork, wanted: Sequence[str]) -> frozenset[str]:
    """Columns that may stay dictionaries.

    What decides about rows, and texts with the person beside them, is looked at value by value.
    """
    if work.givers:
        return frozenset()
    return frozenset(wanted).difference(work.rows.columns())


def source_column(planned: FieldPlan) -> str:
    """The name of the column in the source's batches; a nested one has its path in it."""
    return column_name(planned.field.column, planned.field.path)


def _one_batch(
    work: TableWork, kept: Sequence[FieldPlan], batch: pa.RecordBatch, tally: Counter[str]
) -> pa.RecordBatch:
    arrays = []
    given: dict[int, Any] = {}  # columns that need the same are given it once
    came: dict[str, pa.Array] = {}
    for planned in kept:
        values = batch.column(source_column(planned))
        apply, giver = work.apply[planned.output], work.givers.get(planned.output)
        counts = Counter[str]()
        if giver is not None:
            if id(giver) not in given:
                given[id(giver)] = giver.of(batch)
            made = apply(values, given[id(giver)], counts=counts)
        elif planned.parts:
            made = apply(values, counts=counts)
        else:
            made = apply(values)
            if made.null_count > values.null_count:
                counts["unparsed"] = made.null_count - values.null_count
        tally.update({f"{planned.output}: {what}": n for what, n in counts.items() if n})
        if len(made) != len(values):
            raise PlanError(
                f"the transform {planned.transform} returned another number of rows",
                code=330,
                where=str(planned.field),
            )
        arrays.append(made)
        came[planned.output] = values
    made_batch = pa.RecordBatch.from_arrays(arrays, names=[planned.output for planned in kept])
    _note(work, came, made_batch)
    if work.learn is not None:
        work.learn(batch, made_batch)
    return nest(made_batch, batch, work.nested, tally) if work.nested else made_batch


def take_counts(work: TableWork, partition: Partition, done: PartDone) -> None:
    """Add what a partition counted that another process worked; keys are counted here."""
    from sladd.targets.parts import read_part

    with work.lock:
        for column, guess in done.guesses.items():
            known = work.guesses.get(column)
            work.guesses[column] = guess if known is None else known.merge(guess)
        for column, counted in done.empties.items():
            work.empties.setdefault(column, Empties()).merge(counted.counts)
    keys = {column for columns in work.counted for column in columns}
    kept = {f.output: source_column(f) for f in work.plan.fields if f.output in keys}
    if not kept:
        return
    nothing = pa.array([], pa.string())
    for batch in work.rows.batches(partition, [*kept.values()]):
        came = {output: batch.column(source) for output, source in kept.items()}
        for columns in work.counted:
            before = [without_zeros(came[c]) if c in work.numbers else came[c] for c in columns]
            work.counts.add(work.plan.output, columns, before, [nothing] * len(columns))
    for file in done.receipt.files:
        for batch in read_part(Path(file)):
            for columns in work.counted:
                after = [batch.column(c) for c in columns]
                work.counts.add(work.plan.output, columns, [nothing] * len(columns), after)


def _note(work: TableWork, before: Mapping[str, pa.Array], after: pa.RecordBatch) -> None:
    """Count keys and empty cells, and look at texts that may get types."""
    with work.lock:
        for columns in work.counted:
            came = [without_zeros(before[c]) if c in work.numbers else before[c] for c in columns]
            work.counts.add(work.plan.output, columns, came, [after.column(c) for c in columns])
        for name, column in before.items():
            work.empties.setdefault(name, Empties()).add(column, after.column(name))
        for column_ in work.guessed:
            from sladd.sources.files.typing import TypeGuess

            work.guesses.setdefault(column_, TypeGuess()).update(after.column(column_))


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
