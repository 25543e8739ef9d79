"""Columns of JSON, structs and lists in a release: every place is one that the manifest knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate import places
from sladd.gate.tables import form
from sladd.model import Check
from sladd.release import ReleaseColumn, ReleaseTable

_STEP = re.compile(r"\[\]|[^.\[]+|\[(?!\])")
Place = tuple[str, ...]


def check_parts(folder: Path, table: ReleaseTable) -> Iterator[Check]:
    """Nothing stands where the manifest has no place; pseudonyms and fakes have their form."""
    for column in table.columns:
        if column.parts is None:
            continue
        strays = odd = 0
        rules = [form(part) or part.pattern for part in column.parts]
        shapes = {places.path(p.name): r for p, r in zip(column.parts, rules, strict=True)}
        forms = [re.compile(f"(?:{rule})?") if rule else None for rule in rules]
        for file in table.files:
            with pq.ParquetFile(folder / file.path) as opened:
                for batch in opened.iter_batches(columns=[column.name]):
                    if places.is_nested(column):
                        strays += places.strays(column, batch.column(0))
                        odd += places.odd(batch.column(0), shapes)
                        continue
                    found, unknown = spread(column, batch.column(0))
                    strays += unknown
                    for shape, rows in zip(forms, found, strict=True):
                        if shape is not None:
                            odd += sum(not shape.fullmatch(str(v)) for row in rows for v in row)
        address = f"{table.name}.{column.name}"
        told = f"{len(column.parts)} places"
        what = "nested values" if places.is_nested(column) else "JSON"
        yield Check(
            what,
            not strays,
            f"{strays} values where the manifest knows no place" if strays else told,
            address,
        )
        yield Check(
            f"pseudonyms in {what}",
            not odd,
            f"{odd} values of another form" if odd else told,
            address,
        )


def with_parts(table: ReleaseTable, drawn: pa.Table) -> tuple[ReleaseTable, pa.Table]:
    """The same rows with every place in a column of JSON or nested values as a column of its own.

    Returns:
        Columns named `payload.user.email`, their values in lists where they are several.
    """
    if all(column.parts is None for column in table.columns):
        return table, drawn
    columns: list[ReleaseColumn] = []
    arrays: dict[str, Any] = {}
    for column in table.columns:
        if column.parts is None or column.name not in drawn.column_names:
            columns.append(column)
            if column.name in drawn.column_names:
                arrays[column.name] = drawn.column(column.name)
            continue
        if places.is_nested(column):
            apart = places.split(column, drawn.column(column.name))
        else:
            apart = [_array(rows) for rows in spread(column, drawn.column(column.name))[0]]
        for part, array in zip(column.parts, apart, strict=True):
            name = column.place(part)
            columns.append(part.model_copy(update={"name": name}))
            arrays[name] = array
    return table.model_copy(update={"columns": tuple(columns)}), pa.table(arrays)


def spread(
    column: ReleaseColumn, values: pa.Array | pa.ChunkedArray
) -> tuple[list[list[list[Any]]], int]:
    """The values at each place, row by row, and how many stand at no known place.

    A cell that is no JSON, or a value where none should be, counts as at no known place.
    """
    parts = column.parts or ()
    numbers = {_place(part.name): number for number, part in enumerate(parts)}
    known = {place[:length] for place in numbers for length in range(len(place) + 1)}
    rows: list[list[list[Any]]] = [[] for _ in parts]
    strays = 0
    for text in values.to_pylist():
        cells: list[list[Any]] = [[] for _ in parts]
        for place, value in _leaves(text, known):
            number = numbers.get(place)
            if number is None:
                strays += 1
            else:
                cells[number].append(value)
        for row, cell in zip(rows, cells, strict=True):
            row.append(cell)
    return rows, strays


def _place(name: str) -> Place:
    return tuple(_STEP.findall(name))


def _leaves(text: str | None, known: set[Place]) -> Iterator[tuple[Place, Any]]:
    if text is None:
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = text
    if not isinstance(document, dict | list):
        yield ("",), document
        return
    yield from _within(document, (), known)


def _within(value: Any, place: Place, known: set[Place]) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, list):
        for child in value:
            yield from _within(child, (*place, "[]"), known)
    elif isinstance(value, dict):
        for key, child in value.items():
            below = (*place, *_place(key))
            if below not in known:
                below = (*place, "*")
                yield (*below, "$key"), key
            yield from _within(child, below, known)
    elif value is not None:
        yield place, value


def _array(rows: Sequence[Sequence[Any]]) -> pa.Array:
    """One value a row where no row has more, else lists; text where types are mixed."""
    single = all(len(row) <= 1 for row in rows)
    values: list[Any] = [row[0] if row else None for row in rows] if single else list(rows)
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        texts = [[str(v) for v in row] for row in rows]
        return pa.array([row[0] if row else None for row in texts] if single else texts)
