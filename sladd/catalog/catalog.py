"""The catalog: opened once, and asked through one door for each subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sladd.catalog.accounts import Accounts
from sladd.catalog.database import Database, open_database
from sladd.catalog.doors.activities import Activities
from sladd.catalog.doors.fields import Fields
from sladd.catalog.doors.links import Links
from sladd.catalog.doors.plans import Plans
from sladd.catalog.doors.releases import Releases
from sladd.catalog.doors.scans import Scans
from sladd.catalog.doors.tables import Tables
from sladd.catalog.doors.trail import AuditTrail
from sladd.catalog.doors.verdicts import Verdicts
from sladd.catalog.doors.worklist import Worklist
from sladd.catalog.known import Kept
from sladd.catalog.migrate import migrate
from sladd.catalog.outbox import Outbox
from sladd.taxonomy import Taxonomy
from sladd.taxonomy import load as load_taxonomy


def _now() -> datetime:
    return datetime.now(UTC)


def open_catalog(url: str, *, root: Path, clock: Callable[[], datetime] = _now) -> Catalog:
    """Open the catalog, and create or migrate it when needed.

    Args:
        url: `sqlite:///…` (a relative path starts at `root`) or `postgresql+psycopg://…`.
        root: the directory of `sladd.yaml`.
        clock: tells the time.

    Raises:
        CatalogError: it cannot be opened, or a newer sladd wrote it (SLADD-501…509).
    """
    database = open_database(url, root=root)
    try:
        migrate(database)
    except BaseException:
        database.engine.dispose()
        raise
    return Catalog(database, load_taxonomy(), clock)


class Catalog:
    """What is known of the sources and what was decided. Made by `open_catalog`.

    Attributes:
        scans: what was scanned, what could not be, and what changed between scans.
        fields: what was found and decided, field by field.
        tables: what the scans say of the tables, and of the documents in them.
        worklist: what waits for a decision, and how much is done.
        verdicts: what people decided on fields.
        links: which fields lead from table to table.
        releases: what was published.
        plans: how releases were to be made, and who approved or refused that.
        activities: the processing activities of the record.
        accounts: who may use the review application.
        outbox: what is to be told, and to whom it was.
        audit: the audit trail.
    """

    def __init__(
        self, database: Database, taxonomy: Taxonomy, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        kept = Kept(database, taxonomy)
        self.scans = Scans(database, clock, taxonomy)
        self.fields = Fields(database, clock, taxonomy, kept)
        self.tables = Tables(database, clock, taxonomy)
        self.worklist = Worklist(database, clock, taxonomy, kept)
        self.verdicts = Verdicts(database, clock, taxonomy)
        self.links = Links(database, clock, taxonomy)
        self.releases = Releases(database, clock, taxonomy)
        self.plans = Plans(database, clock, taxonomy)
        self.activities = Activities(database, clock, taxonomy)
        self.accounts = Accounts(database, clock)
        self.outbox = Outbox(database, clock)
        self.audit = AuditTrail(database, clock, taxonomy)

    def __repr__(self) -> str:
        return f"<Catalog in {self._database.engine.dialect.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def wait_at_most(self, seconds: float) -> None:
        """Wait no longer than that for another writer: where a person does, it is told sooner."""
        self._database.wait_s = min(self._database.wait_s, seconds)

    def close(self) -> None:
        """Release connections."""
        self._database.engine.dispose()
