"""A kind of fake, and the keyed draws that every kind is made from.

The draws of a value are the synthetic vector of AES-SIV over its canonical spelling: a
pseudorandom function with 128 bits, under a key of its own for each use, apart from the keys
of pseudonyms. Equal canonical values draw alike in every table, file and text of a domain.

Source: RFC 5297 §2.4 (S2V).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd import canonical
from sladd.keyring import DerivedKey
from transforms import base32, characters, siv
from transforms.aes import BLOCK
from transforms.fakes.vocabulary import Vocabulary

_PARSED, _RAW = 1, 2  # marks: a value without the form of its type never equals one that has it
TAG_BITS = 50
"""Of the tag that keeps fakes apart: ten letters. With the two words before it some 68 bits, so
that two of ten million differing values share a fake with a probability of 10⁻⁷."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fake.

    Attributes:
        name: as rules write it.
        categories: those it stands for; the first is what its fakes look like.
        unique: whether differing values keep differing fakes.
        make: texts, none empty, shape (n,) → fakes, shape (n,).
        pattern: what every fake matches in full and no real value does, in RE2.
    """

    name: str
    categories: tuple[str, ...]
    unique: bool
    make: Callable[[Sequence[str], Fakery], pa.Array]
    pattern: Callable[[Vocabulary], str]


@dataclass(frozen=True, slots=True, repr=False)
class Draws:
    """What a key draws for values: shape (n, 16), bytes."""

    table: npt.NDArray[np.uint8]

    def below(self, *sizes: int) -> list[npt.NDArray[np.int64]]:
        """Independent numbers below each size, each of shape (n,); the sizes' product is < 2⁴⁰."""
        left = self._half(0)
        found = []
        for size in sizes:
            found.append((left % np.uint64(size)).astype(np.int64))
            left = left // np.uint64(size)
        return found

    def digits(self, count: int) -> npt.NDArray[np.uint64]:
        """Numbers of so many decimal digits, at most twelve; independent of `below`."""
        return self._half(8) % np.uint64(10**count)

    def tags(self) -> pa.Array:
        """Ten letters each, independent of `below`."""
        return characters.column(base32.spelled(self.table[:, 8:], TAG_BITS), [], [])

    def _half(self, start: int) -> npt.NDArray[np.uint64]:
        part = np.ascontiguousarray(self.table[:, start : start + 8])
        return part.view(">u8")[:, 0].astype(np.uint64)


class Fakery:
    """Draws for values under the keys of one domain. Holds keys: never printed or pickled.

    Args:
        derive: gives the key of a type.
        words: what the fakes are spelled with.
    """

    __slots__ = ("_derive", "_ready", "raw", "words")

    def __init__(self, derive: Callable[[str], DerivedKey], words: Vocabulary) -> None:
        self._derive = derive
        self._ready: dict[str, siv.Siv] = {}
        self.words = words
        self.raw = 0  # values that did not have the form of their type

    def key(self, use: str) -> DerivedKey:
        """The key of one use."""
        return self._derive(f"fake:{use}")

    def draws(self, use: str, values: Sequence[str], kind: str = "text") -> Draws:
        """What the key of one use draws for values.

        Args:
            use: what for; another use draws independently.
            values: shape (n,).
            kind: their canonical type.
        """
        if use not in self._ready:
            self._ready[use] = siv.Siv(siv.siv_key(self.key(use)))
        messages, marks = self._spelled(values, kind)
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        data = np.frombuffer(b"".join(messages), np.uint8)
        table = np.empty((len(messages), BLOCK), np.uint8)
        for chosen, rows in siv.padded(offsets, data, marks):
            table[chosen] = self._ready[use].encrypt(rows)[:, :BLOCK]
        return Draws(table)

    def _spelled(
        self, values: Sequence[str], kind: str
    ) -> tuple[list[bytes], npt.NDArray[np.uint8]]:
        spell = canonical.CANONICALISERS[kind]
        marks = np.full(len(values), _PARSED, np.uint8)
        messages = []
        for at, value in enumerate(values):
            try:
                text = spell(value)
            except canonical.NotCanonical:
                text = ""
            if not text:
                marks[at] = _RAW
                self.raw += 1
                text = canonical.canonical(value, kind)[0] or value
            messages.append(text.encode())
        return messages, marks

    def __repr__(self) -> str:
        return "<Fakery>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised; open the keyring again instead")


def distinct(values: Sequence[str], work: Callable[[list[str]], pa.Array]) -> pa.Array:
    """Apply `work` to each differing value once: given names are few, however many persons."""
    encoded = pa.array(values, pa.string()).dictionary_encode()
    return work(encoded.dictionary.to_pylist()).take(encoded.indices)
