"""Keys of persons and rows as tokens of 128 bits, under a key of the release's domain.

Whatever a source stores a key as, one key is one token in every table, source and file of the
domain; a transform that is handed tokens never sees the key itself.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.keyring import DerivedKey
from sladd.model import StorageType, Table
from transforms.arrays import texts
from transforms.contract import TOKEN, Rows

BLOCK = 64  # bytes of a SHA-256 block, RFC 2104 §2
REMEMBERED = 200_000  # keys whose tokens are held: some 40 MB
_JOINT = "\x1f"  # between the parts of a composite key; a control character no key has


class Tokens:
    """Maps keys to tokens. Holds keys: never printed or pickled."""

    def __init__(self, key: DerivedKey) -> None:
        # RFC 2104 with both padded keys hashed once, as in `transforms.pseudonym`.
        padded = key.reveal().ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._known: dict[str | None, bytes | None] = {}

    def __call__(self, values: pa.Array, storage: StorageType) -> pa.Array:
        """Tokens, shape (n,), `TOKEN`; null where there is no key, or an empty one."""
        return self.of_texts(texts(values, storage))

    def of_texts(self, keys: pa.Array) -> pa.Array:
        """The same of keys that are texts already."""
        coded = keys.dictionary_encode()
        distinct = coded.dictionary.to_pylist()
        if 2 * len(distinct) > len(keys):
            # Keys that hardly repeat will not come again.
            made = self._made(distinct)
        else:
            known = self._known
            fresh = [key for key in distinct if key not in known]
            if len(known) + len(fresh) > REMEMBERED:
                known, fresh = {}, distinct
                self._known = known
            known.update(zip(fresh, self._made(fresh), strict=True))
            made = [known[key] for key in distinct]
        return pa.array(made, TOKEN).take(coded.indices)

    def _made(self, keys: Sequence[str]) -> list[bytes | None]:
        inner, outer, width = self._inner.copy, self._outer.copy, TOKEN.byte_width
        found: list[bytes | None] = []
        for key in keys:
            spelt = key.strip() if key.isascii() else unicodedata.normalize("NFC", key).strip()
            if not spelt:
                found.append(None)
                continue
            message = inner()
            message.update(spelt.encode())
            last = outer()
            last.update(message.digest())
            found.append(last.digest()[:width])
        return found

    def __repr__(self) -> str:
        return "<Tokens>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("Tokens hold a key and are never serialised")


class RowKeys:
    """The keys of a table's rows, for transforms that need them.

    Args:
        table: whose rows.
        key: columns that together name a row.
        named: columns that parameters name.
        tokens: of the table.
    """

    def __init__(
        self, table: Table, key: Sequence[str], named: Sequence[str], tokens: Tokens
    ) -> None:
        self._table, self._key, self._named, self._tokens = table, tuple(key), tuple(named), tokens

    def columns(self) -> tuple[str, ...]:
        """Columns of the table that `of` reads."""
        return tuple(dict.fromkeys((*self._key, *self._named)))

    def of(self, batch: pa.RecordBatch) -> Rows:
        """Which rows these are."""
        parts = [texts(batch.column(c), self._table.column(c).type) for c in self._key]
        whole = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, _JOINT)
        # A row whose key is null or empty is a row all the same.
        keys = self._tokens.of_texts(pc.binary_join_element_wise("=", whole.fill_null("\0"), ""))
        return Rows(keys, {name: batch.column(name) for name in self._named})

    def __repr__(self) -> str:
        return f"<RowKeys of {self._table.ref}>"


def row_key(table: Table, own: str = "") -> tuple[str, ...]:
    """The columns that name a row: the primary key, a unique one, or the person's own.

    Args:
        table: as the source lists it.
        own: the column that the configuration says is the key of the persons in it.
    """
    if table.primary_key:
        return table.primary_key
    if table.unique_keys:
        return table.unique_keys[0]
    unique = next((f.ref.column for f in table.fields if f.unique and not f.nullable), own)
    return (unique,) if unique else ()


def digests(tokens: pa.Array) -> npt.NDArray[np.uint64]:
    """The first half of each token as a number, shape (n,)."""
    from transforms.draws import blocks

    return np.ascontiguousarray(blocks(tokens)[:, :8]).view("<u8").reshape(-1)
