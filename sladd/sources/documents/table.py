"""What a table of documents looks like: one row for each part of a document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from sladd.model import Field, KeyRole, Table, TableRef
from sladd.sources.documents.piece import PARTS
from sladd.sources.files.entry import FileEntry
from sladd.sources.nested import fields_of

SCHEMA = pa.schema(
    [
        ("document", pa.string()),
        ("part", pa.string()),
        ("ordinal", pa.int64()),
        ("file_name", pa.string()),
        ("from", pa.string()),
        ("from_name", pa.string()),
        ("to", pa.string()),
        ("to_name", pa.string()),
        ("subject", pa.string()),
        ("date", pa.timestamp("us")),
        ("author", pa.string()),
        ("ip", pa.string()),
        ("user", pa.string()),
        ("request", pa.string()),
        ("user_agent", pa.string()),
        ("text", pa.string()),
    ]
)
OWN = frozenset({"document", "part", "ordinal"})
"""Columns that sladd itself fills: a digest, a word of a closed list, a number."""
TEXTS = ("subject", "from", "to", "request", "text")
"""Columns in which spans are looked for, value by value."""
_FILLED = tuple(name for name in SCHEMA.names if name not in OWN and name != "date")


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents of one pattern; a table."""

    table: Table
    files: tuple[FileEntry, ...]


def collection(source: str, name: str, files: Sequence[FileEntry]) -> Collection:
    """A table of these documents. Its fingerprint changes when one comes, goes or changes."""
    ref = TableRef(source, name)
    seen = hashlib.sha256()
    for file in files:
        seen.update(f"{file.relative}\0{file.stamp}\n".encode("utf-8", "surrogatepass"))
    table = Table(
        ref=ref,
        fields=tuple(map(_keyed, fields_of(ref, SCHEMA))),
        comment=f"{len(files)} documents",
        kind="documents",
        fingerprint=seen.hexdigest()[:32],
    )
    return Collection(table, tuple(files))


def _keyed(field: Field) -> Field:
    """The document is what rows belong to: a key, without a table of its own."""
    return replace(field, role=KeyRole.FOREIGN) if field.ref.column == "document" else field


def document_id(relative: str, unit: str = "") -> str:
    """A name for a document that tells nothing of its own name."""
    spelled = f"{relative}\0{unit}" if unit else relative
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Rows:
    """The rows of one file as record batches; counts rows within each document."""

    def __init__(self, file: FileEntry) -> None:
        self._relative = file.relative
        self._at: dict[str, int] = {}
        self._ids: dict[str, str] = {}

    def batch(self, rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
        """Shape (rows, columns of `SCHEMA`). What a child should not have said is left out."""
        columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
        for row in rows:
            unit = str(row.get("unit", ""))
            place = self._at.get(unit, 0)
            self._at[unit] = place + 1
            if unit not in self._ids:
                self._ids[unit] = document_id(self._relative, unit)
            columns["document"].append(self._ids[unit])
            part = row.get("part")
            # The column leaves as it is, so nothing but our own words may stand in it.
            columns["part"].append(part if part in PARTS else "body")
            columns["ordinal"].append(place)
            columns["date"].append(_moment(row.get("date")))
            for name in _FILLED:
                value = row.get(name)
                columns[name].append(value if isinstance(value, str) and value else None)
        return pa.RecordBatch.from_pydict(columns, schema=SCHEMA)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
