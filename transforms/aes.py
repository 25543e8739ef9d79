"""AES over whole arrays: one call of `cryptography`'s ECB for any number of blocks.

The modes that are built on it (`siv`, `ff1`) encrypt every value of a column at once. ECB is
never applied to data: it is the block cipher that the standards define their modes with.

Source: FIPS 197; `cryptography`, hazmat.primitives.ciphers.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16  # bytes, FIPS 197 §3.1

Blocks = npt.NDArray[np.uint8]


class BlockCipher:
    """AES under one key, forwards only. Holds a key: neither printed nor pickled."""

    __slots__ = ("_encryptor",)

    def __init__(self, key: bytes) -> None:
        self._encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305

    def __call__(self, blocks: Blocks) -> Blocks:
        """Encrypt every block by itself.

        Args:
            blocks: shape (n, 16).

        Returns:
            Shape (n, 16), a new array.
        """
        done = self._encryptor.update(np.ascontiguousarray(blocks).tobytes())
        return np.frombuffer(done, np.uint8).reshape(-1, BLOCK)

    def __repr__(self) -> str:
        return "<BlockCipher AES>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised; open the keyring again instead")
