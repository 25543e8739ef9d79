"""Firms, clubs, codes and days that are called like persons: `Bjørn Hansen Eiendom`, `KARI_02`, `until June`.

What finds names sees a given name and a surname. The words beside them say that a firm, a shelf or a
day is meant, whoever found the name.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from detectors import ner
from detectors.texts.lexicon import (
    SELDOM_CAPITAL,
    bare,
    is_given,
    is_place,
    is_surname,
    plain,
    words,
)
from detectors.texts.name_grammar import WORD

_FIRST = frozenset(
    [
        "advokatfirmaet",
        "advokatene",
        "arkitektfirmaet",
        "entreprenørfirmaet",
        "fagforbundet",
        "menigheten",
        "galleri",
        "hotell",
        "restaurant",
        "kafé",
        "kafe",
        "café",
        "stiftelsen",
        "klubben",
        "brødrene",
        "brdr",
        "firmaet",
        "konsernet",
        "kjeden",
        "barnehagen",
        "skolen",
        "senteret",
        "kjøpesenteret",
        "hotel",
        "grand",
    ]
)  # begin what a firm or a body is called
_CODE = regex.compile(r"_|-(?=[ ](?:og|eller|and|or|å)[ ])")
_TRADE = regex.compile(r"[ ](?P<word>\p{L}[\p{L}\p{M}-]+)")
_MONTHS = frozenset({"may", "june", "april", "august", "mai", "juni"})
_SINCE = regex.compile(
    r"(?<![\p{L}])(?:until|till|since|before|after|by|early|late|mid|next|last|this|end of|beginning of|innen|før|etter|siden|sidan|utgangen av|"
    r"starten av|slutten av|midten av|i løpet av)[ ]$",
    regex.IGNORECASE,
)
_WEEKDAYS = frozenset({"mon", "tue", "tues", "thu", "thur", "thurs", "sat", "sun"})
_ON = regex.compile(r"(?<![\p{L}])(?:on|by|until|next|this|last|every|from)[ ]$", regex.IGNORECASE)
_PIECES = regex.compile(r"(?<![\p{L}0-9.,])[0-9]{1,4}[ ]?[x×][ ]$")  # "6 x Kari Traa Rose"
_SHORTEST_JOINED, _SHORTEST_PART = 8, 3  # letters of a joined word, and of its parts
_BEFORE = 16  # characters in which the word before stands


def is_firm_or_code(text: str, start: int, end: int) -> bool:
    """Whether what looks like a person's name in a folded text is a firm's, a code or a day.

    >>> [is_firm_or_code(t, 0, 12) for t in ("Bjørn Hansen Eiendom", "Bjørn Hansen kommer")]
    [True, False]
    """
    found = text[start:end]
    tokens = [plain(token.group()) for token in WORD.finditer(text, start, end)]
    if not tokens:
        return False
    if _CODE.match(text, end) or text[start - 1 : start] == "_":
        return True
    if is_day(text, start, found) or _PIECES.search(text, max(0, start - 7), start):
        return True
    if len(tokens) > 1 and (
        tokens[0] in _FIRST or (tokens[-1] in words().bodies and not is_surname(tokens[-1]))
    ):
        return True
    return (len(tokens) == 1 and _is_noun(found, tokens[0])) or _trades(text, end, tokens)


def is_day(text: str, start: int, found: str) -> bool:
    """`until June`, `on Thu`: when, not who."""
    low = plain(found)
    before = text[max(0, start - _BEFORE) : start]
    return (low in _MONTHS and _SINCE.search(before) is not None) or (
        low in _WEEKDAYS and _ON.search(before) is not None
    )


def _is_noun(found: str, low: str) -> bool:
    """`Menighet`, `Vaskerom`: a word of every day with a capital, which no list of names has."""
    if not found[0].isupper() or is_given(bare(low)) or is_surname(bare(low)):
        return False
    return ner.code(low).removesuffix("O") in SELDOM_CAPITAL or is_joined_noun(low)


@lru_cache(maxsize=65_536)
def is_joined_noun(low: str) -> bool:
    """`bindingstid`, `medlemsskjema`: two words of every day joined, which no list of names has.

    >>> is_joined_noun("bindingstid"), is_joined_noun("nordmann")
    (True, False)
    """
    if len(low) < _SHORTEST_JOINED or is_given(bare(low)) or is_surname(bare(low)):
        return False
    return any(
        _is_part(low[place:]) and (_is_part(low[:place]) or _is_part(low[:place].removesuffix("s")))
        for place in range(_SHORTEST_PART, len(low) - _SHORTEST_PART + 1)
    )


def _is_part(part: str) -> bool:
    return (
        len(part) >= _SHORTEST_PART
        and ner.code(part).removesuffix("O") in SELDOM_CAPITAL
        and not is_surname(part)
    )


def _trades(text: str, end: int, tokens: list[str]) -> bool:
    """`Bjørn Hansen Eiendom`, `Rørvik bibliotek`: the word behind says what it is."""
    behind = _TRADE.match(text, end)
    if behind is None:
        return False
    low = plain(behind["word"])
    if is_given(low) or is_surname(low):
        return False
    if behind["word"][0].isupper() and low in words().trades | words().bodies:
        return True
    return len(tokens) == 1 and is_place(tokens[0]) and low in words().bodies
