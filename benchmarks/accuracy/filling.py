"""The schemas filled: databases and files as a scan finds them, with their labels.

Every column is a little dirty: none, 2 % or 10 % of its texts are spoilt, and some cells are missing.
"""

from __future__ import annotations

import csv
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy import makers
from benchmarks.accuracy.row import Row
from benchmarks.accuracy.schemas import Column, System, Table
from benchmarks.accuracy.world import World

_SPOILT = ("", "-", "ukjent", "n/a", "x", "?", "0")
_DIRT = (0.0, 0.0, 0.02, 0.1)  # share of spoilt cells, drawn for each column
_MISSING = (0.0, 0.0, 0.0, 0.08, 0.35)
_PERSONS = 0.5  # share of natural persons in a mixed table
_ENOUGH = 5  # filled cells from which the cells alone can tell anything
_SQL = {"text": "TEXT", "int": "INTEGER", "real": "REAL", "decimal": "DECIMAL(20,4)",
        "bool": "BOOLEAN", "date": "DATE", "datetime": "DATETIME"}  # fmt: skip

Cells = list[object]


@dataclass(frozen=True)
class Filled:
    """One table with its cells. Holds values: invented ones."""

    table: Table
    cells: Mapping[str, Cells]
    rows: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One column as it is put to a scanner.

    Attributes:
        group: one of `columns.GROUPS`.
        decided: whether anything at all could tell what it is, header or cells.
        judged: False where not even its table could say whose it is.
    """

    system: str
    table: str
    column: str
    group: str
    truth: Column
    decided: bool
    judged: bool
    shown_table: str
    shown_column: str

    def __str__(self) -> str:
        return f"{self.system} · {self.table}.{self.column}"


def fill(system: System, most_rows: int) -> tuple[Filled, ...]:
    """Make the cells of every table; equal in every run.

    Args:
        system: its schema.
        most_rows: rows a table at most.
    """
    world = World(system.name, system.locale, section=system.section)
    keys: dict[str, Cells] = {}
    columns: dict[str, Cells] = {}
    who: dict[str, list[int]] = {}  # table → the person each row is about
    filled = []
    for table in system.tables:
        made = _table(system, table, min(table.rows, most_rows), world, keys, columns, who)
        filled.append(made)
        if table.key:
            keys[table.name] = made.cells[table.key]
        columns |= {f"{table.name}.{name}": cells for name, cells in made.cells.items()}
    return tuple(filled)


def _table(
    system: System,
    table: Table,
    rows: int,
    world: World,
    keys: Mapping[str, Cells],
    columns: Mapping[str, Cells],
    who: dict[str, list[int]],
) -> Filled:
    rng = random.Random(f"accuracy/{system.name}/{table.name}")
    made = [(c, *makers.maker(c.maker)) for c in table.columns]
    # A table may point at itself, or at one further down: then any number will do.
    known = {t.name: keys.get(t.name, list(range(1, 900))) for t in system.tables}
    refs = {c.maker.partition(":")[2]: [] for c in table.columns if c.maker.startswith("ref:")}
    refs = {name: columns.get(name, list(range(10_000, 10_900))) for name in refs}
    through = next((c for c in table.columns if c.name == table.person), None)
    start = rng.choice((1, 1, 1001, 30_000, 812_344))
    cells: dict[str, Cells] = {c.name: [] for c in table.columns}
    about: list[int] = []
    order = list(range(len(world.persons)))
    rng.shuffle(order)
    for n in range(rows):
        at: dict[str, int] = {}
        person = order[n % len(order)]
        if through is not None:
            target = through.maker.partition(":")[2].split(".")[0]
            if who.get(target):
                at[target] = rng.randrange(len(who[target]))
                person = who[target][at[target]]
        about.append(person)
        company = world.companies[person % len(world.companies)]
        is_person = table.about == "person" or (
            table.about == "mixed" and random.Random(person).random() < _PERSONS
        )
        row = Row(
            n, world, rng, world.persons[person], rng.choice(world.persons), company, is_person,
            start, "", known, refs, at,
        )  # fmt: skip
        for column, make, argument in made:
            cells[column.name].append(_typed(make(row, argument), column.type))
    who[table.name] = about
    for column in table.columns:
        if column.maker.partition(":")[0] not in makers.KEYS:
            cells[column.name] = _spoil(cells[column.name], column, rng)
    return Filled(table, cells, rows)


def _typed(cell: object, kind: str) -> object:
    if cell is None:
        return None
    if kind == "int":
        return int(str(cell))
    if kind == "datetime" and len(str(cell)) == len("2024-01-01"):
        return f"{cell} 00:00:00"
    return cell if kind in {"bool", "real"} else str(cell)


def _spoil(cells: Cells, column: Column, rng: random.Random) -> Cells:
    dirt, missing = rng.choice(_DIRT), rng.choice(_MISSING)
    if column.type in {"int", "decimal", "real", "bool", "date", "datetime"}:
        dirt = 0.0  # the type does not let spoilt cells in
    if not column.label.said:
        missing = min(missing, 0.08)
    drawn = (rng.random() for _ in cells)
    return [
        None if d < missing else rng.choice(_SPOILT) if c is not None and d > 1 - dirt else c
        for c, d in zip(cells, drawn, strict=True)
    ]


def asked(system: System, filled: Sequence[Filled], group: str) -> tuple[Asked, ...]:
    """The columns of a system as they are put to a scanner."""
    result = []
    number = 0
    for place, one in enumerate(filled, start=1):
        for column in one.table.columns:
            number += 1
            enough = sum(c not in {None, *_SPOILT} for c in one.cells[column.name]) >= _ENOUGH
            told = makers.tells(column.maker, one.table.about)
            obscured = group.endswith("obscured")
            result.append(
                Asked(
                    system.name, one.table.name, column.name, group, column,
                    decided=(bool(told) and enough) if obscured else True,
                    # Keys of an attribute table are cells: to obscure them would be another database.
                    judged=not (obscured and (told is None or one.table.keyed)),
                    shown_table=f"t{place}" if obscured else one.table.name,
                    shown_column=_obscure(number) if obscured else column.name,
                )
            )  # fmt: skip
    return tuple(result)


def _obscure(number: int) -> str:
    return f"{('felt', 'c', 'kol', 'x_', 'F')[number % 5]}{number}"


def write(
    system: System, filled: Sequence[Filled], names: Sequence[Asked], folder: Path
) -> dict[str, object]:
    """Write the tables, and say how `sladd.yaml` names the source."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = {(a.table, a.column): a for a in names}
    if system.files:
        for one in filled:
            _csv(folder, one, shown)
        return {"files": str(folder / "*.csv")}
    path = folder / "data.db"
    with sqlite3.connect(path) as database:
        for one in filled:
            _sqlite(database, one, shown)
    database.close()
    return {"database": f"sqlite:///{path}"}


def _names(one: Filled, shown: Mapping[tuple[str, str], Asked]) -> tuple[str, list[str]]:
    known = [shown[one.table.name, c.name] for c in one.table.columns]
    return known[0].shown_table, [a.shown_column for a in known]


def _csv(folder: Path, one: Filled, shown: Mapping[tuple[str, str], Asked]) -> None:
    table, columns = _names(one, shown)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows(one))


def rows(one: Filled) -> Iterator[tuple[object, ...]]:
    """The table row by row."""
    return zip(*one.cells.values(), strict=True)


def _sqlite(
    database: sqlite3.Connection, one: Filled, shown: Mapping[tuple[str, str], Asked]
) -> None:
    table, columns = _names(one, shown)
    if one.table.keyed:
        if table == one.table.name:
            _attributes(database, one)
        return
    parts = [
        f"{_quoted(name)} {_SQL.get(c.type, c.type.upper())}"
        for name, c in zip(columns, one.table.columns, strict=True)
    ]
    if one.table.key:
        parts.append(f"PRIMARY KEY ({_quoted(shown[one.table.name, one.table.key].shown_column)})")
    for column, (target, other) in one.table.links.items():
        here, there = shown[one.table.name, column], shown[target, other]
        parts.append(
            f"FOREIGN KEY ({_quoted(here.shown_column)}) REFERENCES "
            f"{_quoted(there.shown_table)} ({_quoted(there.shown_column)})"
        )
    database.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(parts)})")
    places = ", ".join("?" * len(columns))
    database.executemany(f"INSERT INTO {_quoted(table)} VALUES ({places})", rows(one))


def _attributes(database: sqlite3.Connection, one: Filled) -> None:
    """A table of keys and values: each row of `one` becomes a row for each of its filled keys."""
    number, key, value = one.table.keyed
    person = one.table.person
    database.execute(
        f"CREATE TABLE {_quoted(one.table.name)} ({number} INTEGER PRIMARY KEY, "
        f"{person} INTEGER, {key} VARCHAR(255), {value} TEXT)"
    )
    long = [
        (owner, name, str(cell))
        for i, owner in enumerate(one.cells[person])
        for name, cells in one.cells.items()
        if name != person and (cell := cells[i]) is not None
    ]
    database.executemany(
        f"INSERT INTO {_quoted(one.table.name)} ({person}, {key}, {value}) VALUES (?, ?, ?)", long
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
