"""Which columns may hold keys at all, by what their scan says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.keys.naming import ColumnName, column_name, stems, table_noun
from sladd.model import Field, FieldScan, How, StorageType, TableRef, TableScan

_TYPES = frozenset({
    StorageType.STRING, StorageType.INTEGER, StorageType.UUID, StorageType.DECIMAL,
    StorageType.FLOAT,
})  # fmt: skip
_NO_KEYS = (
    # What a person is, has or writes; that two tables hold the same e-mail address is an
    # overlap of persons (`sladd.pipeline.links.overlaps`), no key.
    "user.name", "user.contact.email", "user.contact.phone_number", "user.contact.address.street",
    "user.contact.address.city", "user.demographic", "user.content", "user.authorization",
    "user.financial", "user.government_id", "user.location", "user.health", "user.payment.kid",
    "organization.contact", "organization.name", "user.device.ip_address",
    "user.device.user_agent",
)  # fmt: skip
_SURE = 0.8


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column that may hold keys, with what its name says.

    Attributes:
        key: it is the whole primary key.
        declared: the source says that it is unique.
        points: a declared foreign key already says where it points.
        seldom: in the sample every value was seen once.
        filled: whether the sample had a value at all.
        few: few values, each seen often.
        address: written out once; every pair of columns is looked at.
    """

    table: TableRef
    field: Field
    name: ColumnName
    noun: tuple[str, ...]
    key: bool
    declared: bool
    points: bool
    seldom: bool
    filled: bool
    few: bool
    address: str

    @property
    def column(self) -> str:
        """Its name."""
        return self.field.ref.column

    @property
    def targetable(self) -> bool:
        """Whether other columns may point at it: a key by declaration or by all appearance."""
        if self.declared:
            return True
        keyed = bool(self.name.tail) or self.name.generic or self.name.noun == self.noun
        return keyed and (self.seldom or not self.filled)


def key_columns(scans: Sequence[TableScan]) -> tuple[KeyColumn, ...]:
    """Every column of these tables that may hold keys. Views are left out: their tables tell."""
    nouns = frozenset(
        stem for scan in scans for word in table_noun(scan.table.ref.name) for stem in stems(word)
    )
    return tuple(
        column for scan in scans if scan.table.kind != "view" for column in _of(scan, nouns)
    )


def _of(scan: TableScan, nouns: frozenset[str]) -> Iterator[KeyColumn]:
    table = scan.table
    noun = table_noun(table.ref.name)
    points = {c for key in table.foreign_keys for c in key.columns if len(key.columns) == 1}
    unique = {key[0] for key in (table.primary_key, *table.unique_keys) if len(key) == 1}
    known = {field.field.ref: field for field in scan.fields}
    for field in table.fields:
        seen = known.get(field.ref)
        if field.ref.path or field.type not in _TYPES or (seen and _is_something_else(seen)):
            continue
        filled = seen.rows - seen.nulls if seen else 0
        distinct = (seen.distinct or 0) if seen else 0
        name = column_name(field.ref.column, nouns)
        yield KeyColumn(
            table=table.ref,
            field=field,
            name=name,
            noun=noun,
            key=table.primary_key == (field.ref.column,),
            declared=field.ref.column in unique or field.unique,
            points=field.ref.column in points,
            seldom=filled > 0 and distinct == filled,
            filled=filled > 0,
            few=bool(seen and seen.few_values),
            address=str(field.ref),
        )


def _is_something_else(seen: FieldScan) -> bool:
    found = seen.finding
    if found.how is How.CONTAINS:
        return True
    if found.how is not How.IS or found.confidence < _SURE:
        return False
    return found.category.startswith(_NO_KEYS)


def compatible(one: KeyColumn, other: KeyColumn) -> bool:
    """Whether the storage types can hold the same keys: a number may be stored as text."""
    types = {one.field.type, other.field.type}
    if StorageType.UUID in types:
        return types <= {StorageType.UUID, StorageType.STRING}
    return True
