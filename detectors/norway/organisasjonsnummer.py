"""Organisasjonsnummer, and the same number as a VAT number (`NO 974 760 673 MVA`).

Nine digits, the first 8 or 9 (2 or 3 in Tenor's synthetic register); weights 3 2 7 6 5 4 3 2,
`(11 - sum mod 11) mod 11`, 10 not issued. Also in e-invoices as `0192:974760673` (ISO 6523).
A company's number is not personal, but that of a sole proprietorship names its owner, so it is
found and left to the policy. python-stdnum accepts any first digit, also `000000000`.

Source: brreg.no, Organisasjonsnummeret.

>>> is_valid("NO 974 760 673 MVA"), is_valid("0192:974760673"), is_valid("974760674")
(True, True, False)
>>> is_valid("123456785"), subtype_of("314259521")
(False, 'tenor')
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex

from detectors.cells import Digits, matrix, mod11, shaped
from detectors.checks import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_NUMBER = r"[2389][0-9]{2}[ .]?[0-9]{3}[ .]?[0-9]{3}"
_SHAPE = rf"(?:NO[ -]?|0192:)?{_NUMBER}(?:[ -]?MVA)?"
_AFFIXES = regex.compile(r"^(?:NO[ -]?|0192:)|[ -]?MVA$", regex.IGNORECASE)


def compact(number: str) -> str:
    """The nine digits without prefix, suffix and separators."""
    digits = str(_AFFIXES.sub("", fold(number).strip()))
    return digits.translate({ord(c): None for c in " ."})


def _check(digits: Digits) -> Mask:
    mask: Mask = (mod11(digits, _WEIGHTS) == digits[:, 8]) & np.isin(digits[:, 0], (2, 3, 8, 9))
    return mask


def validate(number: str) -> str:
    """The compact number.

    Raises:
        InvalidFormat, InvalidLength, InvalidComponent, InvalidChecksum: it is none.
    """
    digits = compact(number)
    if not digits.isdecimal():
        raise InvalidFormat
    if len(digits) != 9:
        raise InvalidLength
    if digits[0] not in "2389":
        raise InvalidComponent
    if not _check(matrix([digits], 9))[0]:
        raise InvalidChecksum
    return digits


def is_valid(number: str) -> bool:
    """Whether it is an organisasjonsnummer."""
    return passes(validate, number)


def subtype_of(number: str) -> str:
    """`registered`, `mva` where it is written as a VAT number, `tenor`, or ""."""
    if not is_valid(number):
        return ""
    if compact(number)[0] in "23":
        return "tenor"
    return "mva" if _AFFIXES.search(fold(number).strip()) else "registered"


def verify(values: Sequence[str]) -> Mask:
    """Which cells are organisasjonsnummer; shape (n,)."""
    mask, cells = shaped(values, _SHAPE)
    if cells:
        mask[mask] = _check(matrix([compact(cell) for cell in cells], 9))
    return mask


DECLARATION = Declaration(
    entity="NO_ORGANISASJONSNUMMER",
    category="organization.registration_number",
    # Half of the shapes begin with 2 or 3; the affixes of `mva` do not occur by chance.
    subtypes=(
        Subtype("registered", 1 / 22),
        Subtype("mva", 0.0),
        Subtype("tenor", 1 / 22, synthetic=True),
    ),
    rank=40,
    checksum=True,
    screen=screened(_NUMBER),
    full=whole(_SHAPE),
    needs_context=False,
    context=(
        "organisasjonsnummer", "organisasjonsnr", "orgnr", "org.nr", "orgnummer", "org.no", "org",
        "foretaksnummer", "foretaksnr", "mva", "vat", "enhetsregisteret", "company number",
    ),
    verify=verify,
    subtype_of=subtype_of,
    integer_width=9,
)  # fmt: skip


class OrganisasjonsnummerRecognizer(DeclaredRecognizer):
    """Finds organisasjonsnummer in texts."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (
        rf"(?<![0-9])(?:(?<!\p{{L}})NO[ -]?|0192:)?{_NUMBER}(?:[ -]?MVA(?!\p{{L}}))?(?![0-9])",
    )

    def rate(self, match: str) -> float:
        """High with `NO`, `MVA` or a scheme; grouped digits by themselves; bare ones weakly."""
        match subtype_of(match):
            case "":
                return 0.0
            case "mva":
                return 0.95
            case "registered" if not match.isdecimal():
                return 0.4
            case _:
                return WEAK
