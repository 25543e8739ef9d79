"""A table with its question: who the persons are, what is asked of the search, what it found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sladd.errors import PlanError
from sladd.model import FieldPlan, Role, TablePlan
from sladd.pipeline.anonymity.ladders import hierarchy_of
from sladd.pipeline.anonymity.reading import PERSON, Read, columns_of, read
from sladd.pipeline.anonymity.units import aggregated, bounded
from transforms.anonymity import Budget, Distance, Diversity, Problem, Sensitive
from transforms.hierarchies import Hierarchy

if TYPE_CHECKING:
    from sladd.pipeline.columns import TableWork
    from sladd.pipeline.making import Making

LANGUAGE = "nb"  # of the labels that a class reads, as of those in redacted texts


@dataclass(frozen=True, slots=True)
class Asked:
    """One table, ready for the search. Holds values: never printed.

    Attributes:
        plan: of the table.
        unit: whose rows they are: `person`, `row` or `nobody`.
        read: the rows, one a person where they were added up.
        problem: None where no column is a quasi-identifier.
    """

    plan: TablePlan
    unit: str
    read: Read
    problem: Problem | None

    def __repr__(self) -> str:
        return f"<Asked of {self.plan.output}>"

    def names(self, role: Role) -> list[str]:
        """Output columns of that role."""
        return [one.output for one in columns_of(self.plan) if one.role == role]


def ask(made: Making, work: TableWork) -> Asked:
    """Read a table and put the question.

    Raises:
        PlanError: nobody knows whose rows they are (SLADD-325), the table is too large or too
            small (SLADD-378, 382), a column does not fit (SLADD-379…381), rows are not of one
            person each (SLADD-387).
    """
    guarantee = made.release.promised
    options = made.release.tables.get(str(work.plan.table))
    unit = options.unit if options is not None else "person"
    per_person = options.per_person if options is not None else None
    found = _read(made, work, unit)
    if per_person is not None and per_person.aggregate is not None:
        found = aggregated(found, work.plan, per_person.aggregate)
    elif per_person is not None and per_person.bound is not None:
        found = bounded(found, per_person.bound)
    if unit != "nobody" and found.persons < guarantee.k:
        raise PlanError(
            f"the table is too small to hide anybody: it is about {found.persons} persons, and "
            f"each must look like {guarantee.k - 1} others",
            code=382,
            where=str(work.plan.table),
            mend="give its columns role: direct to leave it out, or ask for a lower k",
        )
    asked = Asked(work.plan, unit, found, None)
    quasi = asked.names(Role.QUASI)
    if not quasi or unit == "nobody":
        return asked
    by_output = {one.output: one for one in columns_of(work.plan)}
    hierarchies = {
        name: hierarchy
        for name in quasi
        if (hierarchy := _hierarchy(made, by_output[name], found)) is not None
    }
    # Without l and t nothing is asked of them: they go out as they are.
    protects = guarantee.l is not None or guarantee.t is not None
    sensitive = asked.names(Role.SENSITIVE) if protects else []
    problem = Problem(
        columns=tuple(quasi),
        hierarchies=hierarchies,
        weights={
            name: guarantee.weights[str(by_output[name].field)]
            for name in quasi
            if str(by_output[name].field) in guarantee.weights
        },
        k=guarantee.k,
        l=guarantee.l if sensitive else None,
        t=guarantee.t if sensitive else None,
        max_suppression=guarantee.max_suppression,
        sensitive=tuple(
            Sensitive(name, Diversity(guarantee.diversity), distance=Distance(guarantee.distance))
            for name in sensitive
        ),
        person=PERSON if found.several and PERSON in found.table.column_names else None,
    )
    return Asked(work.plan, unit, found, problem)


def _read(made: Making, work: TableWork, unit: str) -> Read:
    """The rows; where each is said to be a person of its own, and a key says whose, it must be."""
    if unit == "person":
        return read(work, made.subjects.of(work.plan))
    if unit == "nobody" or not made.subjects.leads(work.plan):
        return read(work, None)
    found = read(work, made.subjects.of(work.plan), strangers=True)
    if found.several:
        raise PlanError(
            f"each row is said to be a person of its own (unit: row), and the {found.table.num_rows} "
            f"rows are of {found.persons} persons: classes would count one person several times",
            code=387,
            where=str(work.plan.table),
            mend="leave unit: out, or per_person: adds the rows of each person up",
        )
    return replace(found, table=found.table.drop_columns([PERSON]))


def refuse_nothing(made: Making) -> None:
    """An anonymised release without a column is a mistake, not a release.

    Raises:
        PlanError: no column goes out (SLADD-384).
    """
    if not made.planned:
        raise PlanError(
            "no column has a role in which it goes out",
            code=384,
            where=f"sladd.yaml, releases.{made.plan.release}",
            mend=f"sladd roles {made.plan.release} --format yaml proposes them",
        )


def budget_of(made: Making) -> Budget:
    """When the search stops."""
    said = made.release.promised.budget
    return Budget(nodes=said.nodes, seconds=said.seconds)


def _hierarchy(made: Making, one: FieldPlan, found: Read) -> Hierarchy | None:
    return hierarchy_of(
        one,
        found.table.column(one.output),
        made.plan,
        made.release.promised,
        made.bound.hierarchies if made.bound.config.hierarchies else {},
        LANGUAGE,
    )
