"""Norwegian postcodes: four digits, and the place they belong to (`0154 Oslo`).

Half of all four-digit numbers are a postcode, and so are 30 of the years 2000-2030 (2024 is
Gjerdrum). So digits alone need a context word; digits followed by their own place stand by
themselves, and beside a known place of another code (the register is from 2024) nearly so.

Source: Posten/Bring, postnummerregister (see `sladd/places/SOURCES.md`).

>>> is_valid("0154"), is_valid("NO-5003"), is_valid("1234")
(True, True, False)
>>> subtype_of("0154 Oslo"), subtype_of("2024 Vår")
('code_and_place', '')
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

import regex

from detectors.cells import each
from detectors.checks import InvalidComponent, InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import SHAPE, DeclaredRecognizer
from sladd.places import postcodes

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

_PREFIX = r"(?:NO?-[ ]?|NO[ ])?"
# Place names are at most four words, as in "Mo i Rana" or "St. Hanshaugen".
_PLACE = r"[\p{L}][\p{L}\p{M}.'/-]*(?:[ ][\p{L}][\p{L}\p{M}.'/-]*){0,3}"
_SHAPE = rf"{_PREFIX}[0-9]{{4}}(?:[ ,]{{1,3}}{_PLACE})?"
_SPLIT = regex.compile(rf"{_PREFIX}([0-9]{{4}})(?:[ ,]{{1,3}}(.*))?", regex.IGNORECASE)


@functools.cache  # a constant read once from a file of this package
def register() -> Mapping[str, str]:
    """Postcode → place, case-folded."""
    return {code: plain(postcode.place) for code, postcode in postcodes().items()}


@functools.cache
def places() -> frozenset[str]:
    """The names of all places, case-folded."""
    return frozenset(register().values())


def plain(place: str) -> str:
    """A place name as it is compared: composed, case-folded, single blanks.

    >>> plain(" Kárášjohka  KARASJOK")
    'kárášjohka karasjok'
    """
    return " ".join(unicodedata.normalize("NFC", fold(place)).casefold().split())


def compact(code: str) -> str:
    """The four digits without country prefix."""
    return str(regex.sub(r"^NO?[ -]+", "", fold(code).strip(), flags=regex.IGNORECASE))


def validate(code: str) -> str:
    """The compact postcode.

    Raises:
        InvalidFormat, InvalidComponent: it is none.
    """
    digits = compact(code)
    if not (len(digits) == 4 and digits.isdecimal()):
        raise InvalidFormat
    if digits not in register():
        raise InvalidComponent
    return digits


def is_valid(code: str) -> bool:
    """Whether it is a postcode in the register."""
    return passes(validate, code)


def place_length(code: str, text: str) -> int:
    """Characters of `text`, from its start, that name the place of `code`; 0 for none.

    A known place of another code counts when it begins like this code's region.
    """
    end = 0
    words = list(regex.finditer(r"[\p{L}][\p{L}\p{M}.'/-]*", text))[:4]
    for word in words:
        name = plain(text[: word.end()]).rstrip(".")
        if name == register().get(code) or (name in places() and code[0] in _regions(name)):
            end = word.end()
    return len(text[:end].rstrip("."))


@functools.cache
def _regions(place: str) -> frozenset[str]:
    """First digits of the postcodes of a place."""
    return frozenset(code[0] for code, name in register().items() if name == place)


def subtype_of(cell: str) -> str:
    """`code`, `code_and_place`, or "" for neither."""
    match = _SPLIT.fullmatch(fold(cell).strip())
    if not match or match[1] == "0000":
        return ""
    if not match[2]:
        return "code" if match[1] in register() else ""
    return "code_and_place" if place_length(match[1], match[2]) == len(match[2]) else ""


DECLARATION = Declaration(
    entity="NO_POSTAL_CODE",
    category="user.contact.address.postal_code",
    subtypes=(Subtype("code", 0.513), Subtype("code_and_place", 0.0, stands_alone=True)),
    rank=70,
    checksum=False,
    screen=screened("(?:^|[^0-9])[0-9]{4}(?:[^0-9]|$)"),
    full=whole(_SHAPE),
    needs_context=True,
    context=("postnummer", "postnr", "postkode", "poststed", "zip", "postcode", "postal"),
    verify=each(_SHAPE, lambda cell: subtype_of(cell) != ""),
    subtype_of=subtype_of,
    integer_width=4,
)


class PostalCodeRecognizer(DeclaredRecognizer):
    """Finds postcodes with their places in texts, and bare ones beside a context word."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (
        (
            rf"(?<![\p{{L}}\p{{M}}0-9]|[0-9][.,:-]){_PREFIX}[0-9]{{4}}"
            rf"(?:[ ,]{{1,3}}{_PLACE}|(?![0-9]|[.,:-][0-9]))"
        ),
    )

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Find postcodes; the span ends with the place, not with the words that follow it."""
        results = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for result in results:
            found = fold(text[result.start : result.end])
            if match := _SPLIT.fullmatch(found):
                rest = match[2] or ""
                length = place_length(match[1], rest)
                if length:
                    result.end = result.start + match.start(2) + length
                else:
                    result.end = result.start + match.end(1)
        return results

    def rate(self, match: str) -> float:
        """High beside the place; next to nothing alone."""
        parts = _SPLIT.fullmatch(match)
        if not parts or parts[1] == "0000":
            return 0.0
        if parts[2] and place_length(parts[1], parts[2]):
            return 0.85
        return SHAPE if parts[1] in register() else 0.0
