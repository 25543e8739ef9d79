"""Encrypt every value so that whoever holds the key can read it again; equal values stay equal.

ISO/IEC 20889 §8.3.2: deterministic encryption. AES-256-SIV over the canonical spelling, padded
to whole blocks, written in base32. A ciphertext that was changed, or made with another key, is
refused when it is read (`decrypt`). What comes back is the canonical spelling:
`Kari@Example.no` is read again as `kari@example.no`, so that both join.

Source: RFC 5297; ENISA 2019, Pseudonymisation techniques and best practices, §5.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd import canonical
from sladd.errors import TransformError
from sladd.keyring import DerivedKey
from sladd.model import Parameter, StorageType, TransformSpec
from transforms import arrays, base32, characters, siv
from transforms.aes import BLOCK, Blocks
from transforms.contract import Context, Form, needs_key

CHUNK = 32_768  # values whose blocks fit a core's cache: twice as fast as a million at once
PARSED, RAW = 0x80, 0x81
"""What ends a message: whether the value had the form of its type."""

SPEC = TransformSpec(
    name="encrypt",
    accepts=(
        StorageType.STRING,
        StorageType.INTEGER,
        StorageType.DECIMAL,
        StorageType.FLOAT,
        StorageType.DATE,
        StorageType.TIMESTAMP,
        StorageType.BINARY,
        StorageType.UUID,
        StorageType.LIST,
    ),
    output=StorageType.STRING,
    iso20889="deterministic encryption",
    summary="Encrypt every value so that the holder of the key can read it again.",
    reversible=True,
    joinable=True,
    keyed=True,
    keeps_uniqueness=True,
    emits="user.unique_id.pseudonymous",
    alphabet=base32.ALPHABET.decode(),
    parameters=(
        Parameter("show_version", "boolean", default=False, help="write the key's version: v1:…"),
    ),
)


class Encrypter:
    """Maps texts to ciphertexts under one key, and back."""

    __slots__ = ("_siv", "kind", "prefix", "raw")

    def __init__(self, key: DerivedKey, kind: str, *, prefix: str = "") -> None:
        self._siv = siv.Siv(siv.siv_key(key))
        self.kind = kind
        self.prefix = prefix
        self.raw = 0  # values that did not have the form of their type

    def __repr__(self) -> str:
        return f"<Encrypter of {self.kind}>"

    def __call__(self, values: pa.Array) -> pa.Array:
        """Ciphertexts of texts, shape (n,); null stays null and '' stays ''."""
        parts = [self._some(values.slice(start, CHUNK)) for start in range(0, len(values), CHUNK)]
        return pa.concat_arrays(parts) if parts else pa.array([], pa.string())

    def _some(self, values: pa.Array) -> pa.Array:
        spelled, marks = self._canonical(values)
        there = pc.fill_null(pc.greater(pc.binary_length(spelled), 0), fill_value=False)
        full = pc.all(there).as_py()
        flat = (spelled if full else spelled.filter(there)).cast(pa.large_binary())
        if not len(flat):
            return spelled
        _, ends, data = flat.buffers()
        groups = siv.padded(
            np.frombuffer(ends, np.int64)[flat.offset : flat.offset + len(flat) + 1],
            np.frombuffer(data, np.uint8),
            marks[there.to_numpy(zero_copy_only=False)],
        )
        done = pa.concat_arrays([characters.column(self._written(r), [], []) for _, r in groups])
        if len(groups) > 1:
            order = np.argsort(np.concatenate([chosen for chosen, _ in groups]))
            done = done.take(pa.array(order))
        return done if full else pc.replace_with_mask(spelled, there, done)

    def _written(self, rows: Blocks) -> Blocks:
        sealed = self._siv.encrypt(rows)
        table = base32.spelled(sealed, sealed.shape[1] * 8)
        if self.prefix:
            head = np.frombuffer(self.prefix.encode(), np.uint8)
            table = np.hstack([np.broadcast_to(head, (len(table), len(head))), table])
        return table

    def _canonical(self, values: pa.Array) -> tuple[pa.Array, Blocks]:
        """Canonical spellings, and the mark that ends each message."""
        marks = np.full(len(values), PARSED, np.uint8)
        # An ASCII key of a row is its own canonical spelling.
        if self.kind == "row_key" and pc.all(pc.string_is_ascii(values)).as_py() is not False:
            return values, marks
        spelled: list[str | None] = []
        for at, value in enumerate(values.to_pylist()):
            if not value:
                spelled.append(value)
                continue
            text, parsed = canonical.canonical(value, self.kind)
            # A name of nothing but spaces has an empty spelling; it is no missing value.
            if not parsed or not text:
                marks[at] = RAW
                self.raw += 1
                text = text or value
            spelled.append(text)
        return pa.array(spelled, pa.string()), marks

    def read(self, ciphertexts: Sequence[str]) -> list[str]:
        """The canonical spellings that ciphertexts hide.

        Raises:
            TransformError: one was not made with this key, or was changed (SLADD-307).
        """
        return [self._one(text) for text in ciphertexts]

    def _one(self, text: str) -> str:
        sealed = base32.unspelled(text.removeprefix(self.prefix))
        if sealed is None or len(sealed) < 2 * BLOCK or len(sealed) % BLOCK:
            raise _not_ours()
        rows, authentic = self._siv.decrypt(np.frombuffer(sealed, np.uint8).reshape(1, -1))
        message, mark = siv.unpadded(rows.tobytes())
        if not authentic[0] or mark not in {PARSED, RAW}:
            raise _not_ours()
        return message.decode()


def _not_ours() -> TransformError:
    return TransformError(
        "the ciphertext was changed, or made with another key, domain or type",
        code=307,
        mend="name the key version that the manifest of its release names",
    )


def form(parameters: Mapping[str, Any], version: int) -> Form:
    """How ciphertexts with these parameters are written; longer values have longer ones."""
    prefix = f"v{version}:" if parameters.get("show_version") else ""
    return Form(prefix, SPEC.alphabet, None)


def encrypter(context: Context) -> Encrypter:
    """The encrypter that a context describes.

    Raises:
        TransformError: there is no key (SLADD-302).
    """
    if context.key is None:
        raise needs_key(SPEC.name)
    prefix = form(context.parameters, context.key.version).prefix
    return Encrypter(context.key, context.canonical, prefix=prefix)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Ciphertexts; null stays null, '' stays ''."""
    worker = encrypter(context)
    done = arrays.elementwise(
        values, lambda flat: arrays.per_distinct(arrays.texts(flat, context.storage), worker)
    )
    if worker.raw:
        context.counts["raw"] += worker.raw
    return done
