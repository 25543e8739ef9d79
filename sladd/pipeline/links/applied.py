"""Links that hold, written into the tables as if the source had declared them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sladd.model import KeyRole, Link, LinkKind, LinkState, Table

_POINTS = {KeyRole.NONE: KeyRole.FOREIGN, KeyRole.PRIMARY: KeyRole.PRIMARY_FOREIGN}


def declared_links(tables: Sequence[Table]) -> Iterator[Link]:
    """The foreign keys that the sources declare."""
    for table in tables:
        for key in table.foreign_keys:
            yield Link(
                table.ref, key.columns, key.target, key.target_columns, state=LinkState.DECLARED
            )


def applied(table: Table, links: Sequence[Link]) -> Table:
    """The table with every confirmed key of its own, and without those that were rejected.

    Args:
        table: as its source lists it, or as it was when it was scanned.
        links: every link with a verdict.
    """
    own = [link for link in links if link.table == table.ref and link.kind is LinkKind.KEY]
    if not own:
        return table
    columns = {f.ref.column for f in table.fields if not f.ref.path}
    # A rejected link cannot be a declared one: it was confirmed when the table was scanned.
    gone = {link.name for link in own if link.state is LinkState.REJECTED}
    kept = [k for k, link in zip(table.foreign_keys, declared_links([table]), strict=True)
            if link.name not in gone]  # fmt: skip
    added = [
        link.foreign_key
        for link in own
        if link.state is LinkState.CONFIRMED
        and set(link.columns) <= columns
        and link.foreign_key not in kept
    ]
    pointing = {column for key in added for column in key.columns}
    fields = tuple(
        replace(f, role=_POINTS.get(f.role, f.role))
        if f.ref.column in pointing and not f.ref.path
        else f
        for f in table.fields
    )
    return replace(table, foreign_keys=(*kept, *added), fields=fields)


def apply_links(tables: Sequence[Table], links: Sequence[Link]) -> list[Table]:
    """Every table with the links that hold."""
    return [applied(table, links) for table in tables]


def with_links_in_fingerprint(table: Table, links: Sequence[Link]) -> Table:
    """The table as `applied` makes it; its fingerprint changes when its links do."""
    changed = applied(table, links)
    own = sorted(
        link.name for link in links if link.table == table.ref and link.state is LinkState.CONFIRMED
    )
    if not own or not table.fingerprint:
        return changed
    digest = hashlib.sha256("\n".join([table.fingerprint, *own]).encode()).hexdigest()[:32]
    return replace(changed, fingerprint=digest)
