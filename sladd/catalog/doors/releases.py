"""What was published, and into what classes its rows fell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sladd.catalog import audit, ledger, releases
from sladd.catalog.doors.door import Door
from sladd.catalog.records import ClassCounts, ReleaseRecord


class Releases(Door):
    """Reached as `catalog.releases`; each method is one transaction."""

    def record(
        self, name: str, version: str, manifest_summary: Mapping[str, Any], *, by: str = ""
    ) -> None:
        """Keep a published version; the same one again changes nothing."""
        with self.database.writing() as connection:
            now = self.clock()
            new = releases.record(
                connection, now, release=name, version=version, summary=manifest_summary, by=by
            )
            if new:
                detail = {"version": version}
                audit.append(connection, now, action="publish", subject=name, by=by, detail=detail)

    def all(self) -> Sequence[ReleaseRecord]:
        """Every published version, oldest first."""
        with self.database.reading() as connection:
            return releases.records(connection)

    def record_class_counts(self, counts: Sequence[ClassCounts]) -> None:
        """Keep how the anonymised tables of a version were divided; the same again changes nothing."""
        with self.database.writing() as connection:
            for one in counts:
                ledger.record(connection, one)

    def class_counts(self, table: str) -> Sequence[ClassCounts]:
        """Every anonymised table that was published from a source's table, oldest first."""
        with self.database.reading() as connection:
            return ledger.records(connection, table)

    def class_counts_elsewhere(self, tables: Iterable[str]) -> Sequence[ClassCounts]:
        """Every anonymised table that was published from none of these tables, oldest first."""
        with self.database.reading() as connection:
            return ledger.elsewhere(connection, tables)
