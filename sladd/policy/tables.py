"""What happens to each field of a table, and to what is nested in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sladd import canonical
from sladd.errors import PlanError, SladdError
from sladd.model import FieldPlan, How, Needs, Rule, StorageType, TablePlan, TransformSpec
from sladd.policy import anonymised, kinds
from sladd.policy import rules as ruled
from sladd.policy.decide import Decided, Setting, decide, is_key
from sladd.policy.faults import check_field
from sladd.policy.inputs import PolicyField, PolicyTable, ReleaseTerms
from sladd.policy.names import column_names, path_name
from sladd.policy.profile import Reasons
from sladd.policy.structure import together
from sladd.policy.tokens import check_tokens, with_tokens


def table_plan(
    table: PolicyTable,
    output: str,
    setting: Setting,
    config: ReleaseTerms,
    reasons: Reasons,
    errors: list[SladdError],
) -> TablePlan:
    """What happens to a table and to each of its fields; what cannot be done goes to `errors`."""
    address = str(table.table.ref)
    names = column_names(table.fields)
    if config.kind == "anonymised":
        names = anonymised.output_names(table, names, config)
    fields = []
    vault = config.vault is not None
    for field, name in zip(table.fields, names, strict=True):
        if config.kind == "anonymised":
            decided = anonymised.decide_role(field, table, setting, config)
        else:
            decided = decide(field, table, setting)
        errors.extend(check_field(field, decided, table, setting))
        planned = _field(field, name, decided, table, setting, reasons, vault=vault)
        errors.extend(check_tokens(planned, vault=vault, where="sladd.yaml, rules"))
        if setting.specs[planned.transform].by_parts:
            parts = _parts(field, table, setting, reasons, errors, vault=vault)
            planned = replace(planned, parts=tuple(parts))
        fields.append(planned)
    if config.nested == "structs":
        fields = together(fields, table.fields, reasons)
    flags = tuple(
        f"{reason}:{column}"
        for reason in config.leave_out
        for column in config.leave_out_columns.get(reason, ())
        if table.person_path or column.startswith(f"{address}.")
    )
    return TablePlan(
        table=table.table.ref,
        output=output if any(f.output for f in fields) else "",
        fields=tuple(fields),
        where=config.where.get(address),
        leave_out=flags,
        entity=table.entity,
        person_path=table.person_path,
        person=setting.person_of.get(address, ""),
    )


def _parts(
    field: PolicyField,
    table: PolicyTable,
    setting: Setting,
    reasons: Reasons,
    errors: list[SladdError],
    *,
    vault: bool,
) -> Iterator[FieldPlan]:
    """What happens to the fields nested in a column, each decided like any other field."""
    for part in field.parts:
        decided = decide(part, table, setting)
        spec = setting.specs[decided.rule.transform]
        if spec.by_parts or spec.needs is Needs.KEY:
            errors.append(
                PlanError(
                    f"the transform {spec.name} does not work inside JSON",
                    code=322,
                    where=str(part.field.ref),
                    mend="give the field another rule, for example transform: pseudonym",
                )
            )
            continue
        errors.extend(check_field(part, decided, table, setting))
        name = path_name(part.field.ref.path)
        yield _field(part, name, decided, table, setting, reasons, vault=vault)


def _field(
    field: PolicyField,
    name: str,
    decided: Decided,
    table: PolicyTable,
    setting: Setting,
    reasons: Reasons,
    *,
    vault: bool,
) -> FieldPlan:
    rule = decided.rule
    spec = setting.specs[rule.transform]
    given = with_tokens(spec, rule.parameters, vault=vault)
    return FieldPlan(
        field=field.field.ref,
        output="" if spec.drops else name,
        type=_worked_type(field, spec, rule),
        transform=rule.transform,
        # Defaults stay in the declaration: who reads the plan sees what was asked for.
        parameters={} if spec.drops else kinds.resolved(spec, given, field.category),
        category=field.category,
        how=field.how,
        reason=decided.reason,
        reason_text=_sentence(decided, setting, reasons),
        key_type=_key_type(field, table, spec, setting) if spec.keyed else "",
        verdict=str(field.verdict.decision) if field.verdict is not None else "",
        role=decided.role,
    )


def _worked_type(field: PolicyField, spec: TransformSpec, rule: Rule) -> StorageType:
    """The type that the transform is handed: that of the elements, where it knows no lists."""
    if ruled.works_on_elements(spec, rule.parameters, field.field):
        return ruled.element_type(field.field) or field.field.type
    return field.field.type


def _key_type(field: PolicyField, table: PolicyTable, spec: TransformSpec, setting: Setting) -> str:
    address = str(field.field.ref)
    if spec.needs is Needs.PERSON:
        # One key for all columns, so that what happens to a person is the same in each.
        return f"{spec.name}:{setting.person_of.get(str(table.table.ref), '')}"
    if spec.needs is Needs.KEY:
        return f"{spec.name}:{address}"
    if is_key(field, setting):
        return setting.entity_of.get(address, address)
    return canonical.key_type_of(field.category if field.how is not How.CONTAINS else "")


def _sentence(decided: Decided, setting: Setting, reasons: Reasons) -> str:
    rule = decided.rule
    if rule.origin == "profile" and rule.category is not None:
        return setting.profile.texts[rule.category][reasons.language]
    if decided.reason == "rule":
        which = "rule_field" if rule.field is not None else "rule_category"
        return reasons.say(which, **decided.facts)
    return reasons.say(decided.reason, **decided.facts)
