"""What a plan warns of: rules that do nothing, persons not left out, joins that break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from sladd.model import Entity, How, Rule, TablePlan
from sladd.policy import anonymised
from sladd.policy.inputs import PolicyField, PolicyTable, ReleaseTerms
from sladd.policy.persons import moved_apart
from sladd.policy.structure import apart
from sladd.taxonomy import Taxonomy


def plan_warnings(
    rules: Sequence[Rule],
    config: ReleaseTerms,
    tables: Sequence[PolicyTable],
    made: Sequence[TablePlan],
    entities: Sequence[Entity],
    taxonomy: Taxonomy,
) -> Iterator[str]:
    """One sentence for each thing that a person should know and that stops nothing."""
    fields = {str(f.field.ref): f for table in tables for f in table.fields}
    by_parts = {str(f.field) for table in made for f in table.fields if f.parts}
    for table in tables:
        for top in table.fields:
            if str(top.field.ref) in by_parts:
                fields |= {str(part.field.ref): part for part in top.parts}
    categories = {c for f in fields.values() for c in f.categories}
    texts = any(f.how is How.CONTAINS for f in fields.values())
    if texts:
        categories.add("user.content.private")
    for rule in rules:
        if rule.field is not None and rule.field not in fields:
            holder = next((f for f in fields.values() if _inside(rule.field, f)), None)
            if holder is not None:
                yield (
                    f"{rule.field} lies within a column that is treated as a whole, so its rule does"
                    f" nothing; give {holder.field.ref} a rule with transform: json_paths"
                )
                continue
            close = get_close_matches(rule.field, fields, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield f"no field is called {rule.field}, so its rule does nothing{hint}"
        if rule.category is not None and not any(
            taxonomy.covers(rule.category, c) for c in categories
        ):
            yield f"no field has the category {rule.category}, so its rule does nothing"
    for treated in made:
        for planned in treated.fields:
            if planned.output and planned.parts and not any(p.output for p in planned.parts):
                yield f"{planned.field}: no place in it has a rule or a decision, so it is empty"
    unmapped = [r for r in config.leave_out if not config.leave_out_columns.get(r)]
    if unmapped:
        yield f"no column is mapped for {', '.join(unmapped)}: nobody is left out for it"
    if config.kind == "anonymised":
        yield from anonymised.warnings(made, config, tables)
    yield from _broken_joins(made, entities)
    yield from moved_apart(made)
    if config.nested == "structs":
        yield from apart(made)


def _inside(address: str, field: PolicyField) -> bool:
    return any(str(part.field.ref) == address for part in field.parts)


def _broken_joins(tables: Sequence[TablePlan], entities: Sequence[Entity]) -> Iterator[str]:
    """Keys of one entity that are not treated alike, and so no longer join."""
    kept = {str(f.field): f for t in tables for f in t.fields if f.output}
    for entity in entities:
        ways = {
            (f.transform, str(sorted(f.parameters.items())))
            for member in entity.members
            if (f := kept.get(member)) is not None
        }
        if len(ways) > 1:
            yield f"the keys of {entity.name} are treated in {len(ways)} ways and will not join"
