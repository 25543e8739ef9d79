"""The labelled schemas: tables, columns, what each is, and which maker fills it."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy.makers import holds

FOLDER = Path(__file__).parent / "schemas"


@dataclass(frozen=True, slots=True)
class Label:
    """What a careful data protection officer says a column is, decided before any scan.

    Attributes:
        how: `is`, `contains`, `linked` or `none`; "?" where officers would disagree.
        category: the one that the column is counted under; "" for none.
        others: categories that are as right.
    """

    how: str
    category: str = ""
    others: tuple[str, ...] = ()

    @property
    def said(self) -> bool:
        """Whether the column itself holds personal data, beyond being about a person."""
        return self.how in {"is", "contains"}


@dataclass(frozen=True, slots=True)
class Column:
    """One labelled column."""

    name: str
    type: str  # SQL type of the public schema, coarsened
    label: Label
    maker: str  # name of the maker in `makers.py`, with its argument after a colon


@dataclass(frozen=True, slots=True)
class Table:
    """One labelled table.

    Attributes:
        rows: of the full benchmark.
        person: the key column that says whom a row is about; "": each row about somebody.
        about: `person`, `company` or `mixed`.
        links: declared foreign keys, column → (table, column).
        keyed: columns of row number, key and value where the table is one of keys and values:
            then its columns, but for `person`, are the keys.
    """

    name: str
    rows: int
    columns: tuple[Column, ...]
    person: str
    about: str
    links: Mapping[str, tuple[str, str]]
    keyed: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The primary key; "" for a table without one."""
        return next((c.name for c in self.columns if c.maker in {"key", "hexkey", "uuidkey"}), "")


@dataclass(frozen=True, slots=True)
class System:
    """One system or sample database: tables that belong together."""

    name: str
    group: str  # `shop`, `other`, or `third` to `ninth`
    locale: str
    section: str  # of `words.toml`, where names, streets and places come from
    files: bool  # it comes as CSV files, not as a database
    tables: tuple[Table, ...]


def load() -> tuple[System, ...]:
    """Every schema of the folder, in the order of their file names."""
    return tuple(_system(file) for file in sorted(FOLDER.glob("*.toml")))


def _system(file: Path) -> System:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    return System(
        raw["system"],
        raw["group"],
        (locale := raw.get("locale", "no")),
        raw.get("section", locale),
        raw.get("files", False),
        tuple(_table(name, given) for name, given in raw["tables"].items()),
    )


def _table(name: str, given: Mapping[str, object]) -> Table:
    ordinary = _label(str(given["ordinary"]))
    columns: list[Column] = []
    for line in str(given["columns"]).strip().splitlines():
        names, kind, label, maker = (part.strip() for part in line.split("|", 3))
        meant = ordinary if label == "-" else _label(label)
        if meant.how == "contains":
            meant = replace(meant, others=(*meant.others, "user.content.private", *holds(maker)))
        columns += [Column(each, kind, meant, maker) for each in _names(names)]
    links = {}
    for column, target in dict(given.get("links", {})).items():  # type: ignore[call-overload]
        table, _, other = target.rpartition(".")
        links[column] = (table, other)
    return Table(
        name,
        int(str(given["rows"])),
        tuple(columns),
        str(given.get("person", "")),
        str(given.get("about", "person")),
        links,
        tuple(given.get("keyed", ())),  # type: ignore[arg-type]
    )


def _names(text: str) -> Sequence[str]:
    """`a, b, "c.d"` → three names."""
    return [name.strip() for name in next(csv.reader([text], skipinitialspace=True))]


def _label(text: str) -> Label:
    how, _, rest = text.partition(" ")
    first, *others = [part.strip() for part in rest.split("/")]
    return Label(how, first, tuple(others))
