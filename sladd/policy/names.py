"""What tables and columns are called in a release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sladd.model import TableRef
from sladd.policy.inputs import PolicyField


def table_names(tables: Sequence[TableRef]) -> dict[TableRef, str]:
    """The table's own name; where two share it, its source and schema before it."""
    names: dict[TableRef, str] = {}
    spellings = (
        lambda t: t.name,
        lambda t: f"{t.source}_{t.name}",
        lambda t: f"{t.source}_{t.schema or ''}_{t.name}",
    )
    left = list(tables)
    for spell in spellings:
        counts = Counter(spell(table).casefold() for table in left)
        taken = {name.casefold() for name in names.values()}
        alone = [t for t in left if counts[spell(t).casefold()] == 1]
        names.update({t: spell(t) for t in alone if spell(t).casefold() not in taken})
        left = [table for table in left if table not in names]
    names.update({table: spellings[-1](table) for table in left})
    return names


def column_names(fields: Sequence[PolicyField]) -> list[str]:
    """The column's name, or the one to show where the name itself is personal.

    A nested field is called by its path: `user.email` becomes `user_email`.
    """
    return [_column_name(field, number) for number, field in enumerate(fields, start=1)]


def path_name(path: Sequence[str]) -> str:
    """What a place within a column is called: `user.email`, `items[].sku`."""
    return "".join(part if part == "[]" else f".{part}" for part in path).removeprefix(".")


def _column_name(field: PolicyField, number: int) -> str:
    ref = field.field.ref
    shown = field.scan.name_shown if field.scan is not None else ""
    if shown and shown != ".".join((ref.column, *ref.path)):
        return shown
    parts = [ref.column, *("any" if p == "*" else p for p in ref.path if p != "[]")]
    return "_".join(part for part in parts if part) or f"c{number}"
