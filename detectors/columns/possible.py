r"""Which patterns a column cannot hold, by its characters alone: those are never run.

An amount has neither an `@` nor eleven digits, so neither an address nor a fødselsnummer need be
looked for among 236,000 of them. The pattern is read once as a tree; of each column it is asked
with the characters that its values have, and with how many digits, letters and other characters
a value has at most. What cannot be read is taken to be possible.

Source of the syntax: github.com/google/re2/wiki/Syntax. Python's parser reads what both know
and refuses what RE2 alone knows (`\Q`, `\z`); POSIX classes, which it misreads, are refused here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

# `re` has no public parser; it is the one that `sre_parse` was until Python 3.11.
from re import _constants as sre  # type: ignore[attr-defined]  # isort: skip
from re import _parser  # type: ignore[attr-defined]  # isort: skip

Needs = tuple[int, int, int, int]
"""At least so many digits, letters, other characters; and characters in all."""

_BEYOND = 128  # stands for every character beyond ASCII
_NONE: Needs = (0, 0, 0, 0)


def _mask(characters: str) -> int:
    return sum(1 << ord(c) for c in characters)


_DIGITS = _mask("0123456789")
_UPPER = _mask("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LETTERS = _UPPER | _UPPER << 32 | 1 << _BEYOND  # case folds `K` and `ſ` into ASCII
_ANY = (1 << (_BEYOND + 1)) - 1
_OTHERS = _ANY & ~_DIGITS & ~_LETTERS
_POSIX = re.compile(r"\[:\^?[a-z]+:\]")
# A class of Unicode, or a character by its number: taken for a word's character, and so for any.
_UNREAD = re.compile(r"((?<!\\)(?:\\\\)*)\\(?:[pP](?:\{\^?[A-Za-z_&]+\}|[A-Z])|x\{[0-9A-Fa-f]+\})")
_FOLD_INTO_ASCII = {0x17F: _mask("sS"), 0x212A: _mask("kK")}
_SPACE = _mask("\t\n\v\f\r ")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters of some values. No value can be told from it.

    Attributes:
        present: bit for each ASCII character; bit 128 for all beyond.
        digits, letters, others, length: of a value at most, in bytes; letters are those of
            ASCII and whatever is beyond it.
    """

    present: int
    digits: int
    letters: int
    others: int
    length: int


def alphabet_of(values: pa.StringArray) -> Alphabet:
    """The characters of values; shape (n,), without nulls."""
    size = len(values)
    if not size or values.buffers()[2] is None:
        return Alphabet(0, 0, 0, 0, 0)
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)[
        values.offset : values.offset + size + 1
    ]
    content = np.frombuffer(values.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    lengths = np.diff(offsets)
    filled = (offsets[:-1] - offsets[0])[lengths > 0]
    if not len(filled):
        return Alphabet(0, 0, 0, 0, 0)
    seen = np.zeros(256, dtype=np.bool_)
    seen[content] = True
    present = sum(1 << code for code in np.flatnonzero(seen[:128]).tolist())
    present |= bool(seen[128:].any()) << _BEYOND
    longest = int(lengths.max())
    if longest >= _FIELD:
        return Alphabet(present, longest, longest, longest, longest)
    counts = np.add.reduceat(_PACKED[content], filled)
    digits, letters, others = (int((counts >> s & (_FIELD - 1)).max()) for s in _SHIFTS)
    return Alphabet(present, digits, letters, others, longest)


_FIELD = 1 << 20  # bytes of a value, from which three counts no longer fit into one number
_SHIFTS = (0, 20, 40)
_PACKED = np.array(
    [
        sum((mask >> min(code, _BEYOND) & 1) << s
            for s, mask in zip(_SHIFTS, (_DIGITS, _LETTERS, _OTHERS), strict=True))
        for code in range(256)
    ],
    dtype=np.int64,
)  # fmt: skip


def possible(pattern: str, alphabet: Alphabet) -> bool:
    r"""Whether a value of such characters could hold what an RE2 pattern matches.

    >>> amounts = alphabet_of(pa.array(["12.50", "1899.00"]))
    >>> possible("(?i:@)", amounts), possible("[0-9]{11}", amounts), possible(r"\d{4}", amounts)
    (False, False, True)
    """
    tree = _tree(pattern)
    if tree is None:
        return True
    needs = _needs(tree, alphabet.present)
    if needs is None:
        return False
    most = (alphabet.digits, alphabet.letters, alphabet.others, alphabet.length)
    return all(need <= have for need, have in zip(needs, most, strict=True))


Node = int | tuple[str, Any]
"""A character out of a mask; or `all` of some nodes, `any` of them, or `times` one."""


@cache
def _tree(pattern: str) -> Node | None:
    """The pattern as a tree; None where Python does not read it as RE2 does."""
    if "[[" in pattern or _POSIX.search(pattern):
        return None
    try:
        return _node(_parser.parse(_UNREAD.sub(r"\1\\w", pattern)))
    except Exception:  # whatever it refuses is run
        return None


def _node(parsed: Any) -> Node:
    nodes: list[Node] = []
    for kind, given in parsed:
        if kind in {sre.AT, sre.ASSERT, sre.ASSERT_NOT}:
            continue  # takes no character
        if kind is sre.SUBPATTERN:
            nodes.append(_node(given[3]))
        elif kind is sre.BRANCH:
            nodes.append(("any", [_node(each) for each in given[1]]))
        elif kind in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            if given[0]:
                nodes.append(("times", (given[0], _node(given[2]))))
        else:
            nodes.append(_characters(kind, given))
    return nodes[0] if len(nodes) == 1 else ("all", nodes)


def _characters(kind: Any, given: Any) -> int:
    """The mask of one character's place; every character where that is not known."""
    if kind is sre.LITERAL:
        return _with_case(_range(given, given))
    if kind in {sre.ANY, sre.NOT_LITERAL}:
        return _ANY
    if kind is not sre.IN:
        raise ValueError
    mask = 0
    for part, which in given:
        if part is sre.LITERAL:
            mask |= _range(which, which)
        elif part is sre.RANGE:
            mask |= _range(*which)
        elif part is sre.CATEGORY and which is sre.CATEGORY_DIGIT:
            mask |= _DIGITS
        elif part is sre.CATEGORY and which is sre.CATEGORY_SPACE:
            mask |= _SPACE
        else:  # a word's character, or whatever is not in the class
            return _ANY
    return _with_case(mask)


def _range(low: int, high: int) -> int:
    mask = (1 << (min(high, _BEYOND) + 1)) - (1 << min(low, _BEYOND))
    for code, ascii_letters in _FOLD_INTO_ASCII.items():
        mask |= ascii_letters if low <= code <= high else 0
    return mask


def _with_case(mask: int) -> int:
    """The mask as case-insensitive matching reads it, whether or not it is asked for."""
    both = mask | (mask & _UPPER) << 32 | (mask >> 32) & _UPPER
    return both | (1 << _BEYOND if both & _LETTERS else 0)


def _needs(node: Node, present: int) -> Needs | None:
    """What a match takes at least of the characters that are there; None: it cannot be."""
    if isinstance(node, int):
        here = node & present
        if not here:
            return None
        return (not here & ~_DIGITS, not here & ~_LETTERS, not here & ~_OTHERS, 1)
    word, inner = node
    if word == "any":
        return _least(inner, present)
    if word == "times":
        count, repeated = inner
        once = _needs(repeated, present)
        return None if once is None else tuple(count * need for need in once)
    digits = letters = others = length = 0
    for each in inner:
        needs = _needs(each, present)
        if needs is None:
            return None
        digits, letters = digits + needs[0], letters + needs[1]
        others, length = others + needs[2], length + needs[3]
    return digits, letters, others, length


def _least(branches: Sequence[Node], present: int) -> Needs | None:
    least: Needs | None = None
    for branch in branches:
        needs = _needs(branch, present)
        if needs is None:
            continue
        least = needs if least is None else tuple(map(min, least, needs))  # type: ignore[assignment]
        if least == _NONE:
            break
    return least
