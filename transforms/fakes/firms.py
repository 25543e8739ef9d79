"""Firms that call themselves an example, and organisation numbers that the register never gives.

Enhetsregisteret gives numbers that begin with 8 or 9; those of Skatteetaten's synthetic units
begin with 2 or 3. The control digit is right, so that programs accept them.

Source: Brønnøysundregistrene, *Organisasjonsnummeret* (mod 11, first digit 8 or 9).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.fakes.kind import Fakery, Kind
from transforms.fakes.spelling import IMPOSSIBLE, columns, mod11, spelled
from transforms.fakes.vocabulary import Vocabulary, picked

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_FORM = {"nb": "Eksempel AS", "en": "Example Ltd"}


def firm(values: Sequence[str], fakery: Fakery) -> pa.Array:
    """Invented firms."""
    nouns = fakery.words.nouns
    drawn = fakery.draws("firm", values, "name").below(len(nouns))[0]
    return pc.binary_join_element_wise(picked(nouns, drawn), _FORM[fakery.words.language], " ")


def _number(values: Sequence[str], fakery: Fakery) -> pa.Array:
    draws = fakery.draws("organisation", values, "organisation")
    body = np.hstack([2 + draws.below(2)[0][:, None], columns(draws.digits(7), 7)])
    # One more in the last place, of weight 2, makes 8 of the impossible control digit; 9 that
    # becomes 0 makes 6 of it.
    none = mod11(body, _WEIGHTS) == IMPOSSIBLE
    body[none, -1] = (body[none, -1] + 1) % 10
    return spelled(np.hstack([body, mod11(body, _WEIGHTS)[:, None]]))


def pattern(words: Vocabulary) -> str:
    """What invented firms match."""
    return f"{words.noun()} {_FORM[words.language]}"


def _number_pattern(_words: Vocabulary) -> str:
    return "[23][0-9]{8}"


KINDS = (
    Kind("company", ("organization.name",), unique=False, make=firm, pattern=pattern),
    Kind(
        "organisation",
        ("organization.registration_number",),
        unique=False,
        make=_number,
        pattern=_number_pattern,
    ),
)
