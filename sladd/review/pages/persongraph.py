"""The person graph as the report draws it, kept until a scan or a decision on a link changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from markupsafe import Markup

from sladd.catalog import Catalog, TableStanding
from sladd.model import Link, Overlap
from sladd.reports.drawing import svg
from sladd.reports.graph import GraphFacts, LinkFacts, NodeFacts, leading_to, links_told
from sladd.reports.language import language
from sladd.reports.names import Names, column_name, names_of
from sladd.writing import Language


@dataclass(frozen=True)
class Known:
    """What links are known, and the names to show, as of one state of the catalog."""

    state: tuple[int, ...]
    links: tuple[Link, ...]
    told: tuple[LinkFacts, ...]
    overlaps: tuple[Overlap, ...]
    called: Names


class PersonGraph:
    """Reads the links once for each state of the catalog."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[int, Known] = {}

    def known(self, catalog: Catalog) -> Known:
        """The links as they are now."""
        state = catalog.fields.state().of_links
        with self._lock:
            kept = self._known.get(id(catalog))
            if kept is not None and kept.state == state:
                return kept
        masked = catalog.fields.masked()
        called, links = names_of(masked), tuple(catalog.links.all())
        shown = {str(scan.field.ref): column_name(scan) for scan in masked}
        read = Known(
            state, links, links_told(links, shown, called), tuple(catalog.links.overlaps()), called
        )
        with self._lock:
            self._known = {id(catalog): read}
        return read


def facts(known: Known, tables: Sequence[TableStanding], *, around: str = "") -> GraphFacts:
    """The graph of all tables, or of one table and those one link away.

    Args:
        known: links.
        tables: of the catalog, with their counts.
        around: address of the one table.
    """
    leads = leading_to(known.links, [t.address for t in tables if t.role])
    nodes = [_node(table, leads) for table in tables]
    links = known.told
    if around:
        links = tuple(link for link in links if around in {link.table, link.target})
        near = {around} | {end for link in links for end in (link.table, link.target)}
        nodes = [node for node in nodes if node.address in near]
    present = {node.address for node in nodes}
    return GraphFacts(
        nodes=tuple(nodes),
        links=tuple(link for link in links if {link.table, link.target} <= present),
        maybe=tuple(node for node in nodes if node.role == "maybe"),
        loose=tuple(node for node in nodes if node.role == "loose"),
    )


def drawn(graph: GraphFacts, lang: Language) -> Markup:
    """The drawing; empty where there is nothing to draw."""
    return svg(graph, language(lang.code))


def _node(table: TableStanding, leads: set[str]) -> NodeFacts:
    role = table.role
    if not role:
        role = "other"
        if table.personal:
            role = "maybe" if table.address in leads else "loose"
    return NodeFacts(table.address, table.source, table.shown, table.personal, role)
