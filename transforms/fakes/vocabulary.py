"""The words that invented persons, streets and firms are made of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LANGUAGES = ("nb", "en")
_ASCII = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language.

    Attributes:
        language: `nb` or `en`.
        adjectives: shape (a,), stand for given names.
        nouns: shape (n,), each of two parts, stand for surnames.
        beginnings: first parts of the nouns.
        endings: second parts of the nouns.
    """

    language: str
    adjectives: pa.Array
    nouns: pa.Array
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]

    def adjective(self) -> str:
        """A pattern of every adjective."""
        return _either(self.adjectives.to_pylist())

    def noun(self) -> str:
        """A pattern of every noun."""
        return _either(self.beginnings) + _either(self.endings)


@cache  # a constant read once from a file of this package, like the one below
def vocabulary(language: str) -> Vocabulary:
    """The words of a language, `nb` or `en`."""
    raw = _read(f"{language}.toml")
    nouns = [first + second for first in raw["beginnings"] for second in raw["endings"]]
    return Vocabulary(
        language,
        pa.array(raw["adjectives"]),
        pa.array(nouns),
        tuple(raw["beginnings"]),
        tuple(raw["endings"]),
    )


@cache
def towns() -> Mapping[str, tuple[str, ...]]:
    """Town → some of its postcodes."""
    return MappingProxyType({town: tuple(codes) for town, codes in _read("towns.toml").items()})


def picked(words: pa.Array, places: npt.NDArray[np.int64]) -> pa.Array:
    """The words at these places, shape (n,)."""
    return words.take(pa.array(places))


def plain(words: pa.Array) -> pa.Array:
    """The words in small ASCII letters, as addresses on the net have them.

    >>> plain(pa.array(["Bjørkelåve"]))[0].as_py()
    'bjorkelave'
    """
    return pa.array([word.lower().translate(_ASCII) for word in words.to_pylist()])


def _either(words: Sequence[str]) -> str:
    return "(?:" + "|".join(map(re.escape, words)) + ")"


def _read(name: str) -> dict[str, list[str]]:
    text = files(__package__).joinpath("words", name).read_text(encoding="utf-8")
    return tomllib.loads(text)
