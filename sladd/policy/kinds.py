"""What a transform invents for a field: said by the rule, or by the field's category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sladd.errors import PlanError
from sladd.model import Rule, TransformSpec
from sladd.policy.inputs import PolicyField, PolicyTable


def kind_of(spec: TransformSpec, category: str) -> str:
    """The kind that stands for a category by its longest prefix; "" where none does."""
    covering = [c for c in spec.kinds if category == c or category.startswith(c + ".")]
    return spec.kinds[max(covering, key=len)] if covering else ""


def resolved(spec: TransformSpec, parameters: Mapping[str, Any], category: str) -> dict[str, Any]:
    """The parameters in order, with the kind where the transform has kinds."""
    found = dict(parameters)
    if spec.kinds and "kind" not in found and (kind := kind_of(spec, category)):
        found["kind"] = kind
    return dict(sorted(found.items()))


def check(
    field: PolicyField, rule: Rule, spec: TransformSpec, table: PolicyTable
) -> Iterator[PlanError]:
    """Whether there is a kind for the field, and whether it keeps the values of a key apart."""
    if not spec.kinds:
        return
    parameters = resolved(spec, rule.parameters, field.category)
    address = str(field.field.ref)
    if "kind" not in parameters:
        what = f"the category {field.category}" if field.category else "a field without a category"
        yield PlanError(
            f"{spec.name} has no kind for {what}",
            code=366,
            where=address,
            mend=f"add kind: {', '.join(dict.fromkeys(k for k in spec.kinds.values() if k))}",
        )
    elif _promised(field, table) and not spec.keeps_apart(parameters):
        yield PlanError(
            f"the values are unique, and those that {spec.name} gives them"
            f" (kind {parameters['kind']}) may repeat",
            code=367,
            where=address,
            mend=f"use transform: pseudonym, or a kind that keeps them apart:"
            f" {', '.join(spec.unique_kinds)}",
        )


def _promised(field: PolicyField, table: PolicyTable) -> bool:
    column = field.field.ref.column
    alone = [key for key in (table.table.primary_key, *table.table.unique_keys) if len(key) == 1]
    return not field.field.ref.path and (field.field.unique or (column,) in alone)
