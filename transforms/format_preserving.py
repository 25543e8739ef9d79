"""Encrypt the digits of a value into as many other digits; everything between them stays.

ISO/IEC 20889 §8.3.4: format-preserving encryption. FF1 with AES-256, for consumers that check
the format. It has no integrity and its output looks like what it replaces, so `pseudonym` and
`encrypt` are better wherever the format is free. Fewer than six digits can be tried out one by
one and are refused: the value becomes null and is counted as `too_short`.

Source: NIST SP 800-38G; the least domain of 10⁶ is that of the draft of Revision 1 (2025).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd import canonical
from sladd.keyring import DerivedKey
from sladd.model import StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context, needs_key
from transforms.ff1 import FEWEST_DIGITS, MOST_DIGITS, MOST_NUMERALS, Ff1

SPEC = TransformSpec(
    name="format_preserving",
    accepts=(StorageType.STRING, StorageType.INTEGER, StorageType.LIST),
    output=StorageType.STRING,
    iso20889="format-preserving encryption",
    summary="Encrypt the digits of a value into as many other digits.",
    nullable=True,
    reversible=True,
    joinable=True,
    keyed=True,
    keeps_uniqueness=True,
    keeps_category=True,
)

_COUNTRY = "+47"  # stays: a telephone number of eight other digits is still a Norwegian one


class DigitEncrypter:
    """Maps texts to texts of the same form under one key, and back."""

    __slots__ = ("_ff1", "kind", "raw", "short")

    def __init__(self, key: DerivedKey, kind: str) -> None:
        self._ff1 = Ff1(key.reveal(), tweak=kind.encode())
        self.kind = kind
        self.raw = 0  # values that did not have the form of their type
        self.short = 0  # values that have too few or too many digits, or letters

    def __repr__(self) -> str:
        return f"<DigitEncrypter of {self.kind}>"

    def __call__(self, values: pa.Array) -> pa.Array:
        """Encrypted texts, shape (n,); null stays null, '' stays ''."""
        return self._all(self._canonical(values), back=False)

    def read(self, values: pa.Array) -> pa.Array:
        """The canonical spellings that encrypted texts hide; any key gives some."""
        return self._all(values, back=True)

    def _canonical(self, values: pa.Array) -> pa.Array:
        if self.kind == "row_key" and pc.all(pc.string_is_ascii(values)).as_py() is not False:
            return values
        spelled: list[str | None] = []
        for value in values.to_pylist():
            if not value:
                spelled.append(value)
                continue
            text, parsed = canonical.canonical(value, self.kind)
            self.raw += not parsed
            spelled.append(text or value)
        return pa.array(spelled, pa.string())

    def _all(self, values: pa.Array, *, back: bool) -> pa.Array:
        width = _one_width(values)
        if width:
            return self._numbers(values, width, back=back)
        texts = values.to_pylist()
        digits = [_digits(text) if text else "" for text in texts]
        found: dict[int, str] = {}
        by_width: dict[int, list[int]] = {}
        for at, (text, own) in enumerate(zip(texts, digits, strict=True)):
            if not text:
                continue
            if own is None or not FEWEST_DIGITS <= len(own) <= MOST_NUMERALS:
                self.short += 1
                texts[at] = None
            elif len(own) <= MOST_DIGITS:
                by_width.setdefault(len(own), []).append(at)
            else:
                done = self._ff1.numerals([int(d) for d in own], back=back)
                found[at] = "".join(map(str, done))
        for size, places in by_width.items():
            given = np.array([int(digits[at] or 0) for at in places], np.uint64)
            done_numbers = self._ff1.digits(given, size, back=back)
            for at, number in zip(places, done_numbers.tolist(), strict=True):
                found[at] = f"{number:0{size}d}"
        for at, new in found.items():
            texts[at] = _put(texts[at] or "", new)
        return pa.array(texts, pa.string())

    def _numbers(self, values: pa.Array, width: int, *, back: bool) -> pa.Array:
        """Plain digits of one width: the whole column at once."""
        given = values.cast(pa.uint64()).to_numpy(zero_copy_only=False)
        done = self._ff1.digits(given.astype(np.uint64), width, back=back)
        return pc.utf8_lpad(pa.array(done).cast(pa.string()), width, "0")


def _one_width(values: pa.Array) -> int:
    """The width of a column of nothing but digits, six to eighteen; 0 for any other."""
    if not len(values) or values.null_count:
        return 0
    width = pc.binary_length(values.slice(0, 1))[0].as_py()
    if not FEWEST_DIGITS <= width <= MOST_DIGITS:
        return 0
    plain = pc.match_substring_regex(values, f"^[0-9]{{{width}}}$")
    return width if pc.all(plain).as_py() else 0


def _digits(text: str) -> str | None:
    """The digits to encrypt; None where a letter or a foreign digit stands among them."""
    rest = text.removeprefix(_COUNTRY)
    if any(c.isalnum() and not ("0" <= c <= "9") for c in rest):
        return None
    return "".join(c for c in rest if "0" <= c <= "9")


def _put(text: str, digits: str) -> str:
    """The text with its digits, from the country code on, replaced one by one."""
    head = _COUNTRY if text.startswith(_COUNTRY) else ""
    new = iter(digits)
    return head + "".join(next(new) if "0" <= c <= "9" else c for c in text[len(head) :])


def encrypter(context: Context) -> DigitEncrypter:
    """The encrypter that a context describes.

    Raises:
        TransformError: there is no key (SLADD-302).
    """
    if context.key is None:
        raise needs_key(SPEC.name)
    return DigitEncrypter(context.key, context.canonical)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Texts of the same form; null stays null, '' stays ''."""
    worker = encrypter(context)
    done = arrays.elementwise(
        values, lambda flat: arrays.per_distinct(arrays.texts(flat, context.storage), worker)
    )
    for name, number in (("raw", worker.raw), ("too_short", worker.short)):
        if number:
            context.counts[name] += number
    return done
