"""Tables of our own making: schemas of many systems, filled with invented persons' data.

Half of the tables keep their headers, a third have obscured ones (`felt17`, `c3`, a table
`t_0042`), the rest a mixture in which a few headers promise what the column does not hold. Tables
have 0 to 2,000 rows; up to a fifth of a column is spoilt; numbers are stored as text or integers.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

import pyarrow as pa

from benchmarks.calibration.kinds import KINDS, NOT_SCORED, UNTOLD, Drawing
from benchmarks.calibration.people import People
from benchmarks.calibration.writing import STYLES
from sladd.model import Field, FieldRef, ForeignKey, KeyRole, Sample, StorageType, Table, TableRef

ROWS = (0, 3, 5, 8, 10, 20, 40, 80, 80, 200, 200, 200, 600, 2000)
_DIRT = (0.0, 0.0, 0.0, 0.02, 0.05, 0.1, 0.2)
_JUNK = (None, None, "", "-", "ukjent", "test", "x", "n/a", "?", "ikke oppgitt")


@dataclass(frozen=True)
class Schema:
    """One line of `systems.txt`: headers and kinds in order."""

    system: str
    table: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Made:
    """One table, and the category of each column; "" for no personal data.

    Attributes:
        kinds: how the cells of each column were made.
        mode: `clear`, `obscured` or `mixed` headers.
    """

    system: str
    mode: str
    sample: Sample
    truth: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)


@cache
def schemas(source: str = "systems.txt") -> tuple[Schema, ...]:
    """Every schema of a file: `systems.txt`, or `unseen.txt`, on which nothing is fitted."""
    text = files(__package__).joinpath(source).read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        system, table, columns = line.split(" | ")
        pairs = [tuple(each.rsplit("=", 1)) for each in columns.split()]
        found.append(Schema(system, table, tuple((h, k) for h, k in pairs)))
    return tuple(found)


@cache
def _headers(*, personal: bool) -> tuple[str, ...]:
    return tuple(
        header
        for schema in schemas()
        for header, kind in schema.columns
        if (KINDS[kind][0] not in {"", NOT_SCORED}) is personal
    )


def table(number: int, seed: int, source: str = "systems.txt") -> Made:
    """A table of its own for each number: the schemas in turn, each time otherwise."""
    chosen = schemas(source)
    schema = chosen[number % len(chosen)]
    rng = random.Random(seed * 100_003 + number)
    people = People(rng, abroad=rng.choice((0.05, 0.15, 0.15, 0.3, 0.6)),
                    origin="en" if schema.system == "english_db" else "")  # fmt: skip
    mode = rng.choice(("clear", "clear", "clear", "obscured", "obscured", "mixed"))
    n = rng.choice(ROWS)
    if mode == "obscured":
        n = max(n, 3)
    persons = [people.person() for _ in range(n)]
    shouting = rng.choice(("", "", "", "upper", "lower"))
    naming = rng.choice(("felt", "c", "kol_", "x", "data", "Fld", "attr", "F"))
    columns: dict[str, list[str | None]] = {}
    truth: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for place, (own, kind) in enumerate(schema.columns, 1):
        category, make = KINDS[kind]
        header = _called(own, f"{naming}{place}", mode, category, rng)
        header = header.upper() if shouting == "upper" else header
        header = header.lower() if shouting == "lower" else header
        if header in columns:
            continue
        at = rng.choice((0, 1, 7, 500, 2000, 41_000, 45_230_000))
        drawing = Drawing(rng, people, rng.choice(STYLES), at, rng.choice((1, 1, 1, 5)))
        dirt = 0.0 if kind.startswith(("pk_", "counter")) else rng.choice(_DIRT)
        cells = [_cell(make(drawing, p), dirt, rng) for p in persons]
        said = header.lower() == own.lower()
        known = (
            (category in {"", NOT_SCORED} and n > 0) or said or (any(cells) and kind not in UNTOLD)
        )
        truth[header] = category if known else NOT_SCORED
        columns[header], kinds[header] = cells, kind
    name = (
        schema.table if mode != "obscured" else rng.choice(("t_0042", "ark1", "export2", "tbl17"))
    )
    sample = _sample(schema.system, name, columns, kinds, rng)
    return Made(schema.system, mode, sample, truth, kinds)


def _called(own: str, obscured: str, mode: str, category: str, rng: random.Random) -> str:
    if mode == "clear":
        return own
    if mode == "obscured" or rng.random() < 0.35:
        return obscured
    drawn = rng.random()
    if category == "" and drawn < 0.15:
        return rng.choice(_headers(personal=True))
    if category not in {"", NOT_SCORED} and drawn < 0.06:
        return rng.choice(_headers(personal=False))
    return own


def _cell(value: object, dirt: float, rng: random.Random) -> str | None:
    if rng.random() < dirt:
        return rng.choice(_JUNK)
    return None if value is None else str(value)


def _sample(
    system: str,
    name: str,
    columns: Mapping[str, list[str | None]],
    kinds: Mapping[str, str],
    rng: random.Random,
) -> Sample:
    ref = TableRef(system, name)
    primary = next((h for h, k in kinds.items() if k.startswith("pk_")), None)
    declared = rng.random() < 0.7
    arrays, fields = [], []
    for header, cells in columns.items():
        array, kind = _stored(cells, rng)
        arrays.append(array)
        role = KeyRole.PRIMARY if header == primary and declared else KeyRole.NONE
        fields.append(Field(FieldRef(ref, header), kind, role=role))
    foreign = tuple(
        ForeignKey((header,), TableRef(system, rng.choice(("customers", "person"))), ("id",))
        for header, kind in kinds.items()
        if kind == "fk_person" and declared
    )
    data = pa.Table.from_arrays(arrays, names=list(columns))
    key: Sequence[str] = (primary,) if primary and declared else ()
    about = Table(ref, tuple(fields), primary_key=tuple(key), foreign_keys=foreign)
    return Sample(about, data, tuple(fields), drawn="all", rows_total=data.num_rows)


def _stored(cells: list[str | None], rng: random.Random) -> tuple[pa.Array, StorageType]:
    """Numbers as text or as integers, dates as text or as dates."""
    filled = [cell for cell in cells if cell]
    if filled and rng.random() < 0.5:
        if all(c.isdecimal() and len(c) < 18 for c in filled):
            return pa.array([int(c) if c else None for c in cells]), StorageType.INTEGER
        if all(len(c) == 10 and c[4] == c[7] == "-" and c[:4].isdecimal() for c in filled):
            days = [date.fromisoformat(c) if c else None for c in cells]
            return pa.array(days, pa.date32()), StorageType.DATE
    return pa.array(cells, pa.string()), StorageType.STRING
