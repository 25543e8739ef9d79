"""Columns of a release that something leads back from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from sladd.errors import RevealError
from sladd.release import Manifest, ReleaseColumn

REVERSIBLE = ("encrypt", "format_preserving")


def irreversible(manifest: Manifest) -> list[str]:
    """Columns that were changed in a way that nothing leads back from."""
    back = {*REVERSIBLE, "pseudonym", "keep"}
    return [
        f"{table.name}.{column.name} ({column.transform})"
        for table in manifest.tables
        for top in table.columns
        for column in (top.each() if top.parts is None else list(top.each())[1:])
        if column.transform not in back and not pseudonyms_in_text(column)
    ]


def columns_of(manifest: Manifest, chosen: str | None) -> list[tuple[str, ReleaseColumn]]:
    """Columns of a release with their `table.column`: the chosen one, or all.

    Raises:
        RevealError: nothing leads back from the chosen one (SLADD-455), or there is none such (456).
    """
    every = [
        (f"{t.name}.{c.name}", c) for t in manifest.tables for top in t.columns for c in top.each()
    ]
    if chosen is None:
        return every
    found = [(name, column) for name, column in every if name == chosen]
    if not found:
        raise RevealError(
            "the release has no such column",
            code=456,
            where="--column",
            mend="give it as table.column, as in dictionary.csv",
        )
    transform = found[0][1].transform
    if transform not in {*REVERSIBLE, "pseudonym"} and not pseudonyms_in_text(found[0][1]):
        raise RevealError(
            "the column left the source as it was: there is nothing to lead back"
            if transform == "keep"
            else f"nothing leads back from a column that went through {transform}",
            code=455,
            where=chosen,
            mend="ask for a pseudonym of the same row",
        )
    return found


def pseudonyms_in_text(column: ReleaseColumn) -> bool:
    """Whether the column is redacted text with pseudonyms in it."""
    return column.transform == "redact_text" and column.parameters.get("with") == "pseudonym"


def places_of(
    folder: Path,
    manifest: Manifest,
    columns: Sequence[tuple[str, ReleaseColumn]],
    texts: Sequence[str],
) -> dict[str, list[tuple[str, ReleaseColumn]]]:
    """Pseudonym → the columns of the release that it stands in."""
    found: dict[str, list[tuple[str, ReleaseColumn]]] = {}
    if not texts:
        return found
    values = pa.array(list(texts), pa.string())
    for name, column in columns:
        table = manifest.table(name.removesuffix(f".{column.name}"))
        alone = column in table.columns  # within another, each kind of pseudonym is tried
        if column.transform != "pseudonym" or column.type != "string" or not alone:
            continue
        files = [str(folder / file.path) for file in table.files]
        where = pc.is_in(pc.field(column.name), value_set=values)
        hits = ds.dataset(files, format="parquet").to_table(columns=[column.name], filter=where)
        for text in pc.unique(hits.column(0)).to_pylist():
            found.setdefault(text, []).append((name, column))
    return found
