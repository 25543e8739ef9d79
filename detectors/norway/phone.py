"""Telephone numbers: Norwegian by the national plan, foreign ones by libphonenumber.

Eight digits: 2, 3, 50-57, 6, 7 fixed lines; 4, 9 mobile; 8 special services; 59 machines;
twelve digits from 58 machines; five digits from 0 companies. Only fixed and mobile lines are
personal, so only they are reported. Prefixes `+47`, `0047`, `47`, `(+47)`.

The plan decides, not libphonenumber's table of blocks handed out so far: that lags, and
rejected 23 % of numbers in valid series. It makes no difference to precision, since a bare
eight-digit number is found only beside a context word: three in four random ones have the shape.
Foreign numbers need their `+` or `00`, and are asked of libphonenumber one by one.

Source: Nkom, nasjonal nummerplan for telefoni (E.164).

>>> subtype_of("+47 912 34 567"), subtype_of("22 39 69 00"), subtype_of("02000")
('international', 'fixed', 'company')
>>> is_valid("12345678"), is_valid("912345678"), subtype_of("580012345678")
(False, False, 'machine')
"""

from __future__ import annotations

import phonenumbers
import regex

from detectors.cells import each
from detectors.checks import InvalidComponent, InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer

_PREFIX = r"(?:\(?(?:\+|00)[ ]?47\)?|47)[ .-]?"
_EIGHT = (
    r"(?:[2-79][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{3}"
    r"|[2-79][0-9](?:[ .-][0-9]{2}){3}|[2-79][0-9]{3}[ .-][0-9]{4}|[2-79][0-9]{7})"
)
_FOREIGN = r"(?:\+|00)(?:[ .()/-]{0,2}[0-9]){7,15}"
_LABEL = r"(?:(?:tlf|tel|mob|mobil|telefon|phone)[.]?:?[ ]{0,2})?"  # a cell may say what it is
_SHAPE = rf"{_LABEL}(?:(?:{_PREFIX})?{_EIGHT}|{_FOREIGN})"
_LABELLED = regex.compile(rf"^{_LABEL}(?=[0-9+(])", regex.IGNORECASE)
_BARE = regex.compile("47[0-9]{8}")  # ten digits, which many other numbers are
_SEPARATORS = {ord(c): None for c in " .-()/"}
_KINDS = (
    ("fixed", regex.compile("(?:[2367][0-9]|5[0-7])[0-9]{6}")),
    ("mobile", regex.compile("[49][0-9]{7}")),
    ("special", regex.compile("8[0-9]{7}|1[0-9]{2,5}")),
    ("machine", regex.compile("59[0-9]{6}|58[0-9]{10}")),
    ("company", regex.compile("0[2-9][0-9]{3}")),
)
_PERSONAL = {"fixed", "mobile", "international", "country_code", "foreign"}


def compact(number: str) -> str:
    """Digits, with a leading `+` where the number names its country.

    >>> compact("0047 912 34 567"), compact("4791234567")
    ('+4791234567', '+4791234567')
    """
    digits = str(_LABELLED.sub("", fold(number).strip())).translate(_SEPARATORS)
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+" + digits if regex.fullmatch("47[0-9]{8}", digits) else digits


def subtype_of(number: str) -> str:
    """Which kind of number; "" when it is none.

    `fixed`, `mobile`, `international`, `country_code` (47 without `+`) and `foreign` may be a
    person's; `special`, `machine` and `company` are not.
    """
    digits = compact(number)
    if digits.startswith("+") and not digits.startswith("+47"):
        return "foreign" if _foreign(digits) else ""
    national = digits.removeprefix("+47")
    kind = next((name for name, pattern in _KINDS if pattern.fullmatch(national)), "")
    if kind in {"fixed", "mobile"} and digits != national:
        return (
            "country_code"
            if _BARE.fullmatch(_LABELLED.sub("", fold(number).strip()))
            else "international"
        )
    return kind


def _foreign(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, None))
    except phonenumbers.NumberParseException:
        return False


def validate(number: str) -> str:
    """The compact number, a company's and a machine's included.

    Raises:
        InvalidFormat, InvalidComponent: it is none.
    """
    digits = compact(number)
    if not digits.removeprefix("+").isdecimal():
        raise InvalidFormat
    if not subtype_of(number):
        raise InvalidComponent
    return digits


def is_valid(number: str) -> bool:
    """Whether it is a telephone number of any kind."""
    return passes(validate, number)


def is_personal(number: str) -> bool:
    """Whether it may be a person's: a fixed, mobile or foreign line."""
    return subtype_of(number) in _PERSONAL


DECLARATION = Declaration(
    entity="PHONE_NUMBER",
    category="user.contact.phone_number",
    # Of eight random digits beginning with 2-7 or 9, which is the shape.
    subtypes=(
        Subtype("fixed", 48 / 70),
        Subtype("mobile", 20 / 70),
        Subtype("country_code", 0.0),  # of eight digits none; of ten one in 130
        Subtype("international", 0.0, stands_alone=True),
        Subtype("foreign", 0.0, stands_alone=True),
    ),
    rank=50,
    checksum=False,
    screen=screened(r"[2-79](?:[ .-]?[0-9]){7}|(?:\+|00)(?:[ .()/-]{0,2}[0-9]){7}"),
    full=whole(_SHAPE),
    needs_context=True,
    context=(
        "telefon", "telefonnummer", "tlf", "tel", "mobil", "mobilnummer", "mob", "ring", "ringe",
        "sms", "vipps", "vippse", "nummeret", "msisdn", "phone", "cell", "call", "telephone", "fax",
        "telefaks", "whatsapp",
    ),
    verify=each(_SHAPE, is_personal),
    subtype_of=subtype_of,
    integer_width=8,
)  # fmt: skip


class NorwegianPhoneRecognizer(DeclaredRecognizer):
    """Finds telephone numbers of persons in texts."""

    COUNTRY_CODE = None  # foreign numbers as well, so not bound to Norway
    DECLARATION = DECLARATION
    PATTERNS = (
        rf"(?<![\p{{L}}0-9+]|[0-9][.-])(?:{_PREFIX})?{_EIGHT}(?![0-9]|[.-][0-9])",
        rf"(?<![\p{{L}}0-9+]){_FOREIGN}(?![0-9])",
    )

    def rate(self, match: str) -> float:
        """A country code says much, the usual grouping something, bare digits little."""
        match subtype_of(match):
            case "international":
                return 0.75
            case "country_code":
                return WEAK
            case "foreign":
                return 0.6
            case "fixed" | "mobile":
                return WEAK if match.isdecimal() else 0.4
            case _:
                return 0.0
