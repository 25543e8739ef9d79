"""What a language model calls a person although the words around it say otherwise.

A model judges by the look of a word, and goods are called like people: `Marius genser`, `farge
Jade`, `Ole Bull-krus`. What an announcement or the lists of names say is untouched by this.
"""

from __future__ import annotations

import regex

from detectors.texts.lexicon import (
    bare,
    is_everyday,
    is_given,
    is_never,
    is_surname,
    plain,
    words,
)
from detectors.texts.name_grammar import WORD, brand_end, is_company

_COMPOUND = regex.compile(r"-\p{Ll}|[@/\\_#]|\.\p{L}")
_LABEL = regex.compile(
    r"(?<![\p{L}])(?:modell(?:en)?|fargen?|farve|serien?|typen?|størrelsen?|str|merket?|varianten?|sone|bygg|bord|"
    r"kolleksjonen?|model|colou?r|size|style|range|type)[ .:]{1,3}[\"«“]?$",
    regex.IGNORECASE,
)
_MIXED = regex.compile(r"\p{Ll}{3}")
_CAPITAL = regex.compile(r"(?:\A|[.!?:\n])[\s>*–-]*\p{Lu}\p{Ll}")
_NUMBER_WORD = regex.compile(r"(?:nr|nummer|number|kode|code)\.?$", regex.IGNORECASE)
# What is to be printed is a person's, where the sentence says that it is a name.
_INSCRIBED = regex.compile(
    r"(?:navnet|namnet|navn|namn|skrev|skreiv|skrive|står|heter|heiter|ring på|the name|says|wrote)"
    r"[ :]{1,2}[\"«“]$",
    regex.IGNORECASE,
)
_GOES_ON = regex.compile(r"[ ]\p{Ll}|[.][ ]?\p{Ll}")
_BEGINS = regex.compile(r"(?:\A|[.!?:\n\"«“>*•–-])\s*$")


def refuted(text: str, start: int, end: int) -> bool:
    """Whether what a model found at a place in a folded text is no person after all.

    >>> refuted("Har dere Marius genser i blått?", 9, 15), refuted("Ring Marius i dag", 5, 11)
    (True, False)
    """
    found = text[start:end]
    tokens = [*WORD.finditer(text, start, end)]
    names = [t for t in tokens if not is_never(plain(t.group()))]
    if sum(c.isalpha() for c in found) < 2 or not tokens:
        return True
    if len(tokens) == 1 and _quoted(text, start, end):
        return True  # the name of goods, or what is to be printed
    if not names:  # "Anna" is also a word of nynorsk
        return len(tokens) > 1 or _begins(text, start) or not found[0].isupper()
    if (start and text[start - 1] in "@/\\_#") or _COMPOUND.match(text, end):
        return True
    if any("-" in t.group() and _goods(plain(t.group()).rpartition("-")[2]) for t in names):
        return True  # "Ole Bull-krus"
    if brand_end(text, start) > start or is_company(text, start):
        return True
    if _LABEL.search(text, max(0, start - 16), start) or _goods_follow(text, names[-1]):
        return True
    return len(names) == 1 and _weak(text, names[0])


def _weak(text: str, token: regex.Match[str]) -> bool:
    """Whether one word by itself is too little: goods, or a word as well as a name."""
    word = token.group()
    low = bare(plain(word))
    listed = is_given(low) or is_surname(low)
    if not listed and word.isupper() and _MIXED.search(text):
        return True  # "EAN 7090…": letters for something, where others are not written so
    if not listed and word.islower() and _CAPITAL.search(text):
        return True  # a word of a sentence, in a text that writes names with a capital
    if not listed and _NUMBER_WORD.search(word):
        return True  # "Ordrenr: 4711"
    if len(low) < 3 or low in words().doubtful or _goods(plain(word)):
        return True
    # "Liv og røre", "Stein på stein"; not "spurte Liv", and not "Liv" on a line of its own.
    sentence = _begins(text, token.start()) and _GOES_ON.match(text, token.end()) is not None
    return is_everyday(low) and (sentence or not word[0].isupper())


def _quoted(text: str, start: int, end: int) -> bool:
    """`«Nora»`: a word between quotation marks by itself."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    if _INSCRIBED.search(text, max(0, start - 24), start):
        return False
    return before != "" and before in '«“”"' and behind != "" and behind in '»”“"'


def _begins(text: str, start: int) -> bool:
    """Whether a sentence or a line begins here, where any word has a capital."""
    return _BEGINS.search(text, max(0, start - 8), start) is not None


def _goods_follow(text: str, last: regex.Match[str]) -> bool:
    """`Marius genser`, but not `Karis genser`, which is Kari's."""
    low = plain(last.group())
    if text[last.end() : last.end() + 1] != " " or bare(low) != low:
        return False
    behind = WORD.match(text, last.end() + 1)
    return behind is not None and _goods(plain(behind.group()))


def _goods(word: str) -> bool:
    """Whether a looked-up word names goods, by its end: nouns end with their head."""
    return any(
        word == each or (len(word) > len(each) + 2 and word.endswith(each))
        for each in words().goods
    )
