"""The ledger: how anonymised releases were divided into classes, and how many persons each had.

Never a person, and no value: a class is the digest of its values under a key that the catalog
does not hold. Counts below the release's threshold are not in it, for such classes were left out.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import canonical, digest
from sladd.catalog.records import ClassCounts
from sladd.errors import CatalogError

DIGEST_BYTES = 16
_ROW = struct.Struct(f"<{DIGEST_BYTES}sQ")


def record(connection: sa.Connection, counts: ClassCounts) -> None:
    """Keep one table of one version.

    Raises:
        CatalogError: it was kept already with other counts (SLADD-522).
    """
    table, written = schema.class_counts, _written(counts.counts)
    former = connection.execute(
        sa.select(table.c.counts)
        .where(table.c.release == schema.clean(counts.release))
        .where(table.c.version == schema.clean(counts.version))
        .where(table.c.name == schema.clean(counts.name))
    ).scalar_one_or_none()
    if former == written:
        return
    if former is not None:
        raise CatalogError(
            "the classes of this version were recorded with other counts",
            code=522,
            where=f"{counts.release} {counts.version}",
            mend=f"sladd publish {counts.release} makes a new version",
        )
    connection.execute(
        table.insert().values(
            release=counts.release,
            version=counts.version,
            name=counts.name,
            table_key=digest(counts.table),
            key_id=counts.key_id,
            levels=canonical(dict(counts.levels)),
            counts=written,
        )
    )


def records(connection: sa.Connection, table: str) -> list[ClassCounts]:
    """What was published from a table of a source, oldest first.

    Raises:
        CatalogError: an entry cannot be read (SLADD-523).
    """
    return _read_all(connection, schema.class_counts.c.table_key == digest(table), table)


def elsewhere(connection: sa.Connection, tables: Iterable[str]) -> list[ClassCounts]:
    """What was published from tables that are none of these, oldest first; their names are unknown.

    Raises:
        CatalogError: an entry cannot be read (SLADD-523).
    """
    known = sorted(digest(table) for table in tables)
    return _read_all(connection, schema.class_counts.c.table_key.not_in(known), "")


def _read_all(
    connection: sa.Connection, which: sa.ColumnElement[bool], table: str
) -> list[ClassCounts]:
    kept = schema.class_counts
    rows = connection.execute(sa.select(kept).where(which).order_by(kept.c.id))
    return [
        ClassCounts(
            row.release,
            row.version,
            row.name,
            table,
            row.key_id,
            json.loads(row.levels),
            _read(row.counts, f"{row.release} {row.version}"),
        )
        for row in rows
    ]


def _written(counts: Mapping[bytes, int]) -> str:
    packed = b"".join(_ROW.pack(key, counts[key]) for key in sorted(counts))
    return base64.b64encode(zlib.compress(packed, 6)).decode()


def _read(text: str, where: str) -> dict[bytes, int]:
    with suppress(ValueError, zlib.error, struct.error):
        return dict(_ROW.iter_unpack(zlib.decompress(base64.b64decode(text, validate=True))))
    raise CatalogError(
        "the class counts of a release cannot be read",
        code=523,
        where=where,
        mend="restore the catalog from its backup",
    )
