"""The decision table of DESIGN §7, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from sladd.errors import PlanError
from sladd.model import KeyRole
from tests.unit.policy.fields import (
    EMAIL,
    HEALTH,
    NIN,
    TEXT,
    C,
    S,
    field,
    make,
    outcome,
    table,
    verdict,
)

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
