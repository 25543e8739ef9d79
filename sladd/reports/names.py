"""What fields are called in a report: names that are personal data are shown masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sladd.catalog import CatalogField
from sladd.model import Evidence, FieldRef, FieldScan, TableRef
from sladd.writing.escaping import visible


def column_name(scan: FieldScan) -> str:
    """The name of a field within its table, as it may be shown."""
    ref = scan.field.ref
    return visible(scan.name_shown or ".".join((ref.column, *ref.path)))


def table_name(ref: TableRef) -> str:
    """The name of a table within its source."""
    return visible(f"{ref.schema}.{ref.name}" if ref.schema else ref.name)


def _masked(scan: FieldScan) -> bool:
    ref = scan.field.ref
    plain = {"", ref.column, ".".join((ref.column, *ref.path)), str(ref)}
    return scan.name_shown not in plain


@dataclass(frozen=True, slots=True)
class Names:
    """Addresses and raw names that are replaced wherever they would be shown.

    Attributes:
        addresses: address → the address to show, of every field.
        parts: raw name → the name to show, of those that are personal data.
    """

    addresses: Mapping[str, str]
    parts: Mapping[str, str]

    def address(self, address: str) -> str:
        """The address to show; a field that is not known is shown as it is called."""
        return self.addresses.get(address) or self.clean(visible(address))

    def clean(self, text: str) -> str:
        """The text with every masked name replaced."""
        for raw, shown in self.parts.items():
            text = text.replace(raw, shown)
        return text

    def evidence(self, evidence: Evidence) -> Evidence:
        """The evidence with masked names in its facts."""
        if not self.parts:
            return evidence
        facts = {
            name: self.clean(fact) if isinstance(fact, str) else fact
            for name, fact in evidence.facts.items()
        }
        return replace(evidence, facts=facts)


def names(fields: Sequence[CatalogField]) -> Names:
    """The names of these fields."""
    return names_of([field.scan for field in fields])


def names_of(scans: Sequence[FieldScan]) -> Names:
    """The names of the fields of which scans say this."""
    addresses: dict[str, str] = {}
    parts: dict[str, str] = {}
    for scan in scans:
        ref = scan.field.ref
        address = str(ref)
        addresses[address] = address
        if _masked(scan):
            shown = FieldRef(ref.table, "", ())
            addresses[address] = f"{shown}{visible(scan.name_shown)}"
            raw = (ref.column, *ref.path)
            given = scan.name_shown.split(".")
            masked = (
                zip(raw, given, strict=True)
                if len(raw) == len(given)
                else [(".".join(raw), scan.name_shown)]
            )
            for before, after in masked:
                if before != after:
                    parts[before] = after
                    encoded = str(FieldRef(ref.table, before)).removeprefix(f"{ref.table}.")
                    parts[encoded] = after
    # Longer names first, so that none is replaced inside another.
    ordered = dict(sorted(parts.items(), key=lambda pair: (-len(pair[0]), pair[0])))
    return Names(addresses, ordered)
