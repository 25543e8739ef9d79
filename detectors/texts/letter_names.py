"""Names at the beginning and the end of a letter: `Hei Kari,`, `Mvh Ola Hansen`, a last line.

A closing says that a name follows, on the same line or the next; two may be joined by `og`.
`Takk` says it only when the next line is a name and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.texts.lexicon import is_everyday, is_given, is_surname, plain, words
from detectors.texts.name_grammar import WORD, known, name_end, place_only
from detectors.texts.recognizer import Found, TextRecognizer

_START = r"(?:^|(?<=\n)|(?<=[.!?:>]))[> \t]{0,6}"
_GREETING = regex.compile(
    rf"{_START}(?:{words().greetings})[ ,]{{1,3}}(?:(?:herr|fru|hr\.?|mr\.?|mrs\.?|ms\.?)[ ])?",
    regex.IGNORECASE,
)
_CLOSING = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:{words().closings})(?![\p{{L}}\p{{M}}@])"
    r"[ \t]*[,.!:;-]{0,3}(?:[ \t]*\n[> \t]{0,4}){0,3}[ \t]*"
    r"(?:(?:fra|frå|from)[ ])?",
    regex.IGNORECASE,
)
_THANKS = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:{words().thanks})[ \t]*[,.!:;-]{{0,3}}[ \t]*(?:\n[> \t]{{0,4}}){{1,3}}",
    regex.IGNORECASE,
)
_THANKS_HERE = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:{words().thanks})[ ]?[,.!-]{{1,2}}[ ](?=\p{{Lu}}[\p{{L}}\p{{M}}'’-]+(?:[ ]\p{{Lu}}[\p{{L}}\p{{M}}'’.-]*){{0,3}}[.!]?\s*$)",
    regex.IGNORECASE,
)
_AND = regex.compile(r"[ ]?(?:og|&|and|/|,)[ ]?")
_LINE_END = regex.compile(r"[ \t]*(?:[xX]{1,3}|❤|♥)?[,.!:)]*[ \t]*(?:$|\n)")
_AFTER_GREETING = regex.compile(r"[ ]?(?:[,.!:;\n?)-]|$|(?=og[ ]))")
_DASHED = regex.compile(
    r"(?<=[\s.!?)])[/-]{1,2}[ ]?(?=\p{Lu})|(?<=[!.?,][ ])(?=\p{Lu}[\p{L}\p{M}]+[ ]?(?:x{1,3}|:\)|❤|♥)?\s*$)"
)
_STANDS_FOR = regex.compile(r"[ ,]{0,2}(?:v/|c/o|ved[ ])")
_LAST = regex.compile(r"\n[> \t]*(?P<line>[^\n]{2,60}?)[ \t.]*\s*$")


class LetterNameRecognizer(TextRecognizer):
    """Finds the name in a salutation, after a closing, and on a last line of its own."""

    ENTITY = "PERSON"
    CATEGORY = "user.name"

    def find(self, text: str) -> Iterator[Found]:
        """Names in the places that letters have for them."""
        for match in _GREETING.finditer(text):
            yield from self._greeted(text, match.end())
        for match in _CLOSING.finditer(text):
            yield from self._signed(text, match.end())
        for match in _THANKS.finditer(text):
            end = name_end(text, match.end())
            if end > match.end() and _LINE_END.match(text, end) and known(text[match.end() : end]):
                yield match.end(), end, 0.85
        for match in _THANKS_HERE.finditer(text):
            end = name_end(text, match.end())
            if (
                end > match.end()
                and text[match.end()].isupper()
                and known(text[match.end() : end], announced=True)
            ):
                yield match.end(), end, 0.85
        for match in _DASHED.finditer(text):
            end = name_end(text, match.end())
            if end > match.end() and _LINE_END.match(text, end) and known(text[match.end() : end]):
                yield match.end(), end, 0.8
        if match := _LAST.search(text):
            start = match.start("line")
            end = name_end(text, start)
            if end == match.end("line") and _certain(text[start:end]):
                yield start, end, 0.8

    def _greeted(self, text: str, start: int) -> Iterator[Found]:
        for _ in range(3):
            end = name_end(text, start)
            if end == start:
                return
            name = text[start:end]
            # "Hei Jeg lurer på", "Hei Kopper": a capital alone is not enough without a comma.
            if known(name, announced=True):
                yield start, end, 0.9
            elif _AFTER_GREETING.match(text, end) and not place_only(name):
                yield start, end, 0.6
            joined = _AND.match(text, end)
            if joined is None:
                return
            start = joined.end()

    def _signed(self, text: str, start: int) -> Iterator[Found]:
        for number in range(3):
            end = name_end(text, start)
            if end == start:
                return
            name = text[start:end]
            if _STANDS_FOR.match(text, end):
                return  # "Mvh Sørlandet Profil v/ Tor Inge": who signs is found by `v/`
            if known(name, announced=True):
                yield start, end, 0.9
            elif not place_only(name) and name[0].isupper() and number == 0:
                yield start, end, 0.6
            joined = _AND.match(text, end)
            if joined is None:
                return
            start = joined.end()


def _certain(name: str) -> bool:
    """A given name that is no word, or a given name and a surname."""
    found = [plain(word) for word in WORD.findall(name)]
    if not found or not is_given(found[0]):
        return False
    if len(found) == 1:
        return not is_everyday(found[0])
    return is_surname(found[-1]) and not all(is_everyday(word) for word in found)
