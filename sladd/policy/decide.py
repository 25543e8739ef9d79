"""The decision table of pseudonymised releases: what happens to one field, and why.

The order of the questions is the table's: what is unknown or reopened stays out; a rule that
names the field speaks first; the most protected classes need such a rule and a verdict; keys
join by pseudonym; then rules by category; then what the type alone allows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as fresh

from sladd.model import How, KeyRole, Rule, StorageType, TransformSpec
from sladd.policy import rules as ruled
from sladd.policy.inputs import FREE_TEXT, PolicyField, PolicyTable
from sladd.policy.profile import Profile
from sladd.taxonomy import SENSITIVE, Taxonomy

PLAIN_TYPES = frozenset(
    {
        StorageType.INTEGER,
        StorageType.DECIMAL,
        StorageType.FLOAT,
        StorageType.BOOLEAN,
        StorageType.DATE,
        StorageType.TIMESTAMP,
        StorageType.TIME,
    }
)
"""Types without room for text: numbers, yes/no and dates."""

ENOUGH_ROWS = 1_000  # a share of 0.5 % is missed by 1,000 random rows once in 150 draws
ENOUGH_VALUES = 20  # below it a checksum's chance hits cannot be told from real ones

DROP = Rule(transform="drop", origin="built-in")
KEEP = Rule(transform="keep", origin="built-in")
PSEUDONYM = Rule(transform="pseudonym", origin="built-in")


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule for one field and the reason for it."""

    rule: Rule
    reason: str
    facts: Mapping[str, str | int]
    role: str = ""  # in an anonymised release


@dataclass(frozen=True, slots=True)
class Setting:
    """What all fields of a plan are decided by."""

    rules: Sequence[Rule]  # of the release
    profile: Profile
    specs: Mapping[str, TransformSpec]
    taxonomy: Taxonomy
    entity_of: Mapping[str, str]  # field address → entity
    approved: frozenset[str] | None  # fields of the last approved plan
    person_of: Mapping[str, str] = fresh(default_factory=dict)  # table address → entity
    tables: Collection[str] = ()  # addresses of all tables of the release's sources


def decide(field: PolicyField, table: PolicyTable, setting: Setting) -> Decided:
    """What happens to a field of a pseudonymised release."""
    address = str(field.field.ref)
    named = ruled.field_rule(setting.rules, address)
    stopped = blocked(
        field, table, setting, named=named is not None, drops=_drops_by(named, setting)
    )
    if stopped is not None:
        return stopped
    if named is not None and setting.specs[named.transform].by_parts:
        return Decided(named, "rule", {})  # what is inside is asked about part by part
    sensitive = [c for c in field.categories if legal_class(c, setting) in SENSITIVE]
    if sensitive and not (named and (field.confirmed or _drops(named, setting))):
        return _stop("sensitive", legal_class=legal_class(sensitive[0], setting))
    if named is not None:
        return Decided(named, "rule", {})
    if is_key(field, setting):
        entity = setting.entity_of.get(address, address)
        if ruled.accepts(setting.specs["pseudonym"], {}, field.field.type):
            return Decided(PSEUDONYM, "key", {"entity": entity})
        return _stop("undecided", field=address)
    if field.category:
        return _by_category(field, table, setting)
    return _without_finding(field, table)


def is_key(field: PolicyField, setting: Setting) -> bool:
    """Whether the column identifies rows: by the schema, or by declaration as an entity."""
    return field.field.role is not KeyRole.NONE or str(field.field.ref) in setting.entity_of


def blocked(
    field: PolicyField, table: PolicyTable, setting: Setting, *, named: bool, drops: bool = False
) -> Decided | None:
    """Why a field cannot be judged at all; None when it can.

    Args:
        field: the field.
        table: its table.
        setting: of the plan.
        named: whether the release names the field.
        drops: whether what it says is that the field stays out.
    """
    address = str(field.field.ref)
    if drops:
        return None
    if field.verdict is not None and field.verdict.reopened:
        return _stop("reopened", field=address)
    if field.scan is None:
        return _stop("not_scanned")
    new = setting.approved is not None and address not in setting.approved
    if new and not named and field.verdict is None:
        return _stop("new")
    parts = any(
        f.field.ref.path and not field.field.ref.path and f.field.ref.top == field.field.ref
        for f in table.fields
    )
    return _stop("nested") if parts else None


def _by_category(field: PolicyField, table: PolicyTable, setting: Setting) -> Decided:
    # A text that holds an e-mail address is no e-mail address: rules for texts apply to it.
    category = FREE_TEXT if field.how is How.CONTAINS else field.category
    own = ruled.category_rule(setting.rules, category, setting.taxonomy)
    if own is not None:
        return Decided(own, "rule", {"category": own.category or ""})
    built_in = ruled.category_rule(setting.profile.rules, category, setting.taxonomy)
    attribute = any(
        setting.taxonomy.covers(prefix, category) for prefix in setting.profile.attributes
    )
    leads = any(setting.taxonomy.covers(prefix, category) for prefix in setting.profile.links)
    if built_in is not None and (field.how is not How.LINKED or field.confirmed or leads):
        return _fitting(built_in, field, setting, free_text=category == FREE_TEXT)
    if field.how is How.LINKED or attribute:
        plain = _by_type(field, table, "linked", "linked")
        if plain is not None:
            return plain
        if not field.confirmed:
            return _undecided(field, table)
    return _stop("no_rule", category=category)


def _fitting(rule: Rule, field: PolicyField, setting: Setting, *, free_text: bool) -> Decided:
    """The profile's rule, or nothing at all where it does not work on the type."""
    spec = setting.specs[rule.transform]
    if not ruled.fits(spec, rule.parameters, field.field):
        return _stop("no_fit", transform=rule.transform, type=str(field.field.type))
    return Decided(rule, "free_text" if free_text else "rule", {})


def _without_finding(field: PolicyField, table: PolicyTable) -> Decided:
    if field.verdict is not None:
        return Decided(KEEP, "not_personal", {})
    plain = _by_type(field, table, "no_finding", "few_values")
    return _undecided(field, table) if plain is None else plain


def _undecided(field: PolicyField, table: PolicyTable) -> Decided:
    if field.field.type in PLAIN_TYPES:
        return _stop("not_enough", rows=table.rows)
    return _stop("undecided", field=str(field.field.ref))


def _by_type(field: PolicyField, table: PolicyTable, plain: str, few: str) -> Decided | None:
    """Keep what the type or the few values make harmless; None when they do not."""
    scan = field.scan
    if scan is None:
        return None
    if field.field.type in PLAIN_TYPES and _enough(field, table):
        return Decided(KEEP, plain, {"rows": scan.rows})
    if scan.written_as in PLAIN_TYPES and _enough(field, table):
        # SQLite and CSV keep dates and amounts as text. The publish gives the column that type,
        # and stops when a value does not have it.
        return Decided(KEEP, "typed", {"rows": scan.rows, "type": str(scan.written_as)})
    if field.field.type is StorageType.STRING and scan.few_values:
        return Decided(KEEP, few, {})
    return None


def _enough(field: PolicyField, table: PolicyTable) -> bool:
    if table.drawn == "all":
        return True
    scan = field.scan
    return scan is not None and scan.rows >= ENOUGH_ROWS and scan.rows - scan.nulls >= ENOUGH_VALUES


def legal_class(category: str, setting: Setting) -> str:
    """The legal class of a category; "" for one that nobody knows."""
    return setting.taxonomy[category].legal_class if category in setting.taxonomy else ""


def _drops_by(rule: Rule | None, setting: Setting) -> bool:
    return rule is not None and _drops(rule, setting)


def _drops(rule: Rule, setting: Setting) -> bool:
    return rule.transform in setting.specs and setting.specs[rule.transform].drops


def _stop(reason: str, **facts: str | int) -> Decided:
    return Decided(DROP, reason, facts)
