"""What a plan refuses: orders that cannot be carried out, and names that would clash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from sladd import canonical
from sladd.errors import PlanError, SladdError
from sladd.model import Entity, Needs, Rule, TablePlan
from sladd.policy import kinds
from sladd.policy import rules as ruled
from sladd.policy.decide import Decided, Setting
from sladd.policy.inputs import PolicyField, PolicyTable, ReleaseTerms
from sladd.policy.persons import check_person


def check_field(
    field: PolicyField, decided: Decided, table: PolicyTable, setting: Setting
) -> Iterator[SladdError]:
    """Whether the transform can do what the release's rule asks of this field."""
    rule = decided.rule
    spec = setting.specs[rule.transform]
    if rule.origin != "release" or spec.drops:
        return
    if not ruled.fits(spec, rule.parameters, field.field):
        yield PlanError(
            f"the transform {_spelled(rule)} does not work on the type {field.field.type}",
            code=315,
            where=str(field.field.ref),
            mend="give the field a rule of its own, for example transform: drop",
        )
    yield from kinds.check(field, rule, spec, table)
    if spec.needs is Needs.PERSON:
        yield from check_person(field, table, spec.name, setting.tables)
    for parameter in spec.parameters:
        named = rule.parameters.get(parameter.name) if parameter.kind == "column" else None
        columns = [f.field.ref.column for f in table.fields if not f.field.ref.path]
        if named is not None and named not in columns:
            close = get_close_matches(str(named), columns, n=1)
            yield PlanError(
                f"the table has no column '{named}', which {spec.name} is told by {parameter.name}",
                code=327,
                where=str(field.field.ref),
                mend=f"did you mean '{close[0]}'?" if close else "name a column of the table",
            )


def _spelled(rule: Rule) -> str:
    to = rule.parameters.get("to")
    return f"{rule.transform} to {to}" if to else rule.transform


def check_places(
    config: ReleaseTerms, tables: Sequence[PolicyTable], where: str
) -> Iterator[SladdError]:
    """Whether the release has every table that its `where` names."""
    known = [str(table.table.ref) for table in tables]
    for address in config.where:
        if address not in known:
            close = get_close_matches(address, known, n=1)
            yield PlanError(
                f"where names a table that the release does not have: {address}",
                code=320,
                where=where,
                mend=f"did you mean {close[0]}?" if close else "sladd findings --all",
            )


def check_names(entities: Sequence[Entity]) -> Iterator[SladdError]:
    """An entity called `email` would share its key with e-mail addresses."""
    for entity in entities:
        if entity.name in canonical.CANONICALISERS or entity.name.startswith(
            ("user.", "organization.")
        ):
            yield PlanError(
                f"an entity cannot have the name '{entity.name}', which is a type of value",
                code=321,
                where="sladd.yaml, entities",
                mend=f"call it {entity.name}_row",
            )


def check_outputs(tables: Sequence[TablePlan]) -> Iterator[SladdError]:
    """Names that differ only in case are one name in DuckDB and most databases."""
    for table in tables:
        columns = {(f.within, f.column): f for f in table.fields if f.output}.values()
        seen = Counter(field.column.casefold() for field in columns)
        for field in columns:
            if seen[field.column.casefold()] > 1:
                yield PlanError(
                    f"two columns of the release would be called '{field.column}'",
                    code=316,
                    where=str(field.field),
                    mend="drop one of them by a rule",
                )
    outputs = Counter(table.output.casefold() for table in tables if table.output)
    for table in tables:
        if outputs[table.output.casefold()] > 1:
            yield PlanError(
                f"two tables of the release would be called '{table.output}'",
                code=316,
                where=str(table.table),
                mend="exclude one of them in its source",
            )
