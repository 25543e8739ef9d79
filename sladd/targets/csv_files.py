"""CSV files beside the Parquet files: for spreadsheets, and for whatever reads nothing else.

One dialect, RFC 4180 in UTF-8 with a byte order mark (Excel takes æøå for Windows-1252 without it):
commas, a header, texts always in quotes. So NULL, an empty field without quotes, and the empty
text, `""`, stay apart. A text that a spreadsheet would take for a formula has an apostrophe
before it; so does one that began with an apostrophe and such a character, which makes the mark
reversible: take one apostrophe off each text that matches `UNMARK`.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from sladd.release import Manifest, ReleaseFile, ReleaseTable
from sladd.release.paths import table_folder
from sladd.targets.nested_json import json_texts

FOLDER = "csv"
_FORMULA = r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])"
MARK = f"^{_FORMULA}"
"""RE2 pattern of texts that get an apostrophe. Source: OWASP, CSV Injection."""
UNMARK = f"^'{_FORMULA}"
"""RE2 pattern of texts in the file of which the first apostrophe is ours."""


@dataclass(slots=True)
class _Marked:
    """Texts that got an apostrophe, by column."""

    cells: dict[str, int] = field(default_factory=dict)

    def add(self, column: str, count: int) -> None:
        self.cells[column] = self.cells.get(column, 0) + count


def write_csv(folder: Path, manifest: Manifest) -> Manifest:
    """Write one CSV file for each table of a staged release.

    Args:
        folder: of the release, with its Parquet files.
        manifest: of it.

    Returns:
        The manifest with the files, and with how many texts of each column got an apostrophe.
    """
    (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    tables = tuple(_table(folder, table) for table in manifest.tables)
    return manifest.model_copy(update={"tables": tables})


def _table(folder: Path, table: ReleaseTable) -> ReleaseTable:
    name = f"{FOLDER}/{table_folder(table.name)}.csv"
    marked = _Marked()
    options = pa.csv.WriteOptions(quoting_style="needed", quoting_header="all_valid")
    with (folder / name).open("wb") as sink:
        sink.write(codecs.BOM_UTF8)
        writer = None
        for file in table.files:
            with pq.ParquetFile(folder / file.path) as opened:
                schema = pa.schema(
                    [pa.field(f.name, _written(f.type)) for f in opened.schema_arrow]
                )
                writer = writer or pa.csv.CSVWriter(sink, schema, write_options=options)
                for batch in opened.iter_batches():
                    columns = [
                        _cells(column, name, marked)
                        for name, column in zip(batch.schema.names, batch.columns, strict=True)
                    ]
                    writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
        if writer is not None:
            writer.close()
    with (folder / name).open("rb") as file_:
        digest = hashlib.file_digest(file_, "sha256").hexdigest()
    columns_ = tuple(
        c.model_copy(update={"csv_marked": marked.cells.get(c.name)}) for c in table.columns
    )
    return table.model_copy(
        update={
            "csv": ReleaseFile(path=name, sha256=digest, rows=table.rows_out),
            "columns": columns_,
        }
    )


def _written(kind: pa.DataType) -> pa.DataType:
    """The type that is handed to the writer: bytes as hexadecimal digits, nested values as JSON."""
    textual = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_nested(kind)
    return pa.string() if textual else kind


def _cells(column: pa.Array, name: str, marked: _Marked) -> pa.Array:
    kind = column.type
    if pa.types.is_nested(kind):
        return pa.array(json_texts(column), pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if v is None else v.hex() for v in column.to_pylist()], pa.string())
    if not pa.types.is_string(kind):
        return column
    hits = pc.match_substring_regex(column, MARK)
    count = pc.sum(hits).as_py() or 0
    marked.add(name, count)
    if not count:
        return column
    return pc.if_else(
        pc.fill_null(hits, fill_value=False), pc.binary_join_element_wise("'", column, ""), column
    )
