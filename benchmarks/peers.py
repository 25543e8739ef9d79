"""A whole table with free text discovered, against presidio-structured on the same table.

sladd reads every row by its rules and a stated sample of the texts with the names model, as
`discover` does; presidio-structured analyses every cell, as its default is, in batches of 256.
That would take many minutes, so it gets the first few rows, and the time is extrapolated linearly:
it analyses cell by cell and keeps nothing from one to the next.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from benchmarks import data, presidio, project
from benchmarks.measure import cpu_seconds
from benchmarks.result import Goal, Measure
from sladd.model import Field, FieldRef, Sample, SpanFinder, StorageType, Table, TableRef
from sladd.pipeline.bind import Bound

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

ROWS = 10_000
PEER_ROWS = 150
ROUNDS = 3
FASTER = Goal(300, on="value", kind="at least", exact=True)
ALL_FOUND = Goal(len(data.TRUTH), on="value", kind="at least", exact=True)
_NAMED = "Gave til "  # the comment of `data` that holds a name and nothing else
_TYPES = {pa.int64(): StorageType.INTEGER, pa.float64(): StorageType.FLOAT}


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Processor time of both, how much faster, and the recall of names in the texts."""
    engines = presidio.engines()
    rows = min(rows, ROWS)
    table = data.table(rows)
    bound = project.ready(project.make(folder / "project", {}))
    took, found = _ours(table, bound)
    missed = [name for name, category in data.TRUTH.items() if found.get(name) != category]
    looked = bound.config.detection.text_rows
    named, recalled = names_found(table, bound.find_spans, looked)
    seconds = _theirs(table, engines.default) if engines is not None else None
    what = f"{rows:,} rows × {table.num_columns} columns with free text"
    speed = () if seconds is None else (
        Measure(
            what=f"{what}: times faster than presidio-structured, batch {presidio.BATCH}",
            value=seconds / took,
            unit="times",
            goal=FASTER,
        ),
    )  # fmt: skip
    return (
        *speed,
        Measure(
            what=f"{what}: discovered",
            value=took,
            unit="s CPU",
            floor=seconds,
            floor_is="presidio-structured" if seconds is not None else "",
            notes=_notes(rows, looked, seconds),
        ),
        Measure(
            what="columns found as what they are",
            value=float(len(data.TRUTH) - len(missed)),
            unit=f"of {len(data.TRUTH)}",
            goal=ALL_FOUND,
            notes=tuple(f"missed: {name}" for name in missed),
        ),
        Measure(
            what=f"recall of names in {named} of the texts that hold one",
            value=recalled / named if named else 0.0,
            unit="of 1",
        ),
    )


def names_found(table: pa.Table, find: SpanFinder, most: int) -> tuple[int, int]:
    """Texts with a name, at most as many as the scan reads; and in how many all of it was found.

    Args:
        table: of `data`.
        find: the span finder.
        most: texts that a scan reads of a column.
    """
    texts = [t for t in table["comment"].unique().to_pylist() if t and t.startswith(_NAMED)][:most]
    found = find(texts)
    begins = len(_NAMED)
    return len(texts), sum(
        any(s.category.startswith("user.name") and s.start <= begins and s.end >= len(text) for s in spans)
        for text, spans in zip(texts, found, strict=True)
    )  # fmt: skip


def _ours(table: pa.Table, bound: Bound) -> tuple[float, dict[str, str]]:
    from detectors.columns import ScanOptions, scan_table
    from sladd.sources.nested import expand_json

    options = ScanOptions(
        languages=tuple(bound.config.languages),
        text_rows=bound.config.detection.text_rows,
        text_spans=bound.find_spans,
        expand_json=expand_json,
    )
    sample = _sample(table)
    detectors = bound.detectors
    scans = [scan_table(sample, detectors=detectors, options=options)]  # warms up
    times = [
        cpu_seconds(lambda: scans.append(scan_table(sample, detectors=detectors, options=options)))
        for _ in range(ROUNDS)
    ]
    found = {f.field.ref.column: f.finding.category for f in scans[-1].fields}
    return statistics.median(times), found


def _sample(table: pa.Table) -> Sample:
    ref = TableRef("bench", "orders")
    fields = tuple(
        Field(FieldRef(ref, name), _type(kind))
        for name, kind in zip(table.column_names, table.schema.types, strict=True)
    )
    return Sample(Table(ref, fields), table, fields, drawn="all", rows_total=table.num_rows)


def _type(kind: pa.DataType) -> StorageType:
    if pa.types.is_timestamp(kind):
        return StorageType.TIMESTAMP
    return _TYPES.get(kind, StorageType.STRING)


def _theirs(table: pa.Table, engine: AnalyzerEngine) -> float:
    """Processor time for all rows, from that for a few of them."""
    few = _as_text(table.slice(0, PEER_ROWS))
    presidio.structured(few.head(2), engine)  # warms up
    took = cpu_seconds(lambda: presidio.structured(few, engine))
    return took * table.num_rows / len(few)


def _as_text(table: pa.Table) -> pd.DataFrame:
    """As a diligent user hands it over: it raises an error for times, and takes null for a name."""
    columns: dict[str, Sequence[str]] = {
        name: ["" if cell is None else str(cell) for cell in table[name].to_pylist()]
        for name in table.column_names
    }
    return pd.DataFrame(columns)


def _notes(rows: int, looked: int, seconds: float | None) -> tuple[str, ...]:
    lines = [f"recognisers and names model read {looked} distinct texts of a column of free text"]
    if seconds is None:
        lines.append(f"presidio-structured: {presidio.NOT_RUN}")
    elif rows > PEER_ROWS:
        lines.append(f"presidio-structured on {PEER_ROWS} rows, extrapolated to {rows:,}")
    return tuple(lines)
