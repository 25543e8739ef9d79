"""Norwegian IBAN: `NO`, two check digits, and a kontonummer; fifteen characters.

Both checks must hold: mod 97 = 1 over the whole, and mod 11 inside.

Source: ISO 13616; SWIFT IBAN registry, Norway.

>>> is_valid("NO93 8601 1117 947"), is_valid("NO9386011117948"), is_valid("NO2386011117946")
(True, False, False)
"""

from __future__ import annotations

from stdnum.iso7064 import mod_97_10

from detectors.cells import each
from detectors.checks import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.norway import kontonummer
from detectors.recognizer import DeclaredRecognizer

_SHAPE = r"NO[ -]?[0-9]{2}(?:[ .-]?[0-9]{4}){2}[ .-]?[0-9]{3}"


def compact(number: str) -> str:
    """The fifteen characters, upper-case."""
    return fold(number).translate({ord(c): None for c in " .-"}).upper()


def validate(number: str) -> str:
    """The compact IBAN.

    Raises:
        InvalidFormat, InvalidLength, InvalidComponent, InvalidChecksum: it is none.
    """
    iban = compact(number)
    if len(iban) != 15:
        raise InvalidLength
    if not iban.startswith("NO"):
        raise InvalidComponent
    if not iban[2:].isdecimal():
        raise InvalidFormat
    if not mod_97_10.is_valid(iban[4:] + iban[:4]):
        raise InvalidChecksum
    kontonummer.validate(iban[4:])
    return iban


def is_valid(number: str) -> bool:
    """Whether it is a Norwegian IBAN."""
    return passes(validate, number)


DECLARATION = Declaration(
    entity="NO_IBAN",
    category="user.financial.iban",
    subtypes=(Subtype("iban", 1 / 97 / 11, stands_alone=True),),
    rank=15,
    checksum=True,
    screen=screened(_SHAPE),
    full=whole(_SHAPE),
    needs_context=False,
    context=("iban", "bank", "konto", "account", "swift", "bic"),
    verify=each(_SHAPE, is_valid),
)


class NorwegianIbanRecognizer(DeclaredRecognizer):
    """Finds Norwegian IBAN in texts."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![\p{{L}}\p{{M}}0-9]){_SHAPE}(?![0-9])",)

    def rate(self, match: str) -> float:
        """Certain: two independent checks."""
        return 1.0 if is_valid(match) else 0.0
