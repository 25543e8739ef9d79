"""Tables, columns and keys as SQLAlchemy reflects them; one broken table harms no other."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.reflection import ObjectKind

from sladd.sources.database.shapes import Column, Reference, Shape
from sladd.sources.database.types import kind_of, native_name

Parts = dict[str, Any]

_GETTERS = {
    "columns": "get_columns",
    "primary_key": "get_pk_constraint",
    "foreign_keys": "get_foreign_keys",
    "unique_constraints": "get_unique_constraints",
    "indexes": "get_indexes",
    "comment": "get_table_comment",
}
# Without these a table can still be read; some dialects do not know them.
_OPTIONAL = {"foreign_keys", "unique_constraints", "indexes", "comment"}


def reflect(
    inspector: sa.Inspector,
    schema: str | None,
    names: Iterable[str],
    *,
    views: Iterable[str] = (),
    shown_schema: Callable[[str | None], str | None],
) -> Iterator[tuple[str, Shape | Exception]]:
    """Describe tables and views of one schema.

    Args:
        inspector: of an open connection.
        schema: as the database calls it; None for the connection's own.
        names: of the tables.
        views: names of the views.
        shown_schema: schema of a table → schema of its address.

    Yields:
        Name and shape, or the name and what stopped its reflection.
    """
    all_views = set(views)
    wanted = [*names, *sorted(all_views)]
    with warnings.catch_warnings():
        # "Did not recognize type 'geometry' of column 'x'": such a column is read as text.
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        together = _all_at_once(inspector, schema, wanted)
        for name in wanted:
            try:
                parts = {
                    part: together[part].get((schema, name))
                    if part in together
                    else _one(inspector, part, name, schema)
                    for part in _GETTERS
                }
                if not parts["columns"]:
                    parts["columns"] = _one(inspector, "columns", name, schema)
                yield (
                    name,
                    _shape(inspector, schema, name, parts, name in all_views, shown_schema),
                )
            except Exception as broken:
                yield name, broken


def _all_at_once(
    inspector: sa.Inspector, schema: str | None, wanted: list[str]
) -> dict[str, dict[Any, Any]]:
    """One query a kind of object instead of one a table, where nothing stands in the way."""
    together: dict[str, dict[Any, Any]] = {}
    for part, getter in _GETTERS.items():
        plural = "get_multi_" + {
            "columns": "columns", "primary_key": "pk_constraint", "foreign_keys": "foreign_keys",
            "unique_constraints": "unique_constraints", "indexes": "indexes",
            "comment": "table_comment",
        }[part]  # fmt: skip
        try:
            together[part] = getattr(inspector, plural)(
                schema=schema, filter_names=wanted, kind=ObjectKind.ANY
            )
        except Exception:  # then `getter` is asked table by table
            _forget(inspector, getter)
    return together


def _forget(inspector: sa.Inspector, _getter: str) -> None:
    # A failed statement leaves PostgreSQL's transaction aborted.
    bind = inspector.bind
    if isinstance(bind, sa.Connection) and bind.in_transaction():
        bind.rollback()


def _one(inspector: sa.Inspector, part: str, name: str, schema: str | None) -> Any:
    try:
        return getattr(inspector, _GETTERS[part])(name, schema=schema)
    except Exception:
        _forget(inspector, part)
        if part in _OPTIONAL:
            return None
        raise


def _shape(
    inspector: sa.Inspector,
    schema: str | None,
    name: str,
    parts: Parts,
    view: bool,
    shown_schema: Callable[[str | None], str | None],
) -> Shape:
    dialect = inspector.dialect
    columns = tuple(
        Column(
            name=str(column["name"]),
            kind=kind_of(column["type"], dialect.name),
            native=native_name(column["type"], dialect),
            nullable=bool(column.get("nullable", True)),
            length=getattr(column["type"], "length", None),
            comment=column.get("comment"),
        )
        for column in parts["columns"]
    )
    primary = tuple((parts["primary_key"] or {}).get("constrained_columns") or ())
    unique = [tuple(key["column_names"]) for key in parts["unique_constraints"] or ()]
    unique += [
        tuple(index["column_names"])
        for index in parts["indexes"] or ()
        if index.get("unique")
        and None not in index["column_names"]
        # A partial index promises nothing about the other rows.
        and not any(k.endswith("_where") for k in index.get("dialect_options") or ())
    ]
    return Shape(
        schema=shown_schema(schema),
        name=name,
        columns=columns,
        primary_key=primary,
        references=tuple(
            Reference(
                columns=tuple(key["constrained_columns"]),
                schema=shown_schema(key["referred_schema"] or schema),
                table=key["referred_table"],
                target_columns=tuple(key["referred_columns"]),
            )
            for key in parts["foreign_keys"] or ()
        ),
        unique_keys=tuple(dict.fromkeys(key for key in unique if key != primary)),
        comment=(parts["comment"] or {}).get("text"),
        view=view,
    )
