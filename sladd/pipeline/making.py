"""The tables of a release, read, transformed and put in order, in a staging folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import PlanError, raise_all
from sladd.model import (
    Needs,
    Partition,
    Plan,
    Progress,
    Receipt,
    Snapshot,
    StorageType,
    Table,
    TablePlan,
)
from sladd.pipeline.bind import Bound
from sladd.pipeline.columns import TableWork, appliers, cast_part, take_counts, work_partition
from sladd.pipeline.elsewhere import PartDone, PartOrder, Run
from sladd.pipeline.exclusions import Exclusions, exclusions
from sladd.pipeline.integrity import KeyCounts, joins
from sladd.pipeline.persons import Known, known_persons
from sladd.pipeline.texts import Remembered

if TYPE_CHECKING:
    from sladd.config import ReleaseConfig
    from sladd.keyring import MasterKey
    from sladd.release import ReleaseFile
    from sladd.targets.directory import Staging
    from sladd.targets.parquet import FinishedTable
    from sladd.vault import Tokens

PARTITION_ROWS = 200_000


class PartWork:
    """The work on the partitions of one table: in this process, or by order in another."""

    def __init__(self, making: Making, work: TableWork) -> None:
        self._making, self._work = making, work

    def __repr__(self) -> str:
        return f"<PartWork {self._work.plan.output}>"

    def __call__(self, item: Partition) -> Receipt:
        """Work a partition here."""
        return work_partition(self._work, item, self._path(item))

    @property
    def elsewhere(self) -> bool:
        """Whether another process sees the same: files do not change, a transaction is here."""
        source = self._work.plan.table.source
        files = self._making.bound.config.sources[source].files is not None
        return files and self._making.vault is None  # tokens are given by one process

    def order(self, item: Partition) -> PartOrder:
        """References to a partition, for another process."""
        return PartOrder(
            self._making.run(), self._work.plan.output, item, str(self._path(item).absolute())
        )

    def take(self, item: Partition, done: PartDone) -> Receipt:
        """Take back the counts of a partition that another process has worked."""
        take_counts(self._work, item, done)
        return done.receipt

    def _path(self, item: Partition) -> Path:
        return self._making.staging.part_path(self._work.plan.output, item.index)


Mapper = Callable[[PartWork, Sequence[Partition]], Iterator[Receipt]]


class Making:
    """One release between opening the sources and the switch. Holds keys of rows."""

    def __init__(
        self,
        bound: Bound,
        made: Plan,
        release: ReleaseConfig,
        master: MasterKey,
        staging: Staging | None,
        tables: Sequence[Table],
        snapshots: Mapping[str, Snapshot],
        at: datetime | None = None,
    ) -> None:
        self.bound, self.plan, self.release = bound, made, release
        self.master, self._staging, self.snapshots = master, staging, snapshots
        self.at = at or datetime.now(UTC)
        self.tables = {str(table.ref): table for table in tables}
        self.planned = [t for t in made.tables if t.output and any(f.output for f in t.fields)]
        self.joins = joins(tables, self.planned)
        self.counts = KeyCounts()
        self.finished: dict[str, FinishedTable] = {}
        self.receipts: dict[str, list[Receipt]] = {}
        self.vault: Tokens | None = None

    def __repr__(self) -> str:
        return f"<Making {self.plan.release}>"

    @property
    def staging(self) -> Staging:
        """Where the release is made; a process that works single partitions has none."""
        assert self._staging is not None  # noqa: S101
        return self._staging

    def run(self) -> Run:
        """This publish by reference."""
        return Run(
            config=str(self.bound.config.file.absolute()),
            release=self.plan.release,
            at=self.at,
            policy_sha256=self.plan.policy_sha256,
            key_id=self.master.key_id,
            snapshots=tuple(
                (name, snapshot.id)
                for name, snapshot in sorted(self.snapshots.items())
                if self.bound.config.sources[name].files is not None
            ),
        )

    def left_out(self) -> Exclusions:
        """Rows that stay out of the release."""
        return exclusions(
            self.plan,
            list(self.tables.values()),
            self.snapshots,
            {
                k: v
                for k, v in self.release.leave_out_columns.items()
                if k in self.release.leave_out
            },
        )

    def transform(self, tell: Progress, mapper: Mapper) -> None:
        """Read, transform, write and put in order every table."""
        left_out = self.left_out()
        for number, planned in enumerate(self.planned):
            tell(planned.output, number, len(self.planned))
            work = self.work(planned, left_out)
            partitions = work.snapshot.partitions(work.table, rows=PARTITION_ROWS)
            # Partitions come back in any order; the order of a release does not depend on it.
            receipts = list(mapper(PartWork(self, work), partitions))
            self.receipts[planned.output] = receipts
            self._finish(work, receipts)
            # What a large table took goes back before the next one takes its own.
            pa.default_memory_pool().release_unused()
        tell("sorted", len(self.planned), len(self.planned))

    def work(self, planned: TablePlan, left_out: Exclusions) -> TableWork:
        """All that the partitions of one table have in common."""
        table = self.tables[str(planned.table)]
        by_row = self._by_row(planned)
        finders = self.bound.text_finders if by_row else None
        return TableWork(
            table=table,
            plan=planned,
            snapshot=self.snapshots[planned.table.source],
            exclusions=left_out,
            apply=appliers(
                self.plan,
                planned,
                master=self.master,
                vault=self.vault,
                find_spans=Remembered(finders.everything) if finders else None,
                find_known=finders.known if finders else None,
                transforms=self.bound.transforms,
                language="nb",
                labels={c.key: c.label_nb for c in self.bound.taxonomy},
                missed=finders.missed if finders else None,
            ),
            counted=frozenset(self._counted(planned)),
            counts=self.counts,
            guessed=_typed(planned, self.bound),
            by_row=by_row,
            known=known_persons(planned, self.plan, self.tables, self.snapshots)
            if by_row
            else Known({}),
        )

    def _by_row(self, planned: TablePlan) -> frozenset[str]:
        """Columns of the release whose transform needs the row: redacted texts."""
        transforms = self.bound.transforms
        return frozenset(
            f.output
            for f in planned.fields
            if f.output
            and any(p.output and transforms[p.transform].SPEC.needs is Needs.ROW for p in f.each())
        )

    def texts(self) -> tuple[ReleaseFile, ...]:
        """A text file for each document, where the release asks for them."""
        from sladd.targets.documents import write_texts

        if self.release.documents != "text":
            return ()
        return tuple(
            file
            for planned in self.planned
            if self.tables[str(planned.table)].kind == "documents"
            for file in write_texts(
                self.staging.path,
                self.finished[planned.output],
                {f.field.column: f.output for f in planned.fields if f.output},
            )
        )

    def _counted(self, planned: TablePlan) -> Iterator[str]:
        """Key columns of which distinct values are counted before and after."""
        for join in self.joins:
            if len(join.columns) == 1:
                if join.table == planned.output:
                    yield join.columns[0]
                if join.target == planned.output:
                    yield join.target_columns[0]

    def unique(self, planned: TablePlan) -> Iterator[str]:
        """Single columns that the source promises to be unique, and that come along joinable."""
        table = self.tables[str(planned.table)]
        promised = {k[0] for k in (table.primary_key, *table.unique_keys) if len(k) == 1}
        promised |= {f.ref.column for f in table.fields if f.unique}
        for field in planned.fields:
            if field.output and field.field.column in promised and not field.field.path:
                spec = self.bound.transforms[field.transform].SPEC
                if spec.keeps_apart(field.parameters):
                    yield field.output

    def _finish(self, work: TableWork, receipts: Sequence[Receipt]) -> None:
        parts = [Path(file) for receipt in receipts for file in receipt.files]
        casts = {c: cast for c, guess in work.guesses.items() if (cast := guess.cast())}
        self._all_typed(work, casts)
        if casts:
            parts = [cast_part(part, casts) for part in parts]
        schema = self._schema(work, parts)
        keys = [
            f.output
            for f in work.plan.fields
            if (spec := self.bound.transforms[f.transform].SPEC).keyed
            and spec.joinable
            and f.output in schema.names
            and not pa.types.is_nested(schema.field(f.output).type)
        ]
        self.finished[work.plan.output] = self.staging.finish_table(
            work.plan.output,
            parts,
            schema,
            key_columns=keys[:1],
            buckets=self.release.buckets,
        )

    def _all_typed(self, work: TableWork, casts: Mapping[str, object]) -> None:
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
                if must
                and column not in casts
                and column in work.guesses
                and work.guesses[column].rows
            ]
        )

    def _schema(self, work: TableWork, parts: Sequence[Path]) -> pa.Schema:
        """Columns of the parts; for a table without rows, those of the plan as text."""
        from sladd.targets.parts import read_part

        for part in parts:
            for batch in read_part(part):
                return batch.schema
        return pa.schema([pa.field(f.output, pa.string()) for f in work.plan.fields if f.output])


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
