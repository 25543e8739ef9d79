"""IMEI: the number of a mobile phone, fifteen digits with a Luhn check digit.

One in ten random numbers passes the digit, and one in five of those begins as one may, so a
context word or a column's name is needed.

Source: 3GPP TS 23.003, clause 6.2.1.

>>> is_valid("490154203237518"), is_valid("490154203237519")
(True, False)
"""

from __future__ import annotations

import numpy as np

from detectors.cells import Digits, luhn, matrix, numeric
from detectors.checks import InvalidChecksum, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer

_SHAPE = r"[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]"


def compact(number: str) -> str:
    """The fifteen digits without separators."""
    return fold(number).translate({ord(c): None for c in " -"})


_REPORTING_BODIES = (1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 97, 98, 99)
"""First two digits that are assigned. Source: GSMA TS.06, annex A."""


def _check(digits: Digits) -> Mask:
    assigned = np.isin(digits[:, 0] * 10 + digits[:, 1], _REPORTING_BODIES)
    mask: Mask = luhn(digits) & assigned
    return mask


def validate(number: str) -> str:
    """The compact number.

    Raises:
        InvalidFormat, InvalidLength, InvalidChecksum: it is none.
    """
    digits = compact(number)
    if not digits.isdecimal():
        raise InvalidFormat
    if len(digits) != 15:
        raise InvalidLength
    if not _check(matrix([digits], 15))[0]:
        raise InvalidChecksum
    return digits


def is_valid(number: str) -> bool:
    """Whether it is an IMEI."""
    return passes(validate, number)


DECLARATION = Declaration(
    entity="IMEI",
    category="user.device.device_id",
    subtypes=(Subtype("imei", 0.018),),
    rank=55,
    checksum=True,
    screen=screened(_SHAPE),
    full=whole(_SHAPE),
    needs_context=True,
    context=("imei", "serienummer", "enhets", "device", "handset"),
    verify=numeric(_SHAPE, 15, _check),
)


class ImeiRecognizer(DeclaredRecognizer):
    """Finds IMEI in texts, beside a context word."""

    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![0-9]){_SHAPE}(?![0-9])",)

    def rate(self, match: str) -> float:
        """Weak without a context word."""
        return WEAK if is_valid(match) else 0.0
