"""A table of which the user may read some columns.

SHOW CREATE TABLE is refused, so it is described by what information_schema shows of it. That
hides columns without any right of the user, with their names, and tells no keys.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from sladd.sources.database.sessions import Session
from sladd.sources.database.shapes import Column, Shape
from sladd.sources.database.types import kind_of

_VISIBLE = """
SELECT COLUMN_NAME, ORDINAL_POSITION, PRIVILEGES, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE,
       CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, COLUMN_COMMENT
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {name} ORDER BY ORDINAL_POSITION
"""


def granted(
    session: Session, types: dict[str, Any], schema: str | None, name: str, *, of: dict[str, str]
) -> Shape | None:
    """The table as far as its columns are granted; None where none is.

    Args:
        session: of the user.
        types: SQLAlchemy's types by the server's words.
        schema: as it is shown.
        name: of the table.
        of: SQL of `schema` and `name`.
    """
    rows = session.rows(_VISIBLE.format(**of))
    readable = [row for row in rows if "select" in str(row[2]).lower().split(",")]
    if not readable:
        return None
    return Shape(
        schema=schema,
        name=name,
        columns=tuple(_column(row, types) for row in readable),
        unreadable=tuple(_hidden(rows)),
    )


def _column(row: tuple[Any, ...], types: dict[str, Any]) -> Column:
    name, _, _, plain, native, nullable, length, precision, scale, comment = row
    kind = kind_of(_type(str(plain), str(native), types, length, precision, scale), "mysql")
    return Column(
        name=str(name),
        kind=kind,
        native=str(native),
        nullable=nullable == "YES",
        length=int(length) if str(plain) in {"char", "varchar"} else None,
        comment=comment or None,
    )


def _type(
    plain: str, native: str, types: dict[str, Any], length: Any, precision: Any, scale: Any
) -> TypeEngine[Any]:
    """SQLAlchemy's type, as SHOW CREATE TABLE would have given it."""
    made = types.get(plain, sa.types.NullType)
    if plain in {"enum", "set"}:
        return sa.String()
    if plain == "decimal":
        return sa.Numeric(precision, scale)
    if plain == "bit":
        return made(precision)  # type: ignore[no-any-return]
    if plain == "bigint":
        return made(unsigned="unsigned" in native)  # type: ignore[no-any-return]
    if plain in {"char", "varchar"}:
        return sa.String(length)
    return made()  # type: ignore[no-any-return]


def _hidden(rows: list[tuple[Any, ...]] | Any) -> list[str]:
    """Columns that may not be read: by name where the server tells it, else by place."""
    places = [0, *(int(row[1]) for row in rows)]
    found: list[str] = []
    for (before, here), row in zip(pairwise(places), rows, strict=True):
        found += [f"#{place}" for place in range(before + 1, here)]
        if "select" not in str(row[2]).lower().split(","):
            found.append(str(row[0]))
    return [*found, f"any behind #{places[-1]}"]
