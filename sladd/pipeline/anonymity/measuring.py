"""What is left of the risk, measured on the files that were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.anonymity import figures
from sladd.gate.tables import no_pattern
from sladd.model import Role
from sladd.pipeline.anonymity.reading import PERSON
from sladd.pipeline.anonymity.searching import Asked

if TYPE_CHECKING:
    from sladd.pipeline.making import Making


def measured(made: Making, asked: Asked, table: pa.Table) -> dict[str, Any]:
    """k, l, t and the risks of a table, by the gate's own code.

    Where a person has several rows, persons are counted in memory: the release does not say whose
    rows are whose, and no other file does.

    Args:
        made: the release; the table's files are written.
        asked: the table.
        table: what was written, with `PERSON` where a person has several rows.
    """
    if asked.unit == "nobody":
        return {}
    guarantee = made.release.promised
    quasi, sensitive = asked.names(Role.QUASI), asked.names(Role.SENSITIVE)
    written = made.finished[asked.plan.output].files
    if PERSON not in table.column_names:
        folder = (made.staging.path / written[0].path).parent if written else made.staging.path
        files = f"{no_pattern(str(folder))}/*.parquet"
        return figures(files, quasi, sensitive, guarantee.k, measured=made.measured)
    counted = table.select([*quasi, *sensitive, PERSON])
    return {
        **figures(counted, quasi, sensitive, guarantee.k, person=PERSON),
        "least_persons": {
            column: _least_persons(table, column) for column in asked.names(Role.INSENSITIVE)
        },
    }


def _least_persons(table: pa.Table, column: str) -> int:
    """The fewest persons who share a value of a column."""
    pairs = table.select([column, PERSON]).group_by([column, PERSON]).aggregate([])
    counts = pairs.group_by(column).aggregate([([], "count_all")]).column("count_all")
    return int(pc.min(counts).as_py() or 0)
