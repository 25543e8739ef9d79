"""Bytes as text: base32 in lower case, without padding, over whole arrays.

Source: RFC 4648 §6.
"""

from __future__ import annotations

import base64
import binascii

import numpy as np
import numpy.typing as npt

ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 §6, lower case
_PAIRS = np.frombuffer(
    b"".join(bytes((first, second)) for first in ALPHABET for second in ALPHABET), np.uint16
)
"""Both characters of every ten bits."""


def spelled(table: npt.NDArray[np.uint8], bits: int) -> npt.NDArray[np.uint8]:
    """The first `bits` of every row as characters.

    Args:
        table: shape (n, w), `bits` at most 8·w.
        bits: how many are written.

    Returns:
        Shape (n, ⌈bits / 5⌉), ASCII.
    """
    width = -(-bits // 5)
    whole, rest = divmod(bits, 8)
    wide = np.zeros((len(table), -(-width // 2) * 10 // 8 + 2), np.uint16)
    wide[:, :whole] = table[:, :whole]
    if rest:
        wide[:, whole] = table[:, whole] & (0xFF << (8 - rest) & 0xFF)
    out = np.empty((len(table), -(-width // 2)), np.uint16)
    for place in range(out.shape[1]):
        byte, bit = divmod(10 * place, 8)  # ten bits that begin at an even one lie in two bytes
        pair = wide[:, byte] << 8 | wide[:, byte + 1]
        out[:, place] = _PAIRS[(pair >> (6 - bit)) & 0x3FF]
    return out.view(np.uint8)[:, :width]


def unspelled(text: str) -> bytes | None:
    """The bytes that a text spells; None for a text that is no base32 of whole bytes."""
    try:
        found = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    # One spelling for one value: bits beyond the last byte must be zero.
    return found if base64.b32encode(found).decode().rstrip("=").lower() == text else None
