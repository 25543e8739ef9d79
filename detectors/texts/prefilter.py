"""A quick look whether a text can match at all: one RE2 automaton before several slower patterns.

`regex` tries a pattern at every character and goes back; RE2 reads the text once but knows no
assertions. A pattern without its assertions matches wherever the pattern does, and elsewhere: what
RE2 does not find in a text, no pattern finds.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import re2
import regex

_ASSERTIONS = ("(?=", "(?!", "(?<=", "(?<!")
_NAMED = regex.compile(r"\(\?P<\w+>")
_MEMORY = 64 << 20  # bytes; long lists of words with Unicode case


def loosened(pattern: str) -> str:
    """A pattern without its lookarounds and the names of its groups.

    >>> loosened(r"(?<!a)(?P<name>b|c(?=d))[(]e")
    '(?:b|c)[(]e'
    """
    kept: list[str] = []
    place = 0
    inside = False  # a character class
    while place < len(pattern):
        if pattern[place] == "\\":
            kept.append(pattern[place : place + 2])
            place += 2
        elif inside or pattern[place] == "[":
            inside = pattern[place] != "]"
            kept.append(pattern[place])
            place += 1
        elif pattern.startswith(_ASSERTIONS, place):
            place = _closed(pattern, place)
        else:
            kept.append(pattern[place])
            place += 1
    return str(_NAMED.sub("(?:", "".join(kept)))


def _closed(pattern: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`."""
    depth, place, inside = 0, start, False
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            place += 1
        elif inside or character == "[":
            inside = character != "]"
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return place + 1
        place += 1
    return place


class Prefilter:
    """Several patterns seen at once; the automaton is made when it is first asked.

    Args:
        patterns: any of which may match.
    """

    def __init__(self, *patterns: regex.Pattern[str]) -> None:
        self._patterns = patterns

    def hits(self, text: str) -> bool:
        """False only where none of the patterns matches in a folded text."""
        return self._automaton.search(text) is not None

    @cached_property
    def _automaton(self) -> Any:
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        options.never_capture = True
        return re2.compile(
            "|".join(
                f"({'?i' if each.flags & regex.IGNORECASE else '?'}:{loosened(each.pattern)})"
                for each in self._patterns
            ),
            options,
        )

    def __repr__(self) -> str:
        return f"<Prefilter of {len(self._patterns)} patterns>"
