"""Which tables of a release the rule on persons who stay out does not reach.

Whoever objected is found by keys. A table that knows persons by an e-mail address alone keeps
them, and nobody sees it in the rows: so the plan, the desk and the release say it. Of a table
that holds other persons they say that, and who says so.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sladd.model import How, Identifiability, Plan, Table, TablePlan
from sladd.pipeline.data_subjects import Groups, called, groups_of
from sladd.pipeline.exclusions import reached
from sladd.reports.names import Names, names_of

if TYPE_CHECKING:
    from sladd.config import ReleaseConfig
    from sladd.model import Overlap
    from sladd.pipeline.bind import Bound

_WORDS = {
    "en": {
        "left_in": "Persons who are left out elsewhere may stand in {tables}: no key leads from there"
        " to them",
        "others": "Persons who are left out elsewhere are not looked for in {tables}, which holds"
        " other persons, as sladd.yaml says",
    },
    "nb": {
        "left_in": "Personer som ellers holdes utenfor, kan stå i {tables}: ingen nøkkel fører derfra"
        " til dem",
        "others": "Personer som ellers holdes utenfor, blir ikke lett etter i {tables}, som inneholder"
        " andre personer, slik sladd.yaml sier",
    },
}


def flags_of(release: ReleaseConfig) -> dict[str, list[str]]:
    """The columns that say who stays out, by reason; only of the reasons that are heeded."""
    mapped = release.leave_out_columns.items()
    return {
        reason: columns for reason, columns in mapped if columns and reason in release.leave_out
    }


def with_reach(bound: Bound, made: Plan, tables: Sequence[Table]) -> Plan:
    """The plan with every table marked that holds persons and that the rule does not reach.

    Raises:
        ConfigError: what `data_subjects:` says cannot be (SLADD-388…390).
    """
    groups = groups_of(bound.config.data_subjects, made.tables)
    flags = flags_of(bound.config.releases[made.release])
    if not flags:
        return made
    within = reached(made, tables, flags)
    missed = [t for t in made.tables if _persons(bound, t) and str(t.table) not in within]
    others = _others(bound, made, groups, missed)
    marked = {str(table.table) for table in missed}
    return replace(
        made,
        tables=tuple(
            replace(t, others=others.get(address, ""), unreached=address not in others)
            if (address := str(t.table)) in marked
            else replace(t, others="", unreached=False)
            for t in made.tables
        ),
    )


def _others(
    bound: Bound, made: Plan, groups: Groups, missed: Sequence[TablePlan]
) -> dict[str, str]:
    """Those of some tables that hold other persons than the ones left out → their group."""
    left_out = groups.said(_flagged(bound, made))
    said = [str(t.table) for t in missed if groups.apart(str(t.table), left_out)]
    if not said:
        return {}
    links, measured = bound.catalog.links.all(), bound.catalog.links.overlaps()
    return {
        address: groups.of[address]
        for address in said
        if groups.shared(address, left_out, measured, links) is None
    }


def _flagged(bound: Bound, made: Plan) -> list[str]:
    """Addresses of the tables whose rows say who stays out."""
    flags = flags_of(bound.config.releases[made.release])
    columns = [column for named in flags.values() for column in named]
    # The longest that fits: a nested column has dots of its own.
    owners = (
        max(
            (str(t.table) for t in made.tables if column.startswith(f"{t.table}.")),
            key=len,
            default="",
        )
        for column in columns
    )
    return [owner for owner in dict.fromkeys(owners) if owner]


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


def other_persons(made: Plan) -> dict[str, str]:
    """Table → the group of other persons that it holds, as `sladd.yaml` says."""
    return {str(table.table): table.others for table in made.tables if table.others}


def other_persons_lines(made: Plan) -> list[str]:
    """A line for each such table."""
    return [
        f"{table} holds other persons ({called(group, 'en')}), as sladd.yaml says: who is left out"
        " elsewhere is not looked for in it"
        for table, group in other_persons(made).items()
    ]


def reach_notes(bound: Bound, made: Plan) -> list[str]:
    """A line for each table that is not reached, with the command that mends it."""
    missed = unreached(made)
    if not missed:
        return []
    shared = bound.catalog.links.overlaps()
    goals = [t.person_path[-1] for t in made.tables if t.leave_out and not t.unreached]
    plain = {str(f.field) for t in made.tables for f in t.fields if not f.field.path}
    known = [o for o in shared if {o.field, o.other} <= plain]
    names = names_of(bound.catalog.fields.masked())
    groups = groups_of(bound.config.data_subjects, made.tables)
    flagged = _flagged(bound, made)
    left_out = groups.said(flagged)
    lines = []
    for table in missed:
        if groups.apart(table, left_out):
            against = groups.shared(table, left_out, shared, bound.catalog.links.all())
            if against is not None:
                lines.append(
                    _contradicted(table, groups, against, names, linkable=against in known)
                )
                continue
        measured = _measured(table, missed, known)
        start, end = measured or (f"{table}.COLUMN", next(iter(goals), "TARGET"))
        unsure = "" if measured else "if they can be among its persons: "
        lines.append(
            f"{table}: nobody is left out of it, since no key leads from it to the persons who are"
            f" left out elsewhere (leave_out) · {unsure}sladd links confirm"
            f" {shlex.quote(names.address(start))} {shlex.quote(names.address(end))} --reason …"
            + ("" if measured else _or_others(table, groups, flagged))
        )
    return lines


def _or_others(table: str, groups: Groups, flagged: Sequence[str]) -> str:
    """What to write where a table that nothing was measured of holds other persons."""
    unsaid = [each for each in (table, *flagged) if not groups.of.get(each)]
    if not unsaid:
        return ""  # the same group: they can be among its persons
    return f"; if it holds others: data_subjects: in sladd.yaml, with {' and '.join(unsaid)}"


def _contradicted(
    table: str, groups: Groups, against: Overlap, names: Names, *, linkable: bool
) -> str:
    start, end = against.field, against.other
    if groups.of.get(start.rpartition(".")[0]) != groups.of[table]:
        start, end = end, start
    start, end = names.address(start), names.address(end)
    ends = f"{shlex.quote(start)} {shlex.quote(end)} --reason …"
    ways = (f", then sladd links confirm {ends}", f"; others after all: sladd links reject {ends}")
    joined, apart = ways if linkable else ("", "")
    return (
        f"{table}: sladd.yaml says that it holds other persons ({called(groups.of[table], 'en')}),"
        f" but {against.shared} of them, in {start}, are in {end} as well, and nobody is left out of"
        f" it · the same persons: take it out of data_subjects{joined}{apart}"
    )


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
    """The same for the manifest and the report, by key of `risk`; {} when every table is reached."""
    missed = [table.output for table in made.tables if table.unreached]
    others = {t.output: t.others for t in made.tables if t.others}
    risk: dict[str, Any] = {}
    if missed:
        risk["left_in"] = {"tables": missed, "statement": _statement("left_in", missed)}
    if others:
        risk["other_persons"] = {"tables": others, "statement": _statement("others", others)}
    return risk


def _statement(kind: str, tables: Sequence[str] | Mapping[str, str]) -> Mapping[str, str]:
    return {
        code: words[kind].format(tables=", ".join(_named(tables, code)))
        for code, words in _WORDS.items()
    }


def _named(tables: Sequence[str] | Mapping[str, str], code: str) -> Iterator[str]:
    for table in tables:
        group = called(tables[table], code) if isinstance(tables, Mapping) else ""
        yield f"{table} ({group})" if group else table
