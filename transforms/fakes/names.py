"""Invented persons: an adjective and a noun, as `Blid Furukvist`.

In the manner of Skatteetaten's synthetic persons. The given name alone decides the adjective
and the surname alone the noun, so that a column of full names agrees with columns of given
names and surnames, and with a text that says `Kari`. Names between the first and the last fall
away: where a column of given names has them and another column counts them to the surname, both
still agree. No adjective tells a sex.

Columns of customers hold firms as well. What ends like a firm (`AS`, `Ltd`) becomes one.

Equal given names keep equal fakes, so how frequent a name is stays to be seen; two persons may
share a fake. Join on pseudonyms, not on fakes.

Source: Skatteetaten, *Tenor testdata* (names of synthetic persons).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd import canonical
from transforms.fakes import firms
from transforms.fakes.kind import Fakery, Kind, distinct
from transforms.fakes.vocabulary import Vocabulary, picked

_FIRMS = frozenset(
    ("as", "a/s", "asa", "ans", "da", "enk", "ba", "sa", "nuf", "iks", "ab", "aps", "ltd", "inc", "gmbh", "oy")
)  # fmt: skip
"""Forms of firms in Norway (Brønnøysundregistrene, *Organisasjonsformer*) and beside it."""
_TITLES = frozenset(("dr", "fru", "frk", "herr", "hr", "mr", "mrs", "ms", "prof"))


def split(name: str) -> tuple[str, str]:
    """First given name and last surname, folded; "" for a part that is not there.

    >>> split("Dr. Kari Anne NORDMANN"), split("Nordmann, Kari"), split("kari")
    (('kari', 'nordmann'), ('kari', 'nordmann'), ('kari', ''))
    """
    folded = canonical.name(name)
    last, comma, first = folded.partition(",")
    if comma and last.strip() and first.strip():
        return _words(first)[0], _words(last)[-1]
    words = _words(folded)
    return words[0], words[-1] if len(words) > 1 else ""


def given(names: Sequence[str], fakery: Fakery) -> pa.Array:
    """The adjectives of given names."""
    return _given([split(name)[0] for name in names], fakery)


def surnames(names: Sequence[str], fakery: Fakery) -> pa.Array:
    """The nouns of surnames."""
    return _surnames([_words(canonical.name(name))[-1] for name in names], fakery)


def full(names: Sequence[str], fakery: Fakery) -> pa.Array:
    """Adjective and noun of full names; a name alone is taken for a given name."""
    is_firm = np.array([_is_firm(name) for name in names], np.bool_)
    if is_firm.any():
        made = _persons(
            [name for name, firm in zip(names, is_firm, strict=True) if not firm], fakery
        )
        called = firms.firm(
            [name for name, firm in zip(names, is_firm, strict=True) if firm], fakery
        )
        order = np.argsort(np.argsort(is_firm, kind="stable"), kind="stable")
        return pa.concat_arrays([made, called]).take(pa.array(order))
    return _persons(names, fakery)


def _is_firm(name: str) -> bool:
    words = name.casefold().rstrip(". ").split()
    return len(words) > 1 and words[-1] in _FIRMS


def _persons(names: Sequence[str], fakery: Fakery) -> pa.Array:
    parts = [split(name) for name in names]
    first = _given([part[0] for part in parts], fakery)
    last = _surnames([part[1] for part in parts], fakery)
    alone = pa.array([not part[1] for part in parts], pa.bool_())
    return pc.if_else(alone, first, pc.binary_join_element_wise(first, last, " "))


def _words(folded: str) -> list[str]:
    """The words of a name without titles and initials, unless there is nothing else."""
    words = folded.replace(",", " ").split()
    whole = [word for word in words if not word.endswith(".") and word not in _TITLES]
    return whole or words or [folded]


def _given(names: Sequence[str], fakery: Fakery) -> pa.Array:
    words = fakery.words.adjectives

    def make(some: list[str]) -> pa.Array:
        return picked(words, fakery.draws("given", some, "name").below(len(words))[0])

    return distinct(names, make)


def _surnames(names: Sequence[str], fakery: Fakery) -> pa.Array:
    words = fakery.words.nouns

    def make(some: list[str]) -> pa.Array:
        return picked(words, fakery.draws("surname", some, "name").below(len(words))[0])

    return distinct(names, make)


def _pattern(words: Vocabulary) -> str:
    return f"{words.adjective()}(?: {words.noun()})?|{firms.pattern(words)}"


KINDS = (
    Kind("name", ("user.name",), unique=False, make=full, pattern=_pattern),
    Kind(
        "first_name", ("user.name.first",), unique=False, make=given, pattern=Vocabulary.adjective
    ),
    Kind("last_name", ("user.name.last",), unique=False, make=surnames, pattern=Vocabulary.noun),
)
