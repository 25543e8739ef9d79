"""Invented streets in real towns: `Blid Furukvists vei 7, 9501 Alta`.

Street, postcode and place agree wherever they stand, without looking at the row. The *place*
decides the town: a column of places has it, and a postcode has it in Posten's register. Within
the town the postcode picks one of twelve. So `0150` beside `Oslo` becomes a postcode of the
town that `Oslo` becomes, in one column, in three, or in a text. A postcode that does not belong
to the place beside it, or to none, gives a pair that does not agree either.

The towns have at least fifteen postcodes, so that no invented address points at a few houses.
How frequent a place is stays to be seen; `generalise` hides that.

Source: Posten/Bring, postcode register (`sladd.places`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd import canonical
from sladd.places import postcodes
from transforms.fakes.kind import Fakery, Kind, distinct
from transforms.fakes.spelling import numerals
from transforms.fakes.vocabulary import Vocabulary, picked, towns

_HOUSES = 199  # numbers of houses are 1 to 199
_WAY = {"nb": "s vei", "en": " Road"}
_TOWN = re.compile(r"(?s)(.*?)[,;\s]*\b(?:NO?-)?([0-9]{4})[ \t]+([^\W\d_][^\d,;\n]*)")
_COUNTRY = re.compile(r"(?i)[,;\s]+(?:norge|noreg|norway)\s*$")
_PER_TOWN = 12


def street(values: Sequence[str], fakery: Fakery) -> pa.Array:
    """Invented streets with a number; of a whole address, that of its street."""
    return _streets([_split(value)[0] or value for value in values], fakery)


def _streets(values: Sequence[str], fakery: Fakery) -> pa.Array:
    words = fakery.words
    draws = fakery.draws("street", values, "name")
    first, second, house = draws.below(len(words.adjectives), len(words.nouns), _HOUSES)
    numbers = pa.array((house + 1).astype(str), pa.string())
    name = pc.binary_join_element_wise(
        picked(words.adjectives, first), picked(words.nouns, second), " "
    )
    way = pc.binary_join_element_wise(name, _WAY[words.language], "")
    return pc.binary_join_element_wise(way, numbers, " ")


def place(values: Sequence[str], fakery: Fakery) -> pa.Array:
    """The towns that places become."""
    return distinct(values, lambda some: picked(pa.array(list(towns())), _town(some, fakery)))


def postal_code(values: Sequence[str], fakery: Fakery) -> pa.Array:
    """The postcodes that postcodes become."""
    return distinct(values, lambda some: numerals(_codes(some, fakery), 4))


def address(values: Sequence[str], fakery: Fakery) -> pa.Array:
    """Street, postcode and place; a postcode and a place alone; of anything else, all three."""
    parts = [_split(value) for value in values]
    streets = _streets([part[0] for part in parts], fakery)
    codes = _codes_in([part[1] for part in parts], [part[2] for part in parts], fakery)
    places = place([part[2] for part in parts], fakery)
    town = pc.binary_join_element_wise(numerals(codes, 4), places, " ")
    alone = pa.array([not part[0] for part in parts], pa.bool_())
    return pc.if_else(alone, town, pc.binary_join_element_wise(streets, town, ", "))


def names_town(value: str) -> bool:
    """Whether a text holds a postcode and its place.

    >>> names_town("Storgata 1, 0150 Oslo"), names_town("0150 Oslo"), names_town("Storgata 1")
    (True, True, False)
    """
    return _TOWN.fullmatch(_COUNTRY.sub("", value.strip())) is not None


def _split(value: str) -> tuple[str, str, str]:
    """Street ("" for none), postcode and place; of what holds no town, the whole for each."""
    found = _TOWN.fullmatch(_COUNTRY.sub("", value.strip()))
    if found is None:
        return value, value, value
    return found[1].strip(" ,;\n\t"), found[2], found[3].strip()


def _codes(values: Sequence[str], fakery: Fakery) -> npt.NDArray[np.uint64]:
    return _codes_in(values, [_true_place(value) for value in values], fakery)


def _codes_in(
    values: Sequence[str], places: Sequence[str], fakery: Fakery
) -> npt.NDArray[np.uint64]:
    """For each postcode, one of the town that its place becomes."""
    table = np.array([[int(code) for code in codes] for codes in towns().values()], np.uint64)
    nth = fakery.draws("postal_code", values, "postal_code").below(_PER_TOWN)[0]
    chosen: npt.NDArray[np.uint64] = table[_town(places, fakery), nth]
    return chosen


def _town(places: Sequence[str], fakery: Fakery) -> npt.NDArray[np.int64]:
    return fakery.draws("place", places, "name").below(len(towns()))[0]


def _true_place(code: str) -> str:
    """The place of a postcode; the postcode itself where the register has none."""
    known = postcodes().get(canonical.canonical(code, "postal_code")[0])
    return known.place if known is not None else code


def _street_pattern(words: Vocabulary) -> str:
    return f"{words.adjective()} {words.noun()}{_WAY[words.language]} [0-9]{{1,3}}"


def _place_pattern(_words: Vocabulary) -> str:
    return "(?:" + "|".join(map(re.escape, towns())) + ")"


def _postal_code_pattern(_words: Vocabulary) -> str:
    return "(?:" + "|".join(code for codes in towns().values() for code in codes) + ")"


def _address_pattern(words: Vocabulary) -> str:
    return f"(?:{_street_pattern(words)}, )?{_postal_code_pattern(words)} {_place_pattern(words)}"


KINDS = (
    Kind(
        "street",
        ("user.contact.address.street",),
        unique=False,
        make=street,
        pattern=_street_pattern,
    ),
    Kind(
        "postal_code",
        ("user.contact.address.postal_code",),
        unique=False,
        make=postal_code,
        pattern=_postal_code_pattern,
    ),
    Kind("place", ("user.contact.address.city",), unique=False, make=place, pattern=_place_pattern),
    Kind(
        "address", ("user.contact.address",), unique=False, make=address, pattern=_address_pattern
    ),
)
