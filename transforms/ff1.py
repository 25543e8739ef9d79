"""FF1 over whole arrays: a number becomes another number of as many digits, and back.

Format-preserving encryption has no integrity: a wrong key gives a plausible wrong value. It is
for consumers that need the format; everything else is better served by `pseudonym` or
`encrypt`.

Source: NIST SP 800-38G (2016) §5.2, algorithms 7 and 8; the least domain of 10⁶ is that of the
second draft of Revision 1 (February 2025), which also withdraws FF3.
"""

from __future__ import annotations

from math import ceil, log2
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from transforms.aes import BLOCK, BlockCipher, Blocks

ROUNDS = 10
LEAST_DOMAIN = 1_000_000
FEWEST_DIGITS = 6  # 10⁶ values
MOST_DIGITS = 18  # halves of nine digits: round values then fit 64 bits
MOST_NUMERALS = 56  # SP 800-38G allows 2³², and no identifier is longer

Numbers = npt.NDArray[np.uint64]


class Ff1:
    """FF1 under one key and tweak.

    Args:
        key: 16, 24 or 32 bytes.
        tweak: public; another tweak gives another permutation.
        radix: 2 to 36 for numerals in general; arrays are for 10.
    """

    __slots__ = ("_cipher", "radix", "tweak")

    def __init__(self, key: bytes, tweak: bytes = b"", radix: int = 10) -> None:
        self._cipher = BlockCipher(key)
        self.tweak = tweak
        self.radix = radix

    def digits(self, values: Numbers, width: int, *, back: bool = False) -> Numbers:
        """Encrypt or decrypt decimal numbers of one width, leading zeros included.

        Args:
            values: shape (n,), each below 10^width.
            width: 6 to 18 digits.
            back: decrypt.

        Returns:
            Shape (n,), each below 10^width.
        """
        if not FEWEST_DIGITS <= width <= MOST_DIGITS or self.radix != 10:
            raise ValueError("arrays are for 6 to 18 decimal digits")
        u = width // 2
        v = width - u
        power_u, power_v = np.uint64(10**u), np.uint64(10**v)
        left, right = values // power_v, values % power_v
        parts = self._parts(width)
        for number in range(ROUNDS):
            turn = ROUNDS - 1 - number if back else number
            power = power_u if turn % 2 == 0 else power_v
            if back:
                left, right = (right + power - self._round(parts, turn, left) % power) % power, left
            else:
                left, right = right, (left + self._round(parts, turn, right) % power) % power
        return left * power_v + right

    def numerals(self, text: list[int], *, back: bool = False) -> list[int]:
        """Encrypt or decrypt one string of numerals of any radix.

        Args:
            text: numerals, each below the radix; the domain must have 10⁶ members.
            back: decrypt.
        """
        n = len(text)
        if self.radix**n < LEAST_DOMAIN or n > MOST_NUMERALS:
            raise ValueError("too few or too many numerals")
        u = n // 2
        left, right = self._number(text[:u]), self._number(text[u:])
        for number in range(ROUNDS):
            turn = ROUNDS - 1 - number if back else number
            power = self.radix ** (u if turn % 2 == 0 else n - u)
            if back:
                left, right = (right - self._one(n, turn, left)) % power, left
            else:
                left, right = right, (left + self._one(n, turn, right)) % power
        return self._spelt(left, u) + self._spelt(right, n - u)

    def _number(self, numerals: list[int]) -> int:
        value = 0
        for numeral in numerals:
            value = value * self.radix + numeral
        return value

    def _spelt(self, value: int, width: int) -> list[int]:
        numerals = []
        for _ in range(width):
            value, numeral = divmod(value, self.radix)
            numerals.append(numeral)
        return numerals[::-1]

    def _parts(self, n: int) -> tuple[Blocks, Blocks, int, int]:
        """The encrypted first block, the last one's pattern, bytes of a half, bytes of a round."""
        v = n - n // 2
        b = ceil(ceil(v * log2(self.radix)) / 8) if self.radix != 10 else _bytes_of(v)
        head = bytes([1, 2, 1]) + self.radix.to_bytes(3, "big") + bytes([10, (n // 2) % 256])
        head += n.to_bytes(4, "big") + len(self.tweak).to_bytes(4, "big")
        state = self._cipher(np.frombuffer(head, np.uint8).reshape(1, BLOCK))
        fill = self.tweak + bytes((-len(self.tweak) - b - 1) % BLOCK) + bytes(1 + b)
        blocks = np.frombuffer(fill, np.uint8).reshape(-1, BLOCK)
        for block in blocks[:-1]:
            state = self._cipher(state ^ block)
        return state[0], blocks[-1], b, 4 * ceil(b / 4) + 4

    def _round(self, parts: tuple[Blocks, Blocks, int, int], turn: int, half: Numbers) -> Numbers:
        state, pattern, b, _ = parts
        block = np.tile(pattern, (len(half), 1))
        block[:, BLOCK - 1 - b] = turn
        block[:, BLOCK - b :] = half.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - b :]
        done = self._cipher(block ^ state)
        # Halves of at most nine digits need four bytes, so a round yields eight.
        number: Numbers = np.ascontiguousarray(done[:, :8]).view(">u8")[:, 0].astype(np.uint64)
        return number

    def _one(self, n: int, turn: int, half: int) -> int:
        state, pattern, b, d = self._parts(n)
        # With more bytes than a block has after the round's number, the half spans two blocks.
        last = bytearray(pattern.tobytes())
        spelt = bytes([turn]) + half.to_bytes(b, "big")
        if len(spelt) > BLOCK:
            raise ValueError("the radix and the length give halves of more than 15 bytes")
        last[BLOCK - len(spelt) :] = spelt
        block = np.frombuffer(bytes(last), np.uint8).reshape(1, BLOCK)
        result = self._cipher(block ^ state)
        stream = bytes(result.tobytes())
        for number in range(1, ceil(d / BLOCK)):
            mixed = result ^ np.frombuffer(number.to_bytes(BLOCK, "big"), np.uint8)
            stream += self._cipher(mixed).tobytes()
        return int.from_bytes(stream[:d], "big")

    def __repr__(self) -> str:
        return f"<Ff1 radix {self.radix}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised; open the keyring again instead")


def _bytes_of(digits: int) -> int:
    """Bytes that hold so many decimal digits, exactly."""
    largest: int = 10**digits - 1
    return (largest.bit_length() + 7) // 8
