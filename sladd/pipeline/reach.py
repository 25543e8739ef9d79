"""Which tables of a release the rule on persons who stay out does not reach.

Whoever objected is found by keys. A table that knows persons by an e-mail address alone keeps
them, and nobody sees it in the rows: so the plan, the desk and the release say it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sladd.model import How, Identifiability, Plan, Table, TablePlan
from sladd.pipeline.exclusions import reached

if TYPE_CHECKING:
    from sladd.config import ReleaseConfig
    from sladd.model import Overlap
    from sladd.pipeline.bind import Bound

_WORDS = {
    "en": "Persons who are left out elsewhere may stand in {tables}: no key leads from there to them",
    "nb": "Personer som ellers holdes utenfor, kan stå i {tables}: ingen nøkkel fører derfra til dem",
}


def flags_of(release: ReleaseConfig) -> dict[str, list[str]]:
    """The columns that say who stays out, by reason; only of the reasons that are heeded."""
    mapped = release.leave_out_columns.items()
    return {
        reason: columns for reason, columns in mapped if columns and reason in release.leave_out
    }


def with_reach(bound: Bound, made: Plan, tables: Sequence[Table]) -> Plan:
    """The plan with every table marked that holds persons and that the rule does not reach."""
    flags = flags_of(bound.config.releases[made.release])
    if not flags:
        return made
    within = reached(made, tables, flags)
    return replace(
        made,
        tables=tuple(
            replace(t, unreached=_persons(bound, t) and str(t.table) not in within)
            for t in made.tables
        ),
    )


def _persons(bound: Bound, table: TablePlan) -> bool:
    """Whether it tells of persons: by a key, or by what identifies one directly."""
    if not table.output:
        return False
    direct = {
        f.how is not How.NONE
        and f.category in bound.taxonomy
        and bound.taxonomy[f.category].identifiability is Identifiability.DIRECT
        for top in table.fields
        for f in top.each()
    }
    return True in direct or bool(table.person_path)


def unreached(made: Plan) -> list[str]:
    """Addresses of the tables that keep persons who are left out elsewhere."""
    return [str(table.table) for table in made.tables if table.unreached]


def reach_notes(bound: Bound, made: Plan) -> list[str]:
    """A line for each such table, with the command that mends it."""
    missed = unreached(made)
    if not missed:
        return []
    shared = bound.catalog.links.overlaps()
    goals = [t.person_path[-1] for t in made.tables if t.leave_out and not t.unreached]
    plain = {str(f.field) for t in made.tables for f in t.fields if not f.field.path}
    lines = []
    for table in missed:
        measured = _measured(table, missed, [o for o in shared if {o.field, o.other} <= plain])
        start, end = measured or (f"{table}.COLUMN", next(iter(goals), "TARGET"))
        unsure = "" if measured else "if they can be among its persons: "
        lines.append(
            f"{table}: nobody is left out of it, since no key leads from it to the persons who are"
            f" left out elsewhere (leave_out) · {unsure}sladd links confirm"
            f" {shlex.quote(start)} {shlex.quote(end)} --reason …"
        )
    return lines


def _measured(
    table: str, missed: Sequence[str], shared: Sequence[Overlap]
) -> tuple[str, str] | None:
    """The column by which most of its persons were found in a table that is reached."""
    for o in sorted(shared, key=lambda o: -o.shared):
        for start, end in ((o.field, o.other), (o.other, o.field)):
            if start.rpartition(".")[0] == table and end.rpartition(".")[0] not in missed:
                return start, end
    return None


def reach_risk(made: Plan) -> dict[str, Any]:
    """The same for the manifest and the report; {} when every table is reached."""
    missed = [table.output for table in made.tables if table.unreached]
    if not missed:
        return {}
    said: Mapping[str, str] = {
        code: words.format(tables=", ".join(missed)) for code, words in _WORDS.items()
    }
    return {"tables": missed, "statement": said}
