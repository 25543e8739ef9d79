"""Tables and sources to measure, without recognisers: what a scan says is written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from detectors.keys import Salt
from sladd.config import SourceConfig
from sladd.model import FieldScan, Finding, How, Link, Source, TableScan
from sladd.pipeline.links.measure import within_source
from sladd.pipeline.links.reading import Budget
from sladd.sources import open_source

ROOT = Path(__file__).resolve().parents[3]


def plain_scans(source: Source, *, declared: bool = False) -> list[TableScan]:
    """What a scan says of every table, short of what the columns hold; keys struck out."""
    scans = []
    for table in source.tables():
        sample = source.sample(table, rows=10_000)
        known = table if declared else replace(table, foreign_keys=())
        fields = []
        for field, column in zip(sample.fields, sample.data.columns, strict=True):
            distinct = pc.count_distinct(column, mode="only_valid").as_py()
            counts = pc.value_counts(column.drop_null()).field("counts") if distinct else None
            few = counts is not None and len(counts) <= 50 and pc.min(counts).as_py() >= 5
            finding = Finding(field.ref, How.NONE, "", "", 0.0)
            fields.append(FieldScan(field, finding, sample.rows, column.null_count, distinct, few))
        scans.append(TableScan(known, tuple(fields), sample.rows, sample.drawn))
    return scans


def measured(source: Source, *, declared: bool = False, **options: Any) -> tuple[Link, ...]:
    """The suggested links of a source."""
    scans = plain_scans(source, declared=declared)
    with source.snapshot() as snapshot:
        return within_source(scans, snapshot, salt=Salt(), budget=Budget(600), **options)


def short(links: Iterable[Link], source: str) -> set[str]:
    """Names of links without their source."""
    return {link.name.replace(f"{source}/", "") for link in links}


def open_files(folder: Path, pattern: str = "*.csv") -> Source:
    """The files of a folder as a source called `erp`."""
    return open_source("erp", SourceConfig(files=pattern), root=folder)


def open_database(path: Path) -> Source:
    """A database as a source called `shop`."""
    return open_source("shop", SourceConfig(database=f"sqlite:///{path.name}"), root=path.parent)


def write_csv(folder: Path, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """A file of semicolons."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [";".join(columns.split()), *(";".join(map(str, row)) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def links_of(tmp_path: Path) -> Any:
    """Measures the CSV files that a test wrote into its folder."""

    def measure() -> dict[str, Link]:
        with closing(open_files(tmp_path)) as source:
            return {link.name.replace("erp/", ""): link for link in measured(source)}

    return measure
