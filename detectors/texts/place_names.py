"""Places by name behind a preposition: `bor i Rjukan`, `kommer fra Eritrea`.

A model calls a place what is a body (`Sokndal kommune`), goods (`Umbrella Storm 130 cm`) or the
first part of a compound (`Stavanger-bag`): `refuted_place` says so. And it misses towns that few
texts name. Buildings that people go to (churches, halls, homes for the old) stay places.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from detectors import ner
from detectors.columns.gazetteer import country_keys, key, place_keys, places
from detectors.folding import screened
from detectors.texts.lexicon import (
    SELDOM_CAPITAL,
    is_everyday,
    is_given,
    is_never,
    is_surname,
    plain,
    words,
)
from detectors.texts.name_grammar import WORD, is_company
from detectors.texts.recognizer import Found, TextRecognizer

_BEFORE = regex.compile(
    r"(?<![\p{L}\p{M}-])(?P<word>i|på|fra|frå|til|ved|utenfor|utanfor|nær|te|in|from|to|near|outside|living in)[ ]"
    r"(?P<place>\p{L}[\p{L}\p{M}'’.-]*(?:[ ](?:i|på|og|of|the)?[ ]?\p{Lu}[\p{L}\p{M}-]*){0,2})",
)
_INSIDE = frozenset({"i", "in", "utenfor", "utanfor", "nær", "near", "outside"})  # of nobody
_BUILDINGS = ("kirke", "kyrkje", "kirka", "kyrkja", "kapell", "sykehjem", "sjukeheim", "sykehus", "sjukehus", "senter", "sal", "hall", "klinikk", "legesenter")  # fmt: skip
_STREETS = ("gata", "gate", "gaten", "veien", "vegen", "vei", "veg", "bakken", "plass", "allé", "alle", "street", "road", "lane", "stien", "svingen", "torg", "torget")  # fmt: skip
_HOUSE = regex.compile(
    r"\p{Lu}[\p{L}\p{M}'’-]{3,}(?:[ ]\p{Lu}[\p{L}\p{M}]+){0,2}[ ][0-9]{1,3}[ ]?[A-Za-z]?"
)
_MADE = regex.compile(r"-\p{Ll}")
_SHORTEST = 4  # letters of a place in small letters, which is a word of the sentence otherwise


class PlaceNameRecognizer(TextRecognizer):
    """Finds towns and countries that the lists know, behind a preposition."""

    ENTITY = "LOCATION"
    CATEGORY = "user.location.imprecise"
    BESIDE_MODEL = True  # a town by itself makes no text personal: `Sendes fra Trondheim`
    SCREEN = screened(
        r"(?:^|[^\pL])(?:i|på|pa.|fra|frå|fra.|til|ved|utenfor|utanfor|nær|te|in|from|to|near|outside)[ ]\pL"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Places behind prepositions."""
        for match in _BEFORE.finditer(text):
            start = match.start("place")
            end = _known_end(match["place"], inside=match["word"].lower() in _INSIDE)
            if end and not _of_a_body(text, start, start + end):
                yield start, start + end, 0.6


def _known_end(place: str, *, inside: bool) -> int:
    """Where the longest known place at the beginning of a text ends; 0 when none begins it."""
    ends = [match.end() for match in WORD.finditer(place)]
    for end in reversed(ends):
        name = place[:end]
        low = plain(name)
        if not _is_known(low):
            continue
        if name[0].islower():
            unsure = len(low) < _SHORTEST or is_everyday(low) or is_given(low) or not inside
            return 0 if unsure else end
        if is_never(low) and key(low) not in country_keys() | place_keys():
            return 0
        named = is_given(low) or is_surname(low)
        return 0 if named and not inside else end
    return 0


def _is_known(low: str) -> bool:
    return low in places() or key(low) in place_keys() | country_keys()


def refuted_place(text: str, start: int, end: int) -> bool:
    """Whether what a model found at a place in a folded text is no place after all.

    >>> [refuted_place(t, 0, len(t)) for t in ("Sokndal kommune", "Sokndal", "Lom stavkyrkje")]
    [True, False, False]
    """
    found = text[start:end]
    tokens = [plain(token.group()) for token in WORD.finditer(text, start, end)]
    if not tokens:
        return True
    known = any(_is_known(token) for token in tokens) or _is_known(plain(found))
    street = any(token.endswith(_STREETS) for token in tokens)
    if any(c.isdigit() for c in found) and not known and not street and not _HOUSE.fullmatch(found):
        return True
    if tokens[-1].endswith(_BUILDINGS):
        return False
    if found.islower() and not known and not street:
        return True
    if _MADE.search(found) and not _is_known(plain(found)):
        return True
    if _MADE.match(text, end) or (start and text[start - 1] in "@#_\\"):
        return True
    if (
        not known
        and not street
        and len(tokens) == 1
        and (is_never(tokens[0]) or _is_word(tokens[0]))
    ):
        return True
    return _of_a_body(text, start, end)


@cache
def _bodies() -> frozenset[str]:
    return frozenset(body for body in words().bodies if not body.endswith(_BUILDINGS)) | {
        "herad", "tingrett", "videregående", "vgs", "il", "fk", "if", "båtbyggeri", "avdeling", "legevakt",
        "bygdekvinnelag", "helselag", "kulturskole", "kulturskule",
    }  # fmt: skip


def _is_word(low: str) -> bool:
    return ner.code(low)[:1] in SELDOM_CAPITAL and ner.code(low)[1:] == ""


def _of_a_body(text: str, start: int, end: int) -> bool:
    """`Vilberg skole`, `Tromøy Båtbyggeri`: with its last word, or the one behind it."""
    if is_company(text, start):
        return True
    tokens = [*WORD.finditer(text, start, end)]
    if len(tokens) > 1 and _is_body(tokens[-1].group()):
        return True
    behind = WORD.match(text, end + 1) if text[end : end + 1] == " " else None
    return behind is not None and _is_body(behind.group())


def _is_body(word: str) -> bool:
    low = plain(word)
    if low in _bodies() or any(len(b) > 4 and low.endswith(b) for b in _bodies()):
        return True
    return word[0].isupper() and low in words().trades
