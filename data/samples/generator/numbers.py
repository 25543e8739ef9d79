"""Numbers with valid check digits that belong to nobody, and the ways people write them."""

from __future__ import annotations

from datetime import date

_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ORGANISATION = (3, 2, 7, 6, 5, 4, 3, 2)

# Bank registers that were assigned to no bank in the public register of Norwegian bank codes
# (see SOURCES.md). None of them starts like a day of birth, so no account is a national id too.
UNASSIGNED_REGISTERS = ("3397", "3398", "3399", "3597", "3598", "3599", "7397", "7398", "7399")

# Within the ranges of the number plan that are in use for mobile telephones.
MOBILE_PREFIXES = (40, 41, 45, 46, 47, 48, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99)


def _mod11(digits: str, weights: tuple[int, ...]) -> int:
    """The check digit; 10 means that the number is never issued."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return (11 - total % 11) % 11


def national_number(born: date, serial: int, *, female: bool, temporary: bool = False) -> str:
    """A national number in Skatteetaten's synthetic range: the month is written plus 80.

    Args:
        born: 1940 to 2039, the years in which the century follows from the serial.
        serial: where to start looking for a serial with valid check digits.
        female: the third digit of the serial is even for women.
        temporary: a D number, whose day is written plus 40.

    Source: Skatteetaten, Tenor test data; check digits as for every fødselsnummer.
    """
    day = born.day + (40 if temporary else 0)
    start = f"{day:02d}{born.month + 80:02d}{born.year % 100:02d}"
    for step in range(500):
        number = (serial + step) % 500 + (0 if born.year < 2000 else 500)
        if (number % 2 == 0) != female:
            continue
        first = _mod11(start + f"{number:03d}", _K1)
        if first == 10:
            continue
        nine = f"{start}{number:03d}{first}"
        second = _mod11(nine, _K2)
        if second != 10:
            return f"{nine}{second}"
    message = "no serial left for this date of birth"
    raise ValueError(message)


def account_number(draw: int) -> str:
    """A bank account with a valid check digit in a register that no bank has."""
    register = UNASSIGNED_REGISTERS[draw % len(UNASSIGNED_REGISTERS)]
    group = 10 + draw // 9 % 90  # 00 is internal to a bank
    rest = draw // 810 % 10_000
    while True:
        ten = f"{register}{group}{rest:04d}"
        check = _mod11(ten, _K2)
        if check != 10:
            return f"{ten}{check}"
        rest = (rest + 1) % 10_000


def organisation_number(draw: int) -> str:
    """An organisation number in Tenor's synthetic range: it starts with 2 or 3."""
    eight = 20_000_000 + draw % 20_000_000
    while True:
        check = _mod11(f"{eight}", _ORGANISATION)
        if check != 10:
            return f"{eight}{check}"
        eight = 20_000_000 + (eight - 19_999_999) % 20_000_000


def kid(customer: int, invoice: int) -> str:
    """A payment reference of 14 digits: customer, invoice, check digit modulus 10."""
    digits = f"{customer:06d}{invoice:07d}"
    doubled = sum(int("0246813579"[int(digit)]) for digit in digits[::-2])
    return f"{digits}{-(doubled + sum(map(int, digits[-2::-2]))) % 10}"


def ean(draw: int) -> str:
    """An EAN-13 in the range 20-29, which is for use inside one shop."""
    digits = f"2{draw % 10**11:011d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def phone_text(number: int, style: int) -> str:
    """One of the ways in which a Norwegian mobile number is typed."""
    digits = f"{number:08d}"
    if style < 45:
        return digits
    if style < 65:
        return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
    if style < 78:
        return f"{digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}"
    if style < 88:
        return f"+47 {digits[:3]} {digits[3:5]} {digits[5:]}"
    return f"+47{digits}" if style < 95 else f"0047 {digits}"
