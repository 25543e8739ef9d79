"""Telephone numbers that nobody can dial: `+47 58 12 34 56`.

Norway sets no numbers aside for fiction. Numbers that begin with 58 have twelve digits in the
Norwegian numbering plan (machines speaking to machines), so one of eight digits is never
complete and leads nowhere. The series 0 and 1 would not do: 110 to 113 are the emergency
services, and 02000 to 09999 answer after five digits.

A million numbers are too few to keep differing numbers apart.

Source: Nkom, *Alle nummerserier for norske telefonnumre* (numbering plan E.164).
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.fakes.kind import Fakery, Kind
from transforms.fakes.spelling import numerals
from transforms.fakes.vocabulary import Vocabulary


def _make(values: Sequence[str], fakery: Fakery) -> pa.Array:
    digits = numerals(fakery.draws("phone", values, "phone").digits(6), 6)
    pairs = [pc.utf8_slice_codeunits(digits, start, start + 2) for start in (0, 2, 4)]
    return pc.binary_join_element_wise("+47 58", *pairs, " ")


def _pattern(_words: Vocabulary) -> str:
    return r"\+47 58(?: [0-9]{2}){3}"


KINDS = (
    Kind(
        "phone",
        ("user.contact.phone_number", "organization.contact.phone_number"),
        unique=False,
        make=_make,
        pattern=_pattern,
    ),
)
