"""The arithmetic of the identifiers in the corpus, written apart from the detectors'.

What it says right to must be valid *and* synthetic, so that no message holds a real person's
number. A second implementation on purpose: the corpus must not share a mistake with what it
measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

# Weights of the check digits: Skatteetaten (fødselsnummer k1, k2), Brønnøysundregistrene (orgnr),
# Bits AS (kontonummer: as k2).
_K1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ORGNR: Final = (3, 2, 7, 6, 5, 4, 3, 2)

# Numbers that card schemes and payment providers publish for tests.
TEST_CARDS: Final = frozenset({
    "4111111111111111",
    "4242424242424242",
    "4925000000000004",
    "4012888888881881",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "5019717010103742",
    "6011111111111117",
})  # fmt: skip
# RFC 5737 and RFC 3849: addresses for documentation.
_DOCUMENTATION: Final = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")


def is_fodselsnummer(words: str) -> bool:
    """Skatteetaten's synthetic ones: the month is raised by 80."""
    return _person(words, day_raised=0)


def is_dnumber(words: str) -> bool:
    """The same, with the day raised by 40."""
    return _person(words, day_raised=40)


def is_kontonummer(words: str) -> bool:
    """Eleven digits, mod 11, in a register (first four digits) that is no bank's: 9991 to 9999."""
    digits = _digits(words, " .")
    return bool(re.fullmatch(r"999[1-9]\d{7}", digits)) and digits[-1] == _mod11(digits[:-1], _K2)


def is_iban(words: str) -> bool:
    """Norwegian, mod 97 (ISO 13616), around a valid synthetic account."""
    compact = words.replace(" ", "")
    if not re.fullmatch(r"NO\d{13}", compact) or not is_kontonummer(compact[4:]):
        return False
    return int(compact[4:] + "2324" + compact[2:4]) % 97 == 1  # N = 23, O = 24


def is_orgnr(words: str) -> bool:
    """Nine digits, mod 11, from Tenor's synthetic range (2 or 3 first); dressed as VAT or EHF."""
    digits = _digits(re.sub(r"^(NO|0192:)\s*|\s*MVA$", "", words), " ")
    return bool(re.fullmatch(r"[23]\d{8}", digits)) and digits[-1] == _mod11(digits[:-1], _ORGNR)


def is_kid(words: str) -> bool:
    """2 to 25 characters, last one a mod 10 or mod 11 check (remainder 10 is written `-`)."""
    compact = words.replace(" ", "")
    if not re.fullmatch(r"\d{1,24}[\d-]", compact):
        return False
    weights = [2 + i % 6 for i in range(len(compact) - 1)][::-1]
    return _luhn(compact) or compact[-1] == _mod11(compact[:-1], weights, ten="-")


def is_card(words: str) -> bool:
    """A published test number; Luhn holds for it too."""
    digits = _digits(words, " ")
    return digits in TEST_CARDS and _luhn(digits)


def is_ip(words: str) -> bool:
    """From the ranges for documentation."""
    return words.lower().startswith(_DOCUMENTATION) and not words.endswith(".")


def is_email(words: str) -> bool:
    """At example.no, .com or .org, or below them."""
    return bool(re.fullmatch(r"[^@\s]+@([\w-]+\.)*example\.(no|com|org)", words))


def is_phone(words: str) -> bool:
    """Eight Norwegian digits of a number series in use (Nkom), or a foreign one with its +."""
    digits = _digits(words, " ().-")
    if digits.startswith("+") and not digits.startswith("+47"):
        return bool(re.fullmatch(r"\+[1-9]\d{7,14}", digits))
    return bool(re.fullmatch(r"(\+47|0047|47)?([2-79]\d{7}|8[1-5]\d{6}|0\d{4})", digits))


def is_plate(words: str) -> bool:
    """Two letters and five digits, or one letter and up to six as before 1971."""
    return bool(re.fullmatch(r"([A-Z]{2}[ -]?[1-9]\d{3,4})|([A-Z][ -]?\d{3,6})", words))


def is_passport(words: str) -> bool:
    """Letters and digits, eight or nine of them."""
    return bool(re.fullmatch(r"[A-Z]{0,3}\d{6,8}", words.replace(" ", "")))


CHECKS: Final = MappingProxyType[str, Callable[[str], bool]](
    {
        "FODSELSNUMMER": is_fodselsnummer,
        "DNUMBER": is_dnumber,
        "KONTONUMMER": is_kontonummer,
        "IBAN": is_iban,
        "ORGNR": is_orgnr,
        "KID": is_kid,
        "CARD": is_card,
        "IP": is_ip,
        "EMAIL": is_email,
        "ORG_EMAIL": is_email,
        "PHONE": is_phone,
        "ORG_PHONE": is_phone,
        "PLATE": is_plate,
        "PASSPORT": is_passport,
    }
)


def _person(words: str, *, day_raised: int) -> bool:
    digits = _digits(words, " -")
    if not re.fullmatch(r"\d{11}", digits):
        return False
    day, month, year = int(digits[:2]) - day_raised, int(digits[2:4]) - 80, int(digits[4:6])
    century = 2000 if int(digits[6:9]) >= 500 and year < 40 else 1900
    try:
        date(century + year, month, day)
    except ValueError:
        return False
    return digits[9] == _mod11(digits[:9], _K1) and digits[10] == _mod11(digits[:10], _K2)


def _digits(words: str, without: str) -> str:
    return words.translate(str.maketrans("", "", without))


def _mod11(digits: str, weights: Sequence[int], *, ten: str = "") -> str:
    """The check digit; a remainder of 10 has none, or the sign `ten`."""
    check = -sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return ten if check == 10 else str(check)


def _luhn(digits: str) -> bool:
    if not digits.isdigit():
        return False
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
