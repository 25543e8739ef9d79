"""The detectors once more, over what went out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate.fakes import without_fakes
from sladd.gate.json_parts import with_parts
from sladd.model import Check, Identifiability
from sladd.release import ReleaseTable
from sladd.taxonomy import SENSITIVE, Taxonomy

Rescan = Callable[[pa.Table, str], Sequence[tuple[str, str, str, float]]]
"""`rescan(rows, table)` → (column, category, how, confidence) of what it finds; the how is `also`
for what a text holds beside its own category."""

ROWS = 100_000
_CONFIDENT = 0.5  # of a calibrated confidence: more likely than not


def check_rescan(
    folder: Path, table: ReleaseTable, rescan: Rescan, taxonomy: Taxonomy, *, rows: int = ROWS
) -> Iterator[Check]:
    """No column holds a person's identifier that its transform does not say it emits."""
    parted, spread = with_parts(table, draw(folder, table, rows))
    emits = {column.name: column.emits or "" for column in parted.columns}
    invented = {column.name for column in parted.columns if column.pieces}
    shown, drawn = disguise(parted, spread)
    found: dict[str, set[str]] = {}
    for name, category, how, confidence in rescan(drawn, table.name):
        column = shown.get(name, name)
        if confidence < _CONFIDENT or how == "none" or not _identifies(category, taxonomy):
            continue
        # What is left of names in texts is a risk that the release states. An address or a number
        # has a form: beside invented ones, a real one was let through.
        if how == "also" and (column not in invented or _is(category, "user.name")):
            continue
        allowed = emits.get(column, "")
        if allowed and _is(category, allowed):
            continue
        found.setdefault(column, set()).add(category)
    for column, categories in sorted(found.items()):
        detail = f"found {', '.join(sorted(categories))}, which its transform does not emit"
        yield Check("re-scan", False, detail, f"{table.name}.{column}")
    if not found:
        share = f"{drawn.num_rows} of {table.rows_out} rows"
        yield Check("re-scan", True, f"{share}: no unexpected identifier", table.name)


def disguise(table: ReleaseTable, drawn: pa.Table) -> tuple[dict[str, str], pa.Table]:
    """Columns for the detectors, under the names that they may judge by.

    Pseudonyms are held against their alphabet and length (`tables.check_values`), which is
    stricter than any detector; what is invented by rule is taken out (`fakes`). What another
    transform made is judged by its values alone: its header still says what it was. What was
    kept keeps its name.

    Returns:
        Name shown → name in the release, and the columns under the names shown.
    """
    shown: dict[str, str] = {}
    arrays = []
    for number, column in enumerate(table.columns, start=1):
        if column.alphabet or column.name not in drawn.column_names:
            continue
        name = column.name if column.transform == "keep" else f"c{number}"
        while name in shown:
            name += "_"
        shown[name] = column.name
        arrays.append(without_fakes(column, drawn.column(column.name)))
    return shown, pa.table(arrays, names=list(shown))


def draw(folder: Path, table: ReleaseTable, rows: int) -> pa.Table:
    """About `rows` rows, evenly spaced over every row group; all when there are fewer."""
    every = max(1, math.ceil(table.rows_out / rows))
    pieces = []
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            for group in range(opened.num_row_groups):
                read = opened.read_row_group(group)
                # The last row as well: in a short group it is as likely as any other.
                picked = np.unique(np.append(np.arange(0, read.num_rows, every), read.num_rows - 1))
                pieces.append(read if every == 1 else read.take(pa.array(picked)))
            if not pieces:
                pieces.append(opened.schema_arrow.empty_table())
    return pa.concat_tables(pieces)


def _is(category: str, wanted: str) -> bool:
    return category == wanted or category.startswith(wanted + ".")


def _identifies(category: str, taxonomy: Taxonomy) -> bool:
    if category not in taxonomy:
        return True  # a category nobody knows is not harmless
    known = taxonomy[category]
    return known.personal and (
        known.identifiability is Identifiability.DIRECT or known.legal_class in SENSITIVE
    )
