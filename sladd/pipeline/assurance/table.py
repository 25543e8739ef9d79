"""A table that was searched and written, and what is told of how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from sladd.gate.wp216 import Written, folder_pattern
from sladd.release.method import ColumnMethod, Role, TableMethod
from sladd.release.paths import table_folder
from transforms.anonymity import Answer, Point


@dataclass(frozen=True, repr=False)
class AnonymisedTable:
    """A table that was searched and written. Holds values.

    Attributes:
        name: in the release.
        source: address of the source's table.
        rows: as `search` had them; of several rows of one person, differences to earlier
            releases are counted in rows.
        answer: of the search.
        roles: further columns, which were dropped or passed on.
        explored: what else was found under other thresholds (`frontier`), for the plot.
        sensitive: columns that nobody must learn, protected by the search or not.
        persons: shape (rows,), a token of each row's person; None where nobody knows.
    """

    name: str
    source: str
    rows: pa.Table
    answer: Answer
    roles: Mapping[str, Role] = field(default_factory=dict)
    explored: Sequence[Answer] = ()
    sensitive: Sequence[str] = ()
    persons: pa.Array | None = None

    @property
    def as_they_are(self) -> list[str]:
        """Columns that go out untouched."""
        hidden = (*(one.column for one in self.answer.problem.sensitive), *self.sensitive)
        passed = (name for name, role in self.roles.items() if role == "insensitive")
        return list(dict.fromkeys((*hidden, *passed)))

    def points(self) -> list[Point]:
        """Every combination of levels that was met, this one among them."""
        met = [point for one in (self.answer, *self.explored) for point in one.frontier]
        answer = self.answer
        chosen = Point(
            answer.labels, answer.loss, answer.rows_suppressed, answer.classes, answer.smallest
        )
        found = {(point.loss, point.smallest): point for point in (*met, chosen)}
        return [found[key] for key in sorted(found)]


def written(
    folder: Path, name: str, answer: Answer, *, release: str = "", version: str = ""
) -> Written:
    """A table of a release, for the three tests."""
    return Written(
        table=name,
        path=folder_pattern(folder / table_folder(name)),
        quasi=answer.problem.columns,
        sensitive=tuple(one.column for one in answer.problem.sensitive),
        release=release,
        version=version,
    )


def method_of(table: AnonymisedTable) -> TableMethod:
    """How a table was made, without its values."""
    answer, problem = table.answer, table.answer.problem
    quasi = [
        ColumnMethod(
            name=name,
            role="quasi_identifier",
            level=answer.labels[name],
            step=answer.levels[name],
            steps=len(hierarchy.levels) if (hierarchy := problem.hierarchies.get(name)) else 1,
        )
        for name in problem.columns
    ]
    hidden = dict.fromkeys((*(one.column for one in problem.sensitive), *table.sensitive))
    sensitive = [ColumnMethod(name=name, role="sensitive") for name in hidden]
    rest = [
        ColumnMethod(name=name, role=role)
        for name, role in table.roles.items()
        if name not in {one.name for one in (*quasi, *sensitive)}
    ]
    return TableMethod(
        name=table.name,
        k=problem.k,
        l=problem.l,
        t=problem.t,
        max_suppression=problem.max_suppression,
        suppressed=answer.rows_suppressed,
        loss=round(answer.loss, 4),
        optimal=answer.optimal,
        reason=answer.reason,
        nodes=answer.nodes,
        nodes_checked=answer.nodes_checked,
        columns=(*quasi, *sensitive, *rest),
    )
