"""Rules per category → what happens to every field. Pure: reads no source, key or clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sladd.errors import SladdError, raise_all
from sladd.model import Entity, Plan, Role, TransformSpec
from sladd.policy import anonymised
from sladd.policy import rules as ruled
from sladd.policy.decide import Setting
from sladd.policy.faults import check_names, check_outputs, check_places
from sladd.policy.fingerprint import policy_sha256
from sladd.policy.inputs import PolicyTable, ReleaseTerms, release_rules
from sladd.policy.names import table_names
from sladd.policy.persons import persons_of
from sladd.policy.profile import Profile, load_profile, load_reasons
from sladd.policy.sample import sample_plan
from sladd.policy.tables import table_plan
from sladd.policy.warned import plan_warnings
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
    errors: list[SladdError] = [*check_places(config, tables, where), *check_names(entities)]
    if config.kind == "anonymised":
        errors.extend(anonymised.check_terms(tables, setting, config, where))
    drawn = sample_plan(config, setting.person_of.values(), where, errors)
    outputs = table_names([t.table.ref for t in tables])
    reasons = load_reasons(language)
    made = [table_plan(t, outputs[t.table.ref], setting, config, reasons, errors) for t in tables]
    made = [table for table in made if table.fields]
    errors.extend(check_outputs(made))
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
        warnings=tuple(plan_warnings(own, config, tables, made, entities, taxonomy)),
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
