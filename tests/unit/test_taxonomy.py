"""The taxonomy is complete and means what other vocabularies mean."""

import re

import pytest

from sladd import taxonomy
from sladd.errors import ConfigError
from sladd.model import Identifiability

ALL = taxonomy.load()


@pytest.mark.parametrize("category", list(ALL), ids=lambda c: c.key)
def test_every_category_is_whole(category):
    """Key, DPV term, legal class and labels are there and of the known kinds."""
    assert re.fullmatch(r"(user|organization)(\.[a-z_]+)*", category.key)
    assert re.fullmatch(r"(pd|dpv):[A-Z][A-Za-z]+", category.dpv)
    assert category.legal_class in taxonomy.LEGAL_CLASSES
    assert category.label_nb
    assert category.label_en


def test_special_categories_are_marked():
    """Everything in GDPR art. 9 has a category of that class."""
    art9 = {c.key for c in ALL if c.legal_class == "art9"}
    assert {
        "user.health_and_medical",
        "user.demographic.religious_belief",
        "user.demographic.political_opinion",
        "user.demographic.trade_union",
        "user.demographic.race_ethnicity",
        "user.demographic.sexual_orientation",
        "user.biometric",
    } <= art9


def test_a_company_is_not_a_person():
    """Organisation data is kept apart, except the number that may be a sole trader's."""
    assert not ALL["organization.name"].personal
    assert ALL["organization.registration_number"].personal
    assert ALL["organization.contact.email"].identifiability is Identifiability.NONE


def test_a_rule_covers_what_lies_below_it():
    """`user.name` speaks of first names, not of user names."""
    assert ALL.covers("user.name", "user.name.first")
    assert not ALL.covers("user.name", "user.names")


def test_severity_orders_the_legal_classes():
    """Health outranks a phone number, which outranks nothing at all."""
    assert (
        ALL.severity("user.health_and_medical")
        < ALL.severity("user.contact.phone_number")
        < ALL.severity("")
    )


def test_an_unknown_category_names_the_nearest():
    """A typing error is mended by its message."""
    with pytest.raises(ConfigError, match=r"user\.contact\.email"):
        ALL["user.contact.emial"]
