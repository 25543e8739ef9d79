"""Names that need no announcement, because the lists know them.

A given name with a surname (`Kari Nordmann`, `KARI HANSEN`, `kari hansen`), the reverse with a
comma, initials (`K. Hansen`, `Kari N.`), and a given name alone where it is capitalised, is no
everyday word and no brand. A model that calls the words an organisation outvotes the weak ones.
Sole proprietorships hold a person: `Kari Nordmann ENK`, `Snekker Ola Hansen`.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.texts.lexicon import (
    bare,
    is_everyday,
    is_given,
    is_never,
    is_place,
    is_surname,
    plain,
    words,
)
from detectors.texts.name_grammar import IDIOMS, WORD, brand_end, is_company, name_end, next_word
from detectors.texts.recognizer import Found, TextRecognizer

_REVERSED = regex.compile(r",[ ]")
_INITIALS = regex.compile(
    r"(?<![\p{L}\p{M}.])\p{Lu}\.[ ]?(?:\p{Lu}\.[ ]?){0,2}(?P<name>\p{Lu}[\p{L}\p{M}'’-]{2,30})"
)
_MONTHS = frozenset(("jan", "april", "may", "june", "juni", "juli", "august"))
_DATE_BEFORE = regex.compile(r"[0-9][. ]{1,2}$")
_DATE_AFTER = regex.compile(r"[. ]{1,2}[0-9]")
_FAMILY = regex.compile(r"\p{L}+(?:sen|sson|datter|dóttir|stad|haug|rud)")
_FULL = 3  # words of a name that is one wherever it stands
_ALONE = regex.compile(r"[ ]*(?:$|[,\n])")
_SENTENCE = regex.compile(r"(?:\A|[.!?\n])[\s>*-]*$")
_BEFORE_COMPOUND = regex.compile(r"[0-9]|-\p{Ll}|[@/\\_]|\.\p{L}|:\s?[0-9]")


class ListedNameRecognizer(TextRecognizer):
    """Finds names by the lists of given names and surnames."""

    ENTITY = "PERSON"
    CATEGORY = "user.name"

    def find(self, text: str) -> Iterator[Found]:
        """Full names, reversed names, initials with a surname, given names alone."""
        done = 0
        for token in WORD.finditer(text):
            if token.start() < done:
                continue
            first = bare(plain(token.group()))
            if double := _double_given(text, token, first):
                yield token.start(), double, 0.86
                done = double
                continue
            if is_never(first) or (token.start() and text[token.start() - 1] in "@._/\\#"):
                continue
            end, score = 0, 0.0
            if brand := brand_end(text, token.start()) - token.start():
                done = token.start() + brand
                continue
            if is_given(first):
                end, score = self._from_given(text, token, first)
            if not end and is_surname(first) and token.group()[0].isupper():
                end, score = self._reversed(text, token, first)
            if not end and token.group()[0].isupper() and _family_alone(first, token, text):
                end, score = token.start() + len(token.group()) - _ending(token.group()), 0.6
            if end:
                yield token.start(), end, score
                done = end
        for match in _INITIALS.finditer(text):
            low = plain(match["name"])
            if is_surname(bare(low)) and not is_never(low):
                yield match.start(), match.end() - _ending(match["name"]), 0.8

    def _from_given(self, text: str, token: regex.Match[str], first: str) -> tuple[int, float]:
        """Where the name that begins with a given name ends, and how sure that is."""
        start, capital = token.start(), token.group()[0].isupper()
        end = name_end(text, start)
        if end == start or _BEFORE_COMPOUND.match(text, end):
            return 0, 0.0
        parts = [plain(word) for word in WORD.findall(text[start:end])]
        common = is_everyday(first)
        if len(parts) > 1:
            rest = [part for part in parts[1:] if part not in words().particles]
            last = rest[-1] if rest else ""
            if is_surname(last) or is_given(last):
                if common and all(is_everyday(part) for part in parts):
                    # "Per Moen", but no "per moen", and no "Dag Og Natt".
                    sure = capital and all(map(str.istitle, WORD.findall(text[start:end])))
                    return (end, 0.7) if sure and is_surname(last) else (0, 0.0)
                if capital:
                    return end, 0.88 if is_surname(last) else 0.8
                return (0, 0.0) if common else (end, 0.75)
            if capital and not common and first not in words().doubtful:
                return end, 0.7  # a surname that no list knows
            return 0, 0.0
        if not capital or common or first in words().doubtful or is_place(first):
            return 0, 0.0
        if is_company(text, start) or (first, next_word(text, token.end())) in IDIOMS:
            return 0, 0.0
        if first in _MONTHS and (
            _DATE_BEFORE.search(text, max(0, start - 3), start) or _DATE_AFTER.match(text, end)
        ):
            return 0, 0.0  # "23 Jan 2026"
        if len(first) < 3 or (token.group().isupper() and len(first) < 4):
            return 0, 0.0
        return end, 0.6

    def _reversed(self, text: str, token: regex.Match[str], first: str) -> tuple[int, float]:
        """`Nordmann, Kari`, or `NORDMANN KARI` in capitals."""
        comma = _REVERSED.match(text, token.end())
        if comma and not is_everyday(first):
            given = WORD.match(text, comma.end())
            if given and given.group()[0].isupper() and is_given(plain(given.group())):
                after = name_end(text, comma.end())
                follows = text[after : after + 1]
                if after > comma.end() and not (is_place(first) and follows == ","):
                    return after, 0.8
        if token.group().isupper() and text[token.end() : token.end() + 1] == " ":
            given = WORD.match(text, token.end() + 1)
            if given and given.group().isupper():
                low = plain(given.group())
                if is_given(low) and not (is_everyday(low) or is_everyday(first)):
                    return name_end(text, token.start()) or given.end(), 0.8
        return 0, 0.0


def _double_given(text: str, token: regex.Match[str], first: str) -> int:
    """Where `Hans Kristian`, `May Britt`, `Dag Erik Lie` end; 0 where `Hans` is `his`."""
    if not (is_never(first) and is_given(first) and token.group()[0].isupper()):
        return 0
    second = (
        WORD.match(text, token.end() + 1) if text[token.end() : token.end() + 1] == " " else None
    )
    if second is None or not second.group()[0].isupper():
        return 0
    low = bare(plain(second.group()))
    if is_never(low) or is_everyday(low) or not (is_given(low) or is_surname(low)):
        return 0
    end = name_end(text, second.start())
    parts = len(WORD.findall(text[token.start() : end]))
    alone = _ALONE.match(text, end) is not None
    if (
        parts < _FULL
        and not alone
        and _SENTENCE.search(text, max(0, token.start() - 3), token.start())
    ):
        return 0  # "Vår Silje har …"
    return end if end > second.start() else 0


def _family_alone(low: str, token: regex.Match[str], text: str) -> bool:
    """A surname that can be nothing else, not at the beginning of a compound."""
    return (
        is_surname(low)
        and not is_everyday(low)
        and not is_place(low)
        and not is_company(text, token.start())
        and _FAMILY.fullmatch(low) is not None
        and low.endswith(("sen", "sson", "datter"))
        and not _BEFORE_COMPOUND.match(text, token.end())
        and name_end(text, token.start()) > token.start()
    )


def _ending(word: str) -> int:
    """Characters of a genitive at the end of a word."""
    low = plain(word)
    return len(low) - len(bare(low))
