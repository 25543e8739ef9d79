"""Who did what: a chain of entries, of which none can be changed unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sladd.catalog import audit
from sladd.catalog.doors.door import Door
from sladd.catalog.records import AuditEntry


class AuditTrail(Door):
    """Reached as `catalog.audit`; each method is one transaction."""

    def append(
        self, action: str, subject: str, by: str, detail: Mapping[str, Any] | None = None
    ) -> AuditEntry:
        """Add an entry to the audit trail. Names and counts only."""
        with self.database.writing() as connection:
            return audit.append(
                connection, self.clock(), action=action, subject=subject, by=by, detail=detail
            )

    def entries(self, *, after: int = 0) -> Sequence[AuditEntry]:
        """The audit trail, oldest first, from the entry behind number `after`."""
        with self.database.reading() as connection:
            return audit.entries(connection, after=after)

    def head(self) -> tuple[int, str]:
        """Number and hash of the last entry, to be kept where the catalog's writers are not."""
        with self.database.reading() as connection:
            return audit.head(connection)

    def page(
        self,
        *,
        action: str = "",
        by: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        skip: int = 0,
        most: int = 50,
    ) -> tuple[int, Sequence[AuditEntry]]:
        """How many entries fit, and a page of them, newest first."""
        with self.database.reading() as connection:
            return audit.page(
                connection, action=action, by=by, since=since, until=until, skip=skip, most=most
            )

    def known(self) -> tuple[Sequence[str], Sequence[str]]:
        """Every action and every person of the trail."""
        with self.database.reading() as connection:
            return audit.known(connection)

    def verify(
        self, *, heads: Mapping[int, str] | None = None, last: int | None = None
    ) -> list[str]:
        """What is wrong with the audit trail, in words; empty when it is whole.

        Args:
            heads: number → hash of entries that were exported and must still be there.
            last: look at no more than this many of the last entries.
        """
        with self.database.reading() as connection:
            return audit.verify(connection, heads=heads, last=last)
