"""The map of sources and kinds: how many personal fields each source holds of each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sladd.catalog import Tally
from sladd.catalog.standing import OPEN
from sladd.reports.discovery import kind_of
from sladd.reports.facts import KINDS
from sladd.review.pages.rows import query_of
from sladd.taxonomy import Taxonomy

_HEAT = (1, 3, 10, 30, 100)  # fields from which a cell is darker


@dataclass(frozen=True, slots=True)
class Cell:
    """Fields of one kind in one source. `heat`: 0 for none to 5."""

    count: int
    heat: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the map of sources and kinds."""

    name: str
    cells: tuple[Cell, ...]
    personal: int
    waiting: int
    link: str
    waiting_link: str


def matrix(
    tally: Sequence[Tally], sources: Sequence[str], taxonomy: Taxonomy
) -> tuple[tuple[SourceLine, ...], tuple[int, ...]]:
    """Personal fields by source and kind, each counted once; and how many of each kind."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    waiting: dict[str, int] = defaultdict(int)
    for each in tally:
        if each.personal:
            kind = kind_of(taxonomy.categories.get(each.category), each.how)
            counts[each.source, kind] += each.fields
        if each.state in OPEN:
            waiting[each.source] += each.fields
    lines = []
    for source in sources:
        cells = tuple(Cell(counts[source, kind], heat(counts[source, kind])) for kind in KINDS)
        lines.append(
            SourceLine(
                source,
                cells,
                sum(cell.count for cell in cells),
                waiting[source],
                f"/map?{query_of(source=source)}",
                f"/inbox?{query_of(source=source)}",
            )
        )
    return tuple(lines), tuple(sum(counts[s, kind] for s in sources) for kind in KINDS)


def heat(count: int) -> int:
    """How dark a cell is: 0 for none, to 5."""
    return sum(count >= least for least in _HEAT)
