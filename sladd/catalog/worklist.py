"""What waits for a decision, and what stands: counted, ordered and searched in the database.

Nothing here reads what the scans said as a whole: a catalog of 20,000 fields answers in the time
that one page may take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.deciding import MOST
from sladd.model import Decision, How, Identifiability
from sladd.taxonomy import SENSITIVE, Taxonomy

LEAST_UNCERTAINTY = 0.05
"""A finding is never so sure that nobody need look; reports call 0.95 and more the same."""

OPEN = ("undecided", "reopened")
DECIDED = tuple(decision.value for decision in Decision)

_WEIGHT = {
    Identifiability.DIRECT: 1.0,
    Identifiability.QUASI: 0.5,
    Identifiability.ATTRIBUTE: 0.25,
    Identifiability.NONE: 0.1,
}
_SENSITIVE_WEIGHT = 2.0


def weights(taxonomy: Taxonomy) -> dict[str, float]:
    """Category → how much harm it would do that nobody looked at it.

    What leaves only by a decision (art. 9 and 10, national ids, credentials) weighs twice what
    identifies directly; free text may hold anything, so it weighs as what does.
    """
    found = {}
    for category in taxonomy:
        weight = _WEIGHT[category.identifiability]
        if category.legal_class in SENSITIVE:
            weight = _SENSITIVE_WEIGHT
        elif category.legal_class in {"free_text", "child"}:
            weight = max(weight, _WEIGHT[Identifiability.DIRECT])
        found[category.key] = weight
    return found


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
class Standing:
    """One field as a list shows it.

    Attributes:
        key: of the field, for addresses of pages.
        shown: its name as it may be seen; `table` is that of its table.
        state: undecided, confirmed, rejected, changed, reopened; "" where nothing is to decide.
        verdict: number of the verdict that holds; 0 without one.
        fingerprint: of the finding.
        persons: whom its table tells of at most.
    """

    key: str
    table_key: str
    source: str
    table: str
    table_address: str
    shown: str
    how: How
    category: str
    confidence: float
    state: str
    personal: bool
    verdict: int
    by: str
    at: datetime | None
    persons: int
    fingerprint: str


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


@dataclass(frozen=True, slots=True)
class TableStanding:
    """One table as a list shows it."""

    key: str
    address: str
    source: str
    shown: str
    rows: int
    total: int | None
    persons: int
    role: str
    first_seen: datetime
    fields: int
    personal: int
    waiting: int


def known_fields(taxonomy: Taxonomy) -> sa.Select[Any]:
    """Every field that is there, with the verdict that holds and what follows from both."""
    now, state, of_table = schema.fields, schema.field_states, schema.table_states
    held = schema.verdicts
    # Joined by number: a condition on the number alone would be looked up for every field.
    newest = (
        sa.select(held.c.field_key, sa.func.max(held.c.id).label("number"))
        .where(held.c.id.not_in(sa.select(schema.undone.c.verdict_id)))
        .group_by(held.c.field_key)
        .subquery("newest")
    )
    reopened = sa.exists().where(schema.reopenings.c.verdict_id == held.c.id)
    rejected = sa.and_(held.c.id.is_not(None), held.c.decision == Decision.REJECTED.value)
    plain = sa.or_(held.c.id.is_(None), rejected)
    category = sa.case((plain, state.c.category), else_=held.c.category)
    how = sa.case(
        (plain, state.c.how),
        (
            held.c.decision == Decision.CHANGED.value,
            sa.case((state.c.how == How.CONTAINS.value, state.c.how), else_=How.IS.value),
        ),
        # A finding that a later sample misses does not take the confirmation with it.
        (
            state.c.how == How.NONE.value,
            sa.case(
                *(
                    (held.c.saw.like(f'[1, "{each.value}"%'), each.value)
                    for each in (How.CONTAINS, How.LINKED)
                ),
                else_=How.IS.value,
            ),
        ),
        else_=state.c.how,
    )
    about_none = category.in_([c.key for c in taxonomy if not c.personal])
    personal = sa.and_(how != How.NONE.value, sa.not_(about_none), sa.not_(rejected))
    deciding = sa.and_(
        state.c.how.in_([How.IS.value, How.CONTAINS.value]),
        sa.not_(state.c.category.in_([c.key for c in taxonomy if not c.personal])),
    )
    told = sa.case(
        (held.c.id.is_(None), sa.case((deciding, "undecided"), else_="")),
        (reopened, "reopened"),
        else_=held.c.decision,
    )
    doubt = sa.case(
        (1.0 - state.c.confidence < LEAST_UNCERTAINTY, LEAST_UNCERTAINTY),
        else_=1.0 - state.c.confidence,
    )
    by_weight: dict[float, list[str]] = {}
    for key, each in weights(taxonomy).items():
        by_weight.setdefault(each, []).append(key)
    weight = sa.case(*((category.in_(keys), each) for each, keys in by_weight.items()), else_=0.1)
    return (
        sa.select(
            now.c.field_key,
            now.c.table_key,
            now.c.source,
            state.c.shown,
            state.c.folded,
            state.c.shape,
            state.c.fingerprint,
            state.c.ordinal,
            state.c.confidence,
            state.c.table_state_id,
            of_table.c.shown.label("table_shown"),
            of_table.c.address.label("table_address"),
            of_table.c.persons,
            how.label("how"),
            category.label("category"),
            told.label("state"),
            sa.case((personal, 1), else_=0).label("personal"),
            sa.func.coalesce(held.c.id, 0).label("verdict"),
            held.c.actor,
            held.c.made,
            (weight * of_table.c.persons * doubt).label("score"),
        )
        .select_from(now)
        .join(state, state.c.id == now.c.state_id)
        .join(of_table, of_table.c.id == state.c.table_state_id)
        .outerjoin(newest, newest.c.field_key == now.c.field_key)
        .outerjoin(held, held.c.id == newest.c.number)
        .where(now.c.gone.is_(False))
    )


def _where(base: sa.Subquery, chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    match chosen.state:
        case "open":
            found.append(base.c.state.in_(OPEN))
        case "reopened":
            found.append(base.c.state == "reopened")
        case "decided":
            found.append(base.c.state.in_(DECIDED))
        case _:
            found.append(sa.or_(base.c.how != How.NONE.value, base.c.state != ""))
    if chosen.source:
        found.append(base.c.source == schema.clean(chosen.source))
    if chosen.category:
        wanted = schema.clean(chosen.category)
        found.append(
            sa.or_(
                base.c.category == wanted,
                base.c.category.startswith(f"{wanted}.", autoescape=True),
            )
        )
    if chosen.table:
        found.append(base.c.table_key == chosen.table)
    return found


def keys(connection: sa.Connection, chosen: Chosen, taxonomy: Taxonomy) -> list[str]:
    """Keys of the fields asked for, the worst first; reopened ones before all."""
    base = known_fields(taxonomy).subquery("base")
    query = (
        sa.select(base.c.field_key)
        .where(*_where(base, chosen))
        .order_by(
            sa.case((base.c.state == "reopened", 0), else_=1),
            base.c.score.desc(),
            base.c.table_state_id,
            base.c.ordinal,
        )
    )
    return list(connection.execute(query).scalars())


def standing(
    connection: sa.Connection, wanted: Sequence[str], taxonomy: Taxonomy
) -> list[Standing]:
    """The fields of these keys, in the order given; one that is not there is left out."""
    base = known_fields(taxonomy).where(schema.fields.c.field_key.in_(list(wanted)))
    rows = {row.field_key: _standing(row) for row in connection.execute(base)}
    return [rows[key] for key in wanted if key in rows]


def of_table(connection: sa.Connection, table: str, taxonomy: Taxonomy) -> list[Standing]:
    """The fields of one table, in the order of its columns."""
    base = (
        known_fields(taxonomy)
        .where(schema.fields.c.table_key == table)
        .order_by(schema.field_states.c.ordinal)
    )
    return [_standing(row) for row in connection.execute(base)]


def alike(
    connection: sa.Connection, field: str, taxonomy: Taxonomy, *, most: int
) -> list[Standing]:
    """Open findings of the same category whose column has the same name, or the same shape."""
    base = known_fields(taxonomy).subquery("base")
    this = connection.execute(sa.select(base).where(base.c.field_key == field)).one_or_none()
    if this is None:
        return []
    same = [base.c.folded == this.folded]
    if this.shape:
        same.append(base.c.shape == this.shape)
    query = (
        sa.select(base)
        # The cheap conditions first: few columns are called so or look so.
        .where(sa.or_(*same), base.c.field_key != field)
        .where(base.c.category == this.category, base.c.state.in_(OPEN))
        .order_by(base.c.score.desc(), base.c.table_state_id, base.c.ordinal)
        .limit(most)
    )
    return [_standing(row) for row in connection.execute(query)]


def tally(connection: sa.Connection, taxonomy: Taxonomy, bands: Sequence[float]) -> list[Tally]:
    """Every field counted by where it is, what it holds, how sure that is and what was decided.

    Args:
        connection: to the catalog.
        taxonomy: for what is personal.
        bands: least confidences, from the highest.
    """
    base = known_fields(taxonomy).subquery("base")
    sure = sa.case(
        *((base.c.confidence >= least, number) for number, least in enumerate(bands)),
        else_=len(bands),
    ).label("sure")
    by = (base.c.source, base.c.how, base.c.category, base.c.state, base.c.personal, sure)
    query = sa.select(*by, sa.func.count().label("n")).group_by(*by)
    return [
        Tally(
            row.source, How(row.how), row.category, row.state, bool(row.personal), row.sure, row.n
        )
        for row in connection.execute(query)
    ]


def tables(connection: sa.Connection, taxonomy: Taxonomy) -> list[TableStanding]:
    """Every table that is there, by address, with its fields counted."""
    base = known_fields(taxonomy).subquery("base")
    counted = (
        sa.select(
            base.c.table_key,
            sa.func.count().label("fields"),
            sa.func.sum(base.c.personal).label("personal"),
            sa.func.sum(sa.case((base.c.state.in_(OPEN), 1), else_=0)).label("waiting"),
        )
        .group_by(base.c.table_key)
        .subquery("counted")
    )
    now, state = schema.tables, schema.table_states
    query = (
        sa.select(
            now.c.table_key,
            now.c.address,
            now.c.source,
            now.c.first_seen,
            state.c.shown,
            state.c.row_count,
            state.c.total,
            state.c.persons,
            state.c.role,
            sa.func.coalesce(counted.c.fields, 0).label("fields"),
            sa.func.coalesce(counted.c.personal, 0).label("personal"),
            sa.func.coalesce(counted.c.waiting, 0).label("waiting"),
        )
        .join(state, state.c.id == now.c.state_id)
        .outerjoin(counted, counted.c.table_key == now.c.table_key)
        .where(now.c.gone.is_(False))
    )
    found = [
        TableStanding(
            row.table_key, row.address, row.source, row.shown, row.row_count, row.total,
            row.persons, row.role, row.first_seen, row.fields, row.personal, row.waiting,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
    # Sorted here: collations differ between databases.
    return sorted(found, key=lambda table: table.address)


def search(
    connection: sa.Connection, words: str, taxonomy: Taxonomy, *, most: int, after: int = 0
) -> tuple[list[Standing], int]:
    """Columns whose shown name holds the words, and how many there are in all."""
    base = known_fields(taxonomy).subquery("base")
    holds = base.c.folded.contains(schema.clean(words).casefold(), autoescape=True)
    total = connection.execute(sa.select(sa.func.count()).select_from(base).where(holds)).scalar()
    query = (
        sa.select(base)
        .where(holds)
        .order_by(base.c.personal.desc(), base.c.table_state_id, base.c.ordinal)
        .limit(most)
        .offset(after)
    )
    return [_standing(row) for row in connection.execute(query)], int(total or 0)


def still_hold(
    connection: sa.Connection, first: int, until: int, by: str, taxonomy: Taxonomy
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
    found = standing(connection, [row.field_key for row in rows], taxonomy)
    numbers = {row.id for row in rows}
    mine = all(each.by == by and each.verdict in numbers for each in found)
    return found if mine and len(found) == len(rows) else []


def source_names(connection: sa.Connection) -> list[str]:
    """Sources of which a table is known."""
    return list(connection.execute(sa.select(schema.tables.c.source).distinct()).scalars())


def decided_at(connection: sa.Connection) -> list[datetime]:
    """When each field was first decided on, oldest first."""
    verdict = schema.verdicts
    query = sa.select(sa.func.min(verdict.c.made)).group_by(verdict.c.field_key)
    return sorted(moment for moment in connection.execute(query).scalars() if moment is not None)


def found_after(connection: sa.Connection) -> Mapping[int, int]:
    """Finished scan → fields of its source with a finding after it."""
    scan = schema.scans
    query = sa.select(scan.c.id, scan.c.found).where(scan.c.found.is_not(None))
    return {row.id: row.found for row in connection.execute(query)}


def masked(connection: sa.Connection) -> list[str]:
    """What the scans said of fields whose own names are personal data, as stored."""
    now, state = schema.fields, schema.field_states
    query = (
        sa.select(state.c.payload)
        .join(now, state.c.id == now.c.state_id)
        .where(state.c.masked.is_(True))
    )
    return list(connection.execute(query).scalars())


def _standing(row: Any) -> Standing:
    return Standing(
        key=row.field_key,
        table_key=row.table_key,
        source=row.source,
        table=row.table_shown,
        table_address=row.table_address,
        shown=row.shown,
        how=How(row.how),
        category=row.category,
        confidence=row.confidence,
        state=row.state,
        personal=bool(row.personal),
        verdict=row.verdict,
        by=row.actor or "",
        at=row.made,
        persons=row.persons,
        fingerprint=row.fingerprint,
    )
