"""What holds of the tables: their scans and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sladd.catalog import documents, fields
from sladd.catalog.doors.door import Door
from sladd.model import DocumentScan, TableScan


class Tables(Door):
    """Reached as `catalog.tables`; each method is one transaction."""

    def all(self, source: str | None = None) -> Sequence[TableScan]:
        """What the last finished scans say of every table that is there."""
        with self.database.reading() as connection:
            return fields.tables(connection, source)

    def one(self, address: str) -> TableScan | None:
        """What the last finished scan says of one table, its documents too; None without it."""
        with self.database.reading() as connection:
            found = fields.tables(connection, None, only=address)
            read = documents.documents(connection, None, only=address)
            return replace(found[0], documents=read.get(address, ())) if found else None

    def bare(self) -> Sequence[TableScan]:
        """Every table that is there without what the scans say of its fields; read faster."""
        with self.database.reading() as connection:
            return fields.tables(connection, None, scanned=False)

    def documents(self, source: str | None = None) -> Mapping[str, tuple[DocumentScan, ...]]:
        """Table address → its documents, as the last finished scans saw them."""
        with self.database.reading() as connection:
            return documents.documents(connection, source)
