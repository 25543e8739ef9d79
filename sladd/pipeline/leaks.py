"""The leak test inside a publish: what is taken from the source, and what the gate is handed.

Originals are taken as keyed digests while their rows are read for the release. Rows that this
process has not read itself (taken over by an incremental publish, worked by a cluster, of a
table that stays out) are read for it afterwards, from the same snapshot: a new order may name an
old customer. Only where an incremental publish found nothing new is nothing read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from sladd.errors import GateError, SladdError
from sladd.gate import against_source
from sladd.gate.leaks import Made, Needles, Original, Originals, Other, TableNeedles, originals
from sladd.gate.leaks.shapes import Kind, kind_of
from sladd.model import FieldPlan, GateResult, How, Partition, TablePlan
from sladd.release import Manifest, ReleaseColumn, read_manifest, resolve

if TYPE_CHECKING:
    from sladd.pipeline.columns import Apply, TableWork
    from sladd.pipeline.making import Making

_KEY_PATH = 2  # keys in the path of a table whose rows name their person themselves
_PAIRED = ("user.name.first", "user.name.last", "user.contact.address.postal_code")


class Watch:
    """Takes the originals of one table from every batch that is read of it, once."""

    def __init__(self, planned: TablePlan, needles: TableNeedles) -> None:
        self.planned, self.needles = planned, needles
        self.own = _own(planned, needles.given.person)
        self.apply: Apply | None = None  # gives the pseudonym of a person's key
        self._done: set[str] = set()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Watch on {self.planned.table}>"

    def columns(self, partition: Partition) -> tuple[str, ...]:
        """Columns that have to be read for it."""
        return () if self.has(partition) else self.needles.given.columns

    def has(self, partition: Partition) -> bool:
        """Whether the rows of a partition were taken."""
        return _id(partition) in self._done

    def take(self, partition: Partition, batch: pa.RecordBatch) -> None:
        """Take the originals of some rows, of those that stay out of the release too."""
        if not self.has(partition):
            self.needles.add(batch)

    def done(self, partition: Partition) -> None:
        """All rows of a partition were taken."""
        with self._lock:
            self._done.add(_id(partition))

    def learn(self, batch: pa.RecordBatch, made: pa.RecordBatch) -> None:
        """Learn which pseudonyms persons have in the release."""
        if self.own is not None and batch.num_rows:
            keys = batch.column(self.needles.given.person)
            self.needles.pseudonyms(keys, made.column(self.own.output))

    def learn_again(self, batch: pa.RecordBatch) -> None:
        """The same from rows whose output another process wrote."""
        if self.own is not None and self.apply is not None and batch.num_rows:
            keys = batch.column(self.needles.given.person)
            self.needles.pseudonyms(keys, self.apply(keys))

    @property
    def complete(self) -> int:
        """Partitions taken."""
        return len(self._done)


class LeakTest:
    """Everything that one publish looks for. Holds digests: never printed or pickled."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._needles = Needles()
        self._watches: dict[str, Watch] = {}
        originals_ = [(planned, self._originals(planned)) for planned in making.plan.tables]
        told = {given.entity for planned, given in originals_ if _own(planned, given.person)}
        for planned, given in originals_:
            if given.fields or given.person:
                known = replace(given, told=given.entity in told)
                watch = Watch(planned, self._needles.table(known))
                self._watches[str(planned.table)] = watch

    def __repr__(self) -> str:
        return f"<LeakTest of {len(self._watches)} tables>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._needles.close()

    def watch(self, planned: TablePlan) -> Watch | None:
        """What watches the rows of a table."""
        return self._watches.get(str(planned.table))

    def follow(self, work: TableWork) -> TableWork:
        """Let the work on a table tell which pseudonyms persons have."""
        watch = self.watch(work.plan)
        if watch is not None and watch.own is not None:
            watch.apply = work.apply[watch.own.output]
            work.learn = watch.learn
        return work

    def result(self, manifest: Manifest) -> GateResult:
        """What the gate says of the release against its source."""
        others, open_ = self._others()
        if not self._nothing_new():
            self._read_the_rest()
        found = against_source(
            self._making.staging.path,
            manifest,
            self._needles,
            columns=list(self._made(manifest)),
            persons=dict(self._persons()),
            reread=self._again,
            others=others,
        )
        return GateResult(found.checks, (*found.not_checked, *open_))

    # ------------------------------------------------------------------ the source

    def _originals(self, planned: TablePlan) -> Originals:
        person = entity = ""
        if 0 < len(planned.person_path) <= _KEY_PATH:
            own, _, column = planned.person_path[0].rpartition(".")
            person = column if own == str(planned.table) else ""
            entity = planned.person_path[-1]
        if person not in self._columns(planned):
            person = ""
        fields = [
            Original(str(f.field), _column(f), f.category, kept=self._kept(f))
            for f in self._found(planned)
            if kind_of(f.category) is not Kind.CELL
            or f.category in _PAIRED
            or (f.output and not self._kept(f))
        ]
        return originals(fields, person=person, entity=entity)

    def _found(self, planned: TablePlan) -> Iterator[FieldPlan]:
        """Fields that are, as a whole, something personal, and still there."""
        there = self._columns(planned)
        taxonomy = self._making.bound.taxonomy
        for field in planned.fields:
            known = field.how is How.IS and field.category in taxonomy
            if known and taxonomy[field.category].personal and _column(field) in there:
                yield field

    def _columns(self, planned: TablePlan) -> set[str]:
        table = self._making.tables.get(str(planned.table))
        fields = table.fields if table is not None else ()
        known = {str(f.ref) for f in fields}
        return {_column(f) for f in planned.fields if str(f.field) in known}

    def _nothing_new(self) -> bool:
        """Whether every row was taken over: all was tested together when it was made."""
        reuse = self._making.reuse
        return reuse is not None and all(t.kept == t.partitions for t in reuse.tables.values())

    def _read_the_rest(self) -> None:
        for watch in self._watches.values():
            planned = watch.planned
            receipts = self._making.receipts.get(planned.output, ())
            if receipts and watch.complete >= len(receipts):
                continue
            table = self._making.tables[str(planned.table)]
            if not receipts and (table.kind == "documents" or not watch.needles.given.fields):
                continue
            snapshot = self._making.snapshots[planned.table.source]
            for partition in snapshot.partitions(table):
                if watch.has(partition):
                    continue
                columns = list(watch.needles.given.columns)
                for batch in snapshot.batches(partition, columns=columns, where=planned.where):
                    watch.take(partition, batch)
                    watch.learn_again(batch)
                watch.done(partition)

    def _again(self) -> Iterator[tuple[Original, pa.Array]]:
        """Every field that is something personal, once more, for hashes of what it holds."""
        for planned in self._making.plan.tables:
            fields = list(self._found(planned))
            table = self._making.tables.get(str(planned.table))
            if not fields or table is None or table.kind == "documents":
                continue
            snapshot = self._making.snapshots[planned.table.source]
            columns = [*dict.fromkeys(_column(f) for f in fields)]
            for partition in snapshot.partitions(table):
                for batch in snapshot.batches(partition, columns=columns, where=planned.where):
                    for field in fields:
                        column = _column(field)
                        original = Original(str(field.field), column, field.category)
                        yield original, batch.column(column)

    # ------------------------------------------------------------------ the plan

    def _kept(self, field: FieldPlan) -> bool:
        """Whether the plan lets the values themselves out, or ones that look like them."""
        if not field.output:
            return False
        return bool(self._making.bound.transforms[field.transform].SPEC.keeps_category)

    def _made(self, manifest: Manifest) -> Iterator[Made]:
        planned = {(t.output, f.output): f for t in self._making.planned for f in t.fields}
        for table in manifest.tables:
            for column in (each for top in table.columns for each in top.each()):
                field = planned.get((table.name, column.name))
                yield (
                    self._one(table.name, column, field)
                    if field is not None
                    else Made(table.name, column.name)
                )

    def _one(self, table: str, column: ReleaseColumn, field: FieldPlan) -> Made:
        kept, redacted = self._kept(field), field.transform == "redact_text"
        receipts = self._making.receipts.get(table, ())
        mentions = sum(r.counts.get(f"{column.name}: redacted", 0) for r in receipts)
        return Made(
            table,
            column.name,
            field=str(field.field),
            kept=kept,
            hidden=bool(column.alphabet) and not kept,
            redacted=redacted,
            remaining=self._making.bound.text_finders.missed if redacted else {},
            mentions=mentions,
            decided=field.reason == "rule",
        )

    def _persons(self) -> Iterator[tuple[str, str]]:
        for planned in self._making.planned:
            watch = self.watch(planned)
            if planned.person_path:
                own = watch.own if watch is not None else None
                yield planned.output, own.output if own is not None else ""

    def _others(self) -> tuple[Sequence[Other], Sequence[str]]:
        """Releases of the same project that stand in folders."""
        found, open_ = [], []
        config = self._making.bound.config
        for name, release in config.releases.items():
            if name == self._making.plan.release:
                continue
            if release.in_store:
                open_.append(f"whether surrogates of the release {name} stand here as well")
                continue
            with suppress(GateError, SladdError, OSError):
                folder = resolve(config.folder_of(name))
                found.append(Other(name, folder, read_manifest(folder)))
        return found, open_


def _own(planned: TablePlan, person: str) -> FieldPlan | None:
    """The column of the release with the pseudonym of each row's person."""
    keyed = (f for f in planned.fields if f.output and f.key_type)
    return next((f for f in keyed if f.field.column == person), None)


def _column(field: FieldPlan) -> str:
    from sladd.pipeline.columns import source_column

    return source_column(field)


def _id(partition: Partition) -> str:
    return repr(sorted(partition.spec.items()))
