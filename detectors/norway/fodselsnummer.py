"""Fødselsnummer and its family: the Norwegian national identity numbers.

Eleven digits `DDMMYY III KK`, often written with a space or dash after the sixth.

- Check digits: weights 3 7 6 1 8 9 4 5 2 on the first nine, 5 4 3 2 7 6 5 4 3 2 on the first
  ten; `(11 - sum mod 11) mod 11`, and 10 is never issued.
- Individnummer III and year give the century: 500-749 with 54-99 is 18xx, 000-499 is 19xx,
  900-999 with 40-99 is 19xx, 500-999 with 00-39 is 20xx. The third digit is odd for men.
- D-nummer (foreigners): day + 40. H-nummer (hospitals): month + 40, which NAV also uses for
  synthetic persons. Both at once exist. FH-nummer: first digit 8-9, no birth date.
- Synthetic, never a person: Skatteetaten's Tenor, month + 80; FHI's SyntPop, month + 65.
- From 2032 the first check digit may come from any of 11, 12, 13, 14 - (sum mod 11). Such
  numbers have no century or sex. A quarter of a percent of random digits pass, so this
  subtype counts only beside a context word.

The error that is worse: a number missed. Birth dates in the future are valid, since a result
must not depend on the day. A plausible date whose check digits fail is still reported beside
a context word: people mistype.

Source: folkeregisterforskriften § 2-2-3; Skatteetaten, Nytt fødselsnummer fra 2032;
ehelse.no; navikt/fnrvalidator.

>>> is_valid("10915596784"), subtype_of("10915596784"), birth_date("10915596784")
(True, 'tenor', datetime.date(1955, 11, 10))
>>> subtype_of("53097248016")
'd'
>>> is_valid("13097248032")
False
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from detectors.cells import Digits, matrix, mod11, numeric
from detectors.checks import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import SHAPE, DeclaredRecognizer

_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
# Rates: one seeded sample of 20 million random eleven-digit strings.
SUBTYPES = (
    Subtype("classic", 2.67e-4, stands_alone=True),
    Subtype("d", 2.67e-4, stands_alone=True),
    Subtype("h", 2.67e-4, stands_alone=True),
    Subtype("d_and_h", 2.65e-4),
    Subtype("tenor", 3.07e-4, synthetic=True, stands_alone=True),
    Subtype("tenor_d", 3.0e-4, synthetic=True, stands_alone=True),
    Subtype("syntpop", 6.07e-4, synthetic=True),
    Subtype("fh", 1.65e-3),
    Subtype("undated", 1.51e-4),
    Subtype("issued_2032", 3.63e-3),
)
_CODE = {subtype.name: code for code, subtype in enumerate(SUBTYPES, 1)}
_DATED = [code for name, code in _CODE.items() if name not in {"fh", "undated", "issued_2032"}]
_SCORE = {"d_and_h": 0.5, "fh": 0.3, "undated": 0.3, "syntpop": 0.6, "h": 0.8, "issued_2032": 0.2}

_SHAPE = r"[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ .-]?[0-9]{5}"


def compact(number: str) -> str:
    """The eleven digits without separators."""
    return fold(number).translate({ord(c): None for c in " .-"})


def classify(digits: Digits) -> np.ndarray:
    """Subtype of each row as its place in `SUBTYPES` plus one; 0 is no number of the family.

    Args:
        digits: shape (n, 11).
    """
    day = digits[:, 0] * 10 + digits[:, 1]
    month = digits[:, 2] * 10 + digits[:, 3]
    year = digits[:, 4] * 10 + digits[:, 5]
    individual = digits[:, 6] * 100 + digits[:, 7] * 10 + digits[:, 8]

    second = mod11(digits, _K2) == digits[:, 10]
    expected = mod11(digits, _K1)
    first = expected == digits[:, 9]
    # 12, 13, 14 - (sum mod 11) are one, two and three more than the classic digit.
    later = np.zeros(len(digits), dtype=np.bool_)
    for extra in (1, 2, 3):
        later |= (expected + extra) % 11 == digits[:, 9]

    d = (day > 40) & (day < 72)
    plain_day = np.where(d, day - 40, day)
    offset = np.select(
        [(month > lower) & (month <= lower + 12) for lower in (0, 40, 65, 80)], [0, 40, 65, 80], -1
    )
    plain_month = np.where(offset >= 0, month - offset, 0)

    nineteenth = (individual >= 500) & (individual < 750) & (year >= 54)
    twentieth = (individual < 500) | ((individual >= 900) & (year >= 40))
    twentyfirst = (individual >= 500) & (year < 40)
    century = np.select([twentieth, nineteenth, twentyfirst], [1900, 1800, 2000], 0)
    full_year = century + year
    leap = (full_year % 4 == 0) & ((full_year % 100 != 0) | (full_year % 400 == 0))
    # Without a century 1900 or 2000 cannot be told apart, so 29 February 00 passes.
    leap = np.where(century > 0, leap, year % 4 == 0)
    in_month = (plain_month > 0) & (plain_day >= 1) & (plain_day <= _DAYS[plain_month])
    dated = in_month & ~((plain_month == 2) & (plain_day == 29) & ~leap)
    loosely = in_month & ~((plain_month == 2) & (plain_day == 29) & (year % 4 != 0))

    names = np.select(
        [
            (offset == 65),
            (offset == 0) & ~d,
            (offset == 0) & d,
            (offset == 40) & ~d,
            (offset == 40) & d,
            (offset == 80) & ~d,
            (offset == 80) & d,
        ],
        [_CODE[n] for n in ("syntpop", "classic", "d", "h", "d_and_h", "tenor", "tenor_d")],
        0,
    )
    synthetic = offset >= 65
    dated_name = np.where((century > 0) | synthetic, names, _CODE["undated"])
    return np.select(
        [
            first & second & (digits[:, 0] >= 8),
            first & second & dated,
            later & second & loosely & ((offset == 0) | (offset == 80)),
        ],
        [_CODE["fh"], dated_name, _CODE["issued_2032"]],
        0,
    )


def _check(digits: Digits) -> Mask:
    mask: Mask = classify(digits) > 0
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
    if not _check(matrix([digits], 11))[0]:
        raise InvalidComponent if _plausible(digits) is False else InvalidChecksum
    return digits


def is_valid(number: str) -> bool:
    """Whether it is a number of the family."""
    return passes(validate, number)


def subtype_of(number: str) -> str:
    """Name of the subtype; "" when it is no number of the family."""
    digits = compact(number)
    if len(digits) != 11 or not digits.isdecimal():
        return ""
    code = int(classify(matrix([digits], 11))[0])
    return SUBTYPES[code - 1].name if code else ""


def birth_date(number: str) -> date | None:
    """The birth date that the number itself tells; None where it tells none."""
    return birth_dates([number])[0]


def birth_dates(numbers: Sequence[str]) -> list[date | None]:
    """The birth date that each number itself tells; None where it tells none.

    >>> birth_dates(["10915596784", "13097248032"])
    [datetime.date(1955, 11, 10), None]
    """
    compacted = [compact(number) for number in numbers]
    shaped = [len(digits) == 11 and digits.isdecimal() for digits in compacted]
    whole_ones = [digits for digits, ok in zip(compacted, shaped, strict=True) if ok]
    told = iter(np.isin(classify(matrix(whole_ones, 11)), _DATED).tolist() if whole_ones else ())
    return [
        _date_in(digits) if ok and next(told) else None
        for digits, ok in zip(compacted, shaped, strict=True)
    ]


def _date_in(digits: str) -> date | None:
    day, month, year, individual = (int(digits[a:b]) for a, b in ((0, 2), (2, 4), (4, 6), (6, 9)))
    month -= next(offset for offset in (80, 65, 40, 0) if offset < month)
    if individual < 500 or (individual >= 900 and year >= 40):
        century = 1900
    elif individual < 750 and year >= 54:
        century = 1800
    elif year < 40:
        century = 2000
    else:
        return None
    return date(century + year, month, day - 40 if day > 40 else day)


def _plausible(digits: str) -> bool:
    """Whether day and month could be those of a number of the family."""
    day, month = int(digits[:2]), int(digits[2:4])
    month -= next((offset for offset in (80, 65, 40) if offset < month), 0)
    return 1 <= (day - 40 if day > 40 else day) <= 31 and 1 <= month <= 12


DECLARATION = Declaration(
    entity="NO_FODSELSNUMMER",
    category="user.government_id.national_identification_number",
    subtypes=SUBTYPES,
    rank=10,
    checksum=True,
    screen=screened(_SHAPE),
    full=whole(_SHAPE),
    needs_context=False,
    context=(
        "fødselsnummer", "fodselsnummer", "foedselsnummer", "fødselsnr", "fodselsnr", "fnr",
        "personnummer", "personnr", "persnr", "pnr", "d-nummer", "dnummer", "dnr",
        "folkeregister", "personident", "nin", "ssn", "national identity", "identity number",
        "fødselsnummeret", "hjelpenummer", "h-nummer", "fh-nummer",
    ),
    verify=numeric(_SHAPE, 11, _check),
    subtype_of=subtype_of,
    integer_width=11,
)  # fmt: skip


class FodselsnummerRecognizer(DeclaredRecognizer):
    """Finds the fødselsnummer family in texts."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![0-9]){_SHAPE}(?![0-9])",)

    def rate(self, match: str) -> float:
        """High for dated subtypes; low for those that many random digits pass."""
        if subtype := subtype_of(match):
            return _SCORE.get(subtype, 0.95)
        return SHAPE if _plausible(compact(match)) else 0.0
