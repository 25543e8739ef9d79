"""The role of each column of an anonymised release, as far as findings and data tell it.

A proposal decides nothing: what nobody decided stays out. It errs on the side of the attacker, so
that who accepts it unread publishes too little, not too much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sladd.model import How, Identifiability, KeyRole, Role, StorageType
from sladd.policy.inputs import PolicyField, PolicyTable
from sladd.taxonomy import SENSITIVE, Taxonomy

NEARLY_UNIQUE = 0.9
"""Distinct values over rows: from here on a value points at a row more often than not."""
ENOUGH_VALUES = 20  # below it nearly any column is unique, whatever it holds
LINKS = ("user.link_key", "user.unique_id", "user.payment.kid")
"""Categories of numbers that lead to a row of the source, as in the pseudonymised profile."""
_HOLDERS = frozenset({StorageType.JSON, StorageType.BINARY, StorageType.LIST, StorageType.OTHER})
_DATES = frozenset({StorageType.DATE, StorageType.TIMESTAMP})
_NUMBERS = frozenset({StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role with the reason for it.

    Attributes:
        role: None where too little is known.
        reason: code of the sentence.
        facts: names and numbers in it.
    """

    role: Role | None
    reason: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def propose(
    one: PolicyField, table: PolicyTable, taxonomy: Taxonomy, entity_of: Mapping[str, str]
) -> Proposal:
    """What the column probably is, by its key, its finding, its type and its values."""
    address = str(one.field.ref)
    if one.field.role is not KeyRole.NONE or address in entity_of:
        return Proposal(Role.KEY, "role_key", {"entity": entity_of.get(address, address)})
    if one.scan is None:
        return Proposal(None, "not_scanned")
    if one.how is How.CONTAINS or one.field.type in _HOLDERS:
        return Proposal(Role.DIRECT, "role_text")
    if one.category and one.category in taxonomy:
        by_finding = _by_finding(one, taxonomy)
        if by_finding is not None:
            return by_finding
    return _by_values(one, table)


def _by_finding(one: PolicyField, taxonomy: Taxonomy) -> Proposal | None:
    """What the category says; None where it says no more than that a person is meant."""
    category = taxonomy[one.category]
    facts = {"category": one.category}
    if category.legal_class in SENSITIVE:
        return Proposal(Role.DIRECT, "role_class", {"legal_class": category.legal_class})
    if any(taxonomy.covers(prefix, one.category) for prefix in LINKS):
        return Proposal(Role.KEY, "role_link", facts)
    if one.how is How.LINKED and not one.confirmed:
        return None
    if category.identifiability is Identifiability.DIRECT:
        return Proposal(Role.DIRECT, "role_direct", facts)
    if category.identifiability is Identifiability.QUASI:
        return Proposal(Role.QUASI, "role_quasi", facts)
    if category.identifiability is Identifiability.ATTRIBUTE:
        return Proposal(Role.SENSITIVE, "role_attribute", facts)
    return None


def _by_values(one: PolicyField, table: PolicyTable) -> Proposal:
    scan = one.scan
    assert scan is not None  # noqa: S101 - `propose` has asked
    kind = scan.written_as or one.field.type
    values = scan.rows - scan.nulls
    distinct = scan.distinct or 0
    facts: dict[str, str | int] = {"distinct": distinct, "rows": values}
    unique = values >= ENOUGH_VALUES and distinct >= NEARLY_UNIQUE * values
    if not table.person_path:
        if unique and kind is StorageType.STRING:
            return Proposal(Role.DIRECT, "role_unique", facts)
        return Proposal(Role.INSENSITIVE, "role_nobody", facts)
    if kind in _DATES:
        return Proposal(Role.QUASI, "role_event", facts)
    if kind in _NUMBERS:
        return Proposal(Role.SENSITIVE, "role_number", facts)
    if scan.few_values or kind in {StorageType.BOOLEAN, StorageType.TIME}:
        return Proposal(Role.QUASI, "role_few", facts)
    return Proposal(Role.DIRECT, "role_unique" if unique else "role_any_text", facts)
