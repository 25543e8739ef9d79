"""The partitions of one table: worked in this process, or by order in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.model import Partition, Receipt
from sladd.pipeline.columns import TableWork, take_counts, work_partition
from sladd.pipeline.elsewhere import PartDone, PartOrder

if TYPE_CHECKING:
    from sladd.pipeline.incremental.table import TableReuse
    from sladd.pipeline.making.release import Making

PARTITION_ROWS = 200_000
STREAMED_ROWS = 1_000_000  # of a database: each partition is a query that has to get going
_KEPT_BYTES = 64_000_000  # of parts, between two times that memory is given back


class PartWork:
    """The work on the partitions of one table: in this process, or by order in another."""

    def __init__(self, making: Making, work: TableWork, again: TableReuse | None = None) -> None:
        self._making, self._work, self._again = making, work, again
        self._since = 0  # bytes of parts that were written since memory was given back

    def __repr__(self) -> str:
        return f"<PartWork {self._work.plan.output}>"

    def __call__(self, item: Partition) -> Receipt:
        """Work a partition here."""
        try:
            if self._again is None:
                return work_partition(self._work, item, self._path(item))
            own = self._again.own_work()
            receipt = work_partition(own, item, self._path(item))
            self._again.done(item, receipt, own)
            return receipt
        finally:
            self._give_back(item)

    @property
    def elsewhere(self) -> bool:
        """Whether another process sees the same: files do not change, a transaction is here.

        Nor can it give tokens of a vault, or what is drawn anew for each version, or know whose
        row it is without reading other tables.
        """
        config = self._making.bound.config
        alone = not self._work.givers and self._work.rows.sample is None
        same = all(
            (used := self._work.transforms[f.transform]).SPEC.deterministic
            and not hasattr(used, "fit")
            for f in self._work.plan.fields
            if f.output
        )
        files = all(config.sources[n].files is not None for n in self._making.release.from_)
        return files and alone and same and self._making.vault is None and self._again is None

    def order(self, item: Partition) -> PartOrder:
        """References to a partition, for another process."""
        return PartOrder(
            self._making.run(), self._work.plan.output, item, str(self._path(item).absolute())
        )

    def take(self, item: Partition, done: PartDone) -> Receipt:
        """Take back the counts of a partition that another process has worked."""
        take_counts(self._work, item, done)
        return done.receipt

    def _give_back(self, item: Partition) -> None:
        """Arrow keeps what its arrays took: over many partitions that adds up.

        Not after each: what is given back has to be asked for again, page by page.
        """
        path = self._path(item)
        self._since += path.stat().st_size if path.exists() else 0
        if self._since > _KEPT_BYTES:
            self._since = 0
            pa.default_memory_pool().release_unused()

    def _path(self, item: Partition) -> Path:
        return self._making.staging.part_path(self._work.plan.output, item.index)


Mapper = Callable[[PartWork, Sequence[Partition]], Iterator[Receipt]]
