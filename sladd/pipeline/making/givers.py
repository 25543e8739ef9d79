"""What transforms need beside their columns: the row's known persons, its person, its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sladd.errors import PlanError
from sladd.model import Needs, Table, TablePlan, TransformSpec
from sladd.pipeline.columns import Giver, PartsGiver
from sladd.pipeline.persons import known_persons
from sladd.pipeline.tokens import RowKeys, Tokens, row_key

if TYPE_CHECKING:
    from sladd.pipeline.making.release import Making


def givers_of(making: Making, planned: TablePlan, table: Table) -> dict[str, Giver]:
    """What the transforms of a table need beside their columns, by output column.

    Raises:
        PlanError: one needs the key of the row, and the table has none (SLADD-334).
    """
    specs = {
        f.output: making.bound.transforms[f.transform].SPEC for f in planned.fields if f.output
    }
    givers: dict[str, Giver] = {}
    inside = {
        f.output: {making.bound.transforms[p.transform].SPEC.needs for p in f.parts if p.output}
        for f in planned.fields
        if f.output and f.parts
    }
    needed = {spec.needs for spec in specs.values()}.union(*inside.values())
    known = Needs.ROW in needed and known_persons(
        planned, making.plan, making.tables, making.snapshots
    )
    subject = Needs.PERSON in needed and making.subjects.of(planned)
    keys = Needs.KEY in needed and _row_keys(making, planned, table, specs)
    ready = {Needs.ROW: known, Needs.PERSON: subject, Needs.KEY: keys}
    for output, spec in specs.items():
        own = {n: giver for n in inside.get(output, ()) if (giver := ready.get(n))}
        if own:
            givers[output] = PartsGiver(own)
        elif giver := ready.get(spec.needs):
            givers[output] = giver
    return givers


def _row_keys(
    making: Making, planned: TablePlan, table: Table, specs: Mapping[str, TransformSpec]
) -> RowKeys:
    own = planned.person_path[0] if len(planned.person_path) == 1 else ""
    key = row_key(table, next((f.ref.column for f in table.fields if str(f.ref) == own), ""))
    if not key:
        using = next(o for o, spec in specs.items() if spec.needs is Needs.KEY)
        raise PlanError(
            f"the transform {specs[using].name} needs a key of the rows, and the table has none",
            code=334,
            where=f"{planned.table}.{using}",
            mend="give the field another rule, or the table a primary key",
        )
    named = [
        str(f.parameters[p.name])
        for f in planned.fields
        if f.output
        for p in specs[f.output].parameters
        if p.kind == "column" and p.name in f.parameters
    ]
    tokens = Tokens(
        making.master.derive(making.plan.domain, f"row {planned.table}", making.plan.key_version)
    )
    return RowKeys(table, key, named, tokens)
