"""The decision table of DESIGN §7, row by row, and what a plan refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

import transforms
from sladd import taxonomy
from sladd.config import ReleaseConfig
from sladd.errors import ManyErrors, PlanError
from sladd.model import (
    Decision,
    Entity,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    KeyRole,
    Plan,
    StorageType,
    Table,
    TableRef,
    TableScan,
    Verdict,
)
from sladd.policy import PolicyField, PolicyTable, plan, plan_rows, policy_table

S = StorageType
TAXONOMY = taxonomy.load()
SPECS = {name: transform.SPEC for name, transform in transforms.registry().items()}
CUSTOMERS = TableRef("shop", "customers", "public")
NIN = "user.government_id.national_identification_number"
HEALTH = "user.health_and_medical"
TEXT = "user.content.private"


def verdict(
    decision: str, category: str = "", *, column: str = "c", reopened: bool = False
) -> Verdict:
    """A human's answer about a column of customers."""
    return Verdict(
        field=str(FieldRef(CUSTOMERS, column)),
        decision=Decision(decision),
        category=category,
        reason="test",
        by="dpo",
        at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        fingerprint="x",
        reopened=reopened,
    )


def field(
    name: str = "c",
    kind: StorageType = S.STRING,
    how: str = "none",
    category: str = "",
    *,
    also: tuple[str, ...] = (),
    role: KeyRole = KeyRole.NONE,
    few: bool = False,
    rows: int = 5_000,
    nulls: int = 0,
    said: Verdict | None = None,
    scanned: bool = True,
    path: tuple[str, ...] = (),
    table: TableRef = CUSTOMERS,
) -> PolicyField:
    """One field as a scan left it."""
    schema = Field(FieldRef(table, name, path), kind, role=role)
    finding = Finding(schema.ref, How(how), "", category, 0.9, also=also)
    scan = FieldScan(schema, finding, rows, nulls, None, few_values=few)
    return PolicyField(schema, scan if scanned else None, said)


def table(
    *fields: PolicyField,
    ref: TableRef = CUSTOMERS,
    drawn: str = "random_rows",
    person_path: tuple[str, ...] = (),
) -> PolicyTable:
    """A table of these fields."""
    schema = Table(ref, tuple(f.field for f in fields))
    rows = max((f.scan.rows for f in fields if f.scan), default=0)
    return PolicyTable(schema, fields, rows=rows, drawn=drawn, person_path=person_path)


def release(**terms: Any) -> ReleaseConfig:
    """A release of the shop."""
    return ReleaseConfig.model_validate(
        {"domain": "analyse", "from": ["shop"], "to": "releases/a", **terms}
    )


def make(*tables: PolicyTable, rules: list[dict[str, Any]] | None = None, **more: Any) -> Plan:
    """Plan these tables."""
    known = ReleaseConfig.model_fields.keys() - {"as_of"}
    terms = {k: more.pop(k) for k in list(more) if k in known}
    given = {"entities": (), "as_of": dt.date(2026, 1, 1), **more}
    return plan(
        release="a",
        config=release(rules=rules or [], **terms),
        tables=tables,
        specs=SPECS,
        taxonomy=TAXONOMY,
        **given,
    )


def outcome(
    one: PolicyField,
    *,
    rules: list[dict[str, Any]] | None = None,
    drawn: str = "random_rows",
    **k: Any,
) -> tuple[str, str]:
    """Transform and reason of a single field."""
    planned = make(table(one, drawn=drawn), rules=rules, **k).tables[0].fields[0]
    assert planned.reason_text.endswith((".", "c"))
    assert "{" not in planned.reason_text
    assert (planned.output == "") == (planned.transform == "drop")
    return planned.transform, planned.reason


C = "shop/public.customers.c"
EMAIL = "user.contact.email"

TABLE = [
    # finding with a category rule: the rule
    ("an e-mail column", field(how="is", category=EMAIL), [], ("pseudonym", "rule")),
    (
        "a postcode kept as integer",
        field(kind=S.INTEGER, how="is", category="user.contact.address.postal_code"),
        [],
        ("generalise", "rule"),
    ),
    (
        "a birth date",
        field(kind=S.DATE, how="is", category="user.demographic.date_of_birth"),
        [],
        ("generalise", "rule"),
    ),
    ("a street", field(how="is", category="user.contact.address.street"), [], ("drop", "rule")),
    ("a city", field(how="is", category="user.contact.address.city"), [], ("drop", "rule")),
    (
        "an IP address",
        field(how="is", category="user.device.ip_address"),
        [],
        ("generalise", "rule"),
    ),
    (
        "a salary",
        field(kind=S.DECIMAL, how="is", category="user.financial.salary"),
        [],
        ("generalise", "rule"),
    ),
    ("gender", field(how="is", category="user.demographic.gender"), [], ("keep", "rule")),
    (
        "the profile's rule does not fit the type",
        field(kind=S.BOOLEAN, how="is", category="user.demographic.date_of_birth"),
        [],
        ("drop", "no_fit"),
    ),
    ("a category without any rule", field(how="is", category="user"), [], ("drop", "no_rule")),
    # art. 9/10, credential, national id
    ("a national id", field(how="is", category=NIN), [], ("drop", "sensitive")),
    ("health", field(how="is", category=HEALTH), [], ("drop", "sensitive")),
    (
        "a password hash",
        field(how="is", category="user.authorization.password"),
        [],
        ("drop", "sensitive"),
    ),
    (
        "a criminal record",
        field(how="is", category="user.criminal_history"),
        [],
        ("drop", "sensitive"),
    ),
    (
        "a national id, confirmed, without a rule",
        field(how="is", category=NIN, said=verdict("confirmed", NIN)),
        [],
        ("drop", "sensitive"),
    ),
    (
        "a national id and a rule for its category, confirmed",
        field(how="is", category=NIN, said=verdict("confirmed", NIN)),
        [{"category": NIN, "transform": "pseudonym"}],
        ("drop", "sensitive"),
    ),
    (
        "a national id, a rule names the field, no verdict",
        field(how="is", category=NIN),
        [{"field": C, "transform": "pseudonym"}],
        ("drop", "sensitive"),
    ),
    (
        "a national id, a rule names the field and a verdict confirms",
        field(how="is", category=NIN, said=verdict("confirmed", NIN)),
        [{"field": C, "transform": "pseudonym"}],
        ("pseudonym", "rule"),
    ),
    (
        "a text with a national id in it, a rule names the field, no verdict",
        field(how="contains", category=EMAIL, also=(NIN,)),
        [{"field": C, "transform": "redact_text"}],
        ("drop", "sensitive"),
    ),
    (
        "a key that is a national id",
        field(how="is", category=NIN, role=KeyRole.PRIMARY),
        [],
        ("drop", "sensitive"),
    ),
    (
        "health about a person through a key",
        field(how="linked", category=HEALTH),
        [],
        ("drop", "sensitive"),
    ),
    # free text
    (
        "a text with an address in it",
        field(how="contains", category=EMAIL),
        [],
        ("drop", "free_text"),
    ),
    ("a text column by its name", field(how="is", category=TEXT), [], ("drop", "free_text")),
    (
        "a text, a rule for texts",
        field(how="contains", category=EMAIL),
        [{"category": TEXT, "transform": "redact_text"}],
        ("redact_text", "rule"),
    ),
    (
        "a text, a rule for what it contains, which is no rule for texts",
        field(how="contains", category=EMAIL),
        [{"category": EMAIL, "transform": "keep"}],
        ("drop", "free_text"),
    ),
    # no finding; number, yes/no or date
    ("a number", field(kind=S.INTEGER), [], ("keep", "no_finding")),
    ("a yes/no", field(kind=S.BOOLEAN), [], ("keep", "no_finding")),
    ("a date", field(kind=S.TIMESTAMP), [], ("keep", "no_finding")),
    ("a number, too little read", field(kind=S.INTEGER, rows=200), [], ("drop", "not_enough")),
    ("a number, nearly all null", field(kind=S.FLOAT, nulls=4_990), [], ("drop", "not_enough")),
    # no finding; few values
    ("few values", field(few=True), [], ("keep", "few_values")),
    # any other
    ("a string", field(), [], ("drop", "undecided")),
    ("JSON", field(kind=S.JSON), [], ("drop", "undecided")),
    ("JSON with few values", field(kind=S.JSON, few=True), [], ("drop", "undecided")),
    ("a blob", field(kind=S.BINARY), [], ("drop", "undecided")),
    ("not scanned", field(kind=S.INTEGER, scanned=False), [], ("drop", "not_scanned")),
    (
        "not scanned, and a rule to keep it",
        field(scanned=False),
        [{"field": C, "transform": "keep"}],
        ("drop", "not_scanned"),
    ),
    (
        "reopened",
        field(how="is", category=EMAIL, said=verdict("confirmed", EMAIL, reopened=True)),
        [],
        ("drop", "reopened"),
    ),
    (
        "reopened, with a rule of its own",
        field(said=verdict("rejected", reopened=True)),
        [{"field": C, "transform": "keep"}],
        ("drop", "reopened"),
    ),
    # verdicts
    ("a string, rejected", field(said=verdict("rejected")), [], ("keep", "not_personal")),
    (
        "a finding, rejected",
        field(how="is", category=NIN, said=verdict("rejected")),
        [],
        ("keep", "not_personal"),
    ),
    (
        "a string, changed to a name",
        field(said=verdict("changed", "user.name")),
        [],
        ("pseudonym", "rule"),
    ),
    # linked
    (
        "linked number",
        field(kind=S.DECIMAL, how="linked", category="user.behavior"),
        [],
        ("keep", "linked"),
    ),
    (
        "linked, few values",
        field(how="linked", category="user.behavior", few=True),
        [],
        ("keep", "linked"),
    ),
    ("linked string", field(how="linked", category="user.behavior"), [], ("drop", "undecided")),
    (
        "linked string, a rule for the category",
        field(how="linked", category="user.behavior.cart"),
        [{"category": "user.behavior", "transform": "replace"}],
        ("replace", "rule"),
    ),
    ("an attribute as text", field(how="is", category="user.job_title"), [], ("drop", "undecided")),
    (
        "an attribute, few values",
        field(how="is", category="user.job_title", few=True),
        [],
        ("keep", "linked"),
    ),
    # keys
    ("a primary key", field(kind=S.INTEGER, role=KeyRole.PRIMARY), [], ("pseudonym", "key")),
    ("a foreign key", field(kind=S.UUID, role=KeyRole.FOREIGN), [], ("pseudonym", "key")),
    (
        "a key, rejected",
        field(kind=S.INTEGER, role=KeyRole.PRIMARY, said=verdict("rejected")),
        [],
        ("pseudonym", "key"),
    ),
    (
        "a key with a rule of its own",
        field(kind=S.INTEGER, role=KeyRole.PRIMARY),
        [{"field": C, "transform": "keep"}],
        ("keep", "rule"),
    ),
    (
        "a key of no type for pseudonyms",
        field(kind=S.JSON, role=KeyRole.PRIMARY),
        [],
        ("drop", "undecided"),
    ),
]


@pytest.mark.parametrize(
    ("one", "rules", "expected"), [c[1:] for c in TABLE], ids=[c[0] for c in TABLE]
)
def test_decision_table(one, rules, expected):
    """Each row of the table."""
    assert outcome(one, rules=rules) == expected


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_reason_has_a_sentence_in_every_language(language):
    """No sentence has a hole, and Norwegian is not English."""
    sentences = set()
    for _, one, rules, _ in TABLE:
        made = make(table(one), rules=rules, language=language).tables[0].fields[0]
        assert made.reason_text
        assert "{" not in made.reason_text
        sentences.add(made.reason_text)
    known = {"en": "Decided: not personal data."}.get(
        language, "Avgjort: ikke en personopplysning."
    )
    assert known in sentences


def test_a_table_read_in_full_is_read_enough():
    """Five rows are enough when there are only five."""
    assert outcome(field(kind=S.INTEGER, rows=5), drawn="all") == ("keep", "no_finding")


def test_new_fields_wait_for_a_decision():
    """A field that the last approval did not see is dropped, unless someone spoke of it."""
    seen: dict[str, Any] = {"approved": frozenset({"shop/public.customers.other"})}
    assert outcome(field(how="is", category=EMAIL), **seen) == ("drop", "new")
    assert outcome(field(kind=S.INTEGER), **seen) == ("drop", "new")
    decided = field(how="is", category=EMAIL, said=verdict("confirmed", EMAIL))
    assert outcome(decided, **seen) == ("pseudonym", "rule")
    rules = [{"field": C, "transform": "mask"}]
    assert outcome(field(), rules=rules, **seen) == ("mask", "rule")
    assert outcome(field(kind=S.INTEGER), approved=frozenset({C})) == ("keep", "no_finding")


def test_rules_by_precedence():
    """Field before category, release before profile, longer before shorter."""
    one = field(how="is", category="user.contact.address.postal_code")
    coarse = {"category": "user.contact", "transform": "mask"}
    fine = {"category": "user.contact.address.postal_code", "transform": "replace"}
    named = {"field": C, "transform": "keep"}
    assert outcome(one)[0] == "generalise"
    assert outcome(one, rules=[coarse])[0] == "mask"
    assert outcome(one, rules=[coarse, fine])[0] == "replace"
    assert outcome(one, rules=[named, fine, coarse])[0] == "keep"
    lookalike = {"category": "user.contact.address.post", "transform": "keep"}
    with pytest.raises(PlanError) as caught:
        outcome(one, rules=[lookalike])
    assert caught.value.code == 318


def test_keys_of_one_entity_share_their_key_type():
    """orders.customer_id joins customers.id, and never products.id."""
    orders, products = TableRef("shop", "orders", "public"), TableRef("shop", "products", "public")
    tables = [
        table(field("id", S.INTEGER, role=KeyRole.PRIMARY)),
        table(
            field("id", S.INTEGER, role=KeyRole.PRIMARY, table=orders),
            field("customer_id", S.STRING, role=KeyRole.FOREIGN, table=orders),
            ref=orders,
        ),
        table(field("id", S.INTEGER, role=KeyRole.PRIMARY, table=products), ref=products),
        table(
            field("kundenr", table=TableRef("exports", "kunder")), ref=TableRef("exports", "kunder")
        ),
    ]
    entities = (
        Entity(
            "customer",
            (
                "shop/public.customers.id",
                "shop/public.orders.customer_id",
                "exports/kunder.kundenr",
            ),
        ),
        Entity("shop/orders.id", ("shop/public.orders.id",)),
    )
    made = make(*tables, entities=entities)
    types = {str(f.field): f.key_type for t in made.tables for f in t.fields}
    assert types == {
        "shop/public.customers.id": "customer",
        "shop/public.orders.customer_id": "customer",
        "exports/kunder.kundenr": "customer",
        "shop/public.orders.id": "shop/orders.id",
        "shop/public.products.id": "shop/public.products.id",
    }
    rows = {row["field"]: row for row in plan_rows(made)}
    assert rows["exports/kunder.kundenr"]["reason"] == "key"
    broken = make(
        *tables, entities=entities, rules=[{"field": "exports/kunder.kundenr", "transform": "keep"}]
    )
    assert any("customer" in w and "not join" in w for w in broken.warnings)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (EMAIL, "email"),
        ("user.contact.phone_number", "phone"),
        ("user.name.first", "name"),
        ("user.account.username", "username"),
        ("user.device.cookie_id", "user.device.cookie_id"),
        ("user.unique_id", "user.unique_id"),
    ],
)
def test_values_are_keyed_by_their_canonical_type(category, expected):
    """E-mails join e-mails; member numbers do not join order numbers."""
    made = make(table(field(how="is", category=category)))
    assert made.tables[0].fields[0].key_type == expected


def faults(*tables: PolicyTable, **terms: Any) -> list[int]:
    """Codes of all errors that a plan raises at once."""
    with pytest.raises((PlanError, ManyErrors)) as caught:
        make(*tables, **terms)
    errors = getattr(caught.value, "errors", (caught.value,))
    return sorted(error.code for error in errors)


def test_all_faults_of_rules_are_told_together():
    """Names with the nearest known one, and every wrong parameter."""
    rules = [
        {"category": "user.contact.emial", "transform": "mask"},
        {"category": "user.name", "transform": "psuedonym"},
        {"field": C, "transform": "mask", "keep_frist": 1},
        {"category": "user.device", "transform": "generalise", "to": "nettwork"},
        {"category": "user.financial", "transform": "generalise"},
        {"category": "user.account", "transform": "pseudonym", "bits": 32},
        {"category": "user.behavior", "transform": "generalise", "to": "band", "edges": [3, 2]},
        {"category": "user.payment", "transform": "generalise", "to": "band"},
        {"category": "user.workplace", "transform": "mask", "keep_last": True},
    ]
    with pytest.raises(ManyErrors) as caught:
        make(table(field()), rules=rules)
    codes = [e.code for e in caught.value.errors]
    assert codes == [318, 311, 312, 313, 314, 313, 313, 314, 313]
    text = str(caught.value)
    for hint in ("'user.contact.email'", "'pseudonym'", "'keep_first'", "'network'"):
        assert f"did you mean {hint}?" in text


def test_a_rule_that_does_not_fit_the_type_is_refused():
    """The release's rule is an order, so it is not silently replaced."""
    rules = [{"field": C, "transform": "generalise", "to": "age_band"}]
    assert faults(table(field(kind=S.BOOLEAN)), rules=rules) == [315]
    rules = [{"field": C, "transform": "generalise", "to": "network"}]
    assert faults(table(field(kind=S.INTEGER)), rules=rules) == [315]


def test_two_rules_for_the_same_are_refused():
    """Which of them would hold is nobody's guess."""
    rules = [{"field": C, "transform": "keep"}, {"field": C, "transform": "drop"}]
    assert faults(table(field()), rules=rules) == [317]


def test_columns_that_differ_in_case_only_are_refused():
    """DuckDB would see one name; a dropped twin does no harm."""
    one, two = field("Sum", S.INTEGER), field("sum", S.INTEGER)
    assert faults(table(one, two)) == [316, 316]
    made = make(
        table(one, two), rules=[{"field": "shop/public.customers.Sum", "transform": "drop"}]
    )
    assert [f.output for f in made.tables[0].fields] == ["", "sum"]


def test_where_for_an_unknown_table_is_refused():
    """A misspelt restriction must not let all rows out."""
    assert faults(table(field()), where={"shop/public.customer": "1=1"}) == [320]


def test_an_entity_called_like_a_type_is_refused():
    """Its keys would share the pseudonyms of e-mail addresses."""
    assert faults(table(field()), entities=(Entity("email", (C,)),)) == [321]


def test_rules_that_match_nothing_are_warned_of():
    """With the nearest field, and without stopping the plan."""
    rules = [
        {"field": "shop/public.customers.cc", "transform": "drop"},
        {"category": "user.name", "transform": "mask"},
    ]
    warnings = make(table(field()), rules=rules, leave_out=[]).warnings
    assert len(warnings) == 2
    assert f"did you mean {C}?" in warnings[0]
    assert "user.name" in warnings[1]


def test_tables_of_one_name_get_their_source_before_it():
    """Both sources have customers; orders stands alone."""
    refs = [TableRef("shop", "customers"), TableRef("crm", "customers"), TableRef("shop", "orders")]
    made = make(*(table(field("n", S.INTEGER, table=r), ref=r) for r in refs))
    assert [t.output for t in made.tables] == ["shop_customers", "crm_customers", "orders"]


def test_a_table_without_a_column_left_has_no_output():
    """There is nothing to write."""
    assert make(table(field())).tables[0].output == ""


def test_parts_of_a_nested_value_are_decided_one_by_one():
    """The whole would carry its parts along."""
    fields = [
        field("user", S.JSON, said=verdict("rejected", column="user")),
        field("user", S.STRING, "is", EMAIL, path=("email",)),
        field("user", S.INTEGER, path=("logins", "[]")),
    ]
    made = make(table(*fields)).tables[0].fields
    assert [(f.output, f.reason) for f in made] == [
        ("", "nested"),
        ("user_email", "rule"),
        ("user_logins", "no_finding"),
    ]


def test_a_column_written_whole_carries_what_its_parts_hold():
    """Few values or a rejection of the column say nothing of an e-mail address inside it."""
    whole = field("user", S.STRING, few=True)
    parts = [
        field("user", S.STRING, "is", EMAIL, path=("email",)),
        field("user", S.STRING, "is", NIN, path=("fnr",)),
        field("user", S.STRING, path=("theme",)),
    ]

    def reason(parts: list[PolicyField], *said: Verdict) -> str:
        schema = Table(CUSTOMERS, (whole.field,))
        scans = tuple(f.scan for f in (whole, *parts) if f.scan)
        verdicts = {v.field: v for v in said}
        scan = TableScan(schema, scans, 5_000, "all")
        made = make(policy_table(schema, scan, verdicts, parts=False)).tables[0]
        assert len(made.fields) == 1
        return made.fields[0].reason

    rejected = verdict("rejected", column="user")
    assert reason(parts[2:]) == "few_values"
    assert reason([parts[0], parts[2]]) == "free_text"
    assert reason([parts[0]], rejected) == "free_text"
    assert reason(parts) == "sensitive"
    part = replace(rejected, field="shop/public.customers.user.email")
    assert reason([parts[0]], part) == "few_values"
    assert reason([parts[0]], part, rejected) == "not_personal"


def test_where_and_leave_out_travel_as_data():
    """The pipeline executes them; tables about nobody carry no condition."""
    products = TableRef("shop", "products", "public")
    made = make(
        table(field(kind=S.INTEGER), person_path=("shop/public.customers.id",)),
        table(field(kind=S.INTEGER, table=products), ref=products),
        where={"shop/public.customers": "created_at >= '2024-01-01'"},
        leave_out=["objected", "restricted"],
        leave_out_columns={"objected": ["shop/public.customers.objected"]},
    )
    assert made.tables[0].where == "created_at >= '2024-01-01'"
    assert made.tables[0].leave_out == ("objected:shop/public.customers.objected",)
    assert made.tables[1].leave_out == ()
    assert any("restricted" in warning for warning in made.warnings)


def test_policy_table_knows_what_changed_since_the_scan():
    """A column that is new or has another type now counts as not scanned; a gone one is gone."""
    before = table(field("a", S.INTEGER), field("b", S.INTEGER), field("gone"))
    scans = tuple(f.scan for f in before.fields if f.scan)
    scan = TableScan(before.table, scans, 5_000, "all")
    now = Table(
        CUSTOMERS,
        (
            before.fields[0].field,
            Field(FieldRef(CUSTOMERS, "b"), S.STRING),
            Field(FieldRef(CUSTOMERS, "new"), S.INTEGER),
        ),
    )
    made = make(policy_table(now, scan, {}))
    assert {f.field.column: f.reason for f in made.tables[0].fields} == {
        "a": "no_finding",
        "b": "not_scanned",
        "new": "not_scanned",
    }


def test_the_policy_hash_covers_what_decides_the_output_and_no_more():
    """Domain, key version, date, rules and filters change it; place, purpose and language do not."""
    base = table(field(how="is", category=EMAIL), person_path=("shop/public.customers.id",))

    def digest(**more: Any) -> str:
        return make(base, **more).policy_sha256

    same = {digest(), digest(to="elsewhere"), digest(purpose="x"), digest(language="nb")}
    assert len(same) == 1
    changed = {
        digest(domain="b"),
        digest(key_version=2),
        digest(as_of=dt.date(2026, 1, 2)),
        digest(rules=[{"field": C, "transform": "mask"}]),
        digest(rules=[{"field": C, "transform": "mask", "keep_last": 1}]),
        digest(where={"shop/public.customers": "1=1"}),
        digest(leave_out_columns={"objected": ["shop/public.customers.o"]}),
        digest(entities=(Entity("customer", (C,)),)),
        digest(buckets=4),
    }
    assert len(changed | same) == 10
