"""Norwegian number plates: two letters and five digits (cars) or four (trailers, motorcycles).

The letters G I M O Q W Æ Ø Å are not used, but GA is (gas). Article numbers (`AB12345`) look the
same, so a context word or a column's name is needed. A private car's plate is personal.

Source: Statens vegvesen, kjennemerkeforskriften; Datatilsynet on plates as personal data.

>>> is_valid("EK-54321"), is_valid("GA 12345"), is_valid("IO 12345"), is_valid("AA 0123")
(True, True, False, False)
"""

from __future__ import annotations

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer

_LETTERS = "[A-FHJKLNPR-VXYZ]"
_SHAPE = rf"(?:{_LETTERS}{{2}}|GA)[ -]?[1-9][0-9]{{3,4}}"


def compact(plate: str) -> str:
    """Letters and digits, upper-case."""
    return fold(plate).translate({ord(c): None for c in " -"}).upper()


def validate(plate: str) -> str:
    """The compact plate.

    Raises:
        InvalidFormat: it is none.
    """
    text = compact(plate)
    letters, digits = text[:2], text[2:]
    used = letters == "GA" or (len(letters) == 2 and set(letters) <= set("ABCDEFHJKLNPRSTUVXYZ"))
    if not (used and digits.isdecimal() and len(digits) in (4, 5) and digits[0] != "0"):
        raise InvalidFormat
    return text


def is_valid(plate: str) -> bool:
    """Whether it is an ordinary plate; personal plates (free text) are not known by their form."""
    return passes(validate, plate)


DECLARATION = Declaration(
    entity="NO_NUMBER_PLATE",
    category="user.government_id.vehicle_registration",
    subtypes=(Subtype("plate", 0.54),),  # (20² + 1)/26² letter pairs × 9/10 first digits
    rank=65,
    checksum=False,
    screen=screened(r"[A-Z]{2}[ -]?[1-9][0-9]{3}"),
    full=whole(r"[A-Z]{2}[ -]?[0-9]{4,5}"),
    needs_context=True,
    context=(
        "regnr", "registreringsnummer", "bil", "bilen", "bilnummer", "skilt", "skiltnummer",
        "kjennemerke", "kjøretøy", "køyretøy", "henger", "plate", "vehicle", "car", "parkering",
    ),
    verify=each(_SHAPE, is_valid),
)  # fmt: skip


class NumberPlateRecognizer(DeclaredRecognizer):
    """Finds number plates in texts, beside a context word."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (rf"(?<![\p{{L}}\p{{M}}0-9]){_SHAPE}(?![\p{{L}}\p{{M}}0-9])",)

    def rate(self, match: str) -> float:
        """Weak: article numbers look the same."""
        return WEAK if is_valid(match) else 0.0
