"""Rules per category → what happens to every field. Pure: reads no source, key or clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from sladd import canonical
from sladd.errors import PlanError, SladdError, raise_all
from sladd.model import (
    Entity,
    FieldPlan,
    How,
    Needs,
    Plan,
    Role,
    Rule,
    StorageType,
    TablePlan,
    TransformSpec,
)
from sladd.policy import anonymised, kinds
from sladd.policy import rules as ruled
from sladd.policy.decide import Decided, Setting, decide, is_key
from sladd.policy.fingerprint import policy_sha256
from sladd.policy.inputs import PolicyField, PolicyTable, ReleaseTerms, release_rules
from sladd.policy.names import column_names, path_name, table_names
from sladd.policy.persons import check_person, moved_apart, persons_of
from sladd.policy.profile import Profile, Reasons, load_profile, load_reasons
from sladd.policy.sample import sample_plan
from sladd.policy.structure import apart, together
from sladd.policy.tokens import check_tokens, with_tokens
from sladd.taxonomy import Taxonomy

RULED = frozenset(
    {
        *("rule", "sensitive", "free_text", "key", "linked", "not_personal"),
        *(f"decided_{role}" for role in Role),
    }
)
"""Reasons by which a field was treated on purpose; the others wait for a person."""


def plan(
    *,
    release: str,
    config: ReleaseTerms,
    tables: Sequence[PolicyTable],
    entities: Sequence[Entity],
    specs: Mapping[str, TransformSpec],
    taxonomy: Taxonomy,
    as_of: date,
    key_version: int = 1,
    approved: frozenset[str] | None = None,
    profile: Profile | None = None,
    language: str = "en",
) -> Plan:
    """Decide what happens to every field of a release.

    Args:
        release: its name.
        config: its terms, as configured.
        tables: those of its sources, with scans and verdicts.
        entities: what the keys identify.
        specs: what each transform declares, by name.
        taxonomy: every category.
        as_of: the date at which ages are computed.
        key_version: of the master key.
        approved: fields of the last approved plan; None when no plan was approved before.
        profile: built-in rules; the ones that ship with sladd where not given.
        language: of the sentences.

    Raises:
        PlanError: the release cannot be planned as asked (SLADD-311…322, 370…376); all faults
            together.
    """
    where = f"sladd.yaml, releases.{release}"
    chosen = profile or load_profile(config.kind)
    own = release_rules(config)
    raise_all(ruled.check_rules((*own, *chosen.rules), specs, taxonomy, where))
    entity_of = {member: entity.name for entity in entities for member in entity.members}
    setting = Setting(
        rules=own,
        profile=chosen,
        specs=specs,
        taxonomy=taxonomy,
        entity_of=entity_of,
        approved=approved,
        person_of=persons_of(tables, entity_of),
        tables=[str(table.table.ref) for table in tables],
    )
    errors: list[SladdError] = [*_check_places(config, tables, where), *_check_names(entities)]
    if config.kind == "anonymised":
        errors.extend(anonymised.check_terms(tables, setting, config, where))
    drawn = sample_plan(config, setting.person_of.values(), where, errors)
    outputs = table_names([t.table.ref for t in tables])
    reasons = load_reasons(language)
    made = [_table(t, outputs[t.table.ref], setting, config, reasons, errors) for t in tables]
    made = [table for table in made if table.fields]
    errors.extend(_collisions(made))
    raise_all(errors)
    return Plan(
        release=release,
        kind=config.kind,
        domain=config.domain,
        key=config.key,
        as_of=as_of,
        tables=tuple(made),
        entities=tuple(entities),
        policy_sha256=policy_sha256(
            kind=config.kind,
            domain=config.domain,
            key_version=key_version,
            as_of=as_of.isoformat(),
            buckets=config.buckets,
            tables=made,
            entities=entities,
            specs=specs,
            anonymity=_anonymity(config),
            sample=drawn,
        ),
        key_version=key_version,
        sample=drawn,
        warnings=tuple(_warnings(own, config, tables, made, entities, taxonomy)),
    )


def _anonymity(config: ReleaseTerms) -> dict[str, Any] | None:
    """What else decides how coarse an anonymised release is."""
    if config.kind != "anonymised":
        return None
    return {
        "guarantee": config.promised.model_dump(mode="json"),
        "tables": {name: table.model_dump(mode="json") for name, table in config.tables.items()},
    }


def plan_rows(made: Plan) -> list[dict[str, Any]]:
    """One flat row for every field, for tables and JSON."""
    return [
        {
            "field": str(field.field),
            "table": table.output,
            "output": field.output,
            "type": str(field.type),
            "how": str(field.how),
            "category": field.category,
            **({"role": field.role} if made.kind == "anonymised" else {}),
            "transform": field.transform,
            "parameters": dict(field.parameters),
            "key_type": field.key_type,
            "reason": field.reason,
            "reason_text": field.reason_text,
            "verdict": field.verdict,
        }
        for table in made.tables
        for top in table.fields
        for field in top.each()
    ]


def _table(
    table: PolicyTable,
    output: str,
    setting: Setting,
    config: ReleaseTerms,
    reasons: Reasons,
    errors: list[SladdError],
) -> TablePlan:
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
        errors.extend(_check_field(field, decided, table, setting))
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
        errors.extend(_check_field(part, decided, table, setting))
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


def _check_field(
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


def _check_places(
    config: ReleaseTerms, tables: Sequence[PolicyTable], where: str
) -> Iterator[SladdError]:
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


def _check_names(entities: Sequence[Entity]) -> Iterator[SladdError]:
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


def _collisions(tables: Sequence[TablePlan]) -> Iterator[SladdError]:
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


def _warnings(
    rules: Sequence[Rule],
    config: ReleaseTerms,
    tables: Sequence[PolicyTable],
    made: Sequence[TablePlan],
    entities: Sequence[Entity],
    taxonomy: Taxonomy,
) -> Iterator[str]:
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
        yield from anonymised.warnings(made, config)
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
