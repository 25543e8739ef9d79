"""How releases were to be made, and who approved or refused that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sladd.catalog import audit, plans, releases
from sladd.catalog.doors.door import Door
from sladd.catalog.records import KeptPlan, PlanApproval, PlanRefusal


class Plans(Door):
    """Reached as `catalog.plans`; each method is one transaction."""

    def approve(
        self, release: str, policy_sha256: str, fields: Sequence[str], by: str, reason: str = ""
    ) -> None:
        """Keep that a plan was approved, for exactly these fields."""
        with self.database.writing() as connection:
            now = self.clock()
            releases.approve(
                connection,
                now,
                release=release,
                policy_sha256=policy_sha256,
                fields=fields,
                by=by,
                reason=reason,
            )
            detail: dict[str, Any] = {"policy_sha256": policy_sha256, "fields": len(set(fields))}
            if reason:
                detail["reason"] = reason
            audit.append(
                connection, now, action="plan.approve", subject=release, by=by, detail=detail
            )

    def refuse(self, release: str, plan_sha256: str, reason: str, by: str) -> None:
        """Keep that a plan was refused; it stays so until it is another."""
        with self.database.writing() as connection:
            now = self.clock()
            plans.refuse(
                connection, now, release=release, plan_sha256=plan_sha256, reason=reason, by=by
            )
            detail = {"policy_sha256": plan_sha256, "reason": reason}
            audit.append(
                connection, now, action="plan.refuse", subject=release, by=by, detail=detail
            )

    def refusals(self, release: str) -> Sequence[PlanRefusal]:
        """Every refusal of a release, oldest first."""
        with self.database.reading() as connection:
            return plans.refusals(connection, release)

    def keep(
        self, release: str, plan_sha256: str, content: Mapping[str, Any], *, by: str = ""
    ) -> None:
        """Keep the present plan of a release, for the officer to read."""
        with self.database.writing() as connection:
            plans.keep(
                connection,
                self.clock(),
                release=release,
                plan_sha256=plan_sha256,
                content=content,
                by=by,
            )

    def kept(self, release: str, plan_sha256: str | None = None) -> KeptPlan | None:
        """The plan that was made last, or the one of that hash; None when none was kept."""
        with self.database.reading() as connection:
            if plan_sha256 is None:
                return plans.last(connection, release)
            return plans.of(connection, release, plan_sha256)

    def approvals(self, release: str) -> Sequence[PlanApproval]:
        """Every approval of a release, oldest first."""
        with self.database.reading() as connection:
            return releases.approvals(connection, release)

    def approved_fields(self, release: str) -> frozenset[str] | None:
        """The fields of the last approval; None when the release was never approved."""
        given = self.approvals(release)
        return given[-1].fields if given else None
