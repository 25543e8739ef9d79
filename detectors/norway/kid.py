"""KID: the customer identification on a Norwegian payment.

Two to 25 characters, the last a check digit: mod 10 (Luhn), or mod 11 with weights 2 to 7 from
the right, where the remainder 10 is written `-`. It usually holds a customer and an invoice
number, so it is a key to a person. Nearly one in five random numbers passes: only a context
word or a column's name makes one of them a KID.

Source: Mastercard Payment Services (Nets), OCR giro systemspesifikasjon, chapter 5.

>>> [is_valid(kid) for kid in ("12344", "12343", "1230", "10001779880270005067-")]
[True, True, True, True]
>>> is_valid("12345")
False
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from stdnum import luhn as luhn_check

from detectors.cells import Digits, luhn, matrix, shaped
from detectors.checks import InvalidChecksum, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import DeclaredRecognizer

_SHAPE = r"[0-9]{1,24}[0-9-]"
_UNKNOWN = 0.1  # a context word makes it 0.45


def compact(number: str) -> str:
    """The characters without blanks."""
    return fold(number).replace(" ", "")


def _mod11(digits: Digits) -> Mask:
    """Which rows have a mod 11 check digit; 10 in the last column stands for `-`."""
    body = digits[:, :-1].astype(np.int32)
    weights = np.resize(np.arange(2, 8), body.shape[1])[::-1]
    mask: Mask = (11 - body @ weights % 11) % 11 == digits[:, -1]
    return mask


def _check(kids: Sequence[str]) -> Mask:
    """Which compact KIDs pass; grouped by length so that each group is one matrix."""
    mask = np.zeros(len(kids), dtype=np.bool_)
    lengths = np.array([len(kid) for kid in kids])
    dashed = np.array([kid.endswith("-") for kid in kids])
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        digits = matrix([kids[int(row)].replace("-", "0") for row in rows], int(length))
        digits[dashed[rows], -1] = 10
        mask[rows] = _mod11(digits) | (luhn(digits) & ~dashed[rows])
    return mask


def validate(number: str) -> str:
    """The compact KID.

    Raises:
        InvalidFormat, InvalidLength, InvalidChecksum: it is none.
    """
    kid = compact(number)
    if not 2 <= len(kid) <= 25:
        raise InvalidLength
    if not (kid[:-1].isdecimal() and (kid[-1].isdecimal() or kid[-1] == "-")):
        raise InvalidFormat
    if not (luhn_check.is_valid(kid) or _mod11_passes(kid)):
        raise InvalidChecksum
    return kid


def _mod11_passes(kid: str) -> bool:
    """One KID by itself: faster than a matrix of one row."""
    total = sum(int(c) * (2 + place % 6) for place, c in enumerate(reversed(kid[:-1])))
    return kid[-1] == "0123456789-"[(11 - total % 11) % 11]


def is_valid(number: str) -> bool:
    """Whether it is a KID."""
    return passes(validate, number)


def verify(values: Sequence[str]) -> Mask:
    """Which cells are KIDs; shape (n,)."""
    mask, cells = shaped(values, _SHAPE)
    if cells:
        mask[mask] = _check(cells)
    return mask


DECLARATION = Declaration(
    entity="NO_KID",
    category="user.payment.kid",
    subtypes=(Subtype("kid", 0.182),),  # 1/10 + 1/11 - 1/110
    rank=80,
    checksum=True,
    screen=screened(r"[0-9][0-9-]"),
    full=whole(_SHAPE),
    needs_context=True,
    context=("kid", "kidnr", "kid-nummer", "kid-nr", "kidnummer"),
    verify=verify,
)


class KidRecognizer(DeclaredRecognizer):
    """Finds KIDs in texts, beside a context word."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![\p{{L}}\p{{M}}0-9]){_SHAPE}(?![\p{{L}}\p{{M}}0-9-])",)

    def rate(self, match: str) -> float:
        """Next to nothing without a context word."""
        return _UNKNOWN if is_valid(match) else 0.0
