"""What a plan refuses."""

from __future__ import annotations

import pytest

from sladd.errors import ManyErrors
from sladd.model import Entity
from tests.unit.policy.fields import C, S, faults, field, make, table


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
