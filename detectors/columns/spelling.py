"""Names of columns and tables as words, however they are spelt: folded, cut at camels and signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_MOJIBAKE = {"Ã¸": "ø", "Ã˜": "Ø", "Ã¥": "å", "Ã…": "Å", "Ã¦": "æ", "Ã†": "Æ"}
_FOLDS = (
    ("æ", "ae"), ("ø", "o"), ("å", "a"), ("đ", "d"), ("ŋ", "n"), ("ŧ", "t"), ("ß", "ss"),
)  # fmt: skip
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("aa", "a"))  # how æøå are written without them
_CAMEL = re.compile(r"(?<=[a-zæøå0-9])(?=[A-ZÆØÅ])|(?<=[A-ZÆØÅ])(?=[A-ZÆØÅ][a-zæøå])")
_SPLIT = re.compile(r"[^a-z0-9]+")

_DIGITS = "0123456789"


def words(name: str) -> list[str]:
    """The words of a name, folded to ASCII; `kundeFødselsdato` is `kunde fodselsdato`."""
    text = unicodedata.normalize("NFC", name)
    for wrong, right in _MOJIBAKE.items():
        text = text.replace(wrong, right)
    text = _CAMEL.sub(" ", text).lower()
    for letter, plain in _FOLDS:
        text = text.replace(letter, plain)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return [word for word in _SPLIT.split(text) if word]


def folded(name: str) -> str:
    """The words as one, with æøå spelt one way."""
    return joined(words(name))


def joined(parts: Iterable[str]) -> str:
    """Words that were cut apart, as `folded` spells them together."""
    text = "".join(parts)
    for pair, plain in _DIGRAPHS:
        text = text.replace(pair, plain)
    return text


def uncounted(parts: Sequence[str]) -> list[str]:
    """The words without the numbers behind them."""
    bare = [part.rstrip(_DIGITS) for part in parts]
    return [part for part in bare if part] or list(parts)
