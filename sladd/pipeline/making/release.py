"""One release between opening its sources and the switch."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sladd.gate.measured import Measured
from sladd.model import Partition, Plan, Progress, Receipt, Snapshot, Table, TablePlan
from sladd.pipeline.bind import Bound
from sladd.pipeline.columns import TableWork
from sladd.pipeline.elsewhere import Run
from sladd.pipeline.empties import Empties
from sladd.pipeline.exclusions import Exclusions, exclusions
from sladd.pipeline.integrity import KeyCounts, joins
from sladd.pipeline.making import parts
from sladd.pipeline.making.finishing import finish
from sladd.pipeline.making.tables import keys_of, work_of
from sladd.pipeline.reach import flags_of
from sladd.pipeline.subjects import Subjects

if TYPE_CHECKING:
    from sladd.config import ReleaseConfig
    from sladd.keyring import MasterKey
    from sladd.pipeline.assurance import AnonymisedTable, Measures
    from sladd.pipeline.incremental import Reuse
    from sladd.pipeline.leaks import LeakTest
    from sladd.release import ReleaseFile
    from sladd.targets.directory import Staging
    from sladd.targets.parquet import FinishedTable
    from sladd.vault import Tokens as VaultTokens


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
        reuse: Reuse | None = None,
        standing: str | None = None,
        at: datetime | None = None,
    ) -> None:
        self.bound, self.plan, self.release = bound, made, release
        self.master, self._staging, self.snapshots = master, staging, snapshots
        self.tables = {str(table.ref): table for table in tables}
        self.planned = [t for t in made.tables if t.output and any(f.output for f in t.fields)]
        # Anonymised tables are not linked: none has a key.
        self.joins = joins(tables, self.planned) if made.kind != "anonymised" else []
        self.reuse, self._standing = reuse, standing
        self.at = at or datetime.now(UTC)
        self.counts = KeyCounts(reuse.digest_key[:16] if reuse else None)
        self.fresh = secrets.token_bytes(32)
        self.subjects = Subjects(made, self.tables, snapshots, master, bound.person_links())
        self.finished: dict[str, FinishedTable] = {}
        self.receipts: dict[str, list[Receipt]] = {}
        self.empties: dict[str, dict[str, Empties]] = {}  # table → column
        self.vault: VaultTokens | None = None
        self.leaks: LeakTest | None = None
        self.anonymity: Mapping[str, Any] = {}  # what the search found, for the manifest
        self.searched: list[AnonymisedTable] = []
        self.measured = Measured()
        self.measures: Measures | None = None  # of an anonymised release as a whole

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
            flags_of(self.release),
        )

    def transform(self, tell: Progress, mapper: parts.Mapper) -> None:
        """Read, transform, write and put in order every table."""
        left_out = self.left_out()
        if self.plan.kind == "anonymised":
            from sladd.pipeline.anonymity import make_tables

            self.anonymity = make_tables(self, left_out, tell)
            return
        if self.reuse is not None:
            self.reuse.start(self._standing, left_out, self.at)
        for number, planned in enumerate(self.planned):
            tell(planned.output, number, len(self.planned))
            work = self.work(planned, left_out)
            by = self.release.incremental.get(str(planned.table))
            again = self.reuse.table(work, by.by if by else "") if self.reuse else None
            kept: list[Receipt] = []
            partitions: Sequence[Partition]
            if again is None:
                source = self.bound.config.sources[planned.table.source]
                rows = parts.PARTITION_ROWS if source.database is None else parts.STREAMED_ROWS
                partitions = work.rows.snapshot.partitions(work.table, rows=rows)
            else:
                folder = self.staging.part_path(planned.output, 0).parent
                partitions, kept = again.split(parts.PARTITION_ROWS, folder)
            # Partitions come back in any order; the order of a release does not depend on it.
            receipts = [*kept, *mapper(parts.PartWork(self, work, again), partitions)]
            self.receipts[planned.output] = receipts
            finish(self, work, receipts, again)
            # What a large table took goes back before the next one takes its own.
            pa.default_memory_pool().release_unused()
        tell("sorted", len(self.planned), len(self.planned))

    def work(self, planned: TablePlan, left_out: Exclusions) -> TableWork:
        """All that the partitions of one table have in common."""
        return work_of(self, planned, left_out)

    def keys(self, planned: TablePlan) -> Iterator[tuple[str, ...]]:
        """Keys that the source promises to be unique and that come along, the primary one first."""
        return keys_of(self, planned)

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

    def keeping(self) -> Iterator[tuple[str, Empties]]:
        """Columns whose transform leaves NULL and the empty text as they are, and their counts."""
        for planned in self.planned:
            for field in planned.fields:
                if not field.output:
                    continue
                spec = self.bound.transforms[field.transform].SPEC
                counted = self.empties.get(planned.output, {}).get(field.output)
                if counted is not None and (spec.joinable or spec.name == "keep"):
                    yield f"{planned.output}.{field.output}", counted
