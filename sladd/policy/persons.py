"""Which persons the rows of each table are about, and whether a transform can be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sladd.errors import PlanError, SladdError
from sladd.model import TablePlan
from sladd.policy.inputs import PolicyField, PolicyTable


def persons_of(tables: Sequence[PolicyTable], entity_of: Mapping[str, str]) -> dict[str, str]:
    """Table address → entity of the persons that its path leads to.

    Persons are known by their table's own key: a path that ends at another unique column of
    it leads to the same entity.
    """
    own = {str(t.table.ref): t.person_path[0] for t in tables if len(t.person_path) == 1}
    found = {}
    for table in tables:
        if table.person_path:
            end = table.person_path[-1]
            key = own.get(end.rpartition(".")[0], end)
            found[str(table.table.ref)] = entity_of.get(key, key)
    return found


def check_person(
    field: PolicyField, table: PolicyTable, transform: str, known: Collection[str]
) -> Iterator[SladdError]:
    """Whether the rows of a table lead to their persons over tables that are read.

    Args:
        field: that the transform is to work on.
        table: of the field.
        transform: its name.
        known: addresses of all tables of the release's sources.
    """
    ref = table.table.ref
    if not table.person_path:
        name = str(ref).partition("/")[2]
        yield PlanError(
            f"the transform {transform} needs to know whose row it is, and no key of {name} "
            "leads to a person",
            code=319,
            where=str(field.field.ref),
            mend=f"under sources.{ref.source} add person: {{{name}: COLUMN}} with the column that "
            "holds the person's key, then sladd discover",
        )
        return
    # The column that points at the persons holds their key; every table before is read.
    for step in table.person_path[1:-1]:
        over = step.rpartition(".")[0]
        if over not in known:
            yield PlanError(
                f"the transform {transform} needs to know whose row it is, and the way there "
                f"leads over {over}, which the release does not read",
                code=326,
                where=str(field.field.ref),
                mend=f"add {over.partition('/')[0]} to from: of the release",
            )


def moved_apart(tables: Sequence[TablePlan]) -> Iterator[str]:
    """Dates of one person that are shifted by different rules, so that intervals do not stay."""
    ways: dict[str, set[str]] = {}
    for table in tables:
        for field in (each for top in table.fields for each in top.each()):
            if field.transform == "shift_dates":
                moved = sorted((k, v) for k, v in field.parameters.items() if k != "time")
                ways.setdefault(table.person, set()).add(str(moved))
    for person, different in ways.items():
        if len(different) > 1:
            yield (
                f"the dates of {person} are shifted in {len(different)} ways; what lies between "
                "dates of one person stays only among those with the same parameters"
            )
