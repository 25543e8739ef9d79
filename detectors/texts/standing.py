"""Findings that stand: without those that the words around them refute, and by their right name."""

from __future__ import annotations

import csv
import ipaddress
import itertools
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import regex

from detectors.columns.gazetteer import country_keys, key, place_keys
from detectors.folding import fold
from detectors.texts.addresses import STREET, stands
from detectors.texts.lexicon import bare, is_given, is_never, is_place, is_surname, plain, words
from detectors.texts.model_names import refuted
from detectors.texts.name_grammar import WORD
from detectors.texts.place_names import refuted_place
from sladd.model import Span

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult

_LOCAL = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",
                    "fc00::/7", "fe80::/10", "::1/128")
)  # fmt: skip
_BARE_MOBILE = regex.compile(r"[2-79][0-9]{7}")
_NUMBERED = regex.compile(
    r"(?:ordre|order|faktura|invoice|bestilling|tinging|kurv|pakke|sporing|serie)[^\n.!?]{0,40}[.?!]?[^\n.!?]{0,12}$",
    regex.IGNORECASE,
)
_SIZES = regex.compile(
    r"(?:str|størrelse|storleik|size|sizes|strl|mål|dim|ral|pms|pantone)\.?:?[ ]?$",
    regex.IGNORECASE,
)
_PAIR = regex.compile(r"[2-9][0-9]{3}[ -][0-9]{4}")
_HOURS = regex.compile(r"[0-2]?[0-9][.:][0-5][0-9][ ]?-[ ]?[0-2]?[0-9][.:][0-5][0-9]")
_COUNTED = regex.compile(
    r"(?:kurv|handlekurv|art|artikkel|vare|serie|lot|batch|ordre|order|faktura|invoice|referanse|ref|kolli|sporing|ean|bestilling)"
    r"\.?(?:en|et|s)?[ ]?-?(?:nr|nummer|no|number|id)?\.?[ :#]{0,3}$",
    regex.IGNORECASE,
)
_PART = regex.compile(r"[0-9][ .]$")
_DECIMALS = regex.compile(r",[0-9]")
_MONEY = regex.compile(r"[ ]?(?:kr|nok|eur|usd|stk|,-|\.-|kroner|€|\$)", regex.IGNORECASE)
# A sentence that begins without a blank, and files whose ending is also a country.
_FILE = regex.compile(
    r"[^/\s:]+\.(?:ai|ps|md|py|rs|zip|mov|sh|app|pub|pages|cab|nr)", regex.IGNORECASE
)
_LOOSE = regex.compile(r"\p{L}[\p{L}\p{M}-]*\.\p{Lu}\p{Ll}*")


def standing(results: Sequence[RecognizerResult], text: str) -> list[RecognizerResult]:
    """The results but those that the words around them refute, so that others may take them.

    Args:
        results: of one text.
        text: the text itself.
    """
    folded = fold(text)
    return [
        _renamed(result, folded)
        for result in results
        if not _refuted(Span(result.start, result.end, result.entity_type, result.score), folded)
        and not (_of_a_model(result) and refuted(folded, result.start, result.end))
        and not (_place_of_a_model(result) and refuted_place(folded, result.start, result.end))
    ]


def _renamed(result: RecognizerResult, text: str) -> RecognizerResult:
    """A model's place as a person, where the lists know a given name and no place of that name."""
    if _of_a_model(result) and _is_town(text[result.start : result.end]):
        return replaced(result, "LOCATION")
    if not _place_of_a_model(result):
        return result
    found = [plain(word) for word in WORD.findall(text[result.start : result.end])]
    if (
        not found
        or len(found) > 3
        or any(is_place(word) or is_never(word) for word in found)
        or not is_given(bare(found[0]))
        or not all(is_given(bare(word)) or is_surname(bare(word)) for word in found[1:])
        or found[0] in words().doubtful
        or not text[result.start : result.end].replace("-", " ").istitle()
    ):
        return result
    return replaced(result, "PERSON")


def _is_town(word: str) -> bool:
    """A town or a country by itself, and nobody's name: `Sarajevo`, `Venezuelas`."""
    low = plain(word)
    if is_given(low) or is_surname(low):
        return False
    stem = low.removesuffix("s")
    known = place_keys() | country_keys() | _countries()
    return (
        key(low) in known
        or low in words().towns
        or (key(stem) in known and not is_given(stem) and not is_surname(stem))
    )


@cache
def _countries() -> frozenset[str]:
    """Every country of one word, in nb, nn and en, as it is looked up."""
    place = files("detectors.lexicon").joinpath("special", "countries.csv")
    with place.open(encoding="utf-8") as file:
        names = {row[language] for row in csv.DictReader(file) for language in ("nb", "nn", "en")}
    return frozenset(key(name) for name in names if " " not in name)


def replaced(result: RecognizerResult, entity: str) -> RecognizerResult:
    """The same finding under another name."""
    from presidio_analyzer import RecognizerResult as Result

    return Result(
        entity, result.start, result.end, result.score,
        recognition_metadata=dict(result.recognition_metadata or {}),
    )  # fmt: skip


def _of_a_model(result: RecognizerResult) -> bool:
    """Whether a language model called it a person."""
    known = result.recognition_metadata or {}
    return result.entity_type == "PERSON" and known.get("recognizer_name") == "SpacyRecognizer"


def _place_of_a_model(result: RecognizerResult) -> bool:
    known = result.recognition_metadata or {}
    return result.entity_type == "LOCATION" and known.get("recognizer_name") == "SpacyRecognizer"


def _refuted(span: Span, text: str) -> bool:
    """Whether the words around a span say that it is something else."""
    found = text[span.start : span.end]
    if span.type == STREET:
        return not stands(span, text)
    if span.type == "PHONE_NUMBER":
        if (
            span.score < 0.6
            and _BARE_MOBILE.fullmatch(found)
            and _NUMBERED.search(text, max(0, span.start - 60), span.start)
        ):
            return True  # "ingen ordre med det nummeret. Mener du 93317702?"
        if span.score > 0.5:
            return False
        return (
            _PAIR.fullmatch(found) is not None
            or _HOURS.fullmatch(found) is not None
            or _COUNTED.search(text, max(0, span.start - 24), span.start) is not None
            or _SIZES.search(text, max(0, span.start - 14), span.start) is not None
            or _MONEY.match(text, span.end) is not None
            or _even_steps(found)
        )
    if span.type == "IP_ADDRESS":
        return _is_local(found)  # of no use outside one network, and often a version
    if span.type == "NO_KID" and not found.startswith("0"):
        # "KID 000506701000172, beløp 1 299,50": the amount behind it is none.
        return _PART.search(text, max(0, span.start - 2), span.start) is not None or (
            _DECIMALS.match(text, span.end) is not None
        )
    if span.type == "URL" and "//" not in found and not found.lower().startswith("www."):
        return _LOOSE.fullmatch(found) is not None or _FILE.fullmatch(found) is not None
    return False


def _is_local(address: str) -> bool:
    """Whether an address means nothing outside its own network. Source: RFC 1918, 6890, 4193."""
    try:
        return any(ipaddress.ip_address(address) in network for network in _LOCAL)
    except ValueError:
        return False


def _even_steps(number: str) -> bool:
    """`36 38 40 42`: sizes, not a telephone."""
    parts = number.split(" ")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        return False
    steps = {int(b) - int(a) for a, b in itertools.pairwise(parts)}
    return len(steps) == 1 and 0 < steps.pop() <= 10
