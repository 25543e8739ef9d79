"""The decision table of anonymised releases: the role of each field, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sladd.errors import PlanError, SladdError
from sladd.model import KEPT, Entity, How, Identifiability, Needs, Role, Rule, TablePlan, TableRef
from sladd.policy import rules as ruled
from sladd.policy.decide import DROP, KEEP, Decided, Setting, blocked, legal_class
from sladd.policy.inputs import FREE_TEXT, PolicyField, PolicyTable, ReleaseTerms
from sladd.policy.ladders import FITTED, SHIPPED, ladder_name
from sladd.policy.profile import load_reasons
from sladd.policy.roles import propose
from sladd.taxonomy import SENSITIVE, Taxonomy

_OF_ONE = ("user.contact.email", "user.government_id.national_identification_number")
"""Categories of what two persons seldom share."""
_ENOUGH, _REGISTERED_ONCE = 20, 0.95  # rows that were looked at; a household has one address


def decide_role(
    field: PolicyField, table: PolicyTable, setting: Setting, terms: ReleaseTerms
) -> Decided:
    """What happens to a field of an anonymised release."""
    address = str(field.field.ref)
    decided = terms.roles.get(address, "")
    stopped = blocked(field, table, setting, named=bool(decided))
    if stopped is not None:
        return stopped
    if not decided:
        proposal = propose(field, table, setting.taxonomy, setting.entity_of)
        if proposal.role in {Role.DIRECT, Role.KEY}:
            return Decided(DROP, proposal.reason, proposal.facts, role=str(proposal.role))
        if proposal.role is None:
            return Decided(DROP, proposal.reason, proposal.facts)
        return Decided(DROP, "role_undecided", {"role": str(proposal.role)})
    role = Role(decided)
    if role not in KEPT:
        return Decided(DROP, f"decided_{role}", {}, role=decided)
    sensitive = next((c for c in field.categories if legal_class(c, setting) in SENSITIVE), "")
    if sensitive:
        return Decided(
            DROP, "role_class", {"legal_class": legal_class(sensitive, setting)}, role="direct"
        )
    aggregate = _aggregates(table, terms).get(field.field.ref.column, "")
    named = _rule(field, setting)
    if named is not None and setting.specs[named.transform].drops:
        return Decided(named, "rule", {}, role=decided)
    parameters = dict(named.parameters) if named is not None else {}
    if aggregate:
        return _aggregated(field, role, aggregate, terms)
    if role is Role.QUASI and named is None:
        ladder = ladder_name(field, terms.promised.hierarchies.get(address))
        rule = Rule("generalise", parameters={"hierarchy": ladder}, origin="built-in")
        return Decided(rule, "decided_quasi", {}, role=decided)
    rule = KEEP if named is None else named
    return Decided(
        Rule(rule.transform, rule.field, rule.category, parameters, rule.origin),
        f"decided_{role}",
        {},
        role=decided,
    )


def _aggregated(field: PolicyField, role: Role, aggregate: str, terms: ReleaseTerms) -> Decided:
    parameters = {"aggregate": aggregate}
    if role is Role.QUASI:
        given = terms.promised.hierarchies.get(str(field.field.ref))
        parameters["hierarchy"] = (
            "equal_frequency" if given is None else given.hierarchy or given.way
        )
    transform = "generalise" if role is Role.QUASI else "keep"
    rule = Rule(transform, parameters=parameters, origin="built-in")
    return Decided(rule, f"decided_{role}", {}, role=str(role))


def role_rows(
    tables: Sequence[PolicyTable],
    entities: Sequence[Entity],
    taxonomy: Taxonomy,
    decided: Mapping[str, str],
    language: str = "en",
) -> list[dict[str, Any]]:
    """One flat row for every column: proposed role, decided role, and why."""
    reasons = load_reasons(language)
    entity_of = {member: entity.name for entity in entities for member in entity.members}
    rows = []
    for table in tables:
        for one in table.fields:
            address = str(one.field.ref)
            proposal = propose(one, table, taxonomy, entity_of)
            rows.append(
                {
                    "field": address,
                    "table": str(table.table.ref),
                    "type": str(one.field.type),
                    "category": one.category,
                    "proposed": str(proposal.role or ""),
                    "decided": decided.get(address, ""),
                    "reason": proposal.reason,
                    "reason_text": reasons.say(proposal.reason, **proposal.facts),
                }
            )
    return rows


def output_names(table: PolicyTable, names: Sequence[str], terms: ReleaseTerms) -> list[str]:
    """The names of columns; an aggregate says which one it is: `amount_sum`."""
    found = _aggregates(table, terms)
    return [
        f"{name}_{found[field.field.ref.column]}"
        if field.field.ref.column in found and not field.field.ref.path
        else name
        for field, name in zip(table.fields, names, strict=True)
    ]


def check_terms(
    tables: Sequence[PolicyTable], setting: Setting, terms: ReleaseTerms, where: str
) -> Iterator[SladdError]:
    """Every fault of roles, tables and rules of an anonymised release (SLADD-370…376, 385, 386)."""
    fields = {str(f.field.ref): (f, table) for table in tables for f in table.fields}
    yield from _unknown("roles", terms.roles, fields, where)
    yield from _unknown("guarantee.hierarchies", terms.promised.hierarchies, fields, where)
    yield from _unknown("guarantee.weights", terms.promised.weights, fields, where)
    yield from _unknown_hierarchies(setting, terms, where)
    yield from _unknown("tables", terms.tables, [str(t.table.ref) for t in tables], where)
    for table in tables:
        yield from _check_nobody(table, terms, where)
        columns = [f.field.ref.column for f in table.fields]
        address = str(table.table.ref)
        yield from _unknown(
            f"tables.{address}.per_person.aggregate", _aggregates(table, terms), columns, where
        )
    for address, role in terms.roles.items():
        if address in fields and Role(role) in KEPT:
            yield from _check_role(address, role, *fields[address], setting, terms)
    yield from _check_rules(setting, where)


def _check_role(
    address: str,
    role: str,
    field: PolicyField,
    table: PolicyTable,
    setting: Setting,
    terms: ReleaseTerms,
) -> Iterator[SladdError]:
    """Whether a column can have a role in which it goes out."""
    aggregate = _aggregates(table, terms).get(field.field.ref.column, "")
    counts = aggregate in {"count", "count_distinct"}
    proposal = propose(field, table, setting.taxonomy, setting.entity_of)
    said = setting.taxonomy.categories.get(field.category)
    direct = (
        said is not None
        and said.identifiability is Identifiability.DIRECT
        and field.how is not How.LINKED
    )
    if proposal.role is Role.KEY and not counts:
        yield PlanError(
            "a key never goes out in an anonymised release: tables that can be joined cut each "
            "other's classes down, and then neither keeps its guarantee",
            code=371,
            where=address,
            mend="aggregate the facts of each person (tables: …: {per_person: {aggregate: …}})",
        )
    elif direct and not counts:
        yield PlanError(
            f"a column that leads to a person ({field.category}) cannot be {role}",
            code=372,
            where=address,
            mend=f"role: direct; or, if it is no such thing, sladd decide {address} reject",
        )
    elif proposal.reason == "role_text" and not counts:
        yield PlanError(
            f"free text, JSON and blobs can hold anything, and cannot be {role}",
            code=373,
            where=address,
            mend="role: direct",
        )
    if _unit(table.table.ref, terms) == "nobody" and role != Role.INSENSITIVE:
        yield PlanError(
            f"the table is said to be about nobody, and the column to be {role}",
            code=374,
            where=address,
            mend="unit: row, or role: insensitive",
        )


def _check_nobody(table: PolicyTable, terms: ReleaseTerms, where: str) -> Iterator[SladdError]:
    """Whether a table said to be about nobody has a row for each person."""
    if _unit(table.table.ref, terms) == "nobody" and len(table.person_path) == 1:
        yield PlanError(
            "the table is said to be about nobody, and each of its rows is a person",
            code=386,
            where=f"{where}, tables.{table.table.ref}",
            mend="leave unit: out; or, if its direct identifiers are no such thing, sladd decide "
            "FIELD reject",
        )


def _unit(table: TableRef, terms: ReleaseTerms) -> str:
    chosen = terms.tables.get(str(table))
    return chosen.unit if chosen is not None else "person"


def _check_rules(setting: Setting, where: str) -> Iterator[SladdError]:
    for rule in setting.rules:
        spec = setting.specs[rule.transform]
        if spec.keyed or (spec.joinable and spec.name != "keep") or spec.reversible:
            yield PlanError(
                f"the transform {spec.name} gives the same person the same value in every table, "
                "and anonymised tables are not linked: each would cut the other's classes down, "
                "and then neither keeps its guarantee",
                code=375,
                where=f"{where}, rule for {rule.field or rule.category}",
                mend="drop the rule, and aggregate what hangs on the person (tables: …: per_person)",
            )
        elif spec.needs is not Needs.COLUMN or spec.by_parts:
            yield PlanError(
                f"the transform {spec.name} is for texts and persons, and promises no anonymity",
                code=376,
                where=f"{where}, rule for {rule.field or rule.category}",
                mend="drop the rule",
            )


def _unknown_hierarchies(setting: Setting, terms: ReleaseTerms, where: str) -> Iterator[SladdError]:
    known = {*SHIPPED, *FITTED, *setting.specs["generalise"].digests}
    for address, ladder in terms.promised.hierarchies.items():
        name = ladder.hierarchy
        if name is not None and name not in known:
            close = get_close_matches(name, known, n=1)
            yield PlanError(
                f"there is no hierarchy '{name}'",
                code=385,
                where=f"{where}, guarantee.hierarchies.{address}",
                mend=f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted(known))}",
            )


def warnings(
    made: Sequence[TablePlan], terms: ReleaseTerms, tables: Sequence[PolicyTable]
) -> Iterator[str]:
    """What an officer should know before a plan is published."""
    guarantee = terms.promised
    columns = [f for table in made for f in table.fields if f.output]
    sensitive = [str(f.field) for f in columns if f.role == Role.SENSITIVE]
    if sensitive and guarantee.l is None and guarantee.t is None:
        yield (
            f"{len(sensitive)} sensitive columns go out as they are, and guarantee: asks for neither"
            " l nor t: whoever finds a class may learn what all in it have in common"
        )
    for table in made:
        if _unit(table.table, terms) == "nobody" and len(table.person_path) > 1:
            yield (
                f"{table.table} is said to be about nobody, and its rows lead to persons by "
                f"{table.person_path[0].rpartition('.')[2]}: they go out as they are"
            )
    going = {str(table.table) for table in made if any(f.output for f in table.fields)}
    for known in tables:
        if str(known.table.ref) in going and _unit(known.table.ref, terms) != "nobody":
            yield from _registered_twice(known)
    if guarantee.earlier == "warn":
        yield (
            "what this release and earlier ones give away together is told and not refused"
            " (guarantee.earlier: warn): take care that nobody has both"
        )
    if not columns:
        yield "no column has a role in which it goes out: sladd roles"


def _registered_twice(table: PolicyTable) -> Iterator[str]:
    """Persons whose own identifier stands in several rows of a table that has a row for each."""
    for one in table.fields:
        scan = one.scan
        if len(table.person_path) != 1 or scan is None or one.category not in _OF_ONE:
            continue
        values, distinct = scan.rows - scan.nulls, scan.distinct or 0
        if values >= _ENOUGH and distinct < _REGISTERED_ONCE * values:
            name = table.person_path[0].rpartition(".")[2]
            yield (
                f"{one.field.ref} has {distinct} different values in {values} rows: a person who is "
                f"registered several times counts as several, for {name} says who is who; name the "
                "column under person: of the source if it does"
            )


def _unknown(
    key: str, named: Mapping[str, object], known: Mapping[str, object] | Sequence[str], where: str
) -> Iterator[SladdError]:
    for name in named:
        if name not in known:
            close = get_close_matches(name, list(known), n=1)
            yield PlanError(
                f"{key} names what the release does not have: {name}",
                code=370,
                where=where,
                mend=f"did you mean {close[0]}?" if close else "sladd findings --all",
            )


def _aggregates(table: PolicyTable, terms: ReleaseTerms) -> Mapping[str, str]:
    chosen = terms.tables.get(str(table.table.ref))
    per_person = chosen.per_person if chosen is not None else None
    return (per_person.aggregate if per_person is not None else None) or {}


def _rule(field: PolicyField, setting: Setting) -> Rule | None:
    """The release's own rule for a field; the profile of pseudonymised releases says nothing."""
    named = ruled.field_rule(setting.rules, str(field.field.ref))
    category = FREE_TEXT if field.how is How.CONTAINS else field.category
    return named or ruled.category_rule(setting.rules, category, setting.taxonomy)
