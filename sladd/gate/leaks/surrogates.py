"""The same surrogate in two releases links their persons, whatever the releases are for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sladd.gate.statements import name_of, open_memory
from sladd.gate.tables import view
from sladd.model import Check
from sladd.release import Manifest, ReleaseColumn

if TYPE_CHECKING:
    import duckdb

_LEAST_LENGTH = 20  # characters: 96 bits; shorter ones meet by chance
_SAMPLE = 100_000  # distinct surrogates of a column that are looked for


@dataclass(frozen=True, slots=True)
class Other:
    """A release that stands beside the new one.

    Attributes:
        name: of the release.
        folder: of its version.
        manifest: of that version.
    """

    name: str
    folder: Path
    manifest: Manifest


def check_surrogates(folder: Path, manifest: Manifest, others: Sequence[Other]) -> Iterator[Check]:
    """No pseudonym stands in a release of another domain or key."""
    for other in others:
        if _meant_to_join(manifest, other.manifest):
            continue
        with (
            tempfile.TemporaryDirectory(prefix="sladd-gate-") as spill,
            open_memory(spill) as opened,
        ):
            mine = _surrogates(opened, folder, manifest, "mine", sample=True)
            theirs = _surrogates(opened, other.folder, other.manifest, "theirs", sample=False)
            if not mine or not theirs:
                continue
            shared = opened.execute(
                f"WITH mine AS ({' UNION ALL '.join(mine)}),"
                f" theirs AS ({' UNION ALL '.join(theirs)})"
                " SELECT place, count(*) FROM mine WHERE value IN (SELECT value FROM theirs)"
                " GROUP BY place ORDER BY place"
            ).fetchall()
        for place, count in shared:
            detail = (
                f"{count} surrogates stand in the release {other.name} as well, which is of"
                " another domain or key; give one of them a domain of its own"
            )
            yield Check("surrogates in two releases", False, detail, place)
        if not shared:
            detail = f"none is in the release {other.name}"
            yield Check("surrogates in two releases", True, detail)


def _meant_to_join(one: Manifest, other: Manifest) -> bool:
    return (one.domain, one.key_id) == (other.domain, other.key_id)


def _surrogates(
    opened: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, side: str, *, sample: bool
) -> list[str]:
    """A query for the surrogates of each column."""
    queries = []
    for table in manifest.tables:
        columns = [c for c in table.columns if _long(c)]
        if not columns:
            continue
        source = view(opened, folder, table.model_copy(update={"name": f"{side}\x1f{table.name}"}))
        for column in columns:
            place = f"{table.name}.{column.name}".replace("'", "''")
            limit = f" LIMIT {_SAMPLE}" if sample else ""
            queries.append(
                f"(SELECT DISTINCT '{place}' AS place, {name_of(column.name)}::VARCHAR AS value"
                f" FROM {source} WHERE {name_of(column.name)} <> ''{limit})"
            )
    return queries


def _long(column: ReleaseColumn) -> bool:
    plain = bool(column.alphabet) and column.type == "string"
    return plain and (column.length or 0) >= _LEAST_LENGTH
