"""What was scanned, what could not be, and what changed between scans."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sladd.catalog import audit, drift, scans
from sladd.catalog.doors.door import Door
from sladd.catalog.finish import finish
from sladd.catalog.records import Drift, ScanId, ScanRecord
from sladd.model import NotScanned, TableScan

_AT_A_TIME = 50  # tables: a fraction of a second


class Scans(Door):
    """Reached as `catalog.scans`; each method is one transaction, but for `record`."""

    def begin(self, source: str, *, ruleset: str, by: str) -> ScanId:
        """Open a scan of a source; nothing of it counts before `finish`.

        Args:
            source: name of the source.
            ruleset: fingerprint of the rules and settings the scan runs under.
            by: who scans.
        """
        with self.database.writing() as connection:
            now = self.clock()
            scan = scans.begin(connection, now, source=source, ruleset=ruleset, by=by)
            audit.append(
                connection,
                now,
                action="scan.begin",
                subject=source,
                by=by,
                detail={"scan": scan, "ruleset": ruleset},
            )
            return scan

    def record(self, scan: ScanId, *tables: TableScan) -> None:
        """Keep what the scan says of tables; a table recorded again replaces the first.

        Some at a time are written in one transaction: a commit costs more than a table, and
        whoever waits to write, waits for a few tables at most.
        """
        for start in range(0, len(tables), _AT_A_TIME):
            with self.database.writing() as connection:
                for table in tables[start : start + _AT_A_TIME]:
                    scans.record(connection, scan, table)

    def record_not_scanned(self, scan: ScanId, missed: Sequence[NotScanned]) -> None:
        """Keep what this scan could not read; `where` equal to the source means all of it."""
        with self.database.writing() as connection:
            scans.record_not_scanned(connection, scan, missed)

    def finish(self, scan: ScanId, *, seen_tables: Collection[str]) -> Drift:
        """Make this scan the one that holds.

        Args:
            scan: the scan.
            seen_tables: addresses of every table the source lists now. What was recorded or
                reported as not scanned counts as seen; any other table of the source has gone.
        """
        with self.database.writing() as connection:
            now = self.clock()
            running = scans.require_running(connection, scan)
            changes = finish(connection, now, scan, seen_tables=seen_tables, taxonomy=self.taxonomy)
            detail = {
                "scan": scan,
                "new": len(changes.new),
                "changed": len(changes.changed),
                "gone": len(changes.gone),
                "reopened": list(changes.reopened),
            }
            audit.append(
                connection,
                now,
                action="scan.finish",
                subject=running.source,
                by=running.actor,
                detail=detail,
            )
            return changes

    def fingerprint(self, table: str, ruleset: str) -> str | None:
        """Fingerprint of the table when last scanned under these rules; None: scan it again."""
        with self.database.reading() as connection:
            return scans.fingerprint(connection, table, ruleset)

    def all(self) -> Sequence[ScanRecord]:
        """Every scan, oldest first."""
        with self.database.reading() as connection:
            return scans.records(connection)

    def last_drift(self, source: str) -> Drift | None:
        """Drift of the last finished scan of a source; None before the first."""
        with self.database.reading() as connection:
            return drift.last_drift(connection, source)

    def drifts(self, source: str) -> Sequence[Drift]:
        """Drift of every finished scan of a source, oldest first."""
        with self.database.reading() as connection:
            return drift.drifts(connection, source)

    def not_scanned(self, source: str | None = None) -> Sequence[NotScanned]:
        """What the last finished scan of each source could not read."""
        with self.database.reading() as connection:
            return scans.not_scanned(connection, source)
