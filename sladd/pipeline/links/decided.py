"""Links that a person decided on, and tables with those that hold."""

from __future__ import annotations

from collections.abc import Sequence

from sladd.model import Link, Table
from sladd.pipeline.bind import Bound
from sladd.pipeline.links.applied import with_links_in_fingerprint


def decided_links(bound: Bound) -> list[Link]:
    """Every link with a verdict."""
    return [link for link in bound.catalog.links.all(gone=True) if link.verdict is not None]


def with_decided_links(bound: Bound, tables: Sequence[Table]) -> list[Table]:
    """The tables of a source with the keys that were confirmed."""
    links = decided_links(bound)
    return [with_links_in_fingerprint(table, links) for table in tables]
