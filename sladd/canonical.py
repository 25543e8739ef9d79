"""One spelling for equal values, so that equal persons get equal pseudonyms.

Total functions: a value that does not parse is returned as it is (NFC) and marked, so that
the keyed message of a raw value is never that of a parsed one; none is dropped. The version
is part of the policy hash.

`+47 912 34 567` and `91234567`, `Kari@Example.no` and `kari@example.no` are equal here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

VERSION = 1

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f.\-/()]+")
_DIGITS = re.compile(r"\d+")


class NotCanonical(ValueError):
    """The value does not have the form of its type. Carries no value."""


def _nfc(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def text(value: str) -> str:
    """NFC, outer white space removed, inner white space single.

    >>> text("  Kari   Nordmann ")
    'Kari Nordmann'
    """
    return " ".join(_nfc(value).split())


def name(value: str) -> str:
    """`text`, case-folded: `KARI NORDMANN` and `Kari Nordmann` are one name."""
    return text(value).casefold()


def email(value: str) -> str:
    """Lower case, NFC, no white space around.

    >>> email(" Kari@Example.no")
    'kari@example.no'
    """
    folded = _nfc(value).strip().lower()
    local, _, host = folded.partition("@")
    if not local or not host or "@" in host:
        raise NotCanonical
    return folded


def digits(value: str, *, width: int = 0) -> str:
    """Digits only; with `width`, zeros lost by an integer column are put back.

    >>> digits("010190 12345", width=11)
    '01019012345'
    >>> digits("1019012345", width=11)
    '01019012345'
    """
    if value.isascii() and value.isdigit():  # nearly all values, at a tenth of the cost
        return value.zfill(width)
    kept = _SPACES.sub("", unicodedata.normalize("NFKC", value))
    if not _DIGITS.fullmatch(kept):
        raise NotCanonical
    return kept.zfill(width)


def national_id(value: str) -> str:
    """Eleven digits."""
    kept = digits(value, width=11)
    if len(kept) != 11:
        raise NotCanonical
    return kept


def phone(value: str) -> str:
    """E.164; Norwegian where no country is given.

    >>> phone("912 34 567")
    '+4791234567'
    >>> phone("0047 91234567")
    '+4791234567'
    """
    kept = _SPACES.sub("", unicodedata.normalize("NFKC", value))
    if kept.startswith("00"):
        kept = "+" + kept[2:]
    if kept.startswith("+"):
        if not 7 <= len(kept) - 1 <= 15 or not kept[1:].isdigit():
            raise NotCanonical
        return kept
    if not kept.isdigit():
        raise NotCanonical
    if len(kept) == 8:
        return "+47" + kept
    if len(kept) == 10 and kept.startswith("47"):
        return "+" + kept
    raise NotCanonical


def iban(value: str) -> str:
    """Upper case, no white space."""
    kept = _SPACES.sub("", value).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", kept):
        raise NotCanonical
    return kept


def account(value: str) -> str:
    """A Norwegian account: eleven digits."""
    return national_id(value)


def organisation(value: str) -> str:
    """A Norwegian organisation number: nine digits, without `NO` and `MVA`."""
    kept = re.sub(r"(?i)^NO|MVA$", "", _SPACES.sub("", value))
    if len(kept) != 9 or not kept.isdigit():
        raise NotCanonical
    return kept


def row_key(value: str) -> str:
    """A key of rows, canonicalised by type only: an integer loses no meaning as a string."""
    return _nfc(value)


def row_number(value: str) -> str:
    """A key of rows that is a number elsewhere: zeros before it say nothing.

    >>> row_number("00042")
    '42'
    """
    kept = _nfc(value)
    return (kept.lstrip("0") or "0") if kept.isascii() and kept.isdigit() else kept


def postal_code(value: str) -> str:
    """Four digits; zeros lost by an integer column are put back.

    Exports for spreadsheets mark text with an apostrophe: `'0150`.
    """
    kept = re.sub(r"(?i)^(no?-)", "", value.strip().removeprefix("'"))
    if not kept.isdigit() or len(kept) > 4:
        raise NotCanonical
    return kept.zfill(4)


CANONICALISERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "text": text,
        "name": name,
        "email": email,
        "phone": phone,
        "national_id": national_id,
        "account": account,
        "iban": iban,
        "organisation": organisation,
        "postal_code": postal_code,
        # The same spelling as a name under its own key: the user `kari` is not every Kari.
        "username": name,
        "row_key": row_key,
        "row_number": row_number,
    }
)

# Longest prefix wins; what is not listed is `text`.
_BY_CATEGORY: Mapping[str, str] = MappingProxyType(
    {
        "user.name": "name",
        "user.contact.email": "email",
        "organization.contact.email": "email",
        "user.contact.phone_number": "phone",
        "organization.contact.phone_number": "phone",
        "user.government_id.national_identification_number": "national_id",
        "user.financial.bank_account": "account",
        "user.financial.iban": "iban",
        "organization.registration_number": "organisation",
        "user.contact.address.postal_code": "postal_code",
        "user.account.username": "username",
    }
)


def type_of(category: str) -> str:
    """The canonical type of a category; `text` for what has no spelling rules of its own."""
    best = ""
    for prefix in _BY_CATEGORY:
        if (category == prefix or category.startswith(prefix + ".")) and len(prefix) > len(best):
            best = prefix
    return _BY_CATEGORY[best] if best else "text"


def key_type_of(category: str) -> str:
    """The type that pseudonyms of a category are keyed for: equal types join.

    What has no spelling of its own is keyed by its category, so that member number 1001 and
    order number 1001 do not get one pseudonym.
    """
    kind = type_of(category)
    return category if kind == "text" and category else kind


def canonical(value: str, kind: str) -> tuple[str, bool]:
    """The canonical spelling, and whether the value had the form of its type.

    Args:
        value: any string.
        kind: a key of `CANONICALISERS`.

    Returns:
        The spelling, and `False` when the value did not parse and is returned unchanged.
    """
    try:
        return CANONICALISERS[kind](value), True
    except NotCanonical:
        return _nfc(value), False
