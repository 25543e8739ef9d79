"""Masked shapes: how the values of a column are written, without any of them."""

from __future__ import annotations

import unicodedata
from collections import Counter

from detectors.columns.profile import Profile

_LEAST = 5  # distinct values that must share a shape before it is shown (DESIGN §8.7)
_LONGEST = 30
_LOOKED_AT = 300  # distinct values
_SECRET = ("user.authorization", "user.device.session_id", "user.device.cookie_id")
_KEPT = set(" .,-+/:@()#'_")


def shape_of(value: str) -> str:
    """`Kari N. 42` as `Aaaa A. 99`; whatever is no letter, digit or punctuation as `?`."""
    return value.translate(_MASKS)


class _Masks(dict[int, str]):
    """Code point → mask, filled as characters are met: most texts hold a hundred different ones."""

    def __missing__(self, code: int) -> str:
        self[code] = _mask(chr(code))
        return self[code]


_MASKS = _Masks()


def _mask(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Lu", "Lt"}:
        return "A"
    if kind.startswith(("L", "M")):
        return "a"
    if kind.startswith("N"):
        return "9"
    return character if character in _KEPT else "?"


def shapes(column: Profile, category: str, *, most: int = 3) -> tuple[str, ...]:
    """The commonest shapes that at least five distinct values share; none for secrets."""
    if category.startswith(_SECRET) or len(column.values) < _LEAST:
        return ()
    cells = [cell for cell in column.drawn(_LOOKED_AT) if len(cell) <= _LONGEST]
    counted = Counter(map(shape_of, cells))
    known = set(cells)  # `AAA` may be a value; then it is no mask
    common = sorted(
        ((n, shape) for shape, n in counted.items() if n >= _LEAST and shape not in known),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return tuple(shape for _, shape in common[:most])
