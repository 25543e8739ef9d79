"""What needs more than the files: the rows as searched, columns that give others away, copies."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate.wp216 import Written
from sladd.model import Check
from sladd.pipeline.assurance.table import AnonymisedTable
from sladd.pipeline.copies import Published, copies
from sladd.pipeline.earlier.classes import divided
from sladd.pipeline.hints import tells
from sladd.pipeline.utility import Compared

SEARCHED = "as searched"  # name of the check


def as_searched(file: Written, both: Compared, key: bytes) -> Check:
    """Whether each class stands in the files with the rows that the search gave it.

    Neither a row that was to stay out, nor a part of the table at another level, gets past this.
    """
    columns = sorted(both.levels)
    try:
        read = pq.read_table(sorted(glob.glob(str(file.path))), columns=columns, partitioning=None)
        shown = both.after.select(columns).filter(pa.array(~both.left_out)).cast(read.schema)
        _, digests, sizes = divided(shown, columns, key)
        wanted = dict(zip(digests, sizes.tolist(), strict=True))
        _, digests, sizes = divided(read, columns, key)
        found = dict(zip(digests, sizes.tolist(), strict=True))
    except (OSError, pa.ArrowException):
        return Check(SEARCHED, False, "the files are not of the search's types", file.table)
    wrong = sum(wanted.get(one, 0) != found.get(one, 0) for one in {*wanted, *found})
    detail = (
        f"{wrong} classes have other rows in the files than the search gave them; "
        "publish again, and report it if it stays"
        if wrong
        else f"{len(found)} classes stand in the files as the search chose them"
    )
    return Check(SEARCHED, not wrong, detail, file.table)


def giving_away(tables: Sequence[AnonymisedTable], compared: Sequence[Compared]) -> Iterator[Check]:
    """Whether a column that goes out as it is gives away what another was made coarser for."""
    for table, both in zip(tables, compared, strict=True):
        shown = pa.array(~both.left_out)
        after = both.after.select(list(both.levels)).filter(shown)
        before = both.before.filter(shown)
        yield from tells(both.name, before, after, table.as_they_are, both.k)


def copied_facts(
    tables: Sequence[AnonymisedTable], compared: Sequence[Compared], k: int
) -> Iterator[Check]:
    """Whether two tables hold one fact of the same persons, under whatever names."""
    shown = []
    for table, both in zip(tables, compared, strict=True):
        if table.persons is not None:
            kept = pa.array(~both.left_out)
            rows = both.before.select(table.as_they_are).filter(kept)
            columns = dict(zip(rows.column_names, rows.columns, strict=True))
            shown.append(Published(table.name, columns, table.persons.filter(kept)))
    return copies(shown, k)
