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
_LIVES = regex.compile(
    r"(?<![\p{L}\p{M}])(?:bor|bur|bodd|budd|bodde|budde|hytte|hytta|flytt\p{Ll}+|reis\p{Ll}+|jobber|jobbar|studer\p{Ll}+|oppvokst|oppvaksen|født|fødd|hjemme|heime|"
    r"ferie|live|lives|lived|moved|work|works|stay|staying|born)[ ](?:\p{Ll}+[ ])?$",
    regex.IGNORECASE,
)
_BUILDINGS = ("kirke", "kyrkje", "kirka", "kyrkja", "kapell", "sykehjem", "sjukeheim", "sykehus", "sjukehus", "senter", "sal", "hall", "klinikk", "legesenter")  # fmt: skip
_STREETS = ("gata", "gate", "gaten", "veien", "vegen", "vei", "veg", "bakken", "plass", "allé", "alle", "street", "road", "lane", "stien", "svingen", "torg", "torget")  # fmt: skip
_HOUSE = regex.compile(
    r"\p{Lu}[\p{L}\p{M}'’-]{3,}(?:[ ]\p{Lu}[\p{L}\p{M}]+){0,2}[ ][0-9]{1,3}[ ]?[A-Za-z]?"
)
_STORE = regex.compile(
    r"(?:rampe|port|hylle|reol|hall|lager|bur|plass|dør|bygg|etasje|kai|gate|unit|bay|dock|block|felt|rad|sone|rom|clause|stand|bod|plan|zone|room|"
    r"door|aisle|rack|shelf|level|terminal|avd|avdeling|pulje|gruppe|bord|table)\.?[ ](?:[0-9]{1,4}[A-Za-z]?|[A-Z])[.]?",
    regex.IGNORECASE,
)  # where goods stand
_LABELS = ("nr", "nummer", "kode", "seksjon")  # "Andelsnr 42"
_CODED = regex.compile(r"[0-9]{2,}[A-Z](?![\p{L}0-9])")
_SIZE = regex.compile(r"[ ]?(?:pt|px|mm|cm|g|kg|l|cl|dl|stk|denier|d)(?![\p{L}])", regex.IGNORECASE)
# What is no place although it has a name of its own and ends so.
_EVENTS = (
    "festivalen", "festival", "registeret", "messen", "messa", "jakta", "cupen", "løpet", "mesterskapet", "meisterskapen", "konferansen", "stevnet", "stemnet",
    "marsjen", "ligaen", "kampanjen", "kalenderen", "tavla", "avisen", "avisa", "bladet", "banken", "kjeden", "kjeda", "foreningen", "foreininga", "stiftelsen",
    "laget", "klubben", "direktoratet", "tilsynet", "etaten", "verket", "rådet", "nemnda", "utvalget", "konsernet", "gruppen", "portalen", "boden", "huset",
    "pilot", "appen",
)  # fmt: skip
_PARTS = frozenset(
    [
        "nord",
        "sør",
        "sor",
        "aust",
        "øst",
        "vest",
        "nordre",
        "søndre",
        "søre",
        "vestre",
        "østre",
        "austre",
        "øvre",
        "nedre",
        "ytre",
        "indre",
        "gamle",
        "nye",
        "new",
        "old",
        "east",
        "west",
        "north",
        "south",
        "great",
        "saint",
        "st",
        "san",
        "santa",
        "los",
        "las",
        "el",
        "la",
        "le",
        "den",
        "det",
        "sentrum",
        "city",
        "havn",
        "hamn",
        "brygge",
        "brygga",
        "stasjon",
        "sentralstasjon",
        "lufthavn",
        "airport",
        "station",
        "vest",
        "s",
        "øy",
        "øya",
        "island",
        "islands",
        "bay",
        "beach",
        "hills",
        "dal",
        "dalen",
        "fjord",
        "fjorden",
        "vik",
        "vika",
        "nes",
        "neset",
        "strand",
        "stranda",
        "kommune",
        "fylke",
        "sykehus",
        "kirke",
        "kyrkje",
    ]
)
_CLUB = regex.compile(
    r"[ ](?:SK|IL|FK|IF|BK|TIL|HK|RK|TF|BBL|Blad|Avis|Tidende|Sparebank|Lufthavn|Kraft|Energi|Kraftlag|Revy|Jazzklubb|Ulf|Cup|Festival|Open|Maraton|Marathon|"
    r"Shipping|Seafood|Fisk|Frukt|Bygg|Eiendom|Hotell|Hotel|Næringsforening|Handelsstand|Bedrifts?\p{L}*)(?![\p{L}])"
)
_ARTICLE = regex.compile(r"(?<![\p{L}])(?:en|ei|et|ein|eit|a|an)[ ]$", regex.IGNORECASE)
_THERE = regex.compile(
    r"(?<![\p{L}\p{M}])(?:i|på|fra|frå|til|ved|mot|over|via|utenfor|utanfor|nær|rundt|te|in|at|from|to|near|of|around|via|outside|innom|langs|"
    r"og|and|eller|or|heiter|heter)[ ](?:the[ ])?$",
    regex.IGNORECASE,
)
_ALONE = regex.compile(r"[ ]?(?:[.,;!?)\n]|$)")
_APART = regex.compile(r"(?:,[ ]|\n|\A|[ ]-[ ]|[0-9]{4}[ ])$")
_WORD_BEFORE = regex.compile(r"(?P<word>\p{Lu}[\p{L}\p{M}&-]+)[ ]$")
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
            inside = match["word"].lower() in _INSIDE or _LIVES.search(
                text, max(0, match.start() - 24), match.start()
            )
            end = _known_end(match["place"], inside=bool(inside))
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
    return (
        low in places()
        or low in words().towns
        or key(low) in place_keys()
        or key(low) in country_keys()
    )


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
    if _STORE.fullmatch(found) or _SIZE.match(text, end) or tokens[0].endswith(_LABELS):
        return True
    if len(tokens) > 1 and tokens[-1] in words().goods | words().capitalised:
        return True
    if tokens[-1].endswith(_BUILDINGS):
        return False
    if known and _CODED.search(found) and not street:
        return True  # "Oxford 210D"
    if not known and len(tokens) == 1 and tokens[0].endswith(_EVENTS):
        return True
    if _is_firm(text, start, end, found):
        return True
    if not known and not street and len(tokens) == 1 and not _is_placed(text, start, end):
        return True
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


def _is_placed(text: str, start: int, end: int) -> bool:
    """Whether a word that no list knows stands where a place does: `på Grevstad`, `…, Grevstad`."""
    if _ARTICLE.search(text, max(0, start - 5), start):
        return False  # "en Opel"
    if _THERE.search(text, max(0, start - 12), start):
        return True
    alone = _ALONE.match(text, end) is not None
    return alone and _APART.search(text, max(0, start - 6), start) is not None


def _is_firm(text: str, start: int, end: int, found: str) -> bool:
    """`Elkem Bremanger`, `Kystlab Ålesund`, `Holmlia SK`, `Hotell Ulvik`: called after a place."""
    if _CLUB.match(text, end):
        return True
    tokens = [token.group() for token in WORD.finditer(found)]
    capital = [plain(token) for token in tokens if token[0].isupper()]
    if len(tokens) > 1 and not _is_known(plain(found)):
        if capital and capital[0] in words().bodies | words().trades:
            return True
        towns = [_is_known(low) for low in capital]
        strange = [
            low
            for low, town in zip(capital, towns, strict=True)
            if not town and low not in _PARTS and not low.endswith(_STREETS + _BUILDINGS)
        ]
        if any(towns) and strange:
            return True
    before = _WORD_BEFORE.search(text, max(0, start - 24), start)
    if before is None or not _is_known(plain(found)):
        return False
    low = plain(before["word"])
    strange_before = not (
        is_never(low) or is_given(low) or is_surname(low) or _is_known(low) or low in _PARTS
    )
    return (
        strange_before and ner.code(low)[:1] not in SELDOM_CAPITAL and not before["word"].isupper()
    )


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
