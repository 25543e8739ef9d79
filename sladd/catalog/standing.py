"""How a field stands: what holds of it after the decisions, and how much it asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any, NamedTuple

from sladd.catalog import schema
from sladd.catalog.reopening import load_saw
from sladd.model import Category, Decision, How, Identifiability
from sladd.taxonomy import SENSITIVE, Taxonomy

LEAST_UNCERTAINTY = 0.05
"""A finding is never so sure that nobody need look; reports call 0.95 and more the same."""

OPEN = frozenset({"undecided", "reopened"})
DECIDED = frozenset(decision.value for decision in Decision)

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
    identifies directly; free text may hold anything, so it weighs as what does. A key between
    tables tells of nobody by itself, and is replaced by a pseudonym whatever is decided.
    """
    return {category.key: _weight(category) for category in taxonomy}


def _weight(category: Category) -> float:
    if category.legal_class in SENSITIVE:
        return _SENSITIVE_WEIGHT
    if category.legal_class == "link":
        return _WEIGHT[Identifiability.NONE]
    weight = _WEIGHT[category.identifiability]
    if category.legal_class in {"free_text", "child"}:
        weight = max(weight, _WEIGHT[Identifiability.DIRECT])
    return weight


class Standing(NamedTuple):
    """One field as lists show it and the record asks for it; a tuple, as there are 20,000.

    Attributes:
        key: of the field, for addresses of pages.
        table: as it may be seen; `shown` is the name of the field within it.
        how: what holds, or what was rejected; `category` alike.
        confidence: of the scan, 0-1; 0 where it found nothing.
        state: undecided, confirmed, rejected, changed, reopened; "" where nothing is to decide.
        verdict: number of the verdict that holds; 0 without one.
        persons: whom its table tells of at most.
        fingerprint: of the finding.
        finding: number of what the scan says of it, for `telling`.
        address: of the field; `masked`: whether its own name is personal data.
        storage: value of a `StorageType`.
        type: that the scan found.
        folded: its shown name, for searching; `shape`: the first of its masked shapes.
        rank: place among those that wait; the smallest first.
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
    finding: int
    address: str
    masked: bool
    storage: str
    type: str
    folded: str
    shape: str
    rank: tuple[bool, float, str, int]


@dataclass(frozen=True, slots=True)
class TableStanding:
    """One table with its fields in the order of its columns, and how many stand how.

    Attributes:
        shown: its name within the source, as it may be seen.
        fields: how many; `personal` and `waiting` of them.
    """

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
    columns: tuple[Standing, ...]


_NOW, _SAID = schema.fields.c, schema.field_states.c
COLUMNS = (
    _NOW.field_key, _NOW.table_key, _SAID.id, _SAID.ordinal, _SAID.address, _SAID.shown,
    _SAID.folded, _SAID.shape, _SAID.masked, _SAID.fingerprint, _SAID.storage_type, _SAID.how,
    _SAID.type, _SAID.category, _SAID.confidence,
)  # fmt: skip
"""What the catalog is asked of a field."""


class Judge:
    """Tells how fields stand, by the taxonomy.

    Args:
        taxonomy: for what is personal, and how much it weighs.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._weights = weights(taxonomy)
        self._impersonal = frozenset(c.key for c in taxonomy if not c.personal)
        self._due = frozenset(c.key for c in taxonomy if c.legal_class in SENSITIVE)
        self._hows = {each.value: each for each in How}

    def standing(self, said: Sequence[Any], table: Any, held: Any) -> Standing:
        """How one field stands.

        Args:
            said: values of `COLUMNS`.
            table: row of its table.
            held: row of the verdict that holds; None without one.
        """
        # Unpacked at once: 20,000 of them are read together, and names are looked up slowly.
        (key, table_key, finding, ordinal, address, shown, folded, shape, masked, fingerprint,
         storage, found, type_, category, confidence) = said  # fmt: skip
        # The same words stand in thousands of fields: kept once, they are compared at once.
        category, type_, storage = intern(category), intern(type_), intern(storage)
        how, rejected, state = self._hows[found], False, ""
        number, by, at = (0, "", None) if held is None else (held.id, held.actor, held.made)
        if how is How.NONE:
            confidence = 0.0
        if held is None:
            if (how is How.IS or how is How.CONTAINS) and category not in self._impersonal:
                state = "undecided"
        else:
            state = "reopened" if held.reopened else intern(held.decision)
            rejected = held.decision == Decision.REJECTED
            if not rejected:
                how, category = self._decided(how, held), intern(held.category)
        personal = how is not How.NONE and not rejected and category not in self._impersonal
        # What leaves only by a decision needs one, however sure the scan is.
        need = 1.0 if category in self._due else max(1.0 - confidence, LEAST_UNCERTAINTY)
        score = self._weights.get(category, 0.1) * table.persons * need
        return Standing(
            key, table_key, table.source, table.shown, table.address, shown, how, category,
            confidence, state, personal, number, by, at, table.persons, fingerprint, finding,
            address, masked, storage, type_, folded, shape,
            (state != "reopened", -score, table.address, ordinal),
        )  # fmt: skip

    def _decided(self, how: How, held: Any) -> How:
        """How the field holds what was confirmed, or what it was changed to."""
        if held.decision == Decision.CHANGED:
            return How.CONTAINS if how is How.CONTAINS else How.IS
        # A finding that a later sample misses does not take the confirmation with it.
        return how if how is not How.NONE else self._saw(held.saw)

    def _saw(self, text: str) -> How:
        kept = load_saw(text).how
        return kept if kept is not How.NONE else How.IS


def table_standing(table: Any, columns: tuple[Standing, ...]) -> TableStanding:
    """A table with its fields counted: from its row, or as it stood with other fields."""
    return TableStanding(
        table.key,
        table.address,
        table.source,
        table.shown,
        table.rows,
        table.total,
        table.persons,
        table.role,
        table.first_seen,
        len(columns),
        sum(each.personal for each in columns),
        sum(each.state in OPEN for each in columns),
        columns,
    )
