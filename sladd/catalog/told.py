"""What is kept beside a scan, so that pages can sort, count and search without reading it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sladd.catalog.schema import clean
from sladd.model import FieldScan, TableScan

UNIQUE = 0.99
"""Share of the rows looked at from which a key counts as one that seldom repeats."""


def persons_in(table: TableScan) -> int:
    """How many persons a table tells of, judged by itself: its rows, or its distinct keys of persons.

    A web log has many rows a person, so where the key that leads to the person repeats, its
    distinct values count. In a table without such a key every row may be about another person,
    and so may those rows of a linked table be that were not read.
    """
    rows = table.table.rows if table.table.rows is not None else table.rows
    key = next(
        (f for f in table.fields if table.person_path and str(f.field.ref) == table.person_path[0]),
        None,
    )
    if key is None or key.distinct is None or _seldom_repeats(key):
        return rows
    return rows if key.rows < rows and role_of(table) == "linked" else key.distinct


def bounded(persons: Mapping[str, int], paths: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
    """Persons of tables, none more than the tables that its path to a person leads through.

    Orders tell of 1,000 order numbers, but the customers behind them are 400.

    >>> bounded(
    ...     {"shop/lines": 1000, "shop/customers": 400},
    ...     {"shop/lines": ["shop/lines.customer", "shop/customers.id"]},
    ... )["shop/lines"]
    400

    Args:
        persons: address of a table → persons of it, judged by itself.
        paths: address of a table → addresses of the columns that lead from it to a person.
    """
    most = dict(persons)
    for address, path in paths.items():
        passed = [_table_of(step, persons) for step in path]
        most[address] = min([persons[address], *(persons[each] for each in passed if each)])
    return most


def _table_of(column: str, tables: Collection[str]) -> str:
    """The table of a column; "" where it is none of these. A column's own name may have dots."""
    table = column.rpartition(".")[0]
    while table and table not in tables:
        table = table.rpartition(".")[0]
    return table


def _seldom_repeats(key: FieldScan) -> bool:
    filled = key.rows - key.nulls
    return filled == 0 or (key.distinct or 0) >= UNIQUE * filled


def role_of(table: TableScan) -> str:
    """`person`: its own key is a person's; `linked`: a key leads to one; "": none does."""
    path = table.person_path
    if not path:
        return ""
    return "person" if len(path) == 1 and path[0].startswith(f"{table.table.ref}.") else "linked"


def of_table(table: TableScan) -> dict[str, Any]:
    """The columns of a table's state."""
    ref = table.table.ref
    return {
        "shown": clean(f"{ref.schema}.{ref.name}" if ref.schema else ref.name),
        "persons": int(persons_in(table)),
        "total": None if table.table.rows is None else int(table.table.rows),
        "role": role_of(table),
    }


def of_field(scan: FieldScan) -> dict[str, Any]:
    """The columns of a field's state. `shown` is its name as it may be seen and searched."""
    ref = scan.field.ref
    plain = ".".join((ref.column, *ref.path))
    shown = clean(scan.name_shown or plain)
    return {
        "shown": shown,
        "folded": shown.casefold(),
        "masked": scan.name_shown not in {"", ref.column, plain, str(ref)},
        "shape": clean(scan.finding.shapes[0]) if scan.finding.shapes else "",
    }
