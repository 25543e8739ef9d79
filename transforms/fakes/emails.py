"""E-mail addresses at example.com: two words and a tag that keeps differing addresses apart.

The words are drawn from the whole address, not from the names in it: an address tells nothing
of the person that its fake tells too. No mail reaches a domain that RFC 2606 §3 reserves.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.fakes.kind import Draws, Fakery, Kind
from transforms.fakes.vocabulary import Vocabulary, picked, plain

DOMAIN = "example.com"
SHAPE = r"[a-z]+\.[a-z]+\.[a-z2-7]{10}"


def handle(draws: Draws, words: Vocabulary) -> pa.Array:
    """`blid.furukvist.k3f7a2m5qd`, shape (n,)."""
    adjectives, nouns = draws.below(len(words.adjectives), len(words.nouns))
    first = picked(plain(words.adjectives), adjectives)
    last = picked(plain(words.nouns), nouns)
    return pc.binary_join_element_wise(first, last, draws.tags(), ".")


def _make(values: Sequence[str], fakery: Fakery) -> pa.Array:
    local = handle(fakery.draws("email", values, "email"), fakery.words)
    return pc.binary_join_element_wise(local, DOMAIN, "@")


def _pattern(_words: Vocabulary) -> str:
    return SHAPE + "@" + DOMAIN.replace(".", r"\.")


KINDS = (
    Kind(
        "email",
        ("user.contact.email", "organization.contact.email"),
        unique=True,
        make=_make,
        pattern=_pattern,
    ),
)
