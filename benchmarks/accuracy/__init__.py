"""How right the scanner is: labelled columns, annotated messages, and the sample shops.

The columns are those of real public schemas with invented cells, fitted to nothing: see
`docs/accuracy.md`, which this benchmark writes. A run of fewer rows than a million is a quick one:
four systems of at most 60 rows a table, without Presidio, and its goals are not judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks import presidio
from benchmarks.accuracy import columns, messages, page, samples
from benchmarks.result import FULL_ROWS, Measure, Result


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Every part; what the page needs beyond the measures is left in `details.json`."""
    quick = rows < FULL_ROWS
    peers = None if quick else presidio.engines()
    measures, details = columns.run(folder / "columns", peers, quick=quick)
    if messages.present():
        more, told = messages.run(folder / "messages", peers, quick=quick)
        measures = (*measures, *more)
        details |= {"messages": told}
    (folder / "details.json").write_text(json.dumps(details), encoding="utf-8")
    return (*samples.run(rows, folder), *measures)


def pages(result: Result) -> Mapping[str, str]:
    """`docs/accuracy.md` and its plot; a quick run writes none."""
    return page.pages(result) if result.rows >= FULL_ROWS else {}
