"""Every category of ours has one in fideslang's default taxonomy."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from sladd import taxonomy
from sladd.exports.fideslang import default_category

RAW = tomllib.loads(files("sladd.exports").joinpath("fideslang.toml").read_text("utf-8"))
KNOWN = set(RAW["taxonomy"]["data_categories"])


def test_every_personal_category_is_one_that_fideslang_knows():
    """A Dataset with a category outside the taxonomy is refused by Fides."""
    told = {c.key: default_category(c.key) for c in taxonomy.load() if c.personal}
    assert set(told.values()) <= KNOWN
    assert told["user.contact.email"] == "user.contact.email"
    assert told["user.health_and_medical.genetic"] == "user.health_and_medical.genetic"
    assert told["user.financial.salary"] == "user.financial"


def test_the_mapping_names_only_what_is_there():
    """A renamed category would otherwise be mapped by a line that nobody reads."""
    ours = {c.key for c in taxonomy.load()}
    assert set(RAW["nearest"]) <= ours
    assert set(RAW["nearest"].values()) <= KNOWN
    assert not set(RAW["nearest"]) & KNOWN


def test_no_category_of_art_9_becomes_an_ordinary_one():
    """Nearest means a broader one above it, so what is sensitive may not lose its own name."""
    lost = {
        c.key: default_category(c.key)
        for c in taxonomy.load()
        if str(c.legal_class) in {"art9", "art10"} and default_category(c.key) != c.key
    }
    assert lost == {"user.demographic.trade_union": "user.demographic"}
