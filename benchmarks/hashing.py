"""Pseudonyms as others make them: `apply` of an HMAC in pandas, and presidio-structured's `hash`.

Both work cell by cell and keep nothing from one cell to the next, so that the time of a few rows
is extrapolated linearly.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from benchmarks import presidio
from benchmarks.measure import cpu_seconds

if TYPE_CHECKING:
    import pandas as pd

PANDAS_ROWS = 50_000
PRESIDIO_ROWS = 3_000


def with_pandas(file: Path, columns: Sequence[str], rows: int) -> float:
    """Processor seconds of `apply(hmac)` on each column, for all rows; nothing read or written."""
    frame = _first(file, min(PANDAS_ROWS, rows))
    key = secrets.token_bytes(32)

    def keyed(value: object) -> str:
        return hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()

    took = cpu_seconds(lambda: [frame[name].apply(keyed) for name in columns])
    return took * rows / len(frame)


def with_presidio(file: Path, columns: Sequence[str], rows: int) -> float | None:
    """Processor seconds of `StructuredEngine.anonymize` for all rows; None: not installed.

    It is told which columns to hash: what it needs to find out by itself is measured elsewhere.
    """
    if not presidio.installed():
        return None
    from presidio_anonymizer.entities import OperatorConfig
    from presidio_structured import StructuredAnalysis, StructuredEngine

    frame = _first(file, min(PRESIDIO_ROWS, rows)).astype(dict.fromkeys(columns, str))
    told = StructuredAnalysis(entity_mapping=dict.fromkeys(columns, "PERSON"))
    hashed = OperatorConfig("hash", {"hash_type": "sha256", "salt": secrets.token_bytes(16)})
    engine = StructuredEngine()
    engine.anonymize(frame.head(2).copy(), told, {"PERSON": hashed})  # warms up
    took = cpu_seconds(lambda: engine.anonymize(frame, told, {"PERSON": hashed}))
    return took * rows / len(frame)


def _first(file: Path, rows: int) -> pd.DataFrame:
    batch = next(pq.ParquetFile(file).iter_batches(batch_size=rows))
    frame: pd.DataFrame = batch.to_pandas()
    return frame
