"""`gate.files`: everything that a written release says of itself, asked of its files alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sladd.gate.anonymity import check_anonymity
from sladd.gate.csv import check_csv
from sladd.gate.database import check_database
from sladd.gate.fakes import check_fakes
from sladd.gate.folder import check_dates, check_files, check_label, check_signature
from sladd.gate.json_parts import check_parts
from sladd.gate.measured import Measured
from sladd.gate.measures import check_measures
from sladd.gate.rescan import ROWS, Rescan, check_rescan
from sladd.gate.statements import open_memory
from sladd.gate.tables import (
    check_joins,
    check_schema,
    check_values,
    count_key,
    count_orphans,
    view,
)
from sladd.model import Check, GateResult
from sladd.release import Manifest, read_manifest, resolve
from sladd.taxonomy import load

NEEDS_SOURCE = "whether a value of the source is left in the output (needs the source)"
"""What `against_source` answers while the source is at hand."""


def files(
    path: Path | str,
    *,
    rescan: Rescan | None,
    public_key: Ed25519PublicKey | None = None,
    now: datetime | None = None,
    rescan_rows: int = ROWS,
    measured: Measured | None = None,
) -> GateResult:
    """Check a release from its files.

    Args:
        path: as in `release.resolve`; also a staging folder with its manifest.
        rescan: the detectors; None leaves that question open.
        public_key: of whoever should have signed; without it the release's own is taken.
        now: for the expiry.
        rescan_rows: rows of each table that the detectors see.
        measured: what this process knows of the files already; without it everything is counted.

    Raises:
        GateError: there is no release, or its manifest cannot be read (SLADD-600…603).
    """
    folder = resolve(path).resolve()
    manifest = read_manifest(folder)
    at = now or datetime.now(UTC)
    checks: list[Check] = [
        *check_signature(folder, manifest, public_key),
        *check_files(folder, manifest),
        *check_label(folder, manifest, at),
        *check_dates(manifest, at),
    ]
    taxonomy = load()
    readable = []
    for table in manifest.tables:
        schema = _answers("types", table.name, check_schema(folder, table))
        checks += schema
        if not schema[0].passed:
            continue
        readable.append(table)
        checks += _answers("JSON", table.name, check_parts(folder, table))
        if rescan is not None:
            asked = check_rescan(folder, table, rescan, taxonomy, rows=rescan_rows)
            checks += _answers("re-scan", table.name, asked)
    with tempfile.TemporaryDirectory(prefix="sladd-gate-") as spill, open_memory(spill) as opened:
        sources: dict[str, str] = {}
        for table in readable:
            sources[table.name] = view(opened, folder, table)
            asked = check_values(opened, table, sources[table.name])
            checks += _answers("values", table.name, asked)
            asked = check_csv(opened, folder, table, sources[table.name])
            checks += _answers("csv", table.name, asked)
            asked = check_fakes(opened, table, sources[table.name])
            checks += _answers("fakes", table.name, asked)
        checks += _answers("foreign key", "", check_joins(opened, manifest, sources))
        asked = check_anonymity(opened, folder, manifest, sources, measured)
        checks += _answers("anonymity", "", asked)
        checks += _answers("database", "", check_database(opened, folder, manifest, sources))
    checks += _answers("measures", "", check_measures(folder, manifest, measured))
    partial = rescan is not None and any(t.rows_out > rescan_rows for t in manifest.tables)
    return GateResult(tuple(checks), tuple(_open(manifest, rescan, public_key, partial)))


def with_orphans(folder: Path, manifest: Manifest) -> Manifest:
    """The draft of a manifest with its keys counted in the files.

    A unique key other than the primary one that does not hold there is no key of the release:
    two spellings of one e-mail address have become one pseudonym. Both counts stay in `integrity`.

    Args:
        folder: of a release whose tables are written.
        manifest: their files and foreign keys.
    """
    with tempfile.TemporaryDirectory(prefix="sladd-gate-") as spill, open_memory(spill) as opened:
        sources = {table.name: view(opened, folder, table) for table in manifest.tables}
        counted = [
            key.model_copy(update={"orphans": count_orphans(opened, key, sources)})
            for key in manifest.foreign_keys
        ]
        integrity = tuple(
            key.model_copy(update=count_key(opened, key, sources)) for key in manifest.integrity
        )
    # What is said to stay apart whatever it was, is the gate's to refuse.
    apart = {(t.name, c.name) for t in manifest.tables for c in t.columns if c.pattern}
    broken = {
        (k.table, k.columns)
        for k in integrity
        if k.distinct_after != k.rows_after and not any((k.table, c) in apart for c in k.columns)
    }
    tables = tuple(
        table.model_copy(
            update={
                "unique_keys": tuple(k for k in table.unique_keys if (table.name, k) not in broken)
            }
        )
        for table in manifest.tables
    )
    return manifest.model_copy(
        update={"foreign_keys": tuple(counted), "integrity": integrity, "tables": tables}
    )


def _answers(name: str, column: str, asked: Iterable[Check]) -> list[Check]:
    """The answers; a file that cannot be read is an answer, too."""
    import duckdb

    try:
        return list(asked)
    except (OSError, pa.ArrowException, duckdb.Error) as fault:
        # The text of the fault could quote a value.
        return [Check(name, False, f"cannot be read ({type(fault).__name__})", column)]


def _open(
    manifest: Manifest, rescan: Rescan | None, public_key: Ed25519PublicKey | None, partial: bool
) -> Iterable[str]:
    yield NEEDS_SOURCE
    yield "whether the rows read from the source were all of them (needs the source)"
    if any(column.alphabet for t in manifest.tables for column in t.columns):
        yield "whether the pseudonyms were made with the named key (needs the key)"
    if "wp216" in manifest.risk:
        yield "whether earlier and other releases single someone out beside this one (needs them)"
    told = manifest.risk.get("anonymity", {})
    for name, table in told.get("tables", {}).items() if isinstance(told, dict) else ():
        if table.get("several_rows_a_person"):
            yield f"persons of {name}: several rows are of one person, and no file says which"
    if public_key is None:
        yield "who signed: compare the fingerprint with one you got from elsewhere"
    if rescan is None:
        yield "the content of the columns: no detectors were given"
    elif partial:
        yield "the content of every row: large tables were re-scanned in evenly spaced rows"
