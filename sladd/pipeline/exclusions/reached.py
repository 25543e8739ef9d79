"""How far the rule on persons who stay out reaches, told from keys before any row is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sladd.model import Plan, Table
from sladd.pipeline.exclusions.ways import parents_first, person_of, ways


def reached(
    plan: Plan, tables: Sequence[Table], flags: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Addresses of the tables that persons with a flag are left out of, told from keys alone.

    Args:
        plan: with the person path of each table.
        tables: of the plan's sources.
        flags: reason → field addresses; one that does not exist reaches nothing.
    """
    by_address = {str(table.ref): table for table in tables}
    flagged = {str(f.ref): str(t.ref) for t in tables for f in t.fields}
    within = {flagged[a] for addresses in flags.values() for a in addresses if a in flagged}
    keys = {path[-1] for address in within if (path := person_of(by_address[address], plan))}
    identifying, links = ways(plan, tables, keys)
    named: dict[str, set[str]] = {}
    for target in identifying:
        named.setdefault(target.rpartition(".")[0], set()).add(target)
    for address in parents_first(by_address, links):
        if address in within or any(link.target in keys for link in links[address]):
            keys |= named.get(address, set())
    return frozenset(within) | {
        address for address, found in links.items() if any(link.target in keys for link in found)
    }
