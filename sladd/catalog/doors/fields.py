"""What holds of the fields: what was found, with what evidence, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sladd.catalog import fields, known, telling
from sladd.catalog.doors.door import Door
from sladd.catalog.known import Kept, State
from sladd.catalog.records import CatalogField
from sladd.model import FieldScan


@dataclass(frozen=True, repr=False)
class Fields(Door):
    """Reached as `catalog.fields`; each method is one transaction."""

    kept: Kept

    def all(
        self, *, source: str | None = None, marked: bool = False, gone: bool = False
    ) -> Sequence[CatalogField]:
        """Fields with finding and verdict, by table and in the order of its columns.

        Args:
            source: only of this one.
            marked: only fields with a finding or a verdict.
            gone: also fields that the source no longer has.
        """
        with self.database.reading() as connection:
            return fields.fields(connection, source=source, every=not marked, gone=gone)

    def of(self, table: str) -> Sequence[CatalogField]:
        """Fields of the table of that key, with finding and verdict, in the order of its columns."""
        with self.database.reading() as connection:
            return fields.fields(connection, source=None, every=True, gone=False, only=table)

    def masked(self) -> Sequence[FieldScan]:
        """What the scans say of fields whose own names are personal data."""
        return self.kept.now().masked

    def telling(self) -> Mapping[int, FieldScan]:
        """Number of a finding → what the scan says, of fields with several categories or ages."""
        with self.database.reading() as connection:
            return telling.telling(connection)

    def state(self) -> State:
        """Numbers that change whenever what is found or decided of the fields does."""
        with self.database.reading() as connection:
            return known.state(connection)
