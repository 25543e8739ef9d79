"""sladd over the filled schemas: real databases and files, the steps of `discover`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks import project
from benchmarks.accuracy import filling
from benchmarks.accuracy.filling import Asked, Filled
from benchmarks.accuracy.judging import Answer, Judged, answer
from benchmarks.accuracy.schemas import System
from sladd.model import TableScan

Put = tuple[System, tuple[Filled, ...], tuple[Asked, ...]]
"""A system, its cells, and its columns under the names that they are shown with."""


def scan(put: Sequence[Put], folder: Path) -> tuple[Judged, ...]:
    """Scan every system as a source of its own, and hold each finding against its label."""
    from sladd.pipeline.jobs import Job, scan_one, scan_options
    from sladd.pipeline.relations import link_tables

    sources, names, keyed = {}, {}, set()
    for number, (system, filled, columns) in enumerate(put):
        name = f"s{number}"
        sources[name] = filling.write(system, filled, columns, folder / name)
        keyed |= {(name, one.table.name) for one in filled if one.table.keyed}
        for column in columns:
            names[name, column.shown_table, column.shown_column] = column
    bound = project.ready(project.make(folder / "project", {"sources": sources}))
    found: dict[Asked, Answer] = {}
    rows = bound.config.detection.sample_rows
    for name in sources:
        source = bound.open_source(name)
        options = scan_options(bound, name)
        tables = [
            scan_one(Job(table), source, bound, options, rows=rows) for table in source.tables()
        ]
        source.close()
        for scanned in link_tables(bound, [t for t in tables if isinstance(t, TableScan)]):
            for field in scanned.fields:
                ref = field.field.ref
                table = ref.table.name.removesuffix(".csv")
                if len(ref.path) > ((name, table) in keyed):
                    continue  # a nested field: its column is judged as a whole
                asked = names.get((name, table, (ref.column, *ref.path)[-1]))
                if asked is not None:
                    found.setdefault(asked, answer(field.finding))
    missing = Answer("not scanned")
    return tuple(Judged(a, found.get(a, missing)) for a in names.values() if a.judged)
