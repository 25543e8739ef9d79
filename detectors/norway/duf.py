"""DUF-nummer: UDI's number for who applies for asylum, a permit or citizenship in Norway.

Twelve digits `YYYY NNNNNN CC`: the year of registration, a serial number, and the sum of the
first ten weighted 4 6 3 2 4 6 3 2 7 5, mod 11, as two digits 00-10. That someone has one tells
of their migration status. Timestamps (`202611221530`) have the shape, and one in a hundred
of them the check digits, so a hit alone is weak.

Source: SSB, Kostra control programs.

>>> is_valid("200012345607"), is_valid("200012345608"), is_valid("999912345607")
(True, False, False)
"""

from __future__ import annotations

import numpy as np

from detectors.cells import Digits, matrix, numeric
from detectors.checks import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer

_WEIGHTS = np.array((4, 6, 3, 2, 4, 6, 3, 2, 7, 5), dtype=np.int32)
# The register began in the 1970s; an upper bound that moves would make results depend on the day.
_SHAPE = r"(?:19[7-9]|20[0-3])[0-9][ -]?[0-9]{6}[ -]?[0-9]{2}"


def compact(number: str) -> str:
    """The twelve digits without separators."""
    return fold(number).translate({ord(c): None for c in " -"})


def _check(digits: Digits) -> Mask:
    expected = digits[:, :10].astype(np.int32) @ _WEIGHTS % 11
    year = digits[:, :4].astype(np.int32) @ np.array((1000, 100, 10, 1), dtype=np.int32)
    mask: Mask = (expected == digits[:, 10] * 10 + digits[:, 11]) & (year >= 1970) & (year < 2040)
    return mask


def validate(number: str) -> str:
    """The compact number.

    Raises:
        InvalidFormat, InvalidLength, InvalidComponent, InvalidChecksum: it is none.
    """
    digits = compact(number)
    if not digits.isdecimal():
        raise InvalidFormat
    if len(digits) != 12:
        raise InvalidLength
    if not 1970 <= int(digits[:4]) < 2040:
        raise InvalidComponent
    if not _check(matrix([digits], 12))[0]:
        raise InvalidChecksum
    return digits


def is_valid(number: str) -> bool:
    """Whether it is a DUF-nummer."""
    return passes(validate, number)


DECLARATION = Declaration(
    entity="NO_DUF_NUMBER",
    category="user.government_id.immigration_number",
    subtypes=(Subtype("duf", 0.01),),
    rank=20,
    checksum=True,
    screen=screened(_SHAPE),
    full=whole(_SHAPE),
    needs_context=False,
    context=("duf", "dufnr", "duf-nummer", "dufnummer", "udi", "asyl", "utlending", "immigration"),
    verify=numeric(_SHAPE, 12, _check),
)


class DufRecognizer(DeclaredRecognizer):
    """Finds DUF-nummer in texts."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![0-9]){_SHAPE}(?![0-9])",)

    def rate(self, match: str) -> float:
        """Weak without a context word: timestamps have the shape."""
        return WEAK if is_valid(match) else 0.0
