"""Redacted documents as text files: one for each document of a finished table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sladd.errors import PlanError
from sladd.release import ReleaseFile
from sladd.release.paths import table_folder
from sladd.targets.parquet import FinishedTable

FOLDER = "documents"
MOST_FILES = 200_000
"""Text files of a release. The manifest names each; above this it would outgrow what is read."""

_HEADERS = ("date", "from_name", "from", "to_name", "to", "subject", "author", "request")


def write_texts(
    folder: Path, table: FinishedTable, outputs: Mapping[str, str]
) -> tuple[ReleaseFile, ...]:
    """Write the documents of a table below `folder`/documents.

    Args:
        folder: of the release, with the table's files in it; these are in the order of the
            documents' pseudonyms.
        table: finished.
        outputs: column of the source → column of the release, of those that came along.

    Returns:
        The files with their hashes, in the order of their names.

    Raises:
        PlanError: the plan lets out no key of documents (SLADD-333), or there are too many.
    """
    if "document" not in outputs:
        raise PlanError(
            "text files of documents need a pseudonym for their names",
            code=333,
            where=f"{table.name}.document",
            mend="drop the rule for it, or write documents: table",
        )
    place = f"{FOLDER}/{table_folder(table.name)}"
    (folder / place).mkdir(parents=True, exist_ok=True)
    written: list[ReleaseFile] = []
    for name, rows in _documents(folder, table, outputs):
        if len(written) == MOST_FILES:
            raise PlanError(
                f"there are more than {MOST_FILES} documents, too many for text files",
                code=333,
                where=table.name,
                mend="write documents: table; the table holds the same texts",
            )
        data = _text(rows, outputs).encode()
        path = f"{place}/{name}.txt"
        (folder / path).write_bytes(data)
        written.append(ReleaseFile(path=path, sha256=hashlib.sha256(data).hexdigest()))
    return tuple(sorted(written, key=lambda file: file.path))


def _documents(
    folder: Path, table: FinishedTable, outputs: Mapping[str, str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each document's name and rows; rows of one stand together."""
    import pyarrow.parquet as pq

    key = outputs["document"]
    held: list[dict[str, Any]] = []
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            for batch in opened.iter_batches(4_096):
                for row in batch.to_pylist():
                    if held and row[key] != held[0][key]:
                        yield str(held[0][key]), held
                        held = []
                    held.append(row)
        if held:  # a document never spans two files: the pseudonym decides the file
            yield str(held[0][key]), held
            held = []


def _text(rows: Sequence[Mapping[str, Any]], outputs: Mapping[str, str]) -> str:
    """Headers and texts of a document in its own order."""
    ordinal = outputs.get("ordinal")
    ordered = sorted(rows, key=lambda row: row[ordinal] or 0) if ordinal else rows
    lines: list[str] = []
    for row in ordered:
        told = [
            f"{name}: {row[outputs[name]]}"
            for name in _HEADERS
            if name in outputs and row[outputs[name]] is not None
        ]
        text = row[outputs["text"]] if "text" in outputs else None
        block = "\n".join([*told, *([str(text)] if text is not None else [])])
        if block:
            lines.append(block)
    return "\n\n".join(lines) + "\n" if lines else ""
