"""Which fields lead from table to table, and which tables hold the same persons."""

from __future__ import annotations

from collections.abc import Sequence

from sladd.catalog import audit, links
from sladd.catalog.doors.door import Door
from sladd.model import Link, Overlap


class Links(Door):
    """Reached as `catalog.links`; each method is one transaction."""

    def record(self, scope: str, found: Sequence[Link], *, fingerprint: str) -> None:
        """Keep the suggested links of a measurement, in place of those of the one before.

        Args:
            scope: name of the source whose tables were compared, or `links.EVERYWHERE`.
            found: what was measured; declared and decided ones are known otherwise.
            fingerprint: of what was looked at; equal ones need not be measured again.
        """
        with self.database.writing() as connection:
            links.record(connection, self.clock(), scope, found, fingerprint)

    def fingerprint(self, scope: str) -> str | None:
        """Of what the last measurement saw; None before the first."""
        with self.database.reading() as connection:
            return links.fingerprint(connection, scope)

    def all(self, *, gone: bool = False) -> Sequence[Link]:
        """Every link with what was decided: declared, suggested, confirmed, rejected; by name."""
        with self.database.reading() as connection:
            return links.links(connection, gone=gone)

    def decide(self, start: str, end: str, *, confirmed: bool, reason: str, by: str) -> Link:
        """Confirm or reject a link between two fields. It survives rescans.

        Raises:
            DecisionError: there is no such link (SLADD-520), or the source declares it itself
                (SLADD-521).
        """
        with self.database.writing() as connection:
            now = self.clock()
            link = links.decide(
                connection, now, start, end, confirmed=confirmed, reason=reason, by=by
            )
            detail = {"decision": link.state.value, "kind": link.kind.value}
            audit.append(
                connection, now, action="decide.link", subject=link.name, by=by, detail=detail
            )
            return link

    def record_overlaps(self, found: Sequence[Overlap]) -> None:
        """Keep which tables hold the same persons; counts only."""
        with self.database.writing() as connection:
            links.record_overlaps(connection, found)

    def overlaps(self) -> Sequence[Overlap]:
        """Which tables hold the same persons, as last measured."""
        with self.database.reading() as connection:
            return links.overlaps(connection)
