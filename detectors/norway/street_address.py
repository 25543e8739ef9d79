"""Norwegian street addresses: `Karl Johans gate 12B`, `Postboks 4 St. Olavs plass`, `Moen 12, 9730 …`.

A name that ends in a word for a way (`gate, vei, veg, plass, geaidnu …`), one to four digits,
a letter, and perhaps the dwelling (`H0203`: kjeller, underetasje, hovedetasje, loft; floor and
door). Rural addresses have no such word, so they need their postcode and place behind them.
The suffix may be a word of its own or the end of one. `storgata 5` needs no capital; the words
that end other words too (`-lia`, `-dalen`) do.

Source: Kartverket, Adresseringsveilederen; Skatteetaten, bruksenhetsnummer; Språkrådet.

>>> is_valid("Dronning Eufemias gt. 8 H0203"), is_valid("Tverrgeaidnu 4, 9730 Kárášjohka")
(True, True)
>>> is_valid("T-skjorte 2000 Hvit"), is_valid("Solveien"), is_valid("2024 Vår")
(False, False, False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import either_form, fold, screened, whole
from detectors.norway.postal_code import place_length, register
from detectors.recognizer import DeclaredRecognizer

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

# Joined to any word, in any case: few other words end so.
_STRONG = (  # noqa: SIM905  (words read better as text)
    "gate gata gaten vei veien veg vegen veita allé alle alleen alléen plass plassen torg torget "
    "torv torvet smug smuget stien bakken kroken svingen ringen tunet jordet løkka løkken "
    "terrasse terrassen brygge brygga bryggen kleiva smau smauet almenning almenningen allmenning "
    "allmenningen strede stredet stræde gutua geaidnu luodda gáhtta gáhttu bálggis "
    # as systems without æøå write them
    "lokka lokken loekka loekken"
).split()
# Only at the end of a capitalised word: they end common words and names as well.
_WEAK = (  # noqa: SIM905
    "sti bakke toppen haugen åsen flata faret grenda marka moen myra skogen stranda stranden kai "
    "kaia kaien hagen enga engen sletta berget viken vika neset odden bru brua stubben dalen "
    "lunden parken vollen feltet kollen brekka ganga leite leitet reset trappa trappene haugane "
    "bakkane moane svingane åsane engene gardane asen aasen"
).split()
# As abbreviations these stand as words of their own or with their point: "Storgt. 5", "Kirkevn 3".
_SHORT = r"gt\.?|pl\.|g\.|v\.|vg\.|vn\.|(?<![ao])vn"  # not Etternavn 2 or Bakerovn 3
_WORD = r"[\p{L}\p{M}'’.-]"
_CAPITAL = rf"(?-i:\p{{Lu}}){_WORD}{{0,30}}"
_ANY_SUFFIX = "|".join(either_form(word) for word in (*_STRONG, *_WEAK))
_STRONG_SUFFIX = "|".join(either_form(word) for word in _STRONG)
# "Granlia" but not Italia, Julia or Emilia.
_LIA = "[bcdfghjkmnprstv]lia"
# A letter apart from its number is a capital: "Storgata 5 i Oslo" is number 5.
_LETTER = r"(?:[A-ZÆØÅ]|[ ](?-i:[A-ZÆØÅ]))(?![\p{L}\p{M}])"
_NUMBER = rf"[0-9]{{1,4}}(?:{_LETTER})?(?:[ ]?-[ ]?[0-9]{{1,4}}[A-Z]?(?![\p{{L}}\p{{M}}0-9]))?"
_DWELLING = r"(?:[ ,]{1,2}[HLUK][0-9]{4})?"
# Names of several words are capitalised ("Karl Johans gate"), begin with a date
# ("7. juni-plassen"), or, typed in haste, stand in the genitive ("karl johans gate").
_FIRST = rf"(?:(?:{_CAPITAL}|[0-9]{{1,2}}\.)[ ]){{0,4}}"
_NAME = (
    rf"(?:{_FIRST}{_WORD}{{1,40}}(?:{_STRONG_SUFFIX}|{_SHORT})"
    rf"|{_FIRST}(?-i:\p{{Lu}}){_WORD}{{0,40}}(?:{_ANY_SUFFIX}|{_LIA})"
    rf"|(?:(?:{_CAPITAL}|[0-9]{{1,2}}\.)[ ]){{1,5}}(?:{_ANY_SUFFIX}|{_SHORT}|lia)"
    rf"|(?:\p{{L}}{_WORD}{{0,30}}[ ])?\p{{L}}{_WORD}{{1,30}}s[ ](?:{_STRONG_SUFFIX}|{_SHORT}))"
)
_END = r"(?![0-9\p{L}\p{M}])"
_STREET = rf"{_NAME},?[ ]{{0,2}}{_NUMBER}{_DWELLING}{_END}"
_PLACE = r"[\p{L}][\p{L}\p{M}.'/-]*(?:[ ][\p{L}][\p{L}\p{M}.'/-]*){0,3}"
_CODE = r",?[ ]{1,2}(?:NO?-)?[0-9]{4}[ ]"
_BOX_NAME = rf"(?:[ ]{_CAPITAL}){{0,3}}(?:[ ](?:{_ANY_SUFFIX}){_END})?"
_BOX = (
    rf"(?:(?:post[ ]?boks|p\.?[ ]?b\.?)[ ]?[0-9]{{1,4}}{_END}{_BOX_NAME}"
    rf"|boks[ ]?[0-9]{{1,4}}{_BOX_NAME}(?={_CODE}\p{{L}}))"
)
_RURAL = rf"(?:{_CAPITAL}[ ]){{1,4}}{_NUMBER}{_DWELLING}(?={_CODE}\p{{L}})"
_TAIL = rf"(?:{_CODE}{_PLACE})?"
_BEFORE = r"(?<![\p{L}\p{M}0-9-])"
_CARE_OF = r"(?:c/o|v/|att:)[ ]?[^,;\n]{1,60}[,;\n][ ]?"
_DIGIT = regex.compile(r"\d")
_CELL = regex.compile(
    rf"(?:{_CARE_OF})?(?:(?P<street>{_STREET})|(?P<box>{_BOX})|(?P<rural>{_RURAL}))"
    rf"(?:,?[ ]{{1,2}}(?:NO?-)?(?P<code>[0-9]{{4}})[ ](?P<place>{_PLACE}))?",
    regex.IGNORECASE,
)
_TAIL_PARTS = regex.compile(
    rf",?[ ]{{1,2}}(?:NO?-)?(?P<code>[0-9]{{4}})[ ](?P<place>{_PLACE})$", regex.IGNORECASE
)


def compact(address: str) -> str:
    """The address with single blanks."""
    return " ".join(fold(address).split())


def validate(address: str) -> str:
    """The compact address: street and number or box, with or without postcode and place.

    Raises:
        InvalidFormat: it is none.
    """
    text = compact(address)
    if not subtype_of(text):
        raise InvalidFormat
    return text


def is_valid(address: str) -> bool:
    """Whether it is a street address or a post box."""
    return passes(validate, address)


def subtype_of(address: str) -> str:
    """`street`, `post_box`, `rural` (no suffix, but postcode and place), or ""."""
    match = _CELL.fullmatch(compact(address))
    if not match:
        return ""
    if match["code"]:
        end = _place_end(match["code"], match["place"], trusting=match["rural"] is None)
        if end < len(match["place"]):
            return ""
    if match["rural"] is not None:
        return "rural" if match["code"] else ""
    return "street" if match["street"] is not None else "post_box"


_SCREEN = (
    rf"(?:{_ANY_SUFFIX}|lia|gt|gt\.|pl\.|g\.|v\.|vg\.|vn\.?),?[ ]{{0,2}}[0-9]"
    r"|(?:boks|p\.?[ ]?b\.?)[ ]?[0-9]"
    # Rural: house number, then postcode and the first letter of a place.
    r"|[0-9][ ]?[^0-9\s]{0,2}(?:[ ]?-[ ]?[0-9]{1,4}[A-Z]?)?(?:[ ,]{1,2}[HLUK][0-9]{4})?"
    r",?[ ]{1,2}(?:NO?-)?[0-9]{4}[ ]\pL"
)

DECLARATION = Declaration(
    entity="NO_STREET_ADDRESS",
    category="user.contact.address.street",
    # Random letters and digits do not end in a word for a way.
    subtypes=(Subtype("street", 0.0), Subtype("post_box", 0.0), Subtype("rural", 0.0)),
    rank=60,
    checksum=False,
    screen=screened(_SCREEN),
    full=whole(rf"(?:.*?)(?:{_SCREEN}).*"),
    needs_context=False,
    context=(
        "adresse", "adressen", "gateadresse", "bor", "leveres", "leveringsadresse", "hjemme",
        "postadresse", "fakturaadresse", "address", "street", "heimeadresse", "lives",
    ),
    verify=each(r"(?s:.{4,200})", is_valid),
    subtype_of=subtype_of,
)  # fmt: skip


class StreetAddressRecognizer(DeclaredRecognizer):
    """Finds street addresses and post boxes in texts."""

    COUNTRY_CODE = "no"
    DECLARATION = DECLARATION
    PATTERNS = (
        rf"{_BEFORE}(?:{_CARE_OF})?{_STREET}{_TAIL}",
        rf"{_BEFORE}(?:{_CARE_OF})?{_BOX}{_TAIL}",
        rf"{_BEFORE}{_RURAL}{_TAIL}",
    )

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Find addresses; the span ends with the place, or before what is no postcode."""
        if _DIGIT.search(text) is None:
            return []  # every form has a number; most texts have none
        results = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for result in results:
            end, _ = _cut(fold(text[result.start : result.end]))
            result.end = result.start + end
        return results

    def rate(self, match: str) -> float:
        """Streets and boxes by their words; higher with postcode and place."""
        end, placed = _cut(match)
        if not end:
            return 0.0
        return 0.9 if placed else 0.75


def _cut(match: str) -> tuple[int, bool]:
    """Where the address in a pattern's match ends, and whether postcode and place are in it."""
    tail = _TAIL_PARTS.search(match)
    if not tail:
        return (len(match), False) if is_valid(match) else (0, False)
    named = place_length(tail["code"], tail["place"])
    standing = is_valid(match[: tail.start()])
    if length := named or (standing and _place_end(tail["code"], tail["place"], trusting=True)):
        return tail.start("place") + length, True
    return (tail.start(), False) if standing else (0, False)


def _place_end(code: str, place: str, *, trusting: bool) -> int:
    """Characters of `place` that belong to the address.

    Args:
        code: four digits.
        place: up to four words.
        trusting: behind a street, a place that the register does not know under that name
            (Kárášjohka, a farm, a misspelling) counts with its first word.
    """
    if length := place_length(code, place):
        return length
    return len(place.split(" ", 1)[0].rstrip(".")) if trusting and code in register() else 0
