"""The built-in profile covers the taxonomy, and each of its rules is sound."""

from __future__ import annotations

import pytest

import transforms
from sladd import taxonomy
from sladd.model import Identifiability
from sladd.policy import load_profile
from sladd.policy.profile import load_reasons
from sladd.policy.rules import category_rule, check_rules
from sladd.taxonomy import SENSITIVE

PROFILE = load_profile()
TAXONOMY = taxonomy.load()
SPECS = {name: transform.SPEC for name, transform in transforms.registry().items()}


def test_the_profile_passes_the_checks_of_a_release():
    """Known transforms, parameters and categories."""
    assert check_rules(PROFILE.rules, SPECS, TAXONOMY, "profile") == []


def test_no_direct_identifier_is_kept():
    """The profile keeps only what leads to nobody on its own."""
    for category in TAXONOMY:
        rule = category_rule(PROFILE.rules, category.key, TAXONOMY)
        if rule is not None and rule.transform == "keep":
            assert category.identifiability is not Identifiability.DIRECT
            assert category.legal_class not in SENSITIVE


def test_every_personal_category_is_spoken_of():
    """By a rule, as an attribute, or as a class that needs a verdict; only the root is not."""
    silent = {
        category.key
        for category in TAXONOMY
        if category.personal
        and category.legal_class not in SENSITIVE
        and category_rule(PROFILE.rules, category.key, TAXONOMY) is None
        and not any(TAXONOMY.covers(prefix, category.key) for prefix in PROFILE.attributes)
    }
    assert silent == {"user"}


def test_attributes_lead_to_nobody():
    """What the type alone may let out identifies no one directly."""
    for category in TAXONOMY:
        if any(TAXONOMY.covers(prefix, category.key) for prefix in PROFILE.attributes):
            rule = category_rule(PROFILE.rules, category.key, TAXONOMY)
            assert rule is not None or category.identifiability is Identifiability.ATTRIBUTE


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_rule_says_why_in_both_languages(language):
    """One sentence each, of its own."""
    for rule in PROFILE.rules:
        assert PROFILE.texts[rule.category or ""][language].endswith(".")
    assert load_reasons(language).sentences.keys() == load_reasons("nb").sentences.keys()
