"""Approval of a plan: put before the officer, approved or refused, asked for by `sladd publish`.

What is approved is what happens to every field, for what purpose and to whom, under one hash
(`sladd.pipeline.proposal`). A plan that differs in any of it is another plan.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sladd.catalog import KeptPlan, PlanApproval, PlanRefusal
from sladd.errors import PlanError
from sladd.model import Plan
from sladd.pipeline import requests
from sladd.pipeline.bind import Bound
from sladd.pipeline.planning import make_plan, release_named
from sladd.pipeline.proposal import (
    config_sha256,
    content_of,
    fields_of,
    plan_sha256,
    without_values,
)
from sladd.reports.names import names

_SHOWN = 12  # characters of a hash that people compare

_MOVES = {
    "scan.finish": "scan",
    "decide": "decision",
    "decide.link": "decision",
    "verdicts.import": "decision",
}
"""Entries of the audit trail after which a plan may be another one."""

Standing = Literal["approved", "refused", "waiting"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a plan. `by`, `at` and `reason` are empty while it waits."""

    state: Standing
    by: str = ""
    at: datetime | None = None
    reason: str = ""


def decided(bound: Bound, name: str, sha256: str) -> Decided:
    """What was decided about a plan of that hash.

    Only the last approval of a release counts: whoever approves a second plan replaces the
    first. A refusal that came after it withdraws it.
    """
    approvals = bound.catalog.plans.approvals(name)
    last: PlanApproval | PlanRefusal | None = approvals[-1] if approvals else None
    if last is not None and approvals[-1].policy_sha256 != sha256:
        last = None
    refused = [each for each in bound.catalog.plans.refusals(name) if each.plan_sha256 == sha256]
    if refused:
        return Decided("refused", refused[-1].by, refused[-1].at, refused[-1].reason)
    if last is None:
        return Decided("waiting")
    return Decided("approved", last.by, last.at, last.reason)


def propose(bound: Bound, name: str, *, by: str = "", made: Plan | None = None) -> KeptPlan:
    """Make the plan as things are now, and keep it for the officer to read.

    Args:
        bound: the configuration.
        name: of the release.
        by: who asks to publish it; "" when somebody only wants to read it.
        made: the plan, where it was just made.

    Raises:
        ConfigError: there is no such release (SLADD-136).
        PlanError: it cannot be planned.
    """
    shown = names(bound.catalog.fields.all(gone=True)).addresses
    content = content_of(made or make_plan(bound, name), release_named(bound, name), shown)
    former = bound.catalog.plans.kept(name)
    salt = (former.content.get("salt") if former else "") or secrets.token_hex(16)
    bound.catalog.plans.keep(name, plan_sha256(content), without_values(content, salt), by=by)
    kept = bound.catalog.plans.kept(name)
    assert kept is not None  # noqa: S101 - it was written in the line above
    return kept


def outdated(bound: Bound, kept: KeptPlan) -> tuple[str, ...]:
    """Why a kept plan may not be the present one: `config`, `scan`, `decision`. Makes no plan."""
    release = bound.config.releases.get(kept.release)
    found = dict.fromkeys(
        _MOVES[entry.action]
        for entry in bound.catalog.audit.entries(after=kept.audit_number)
        if entry.action in _MOVES
    )
    if release is not None and kept.content.get("config") != config_sha256(release):
        found = {"config": None, **found}
    return tuple(found)


def approve(
    bound: Bound, name: str, *, by: str, reason: str, expected: str | None = None
) -> KeptPlan:
    """Approve the present plan of a release.

    Args:
        bound: the configuration.
        name: of the release.
        by: who approves.
        reason: why; holds no personal data.
        expected: hash, or its first characters, of the plan that was read; None for the present.

    Raises:
        PlanError: the plan is another by now (SLADD-930), it was refused (SLADD-932), or whoever
            asks for it approves it (SLADD-933).
    """
    kept = _present(bound, name, expected)
    if decided(bound, name, kept.plan_sha256).state == "refused":
        raise _refused(bound, name, kept.plan_sha256)
    if release_named(bound, name).approval == "two_persons" and kept.by == by:
        raise _same_person(name, f"{by} asked to publish the plan")
    fields = [field["field"] for field in fields_of(kept.content)]
    bound.catalog.plans.approve(name, kept.plan_sha256, fields, by, reason)
    return kept


def refuse(
    bound: Bound, name: str, *, by: str, reason: str, expected: str | None = None
) -> KeptPlan:
    """Refuse the present plan of a release; it stays refused until it is another.

    Raises:
        PlanError: the plan is another by now (SLADD-930).
    """
    kept = _present(bound, name, expected)
    if decided(bound, name, kept.plan_sha256).state != "refused":
        bound.catalog.plans.refuse(name, kept.plan_sha256, reason, by)
    return kept


def require_approval(bound: Bound, made: Plan, *, by: str) -> KeptPlan:
    """Keep the plan that is to be published; stop where nobody has approved it.

    Raises:
        PlanError: it waits for approval (SLADD-931), was refused (SLADD-932), or was approved by
            whoever publishes it (SLADD-933).
    """
    name = made.release
    release = bound.config.releases[name]
    kept = propose(bound, name, by=by, made=made)
    if release.approval is None:
        return kept
    held = decided(bound, name, kept.plan_sha256)
    if held.state == "refused":
        raise _refused(bound, name, kept.plan_sha256)
    if held.state == "waiting":
        former = bound.catalog.plans.approvals(name)
        what = (
            "the plan has changed since it was approved" if former else "the plan is not approved"
        )
        raise PlanError(
            f"{what}: {kept.plan_sha256[:_SHOWN]} waits for the officer",
            code=931,
            where=f"releases.{name}",
            mend=f"the officer decides under Releases in sladd review, or by "
            f'sladd approve {name} --reason "…"',
        )
    if release.approval == "two_persons" and held.by == by:
        raise _same_person(name, f"{by} approved the plan")
    return kept


def publisher(bound: Bound, name: str, called: str) -> str:
    """Who publishes a release; where two persons are needed, by a name that nobody can simply set.

    Args:
        bound: the configuration.
        name: of the release.
        called: what the publisher is called where one person is enough.
    """
    chosen = bound.config.releases.get(name)
    two = chosen is not None and chosen.approval == "two_persons"
    return requests.system_user() if two else called


def _present(bound: Bound, name: str, expected: str | None) -> KeptPlan:
    """The plan as things are now, if it is the one that was read."""
    kept = propose(bound, name)
    if expected is not None and not (expected and kept.plan_sha256.startswith(expected)):
        raise PlanError(
            f"the plan is another by now: {kept.plan_sha256[:_SHOWN]}",
            code=930,
            where=f"releases.{name}",
            mend=f"read it again: sladd plan {name}",
        )
    return kept


def _refused(bound: Bound, name: str, sha256: str) -> PlanError:
    held = decided(bound, name, sha256)
    return PlanError(
        f"the plan was refused by {held.by}: {held.reason}",
        code=932,
        where=f"releases.{name}",
        mend="change the rules in sladd.yaml or the decisions, and the changed plan can be approved",
    )


def _same_person(name: str, what: str) -> PlanError:
    return PlanError(
        f"two persons are needed: {what}",
        code=933,
        where=f"releases.{name}",
        mend="somebody else publishes or approves; approval: required asks for one person only",
    )
