"""What running text says of health beside the lexicon's words: `brakk ankelen`, `ny hofte`, `rullator`.

The lexicon (`lexicon/special/health.csv`) is for columns as well, whose cells are one word; here
stand words of letters and calls, and the grammar of injuries: a verb and a part of the body. All of
it "may reveal", never "is". What a text sells or collects for (`førstehjelpsskrin`) is left alone,
by the rules of `detectors.revealing`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import re2
import regex

from detectors.folding import either_form, screened
from detectors.revealing import beside_person, is_thing
from detectors.texts.recognizer import Found, TextRecognizer

_REST = regex.compile(r"[\p{L}\p{M}]*")
_LETTER = regex.compile(r"[\p{L}\p{M}\p{N}]")
_LAST = 901  # rank: behind the lexicon's own words
_SURE, _BESIDE = 0.6, 0.55  # scores, as in `detectors.revealing`
_HURT = (
    r"(?:brakk|brakte|brukket|brekt|brekket|brotna|brote|brotne|braut|knakk|knekt|knekte|knekket|ødela|ødelagt|øydela|øydelagt|"
    r"forstuet|forstua|forstuva|vred|vrei|vridd|vrikket|vrikka|skadet|skadde|skadd|slo|slått|slite|slitt|røk|røket|røyk|"
    r"strakk|strukket|kuttet|kutta|klemt|klemte|mistet|mista|opererte|operert|operere|opereres|operer[et]|amputert|amputerte|"
    r"broke|broken|fractured|sprained|twisted|tore|torn|injured|hurt|dislocated)"
)
_OWN = (
    r"(?:[ ](?:i|for|av|meg|seg|på|to|tre|en|ei|et|eit|begge|venstre|høyre|høgre|my|his|her|their|our|a|the|left|right|both|"
    r"two|three|hans|hennes|mi|min|mitt|sin|si)){0,3}"
)

_NEAR = 20  # characters on either side by which a text in capitals is known
_FAR = 60  # characters around a stay in which work or an order is told
_WORKS = regex.compile(
    r"(?:jobb|arbeid|ansatt|tilsett|leveres|leverast|levering|kontaktperson|vikar|bestill|faktura|avdelings|styrer|rektor|"
    r"svara|svarer|vakttelefon|navneskilt|namneskilt|uniform|work|deliver|invoice|staff|order)",
    regex.IGNORECASE,
)


@cache
def _lists() -> dict[str, list[str]]:
    raw = tomllib.loads(files("detectors.texts").joinpath("ailments.toml").read_text("utf-8"))
    return {name: [*dict.fromkeys(words.split())] for name, words in raw.items()}


@cache
def _alternation(name: str) -> str:
    """The words of a list, the longest first; the stars are the second group's business."""
    words = sorted(_lists()[name], key=lambda word: (-len(word), word))
    return "|".join(_spelt(word.removesuffix("*")) for word in words)


def _spelt(word: str) -> str:
    return r"\s+".join(either_form(re2.escape(part)) for part in word.split("_"))


@cache
def _found_by(name: str) -> tuple[Any, frozenset[str]]:
    """The automaton of a list, and which of its words stand for the rest of a word."""
    options = re2.Options()
    options.max_mem = 64 << 20  # bytes; a thousand words with Unicode case
    options.log_errors = False
    stems = frozenset(
        word.removesuffix("*").replace("_", " ") for word in _lists()[name] if word[-1] == "*"
    )
    return re2.compile(rf"(?i)(?:^|[^\pL\pM\pN])({_alternation(name)})", options), stems


@cache
def _injury() -> regex.Pattern[str]:
    parts = "|".join(sorted(map(either_form, _lists()["body"]), key=len, reverse=True))
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}])(?:{_HURT}{_OWN}[ ](?:{parts})|(?:vondt|vond|smerter|verk|pain|brudd|brot)[ ](?:i|in)[ ]"
        rf"(?:(?:my|the|his|her|venstre|høyre|høgre|left|right)[ ])?(?:{parts})|(?:broken|bad|sore)[ ](?:{parts}))(?![\p{{L}}\p{{M}}-])",
        regex.IGNORECASE,
    )


@cache
def _capitals() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}0-9-])(?:{'|'.join(_lists()['capitals'])})(?![\p{{L}}\p{{M}}0-9])"
    )


class HealthRecognizer(TextRecognizer):
    """Finds what may reveal someone's health in running text."""

    ENTITY = "MAY_REVEAL_HEALTH"
    CATEGORY = "user.health_and_medical"
    RANK = _LAST
    SCREEN = screened(
        f"{_alternation('sure')}|{_alternation('beside')}|{_alternation('body')}|{_alternation('capitals')}|"
        f"{_alternation('stays')}"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Illnesses, injuries, aids and stays, by themselves or beside a person."""
        for match in _injury().finditer(text):
            if beside_person(text, match.start(), match.end()):
                yield *match.span(), _SURE
        for match in _capitals().finditer(text):
            if not _all_capitals(text, *match.span()) and beside_person(
                text, match.start(), match.end()
            ):
                yield *match.span(), _BESIDE
        for start, end in _words(text, "sure"):
            if beside_person(text, start, end):
                yield start, end, _SURE
        for start, end in _words(text, "stays"):
            around = text[max(0, start - _FAR) : end + _FAR]
            if beside_person(text, start, end) and not _WORKS.search(around):
                yield start, end, _BESIDE
        for start, end in _words(text, "beside"):
            if beside_person(text, start, end):
                yield start, end, _BESIDE


def _all_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals as well: `CAN YOU REACH ME AT HOME`."""
    around = text[max(0, start - _NEAR) : start] + text[end : end + _NEAR]
    return any(letter.isupper() for letter in around) and not any(c.islower() for c in around)


def _words(text: str, name: str) -> Iterator[tuple[int, int]]:
    automaton, stems = _found_by(name)
    for match in automaton.finditer(text):
        start, end = match.span(1)
        hit = " ".join(text[start:end].casefold().split())
        if start and text[start - 1] == "<":
            continue  # `<HELSEOPPLYSNING>` is what a redaction left
        if hit in stems:
            rest = _REST.match(text, end)
            last = rest.end() if rest else end
            if is_thing(text, end, last):
                continue
            yield start, last
        elif end >= len(text) or not _LETTER.match(text[end]):
            yield start, end
