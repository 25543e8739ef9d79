"""The rows of a table that leave: not left out, and of persons who are in the sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from sladd.keyring import DerivedKey, MasterKey
from sladd.model import FieldPlan, Partition, Plan, Snapshot, Table, TablePlan
from sladd.pipeline.exclusions import Exclusions
from sladd.pipeline.subjects import Subject, Subjects
from transforms.contract import Chunk
from transforms.draws import between, draw

if TYPE_CHECKING:
    from sladd.pipeline.leaks import Watch


@dataclass(frozen=True, slots=True)
class PersonSample:
    """The persons of a sample. The key decides who is in it, so it is the same in all tables.

    Rows without a known person are in no sample of persons.
    """

    share: float
    key: DerivedKey
    subject: Subject

    def keep(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of persons in the sample."""
        persons = self.subject.of(batch)
        drawn = between(draw(self.key, "sample", persons)[:, 0])
        there = persons.is_valid().to_numpy(zero_copy_only=False)
        return batch.filter(pa.array(np.asarray((drawn < self.share) & there)))


@dataclass(frozen=True, slots=True)
class LeavingRows:
    """Reads the rows of one table that may leave."""

    plan: TablePlan
    snapshot: Snapshot
    exclusions: Exclusions
    sample: PersonSample | None = None
    watch: Watch | None = None  # sees every row that is read, of those left out too

    def columns(self) -> tuple[str, ...]:
        """Columns of the source that decide which rows leave."""
        own = self.sample.subject.columns() if self.sample is not None else ()
        return (*self.exclusions.columns(str(self.plan.table)), *own)

    def batches(
        self,
        partition: Partition,
        columns: Sequence[str],
        tally: Counter[str] | None = None,
        *,
        encoded: Collection[str] = (),
    ) -> Iterator[pa.RecordBatch]:
        """Batches with at least these columns.

        Args:
            partition: of the table.
            columns: what the caller looks at.
            tally: where `rows_in`, `left_out` and `not_in_sample` are added up.
            encoded: columns that may come as dictionaries.
        """
        address = str(self.plan.table)
        counts = Counter[str]() if tally is None else tally
        wanted = [*dict.fromkeys([*columns, *self.columns()])]
        if self.watch is not None:
            wanted = [*dict.fromkeys([*wanted, *self.watch.columns(partition)])]
        for batch in self.snapshot.batches(
            partition, columns=wanted, where=self.plan.where, encoded=encoded
        ):
            if self.watch is not None:
                self.watch.take(partition, batch)
            counts["rows_in"] += batch.num_rows
            rest = self.exclusions.keep(address, batch)
            counts["left_out"] += batch.num_rows - rest.num_rows
            if self.sample is not None:
                drawn = self.sample.keep(rest)
                counts["not_in_sample"] += rest.num_rows - drawn.num_rows
                rest = drawn
            yield rest
        counts.update(self._empty_now(partition))
        if self.watch is not None:
            self.watch.done(partition)

    def _empty_now(self, partition: Partition) -> dict[str, int]:
        """Values for which no type of a release has a place, as transforms count theirs."""
        lost = getattr(self.snapshot, "lost", None)
        found: Mapping[str, int] = lost(partition) if lost is not None else {}
        return {
            f"{planned.output}: unparsed": found[planned.field.column]
            for planned in self.plan.fields
            if planned.output and not planned.field.path and planned.field.column in found
        }


def sampled(
    plan: Plan, planned: TablePlan, subjects: Subjects, master: MasterKey
) -> PersonSample | None:
    """The sample that the rows of a table are drawn by; None for a table that comes whole.

    A table of other persons, or of nobody, comes whole: what it says of the persons who were
    drawn stays.
    """
    drawn = plan.sample
    if drawn is None or planned.person != drawn.person:
        return None
    key = master.derive(plan.domain, f"sample {drawn.person}", plan.key_version)
    return PersonSample(drawn.share, key, subjects.of(planned))


def whole_column(
    rows: LeavingRows, table: Table, givers: Mapping[str, Any], planned: FieldPlan
) -> Iterator[Chunk]:
    """A column as it leaves, from first to last row, for a transform that must see it first.

    Args:
        rows: of the table.
        table: as the source lists it.
        givers: what transforms need beside their columns, by output column.
        planned: the column.
    """
    from sladd.pipeline.columns import source_column

    giver = givers.get(planned.output)
    column = source_column(planned)
    needed = [column, *(giver.columns() if giver is not None else ())]
    for partition in rows.snapshot.partitions(table):
        for batch in rows.batches(partition, needed):
            yield Chunk(batch.column(column), giver.of(batch) if giver is not None else None)
