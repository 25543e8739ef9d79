r"""One spelling for the characters that only look different: digits, spaces, dashes, full width.

Recognisers read the folded text, whose length is that of the original so that positions hold.
RE2's `\b \w \d` are ASCII and Presidio's are Unicode; after folding there is one kind of digit
and one kind of space, and a screen in ASCII classes agrees with a recogniser. Whatever a screen
cannot see for want of folding is caught by `FOLDED`: a text with such a character is always a
candidate. They are rare enough (0.1 % of cells in web-shop exports, mostly no-break spaces)
for that to cost nothing. Letters are left as they are, NFD included: composing them would
move positions, so patterns spell both forms (`either_form`).
"""

from __future__ import annotations

import sys
import unicodedata


def _table() -> dict[int, str]:
    """Character → what it is read as. One character for one, always ASCII."""
    table: dict[int, str] = {}
    for code in range(0x80, sys.maxunicode + 1):
        character = chr(code)
        match unicodedata.category(character):
            case "Nd":
                table[code] = str(unicodedata.decimal(character))
            case "Zs":
                table[code] = " "
            case "Pd":
                table[code] = "-"
    for code in range(0xFF01, 0xFF5F):  # full-width forms of ASCII
        table[code] = chr(code - 0xFEE0)
    table[0x2212] = "-"  # minus sign
    # Characters that case-insensitive matching equates with ASCII letters, in one engine or both.
    table.update({0x17F: "s", 0x212A: "K", 0x130: "I", 0x131: "i"})
    return table


def _ranges(codes: list[int]) -> str:
    """The inside of an RE2 character class."""
    parts: list[str] = []
    start = previous = codes[0]
    for code in [*codes[1:], -1]:
        if code == previous + 1:
            previous = code
            continue
        parts.append(rf"\x{{{start:X}}}-\x{{{previous:X}}}")
        start = previous = code
    return "".join(parts)


_TABLE = _table()
FOLDED = f"[{_ranges(sorted(_TABLE))}]"
"""RE2 class of every character that `fold` rewrites."""


def fold(text: str) -> str:
    """The text with look-alikes rewritten, of the same length.

    >>> fold("９１２\N{NO-BREAK SPACE}34\N{EN DASH}567 Østgata")
    '912 34-567 Østgata'
    """
    if text.isascii():
        return text
    try:
        # Latin-1 has one character that is folded, and most Norwegian texts have none beyond it.
        return text if b"\xa0" not in text.encode("latin-1") else text.translate(_TABLE)
    except UnicodeEncodeError:
        return text.translate(_TABLE)


def screened(pattern: str) -> str:
    """An RE2 screen for unfolded text from one for folded text (case-insensitive)."""
    return f"(?i:{pattern})|{FOLDED}"


def whole(pattern: str) -> str:
    """The same for a whole cell, blanks around it allowed."""
    return rf"(?i:^\s*(?:{pattern})\s*$)|{FOLDED}"


def either_form(word: str) -> str:
    """A pattern for a word in composed and in decomposed spelling (NFC, NFD).

    >>> either_form("gård") == "(?:gård|ga\N{COMBINING RING ABOVE}rd)"
    True
    """
    composed = unicodedata.normalize("NFC", word)
    decomposed = unicodedata.normalize("NFD", word)
    return composed if composed == decomposed else f"(?:{composed}|{decomposed})"
