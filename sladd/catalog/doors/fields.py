"""What holds of the fields: what was found, with what evidence, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sladd.catalog import fields, outline, worklist
from sladd.catalog.doors.door import Door
from sladd.catalog.payload import load_field_scan
from sladd.catalog.records import CatalogField
from sladd.model import FieldScan


class Fields(Door):
    """Reached as `catalog.fields`; each method is one transaction."""

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
        with self.database.reading() as connection:
            return [load_field_scan(each) for each in worklist.masked(connection)]

    def telling(self) -> Mapping[int, FieldScan]:
        """Number of a finding → what the scan says, of fields with several categories or ages."""
        with self.database.reading() as connection:
            return outline.telling(connection)

    def state(self) -> tuple[int, ...]:
        """Numbers that change whenever what is found or decided of the fields does."""
        with self.database.reading() as connection:
            return fields.state(connection)
