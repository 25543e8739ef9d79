"""Random numbers that a key decides: the same person and value always draw the same.

A pseudorandom function over whole arrays: AES in CBC-MAC over exactly two blocks, the token of
a person or row and a number. For messages of one fixed length CBC-MAC is a pseudorandom
function (Bellare, Kilian, Rogaway 1994, The Security of Cipher Block Chaining).
"""

from __future__ import annotations

import hmac

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.keyring import DerivedKey
from transforms.aes import BLOCK, BlockCipher

Numbers = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_STEPS = 2.0**53  # doubles between 0 and 1 that are equally far apart


def draw(key: DerivedKey, label: str, tokens: pa.Array, numbers: Numbers | None = None) -> Numbers:
    """Two independent numbers of 64 bits for each row.

    Args:
        key: of the domain.
        label: what the numbers are for; another label draws other numbers.
        tokens: shape (n,), `TOKEN`; null draws too, and means nothing.
        numbers: shape (n,), what else decides the draw.

    Returns:
        Shape (n, 2).
    """
    cipher = BlockCipher(hmac.digest(key.reveal(), label.encode(), "sha256"))
    size = len(tokens)
    first = cipher(blocks(tokens))
    if numbers is None:
        numbers = np.zeros(size, np.uint64)
    second = first.reshape(size, BLOCK).copy()
    second[:, :8] ^= np.ascontiguousarray(numbers.astype("<u8")).view(np.uint8).reshape(size, 8)
    return cipher(second).reshape(size, BLOCK).copy().view("<u8").reshape(size, 2)


def blocks(tokens: pa.Array) -> npt.NDArray[np.uint8]:
    """The bytes of tokens, shape (n, 16); zeros where null."""
    filled = tokens.fill_null(bytes(BLOCK)) if tokens.null_count else tokens
    data = filled.buffers()[1]
    if data is None or not len(tokens):
        return np.zeros((0, BLOCK), np.uint8)
    found = np.frombuffer(data, np.uint8)
    return found[filled.offset * BLOCK : (filled.offset + len(filled)) * BLOCK].reshape(-1, BLOCK)


def between(drawn: Numbers) -> Floats:
    """Numbers of 64 bits as floats strictly between 0 and 1."""
    return np.asarray(((drawn >> np.uint64(11)).astype(np.float64) + 0.5) / _STEPS, np.float64)
