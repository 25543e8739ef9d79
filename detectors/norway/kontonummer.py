"""Kontonummer: a Norwegian bank account, eleven digits `RRRR.GG.KKKKC`.

The first four are the bank's register number; weights 5 4 3 2 7 6 5 4 3 2 on the first ten,
`(11 - sum mod 11) mod 11`, 10 not issued. Every fødselsnummer passes as well, and one in
eleven of random numbers, so a context word or a whole column must speak for it.
python-stdnum also accepts seven digits (postgiro) and eleven zeros; this does not.

Source: Bits, Kontonummer i norske banker; Finans Norge.

>>> is_valid("8601.11.17947"), is_valid("86011117949"), is_valid("00000000000")
(True, False, False)
"""

from __future__ import annotations

from detectors.cells import Digits, matrix, mod11, numeric
from detectors.checks import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import SHAPE, WEAK, DeclaredRecognizer

_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_SHAPE = r"[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{5}"


def compact(number: str) -> str:
    """The eleven digits without separators."""
    return fold(number).translate({ord(c): None for c in " ."})


def _check(digits: Digits) -> Mask:
    # Register number 0000 belongs to no bank.
    mask: Mask = (mod11(digits, _WEIGHTS) == digits[:, 10]) & (digits[:, :4].sum(axis=1) > 0)
    return mask


def validate(number: str) -> str:
    """The compact number.

    Raises:
        InvalidFormat, InvalidLength, InvalidComponent, InvalidChecksum: it is none.
    """
    digits = compact(number)
    if not digits.isdecimal():
        raise InvalidFormat
    if len(digits) != 11:
        raise InvalidLength
    if digits.startswith("0000"):
        raise InvalidComponent
    if not _check(matrix([digits], 11))[0]:
        raise InvalidChecksum
    return digits


def is_valid(number: str) -> bool:
    """Whether it is a kontonummer."""
    return passes(validate, number)


DECLARATION = Declaration(
    entity="NO_KONTONUMMER",
    category="user.financial.bank_account",
    subtypes=(Subtype("account", 1 / 11),),
    rank=30,
    checksum=True,
    screen=screened(_SHAPE),
    full=whole(_SHAPE),
    needs_context=True,
    context=(
        "kontonummer", "kontonr", "bankkonto", "konto", "kontoen", "lønnskonto", "sparekonto",
        "bankgiro", "bgiro", "bank", "account", "bban",
    ),
    verify=numeric(_SHAPE, 11, _check),
    integer_width=11,
)  # fmt: skip


class KontonummerRecognizer(DeclaredRecognizer):
    """Finds kontonummer in texts."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![0-9]){_SHAPE}(?![0-9])",)

    def rate(self, match: str) -> float:
        """A point or space in the right places says something; bare digits say little."""
        if is_valid(match):
            return WEAK if match.isdecimal() else 0.4
        return 0.0 if match.isdecimal() else SHAPE
