"""What is looked for of each distinct original: its digests, by the kind that it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks import shapes
from sladd.gate.leaks.control import permuted_digits, permuted_names
from sladd.gate.leaks.numbers import telephones, with_zero
from sladd.gate.leaks.shapes import LEAST_CHARACTERS, Kind
from sladd.gate.leaks.spans import Spans, sequence
from sladd.gate.leaks.store import tag
from sladd.gate.leaks.words import Digests, Hasher, Page, Places, Runs, digest, mix

if TYPE_CHECKING:
    from sladd.gate.leaks.needles import Needles

NAME_WORDS = 4  # longest name searched word by word
ADDRESS_WORDS = 8
_LETTER_AND_DIGIT = r"[^0-9].*[0-9]|[0-9].*[^0-9]"


class Emitter:
    """Puts the digests of one column's distinct values into the store."""

    def __init__(self, needles: Needles, number: int, category: str, *, cells: bool) -> None:
        self._needles, self._number, self._category = needles, number, category
        self._cells = cells

    def part(
        self,
        kind: Kind,
        folded: pa.Array,
        places: Places,
        owners: Digests,
        first: npt.NDArray[np.bool_],
    ) -> npt.NDArray[np.bool_]:
        """Store some of them.

        Args:
            kind: how they are looked for.
            folded: shape (n,).
            places: value of each pair of a value and a person.
            owners: digest of its person.
            first: shape (n,), those that no control was drawn for yet.

        Returns:
            Shape (n,), which of them are weak.
        """
        page = Page(folded, self._needles.hasher)
        words = page.words()
        spans = Spans(words, len(folded))
        send = _Sender(self._needles, self._number, places, owners, first)
        weak = ~self._strong(kind, folded, page, words, spans, send)
        if self._cells:
            whole = spans.digest(page.hasher)
            send(Kind.CELL, mix(whole + np.uint64(self._number)), weak & (spans.count > 0))
        return weak

    def _strong(
        self, kind: Kind, folded: pa.Array, page: Page, words: Runs, spans: Spans, send: _Sender
    ) -> npt.NDArray[np.bool_]:
        """Send what is strong; which values that were."""
        hasher, needles = page.hasher, self._needles
        whole = spans.digest(hasher)
        if kind is Kind.EMAIL:
            good = _mask(pc.match_substring(folded, "@")) & (spans.length >= LEAST_CHARACTERS)
            needles.spelt(kind, np.unique(spans.count[good]))
            send(kind, whole, good)
            return good
        if kind in {Kind.PHONE, Kind.IDENTIFIER}:
            return self._numbered(kind, folded, spans, whole, send)
        if kind is Kind.NAME:
            return self._names(words, spans, send, hasher)
        if kind is Kind.IP:
            good = _mask(pc.match_substring_regex(folded, r"^\s*[0-9]{1,3}(\.[0-9]{1,3}){3}\s*$"))
            send(kind, sequence(words, spans, hasher), good)
            return good
        if kind is Kind.ADDRESS:
            good = _mask(pc.match_substring_regex(folded, r"[^0-9\s].*[0-9].*\b[0-9]{4}\b"))
            good &= (spans.count >= 3) & (spans.count <= ADDRESS_WORDS)
            needles.spelt(kind, np.unique(spans.count[good]))
            send(kind, sequence(words, spans, hasher), good)
            return good
        return np.zeros(len(folded), bool)

    def _numbered(
        self, kind: Kind, folded: pa.Array, spans: Spans, whole: Digests, send: _Sender
    ) -> npt.NDArray[np.bool_]:
        lettered = _mask(pc.match_substring_regex(folded, "[^0-9+() ./-]"))
        mixed = lettered & _mask(pc.match_substring_regex(folded, _LETTER_AND_DIGIT))
        mixed &= spans.length >= LEAST_CHARACTERS
        if kind is Kind.IDENTIFIER and mixed.any():
            self._needles.spelt(Kind.IDENTIFIER, [1, *np.unique(spans.count[mixed]).tolist()])
            send(Kind.IDENTIFIER, whole, mixed)
        bare = pc.replace_substring_regex(folded, "[^0-9]", "")
        bare = pc.if_else(pa.array(~lettered), bare, "")
        international: pa.Array | None = None
        if kind is Kind.PHONE:
            national, international = telephones(folded, bare)
            self._digits(national, send)
            good = self._send_texts(Kind.PHONE, international, send)
            self._digits(international, send, control=False)
        else:
            good = self._digits(bare, send)
        if shapes.is_one_of(self._category, shapes.PADDED):
            self._digits(pc.utf8_ltrim(bare, "0"), send, control=False)
            self._digits(
                pc.if_else(pc.equal(pc.utf8_length(bare), 10), with_zero(bare), ""),
                send,
                control=False,
            )
        return good | (mixed if kind is Kind.IDENTIFIER else False)

    def _digits(
        self, bare: pa.Array, send: _Sender, *, control: bool = True
    ) -> npt.NDArray[np.bool_]:
        good = self._send_texts(Kind.DIGITS, bare, send)
        drawing = good & send.first
        if control and drawing.any():
            chosen = pc.unique(bare.filter(pa.array(drawing)))
            counted = self._needles.digits_of(self._number)
            for drawn in permuted_digits(chosen, counted):
                page = Page(drawn, self._needles.hasher)
                digests = Spans(page.digits(), len(drawn)).digest(page.hasher)
                send.alone(Kind.DIGITS_BY_CHANCE, digests, like=Kind.DIGITS)
        return good

    def _send_texts(self, kind: Kind, bare: pa.Array, send: _Sender) -> npt.NDArray[np.bool_]:
        page = Page(bare, self._needles.hasher)
        spans = Spans(page.digits(), len(bare))
        good = spans.length >= LEAST_CHARACTERS
        self._needles.spelt(kind, np.unique(spans.length[good]))
        digests = spans.digest(page.hasher)
        if kind is Kind.DIGITS:
            self._needles.digits_of(self._number).seen(digests[good])
        send(kind, digests, good)
        return good

    def _names(
        self, words: Runs, spans: Spans, send: _Sender, hasher: Hasher
    ) -> npt.NDArray[np.bool_]:
        good = spans.count >= 2
        if not good.any():
            return good
        each = mix(digest(words, np.arange(len(words)), 1, hasher))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(each)])
        full = sums[spans.last] - sums[spans.first]
        fits = good & (spans.count <= NAME_WORDS)
        self._needles.spelt(Kind.NAME, [2, *np.unique(spans.count[fits]).tolist()])
        send(Kind.NAME, full, fits)
        first, last = each[spans.first[good]], each[spans.last[good] - 1]
        ends = np.zeros(len(good), np.uint64)
        ends[good] = first + last
        send(Kind.NAME, ends, good & (spans.count > 2))
        first, last = first[send.first[good]], last[send.first[good]]
        for drawn in permuted_names(first, last, self._needles.names_of(self._number)):
            send.alone(Kind.NAME_BY_CHANCE, drawn, like=Kind.NAME)
        return good


class _Sender:
    """Salts digests of distinct values and stores them with the persons that have them."""

    def __init__(
        self,
        needles: Needles,
        number: int,
        places: Places,
        owners: Digests,
        first: npt.NDArray[np.bool_],
    ) -> None:
        self._needles, self._number = needles, number
        self._places, self._owners, self.first = places, owners, first

    def __call__(self, kind: Kind, digests: Digests, good: npt.NDArray[np.bool_]) -> None:
        if not good.any():
            return
        chosen = good[self._places]
        salted = self._needles.salted(digests[self._places[chosen]], kind)
        self._needles.store.add(salted, self._owners[chosen], tag(self._number, kind))

    def alone(self, kind: Kind, digests: Digests, *, like: Kind) -> None:
        """Store controls, which are looked for as originals of another kind are."""
        salted = self._needles.salted(digests, like)
        self._needles.store.add(salted, np.zeros(len(salted), np.uint64), tag(self._number, kind))


def _mask(values: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), bool)
