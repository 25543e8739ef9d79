"""A release against earlier ones of the same table: what both together give away."""

from __future__ import annotations

from collections.abc import Iterable

from sladd.model import Check

EARLIER = "earlier releases"
"""Name of the gate's question."""


def told_of(name: str, checks: Iterable[Check]) -> dict[str, str]:
    """Of each table that fails a question about releases: with which, how, and how many more."""
    found: dict[str, list[str]] = {}
    for check in checks:
        if check.name == name and not check.passed:
            found.setdefault(check.column, []).append(check.detail)
    return {
        table: details[-1] + (f"; and {len(details) - 1} more" if len(details) > 1 else "")
        for table, details in found.items()
    }
