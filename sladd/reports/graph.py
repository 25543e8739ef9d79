"""Tables and the links between them: which hold persons, what hangs on them, what hangs on none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sladd.model import Evidence, Link, LinkKind, LinkState, LinkVerdict, Overlap, TableScan
from sladd.reports.names import Names, column_name
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, in_a_sentence
from sladd.writing.escaping import visible

if TYPE_CHECKING:
    from sladd.reports.facts import SourceFacts


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """One table.

    Attributes:
        address: of the table.
        role: `person`: its own key is a person's; `linked`: a key leads to one; `maybe`: a
            suggested key does; `loose`: it holds personal data and nothing leads to a person;
            `other`: it holds none.
    """

    address: str
    source: str
    name: str
    personal: int
    role: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One link, with the names to show.

    Attributes:
        table: address of the table that leads, and `target` of the one it leads to.
        label: names of the columns that lead.
        target_label: names of those that they lead to.
        start: address of the columns that lead, and `end` of the others, as they are shown.
    """

    table: str
    target: str
    label: str
    target_label: str
    start: str
    end: str
    kind: LinkKind
    state: LinkState
    confidence: float
    evidence: tuple[Evidence, ...]
    verdict: LinkVerdict | None


@dataclass(frozen=True, slots=True)
class OverlapFacts:
    """Two columns that hold the same persons, with the names to show."""

    overlap: Overlap
    field: str
    other: str


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """Tables, links and overlaps, in the order they are told.

    Attributes:
        maybe: tables with personal data from which only a suggested key leads to a person.
        loose: those from which none does.
    """

    nodes: tuple[NodeFacts, ...] = ()
    links: tuple[LinkFacts, ...] = ()
    overlaps: tuple[OverlapFacts, ...] = ()
    maybe: tuple[NodeFacts, ...] = ()
    loose: tuple[NodeFacts, ...] = ()

    @property
    def suggested(self) -> int:
        """How many links nobody has decided on."""
        return sum(link.state is LinkState.SUGGESTED for link in self.links)


_ORDER = (LinkState.SUGGESTED, LinkState.CONFIRMED, LinkState.DECLARED)


def graph(
    sources: Sequence[SourceFacts],
    tables: Sequence[TableScan],
    links: Sequence[Link],
    overlaps: Sequence[Overlap],
    called: Names,
) -> GraphFacts:
    """Put together what the report draws.

    Args:
        sources: with their tables.
        tables: as the catalog knows them.
        links: of the catalog; rejected ones are left out.
        overlaps: of the catalog.
        called: names to show.
    """
    shown = {
        str(field.field.ref): column_name(field)
        for table in tables
        for field in table.fields
        if not field.field.ref.path
    }
    facts = links_told(links, shown, called)
    leads = _suggested_ways(links, sources)
    nodes = []
    for source in sources:
        for table in source.tables:
            role = "other"
            if table.root:
                role = "person"
            elif table.person_path:
                role = "linked"
            elif table.personal:
                role = "maybe" if table.address in leads else "loose"
            nodes.append(NodeFacts(table.address, source.name, table.name, table.personal, role))
    present = {node.address for node in nodes}
    return GraphFacts(
        nodes=tuple(nodes),
        links=tuple(link for link in facts if {link.table, link.target} <= present),
        overlaps=tuple(
            OverlapFacts(each, called.address(each.field), called.address(each.other))
            for each in overlaps
        ),
        maybe=tuple(node for node in nodes if node.role == "maybe"),
        loose=tuple(node for node in nodes if node.role == "loose"),
    )


def links_told(
    links: Sequence[Link], shown: Mapping[str, str], called: Names
) -> tuple[LinkFacts, ...]:
    """The links that hold or may hold, with names to show, in the order they are told.

    Args:
        links: of the catalog; rejected ones are left out.
        shown: address → name to show, of columns whose own name is not.
        called: addresses to show.
    """
    facts = [_link(link, shown, called) for link in links if link.state in _ORDER]
    return tuple(sorted(facts, key=lambda link: (_ORDER.index(link.state), link.start, link.end)))


def _suggested_ways(links: Sequence[Link], sources: Sequence[SourceFacts]) -> set[str]:
    """Tables that would lead to a person if every suggested key held."""
    tables = [table for source in sources for table in source.tables]
    # A person's table without a key of its own (a file) is one by what stands in it.
    direct = {"direct", "national_id"}
    waiting = [
        table.address
        for table in tables
        if table.person_path or any(field.kind in direct for field in table.fields)
    ]
    return leading_to(links, waiting)


def leading_to(links: Sequence[Link], persons: Sequence[str]) -> set[str]:
    """Tables from which a key leads to one of these tables, by itself or over others."""
    ways: dict[str, set[str]] = {}
    for link in links:
        if link.state in _ORDER and link.kind is LinkKind.KEY and link.table != link.target:
            ways.setdefault(str(link.target), set()).add(str(link.table))
    found: set[str] = set()
    waiting = list(persons)
    while waiting:
        for child in ways.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _link(link: Link, shown: Mapping[str, str], called: Names) -> LinkFacts:
    starts, ends = _split(link.start), _split(link.end)
    return LinkFacts(
        table=str(link.table),
        target=str(link.target),
        label=_label(starts, link.columns, shown),
        target_label=_label(ends, link.target_columns, shown),
        start=" + ".join(called.address(part) for part in starts),
        end=" + ".join(called.address(part) for part in ends),
        kind=link.kind,
        state=link.state,
        confidence=link.confidence,
        evidence=tuple(called.evidence(term) for term in link.evidence),
        verdict=link.verdict,
    )


def _split(end: str) -> list[str]:
    source = end.split("/", 1)[0]
    first, *rest = end.split(f"+{source}/")
    return [first, *(f"{source}/{part}" for part in rest)]


def _label(addresses: Sequence[str], columns: Sequence[str], shown: Mapping[str, str]) -> str:
    pairs = zip(addresses, columns, strict=False)
    return ", ".join(shown.get(address) or visible(column) for address, column in pairs)


def overlap_text(each: Overlap, known: Names, taxonomy: Taxonomy, lang: Language) -> str:
    """How many persons of one table are in the other, in a sentence."""
    return overlap_sentence(
        OverlapFacts(each, known.address(each.field), known.address(each.other)), taxonomy, lang
    )


def overlap_sentence(facts: OverlapFacts, taxonomy: Taxonomy, lang: Language) -> str:
    """The same, from names to show."""
    each = facts.overlap
    category = taxonomy.categories.get(each.by)
    about = "about_" if each.read == "drawn" else "least_" if each.read == "part" else ""
    return lang.say(
        f"graph.overlap_{about}share" if about else "graph.overlap_share",
        share=lang.percent(each.share),
        field=facts.field,
        other=facts.other,
        by=in_a_sentence(lang.label(category)) if category else each.by,
        shared=each.shared,
        persons=each.persons,
        compared=each.compared,
    )
