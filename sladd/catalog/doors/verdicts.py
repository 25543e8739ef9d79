"""What people decided on the fields."""

from __future__ import annotations

from collections.abc import Sequence

from sladd.catalog import audit, deciding, imports, links, verdict_file, verdicts
from sladd.catalog.deciding import Asked, Taken
from sladd.catalog.doors.door import Door
from sladd.catalog.records import ImportResult
from sladd.model import Decision, Verdict


class Verdicts(Door):
    """Reached as `catalog.verdicts`; each method is one transaction."""

    def decide(
        self, field: str, decision: Decision, *, category: str = "", reason: str, by: str
    ) -> Verdict:
        """Take a decision on a field; it closes a reopened one.

        Raises:
            DecisionError: the field or the category is unknown, or there is nothing to
                confirm (SLADD-510…512).
        """
        with self.database.writing() as connection:
            now = self.clock()
            verdict = verdicts.decide(
                connection,
                now,
                field,
                Decision(decision),
                category=category,
                reason=reason,
                by=by,
                taxonomy=self.taxonomy,
            )
            detail = {"decision": verdict.decision.value, "category": verdict.category}
            audit.append(connection, now, action="decide", subject=field, by=by, detail=detail)
            return verdict

    def decide_seen(self, asked: Sequence[Asked], *, by: str) -> Sequence[Taken]:
        """Take decisions on what was shown: all of them, or none when it no longer stands.

        Raises:
            OvertakenError: somebody decided, or a scan found something else (SLADD-960).
            DecisionError: a decision does not fit its finding (SLADD-510…512).
        """
        with self.database.writing() as connection:
            now = self.clock()
            taken = deciding.decide_seen(connection, now, asked, by=by, taxonomy=self.taxonomy)
            for each in taken:
                verdict = each.verdict
                detail = {"decision": verdict.decision.value, "category": verdict.category}
                if len(taken) > 1:
                    detail["alike"] = str(len(taken))
                audit.append(
                    connection, now, action="decide", subject=verdict.field, by=by, detail=detail
                )
            return taken

    def undo(self, first: int, until: int, *, by: str) -> Sequence[str]:
        """Take the verdicts of these numbers back; what held before holds again.

        Raises:
            OvertakenError: one of them no longer holds (SLADD-960).
            DecisionError: there is none to take back (SLADD-961).
        """
        with self.database.writing() as connection:
            now = self.clock()
            back = deciding.undo(connection, now, first, until, by=by)
            for number, field in back:
                audit.append(
                    connection,
                    now,
                    action="decide.undo",
                    subject=field,
                    by=by,
                    detail={"verdict": number},
                )
            return [field for _, field in back]

    def history(self, field: str) -> Sequence[Verdict]:
        """Every verdict of a field, oldest first; the last one holds."""
        with self.database.reading() as connection:
            return verdicts.history(connection, field)

    def export(self) -> str:
        """The verdicts that hold, as YAML in a stable order."""
        with self.database.reading() as connection:
            return verdict_file.export(
                verdicts.current(connection).values(), links.verdicts(connection)
            )

    def take_over(self, text: str, by: str) -> ImportResult:
        """Take over the verdicts of a file: all of them, or none when one is wrong.

        Raises:
            DecisionError: what is wrong, with its line (SLADD-512, 513).
            ManyErrors: several of them.
        """
        entries, about_links = verdict_file.parse(text, now=self.clock(), taxonomy=self.taxonomy)
        with self.database.writing() as connection:
            now = self.clock()
            result = imports.merge(connection, now, entries, by=by, taxonomy=self.taxonomy)
            result = imports.merge_links(connection, now, about_links, result, by=by)
            if result.applied:
                audit.append(
                    connection,
                    now,
                    action="verdicts.import",
                    subject="verdicts",
                    by=by,
                    detail={"applied": list(result.applied)},
                )
            return result
