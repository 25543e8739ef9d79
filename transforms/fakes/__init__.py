"""What fakes are made of: one module for each kind of value, with the rule that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from transforms.fakes import (
    accounts,
    addresses,
    emails,
    firms,
    handles,
    names,
    national_ids,
    networks,
    phones,
)
from transforms.fakes.kind import Fakery, Kind
from transforms.fakes.vocabulary import LANGUAGES, vocabulary

__all__ = ["CATEGORIES", "KINDS", "LANGUAGES", "Fakery", "Kind", "kind_of", "vocabulary"]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for module in (
            names,
            emails,
            phones,
            addresses,
            national_ids,
            firms,
            accounts,
            networks,
            handles,
        )
        for kind in module.KINDS
    }
)

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {category: kind.name for kind in KINDS.values() for category in kind.categories}
    # Parts of an address that no invented address has.
    | dict.fromkeys(
        (
            "user.contact.address.municipality",
            "user.contact.address.country",
            "user.contact.address.property",
        ),
        "",
    )
)
"""Category or prefix of one → the kind that stands for it; the longest prefix counts."""


def kind_of(category: str) -> Kind | None:
    """The kind of fake for a category; None where there is none.

    >>> kind_of("user.name.first").name
    'first_name'
    >>> kind_of("user.behavior.cart") is None
    True
    """
    covering = [c for c in CATEGORIES if category == c or category.startswith(c + ".")]
    return KINDS.get(CATEGORIES[max(covering, key=len)]) if covering else None
