"""AES-SIV over whole arrays: deterministic, authenticated and reversible encryption.

Equal values get equal ciphertexts, a wrong key or a changed character is noticed, and nothing
shows but equality and the number of blocks. Values are padded to whole blocks, so that up to
15 bytes have one length. Bit for bit what `cryptography`'s AESSIV gives for one value.

Source: RFC 5297 §2 (SIV, S2V); RFC 4493 (CMAC); the padding
is that of ISO/IEC 7816-4: a mark (80 hexadecimal there) and zeros.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sladd.keyring import DerivedKey
from transforms.aes import BLOCK, BlockCipher, Blocks

_KEY_BYTES = 64  # two keys of AES-256, RFC 5297 §2.2
_REDUCTION = 0x87  # the polynomial of GF(2^128), RFC 5297 §2.3
# Two bits of the counter are cleared, RFC 5297 §2.5.
_COUNTER_MASK = np.full(BLOCK, 0xFF, np.uint8)
_COUNTER_MASK[[8, 12]] = 0x7F


def siv_key(key: DerivedKey) -> bytes:
    """The two AES keys of a domain and type, apart from what else the key is used for."""
    return HKDFExpand(SHA256(), _KEY_BYTES, b"aes-siv").derive(key.reveal())


class Siv:
    """AES-SIV under one key, without associated data.

    Args:
        key: 32, 48 or 64 bytes: the key of the MAC and the key of the counter mode.
    """

    __slots__ = ("_counter", "_first", "_mac", "_subkey")

    def __init__(self, key: bytes) -> None:
        half = len(key) // 2
        self._mac = BlockCipher(key[:half])
        self._counter = BlockCipher(key[half:])
        zero = np.zeros((1, BLOCK), np.uint8)
        self._subkey = _doubled(self._mac(zero)[0])  # of whole blocks, RFC 4493 §2.3
        self._first = self._mac(zero ^ self._subkey)[0]  # S2V begins with the MAC of zero

    def encrypt(self, blocks: Blocks) -> Blocks:
        """Encrypt messages of one length.

        Args:
            blocks: shape (n, 16·b), b ≥ 1: each row one padded message.

        Returns:
            Shape (n, 16·(b + 1)): the synthetic vector, then the ciphertext.
        """
        vector = self._vector(blocks)
        return np.hstack([vector, blocks ^ self._stream(vector, blocks.shape[1])])

    def decrypt(self, sealed: Blocks) -> tuple[Blocks, npt.NDArray[np.bool_]]:
        """Decrypt messages of one length.

        Args:
            sealed: shape (n, 16·(b + 1)), as `encrypt` made them.

        Returns:
            The padded messages, shape (n, 16·b), and which of them are authentic; the others
            are zeros.
        """
        vector, hidden = sealed[:, :BLOCK], sealed[:, BLOCK:]
        blocks = hidden ^ self._stream(vector, hidden.shape[1])
        # Compared without stopping at the first difference.
        differ = np.bitwise_or.reduce(self._vector(blocks) ^ vector, axis=1)
        authentic: npt.NDArray[np.bool_] = differ == 0
        return np.where(authentic[:, None], blocks, np.uint8(0)), authentic

    def _vector(self, blocks: Blocks) -> Blocks:
        """S2V of one string of at least a block, RFC 5297 §2.4: `CMAC(message xorend D)`."""
        state = np.zeros((len(blocks), BLOCK), np.uint8)
        for start in range(0, blocks.shape[1], BLOCK):
            state = state ^ blocks[:, start : start + BLOCK]
            if start + BLOCK == blocks.shape[1]:
                state = state ^ self._first ^ self._subkey
            state = self._mac(state)
        return state

    def _stream(self, vector: Blocks, width: int) -> Blocks:
        counter = vector & _COUNTER_MASK
        parts = []
        for number in range(width // BLOCK):
            parts.append(self._counter(_plus(counter, number)))
        return np.hstack(parts)

    def __repr__(self) -> str:
        return "<Siv>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised; open the keyring again instead")


def padded(
    offsets: npt.NDArray[np.int64], data: npt.NDArray[np.uint8], marks: npt.NDArray[np.uint8]
) -> list[tuple[npt.NDArray[np.intp], Blocks]]:
    """Messages as rows of whole blocks, those of one number of blocks together.

    Args:
        offsets: shape (n + 1,): where each message begins in `data`.
        data: the bytes of all messages.
        marks: shape (n,): the byte, not zero, that ends each message; zeros fill up.

    Returns:
        For every number of blocks: which messages have it, and their rows.
    """
    lengths = np.diff(offsets)
    needed = lengths // BLOCK + 1
    counts = np.bincount(needed) if len(needed) else np.zeros(0, np.int64)
    groups = []
    for count in np.flatnonzero(counts):
        whole = counts[count] == len(needed)
        chosen = np.arange(len(needed)) if whole else np.flatnonzero(needed == count)
        width = int(count) * BLOCK
        size = lengths if whole else lengths[chosen]
        rows = _stretches(data, offsets[:-1] if whole else offsets[chosen], width)
        # One number of blocks holds messages of sixteen sizes.
        ends = np.arange(width - BLOCK, width)
        kept = np.where(np.arange(width) < ends[:, None], np.uint8(0xFF), np.uint8(0))
        rows &= kept[size % BLOCK]
        rows[np.arange(len(chosen)), size] = marks if whole else marks[chosen]
        groups.append((chosen, rows))
    return groups


def _stretches(data: npt.NDArray[np.uint8], begins: npt.NDArray[np.int64], width: int) -> Blocks:
    """So many bytes from each beginning on, shape (n, width); zeros follow the last byte."""
    room = np.concatenate([data, np.zeros(width, np.uint8)])
    # Overlapping records of that many bytes, as a view: each row is one copy.
    records: npt.NDArray[np.void] = np.ndarray(
        shape=(len(data) + 1,), dtype=f"V{width}", buffer=room, strides=(1,)
    )
    return records[begins].view(np.uint8).reshape(-1, width)


def unpadded(row: bytes) -> tuple[bytes, int]:
    """Message and mark of one padded row."""
    text = row.rstrip(b"\0")
    return text[:-1], text[-1] if text else 0


def _doubled(block: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Times x in GF(2^128), RFC 5297 §2.3."""
    number = int.from_bytes(block.tobytes(), "big") << 1
    if number >> 128:
        number = (number & ((1 << 128) - 1)) ^ _REDUCTION
    return np.frombuffer(number.to_bytes(BLOCK, "big"), np.uint8)


def _plus(counter: Blocks, number: int) -> Blocks:
    """The counter of a later block; the cleared bit keeps the sum within 31 bits."""
    if number == 0:
        return counter
    moved = counter.copy()
    low = counter[:, 12:].copy().view(">u4").astype(np.uint64)[:, 0] + number
    moved[:, 12:] = (low & 0xFFFFFFFF).astype(">u4").view(np.uint8).reshape(-1, 4)
    carry = np.flatnonzero(low >> np.uint64(32))
    for row in carry:  # never with the bit cleared and fewer than 2^31 blocks
        value = int.from_bytes(counter[row].tobytes(), "big") + number
        moved[row] = np.frombuffer((value % (1 << 128)).to_bytes(BLOCK, "big"), np.uint8)
    return moved
