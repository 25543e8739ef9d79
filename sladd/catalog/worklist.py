"""What waits for a decision, and what stands: chosen, counted and searched in what is known."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.deciding import MOST
from sladd.catalog.known import Known
from sladd.catalog.standing import DECIDED, OPEN, Standing
from sladd.model import How


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which fields are asked for.

    Attributes:
        state: `open`: undecided or reopened; `reopened`, `decided`; `all` that hold something.
        category: itself and those below it; "" for any.
        table: key of the one table; "" for any.
    """

    source: str = ""
    category: str = ""
    state: str = "open"
    table: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many fields of a source stand alike."""

    source: str
    how: How
    category: str
    state: str
    personal: bool
    sure: int  # index of the band of confidence, as handed in
    fields: int


_DUE = frozenset({How.IS, How.CONTAINS})
"""How a field holds what somebody is asked about."""

_STATES: Mapping[str, Collection[str]] = {
    "open": OPEN,
    "reopened": frozenset({"reopened"}),
    "decided": DECIDED,
}


def chosen_fields(known: Known, chosen: Chosen) -> list[Standing]:
    """The fields asked for, the worst first; reopened ones before all."""
    if chosen.state == "all":
        found = [each for each in known.ranked if each.how is not How.NONE or each.state]
    else:
        states = _STATES[chosen.state]
        found = [each for each in known.ranked if each.state in states]
    if chosen.source:
        source = schema.clean(chosen.source)
        found = [each for each in found if each.source == source]
    if chosen.category:
        wanted = schema.clean(chosen.category)
        held = {each.category for each in found}
        below = {key for key in held if key == wanted or key.startswith(f"{wanted}.")}
        found = [each for each in found if each.category in below]
    if chosen.table:
        found = [each for each in found if each.table_key == chosen.table]
    return found


def alike(known: Known, key: str) -> list[Standing]:
    """Open findings of the same category whose column has the same name, or the same shape."""
    this = known.fields.get(key)
    if this is None:
        return []
    name = bare(this.folded)
    return [
        each
        for each in known.ranked
        if each.category == this.category
        and (bare(each.folded) == name or (this.shape and each.shape == this.shape))
        and each.state in OPEN
        and each.key != key
    ]


def tally(known: Known, bands: Sequence[float]) -> list[Tally]:
    """Every field counted by where it is, what it holds, how sure that is and what was decided.

    Args:
        known: of the catalog.
        bands: least confidences, from the highest.
    """
    rising = [-least for least in bands]
    counts = Counter(
        (
            each.source,
            each.how,
            each.category,
            each.state,
            each.personal,
            bisect_left(rising, -each.confidence),
        )
        for each in known.ranked
    )
    return [Tally(*alike, fields=fields) for alike, fields in counts.items()]


def search(known: Known, words: str) -> list[Standing]:
    """Columns whose shown name holds the words: personal ones first, then by table."""
    wanted = bare(words)
    found = [
        each
        for table in known.tables.values()
        for each in table.columns
        if wanted in bare(each.folded)
    ]
    return sorted(found, key=lambda each: not each.personal)


_GAPS = {ord(each): None for each in " -_./"}


@lru_cache(maxsize=1 << 16)  # a search asks for the names of all columns
def bare(name: str) -> str:
    """A name as people search for it: `E-post`, `e_post` and `epost` are one.

    >>> bare("E-post"), bare("kunde_epost"), bare("-")
    ('epost', 'kundeepost', '-')
    """
    folded = schema.clean(name).casefold()
    return folded.translate(_GAPS) or folded


def still_hold(
    connection: sa.Connection, known: Known, first: int, until: int, by: str
) -> list[Standing]:
    """Fields whose verdicts of these numbers are all of one person and all hold; else none."""
    verdict = schema.verdicts
    rows = connection.execute(
        sa.select(verdict.c.field_key, verdict.c.id)
        .where(verdict.c.id >= first, verdict.c.id <= until)
        .order_by(verdict.c.id)
        .limit(MOST + 1)
    ).all()
    if not rows or len(rows) > MOST:
        return []
    found = [known.fields[row.field_key] for row in rows if row.field_key in known.fields]
    numbers = {row.id for row in rows}
    mine = all(each.by == by and each.verdict in numbers for each in found)
    return found if mine and len(found) == len(rows) else []


@dataclass(frozen=True, slots=True)
class Decisions:
    """When the decisions that hold were taken, oldest first.

    Attributes:
        taken: on findings.
        dismissed: those by which a field holds no personal data.
    """

    taken: Sequence[datetime]
    dismissed: Sequence[datetime]


def decisions(known: Known) -> Decisions:
    """When the decisions that hold were taken."""
    held = [each for each in known.ranked if each.state in DECIDED and each.how in _DUE]
    return Decisions(
        sorted(each.at for each in held if each.at is not None),
        sorted(each.at for each in held if each.at is not None and not each.personal),
    )


def found_after(connection: sa.Connection) -> Mapping[int, int]:
    """Finished scan → fields of its source with personal data, as the scan saw them."""
    scan = schema.scans
    query = sa.select(scan.c.id, scan.c.found).where(scan.c.found.is_not(None))
    return {row.id: row.found for row in connection.execute(query)}
