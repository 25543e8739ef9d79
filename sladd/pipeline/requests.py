"""Requests to reveal pseudonyms, and their approval by a second person.

They live in the audit trail alone, whose entries nobody can alter unseen: a request is what was
asked, less what was approved, used or has expired. The pseudonyms themselves stand nowhere; a
digest tells whether those shown later are those that were approved.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sladd.errors import RevealError
from sladd.pipeline.bind import Bound

ASKED, APPROVED, DONE = "reveal request", "reveal approve", "reveal"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it stands. Counts and names, never pseudonyms."""

    id: str
    release: str
    count: int
    digest: str
    reason: str
    by: str
    made: str
    expires: str
    approved_by: str = ""
    used: bool = False

    def state(self, now: datetime) -> str:
        """`used`, `expired`, `approved` or `waiting`."""
        if self.used:
            return "used"
        if now >= datetime.fromisoformat(self.expires):
            return "expired"
        return "approved" if self.approved_by else "waiting"


def system_user() -> str:
    """Who the operating system says runs this: unlike `$USER`, nobody can simply set it."""
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        import getpass

        return getpass.getuser() if os.name != "posix" else f"uid {os.geteuid()}"


def requests(bound: Bound) -> dict[str, Request]:
    """Every request by its id, oldest first."""
    found: dict[str, Request] = {}
    for entry in bound.catalog.audit.entries():
        detail = entry.detail
        number = str(detail.get("request", ""))
        if entry.action == ASKED:
            found[number] = Request(
                id=number,
                release=entry.subject,
                count=int(detail["count"]),
                digest=str(detail["digest"]),
                reason=str(detail["reason"]),
                by=entry.by,
                made=entry.at,
                expires=str(detail["expires"]),
            )
        elif number in found and entry.action == APPROVED:
            found[number] = replace(found[number], approved_by=entry.by)
        elif number in found and entry.action == DONE:
            found[number] = replace(found[number], used=True)
    return found


def ask(
    bound: Bound,
    release: str,
    pseudonyms: Sequence[str],
    *,
    reason: str,
    by: str,
    now: datetime | None = None,
) -> Request:
    """Ask for pseudonyms to be revealed; another person has to approve it."""
    at = now or datetime.now(UTC)
    days = bound.config.releases[release].reveal.request_days
    number = secrets.token_hex(4)
    detail = {
        "request": number,
        "count": len(set(pseudonyms)),
        "digest": digest(number, pseudonyms),
        "reason": reason,
        "expires": (at + timedelta(days=days)).isoformat(timespec="seconds"),
    }
    bound.catalog.audit.append(ASKED, release, by, detail)
    return requests(bound)[number]


def approve(bound: Bound, number: str, *, by: str, now: datetime | None = None) -> Request:
    """Approve a request as another person than the one who asked.

    Raises:
        RevealError: there is no such request (SLADD-451), it waits no longer (452), or the same
            person asked (453).
    """
    found = _known(bound, number)
    state = found.state(now or datetime.now(UTC))
    if state != "waiting":
        raise _not(found, state, "waits no longer")
    if by.casefold() == found.by.casefold():
        raise RevealError(
            "who asks cannot approve",
            code=453,
            where=f"request {number}, asked by {found.by}",
            mend="another person, logged in as another user, runs the same command",
        )
    bound.catalog.audit.append(
        APPROVED, found.release, by, {"request": number, "count": found.count}
    )
    return requests(bound)[number]


def approved(
    bound: Bound,
    number: str,
    release: str,
    pseudonyms: Sequence[str],
    *,
    now: datetime | None = None,
) -> Request:
    """The approved request for exactly these pseudonyms of that release.

    Raises:
        RevealError: there is no such request (SLADD-451), it is not approved, or no longer (452),
            or it was for other pseudonyms (454).
    """
    found = _known(bound, number)
    state = found.state(now or datetime.now(UTC))
    if state != "approved":
        raise _not(found, state, "is not approved")
    if found.release != release or found.digest != digest(number, pseudonyms):
        raise RevealError(
            "other pseudonyms were approved than are asked for now",
            code=454,
            where=f"request {number}",
            mend="give the same pseudonyms and release, or make a new request",
        )
    return found


def digest(number: str, pseudonyms: Sequence[str]) -> str:
    """What tells one set of pseudonyms from another, whatever their order."""
    return hashlib.sha256("\n".join([number, *sorted(set(pseudonyms))]).encode()).hexdigest()


def _known(bound: Bound, number: str) -> Request:
    found = requests(bound).get(number)
    if found is None:
        raise RevealError(
            "there is no such request", code=451, where="sladd reveal", mend="sladd reveal list"
        )
    return found


def _not(found: Request, state: str, what: str) -> RevealError:
    return RevealError(
        f"the request {what}: it is {state}",
        code=452,
        where=f"request {found.id}, until {found.expires}",
        mend="sladd reveal list, or make a new request",
    )
