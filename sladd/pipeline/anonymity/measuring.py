"""What is left of the risk, measured on the files that were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate.anonymity import figures
from sladd.gate.tables import no_pattern
from sladd.model import Role
from sladd.pipeline.anonymity.reading import PERSON
from sladd.pipeline.anonymity.searching import Asked

if TYPE_CHECKING:
    from sladd.pipeline.making import Making


def measured(made: Making, asked: Asked, table: pa.Table) -> dict[str, Any]:
    """k, l, t and the risks of a table, by the gate's own code.

    Where a person has several rows, persons are counted in a file of its own, which is removed:
    the release does not say whose rows are whose.

    Args:
        made: the release; the table's files are written.
        asked: the table.
        table: what was written, with `PERSON` where a person has several rows.
    """
    if asked.unit == "nobody":
        return {}
    name = asked.plan.output
    guarantee = made.release.promised
    quasi, sensitive = asked.names(Role.QUASI), asked.names(Role.SENSITIVE)
    written = made.finished[name].files
    if PERSON not in table.column_names:
        folder = (made.staging.path / written[0].path).parent if written else made.staging.path
        files = f"{no_pattern(str(folder))}/*.parquet"
        return figures(files, quasi, sensitive, guarantee.k, measured=made.measured)
    path = made.staging.part_path(name, 0)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    counted = path.with_suffix(".persons")
    try:
        pq.write_table(table.select([*quasi, *sensitive, PERSON]), counted)
        return figures(counted, quasi, sensitive, guarantee.k, person=PERSON)
    finally:
        counted.unlink(missing_ok=True)
