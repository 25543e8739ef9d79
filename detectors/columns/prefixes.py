"""What all columns of a table begin with, and what therefore says nothing: `eec_name`."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from detectors.columns.headers import HeaderLexicon

_FEWEST = 4  # columns
_MOSTLY = 0.75  # share of them that begin alike
_PREFIX = regex.compile(r"^[A-Za-z]{1,6}(?:_|(?<=[a-z])(?=[A-Z]))")


def shared_prefix(names: Sequence[str], book: HeaderLexicon) -> str:
    """The letters before the first sign or capital that most names share; "" where none is.

    Args:
        names: of the columns of one table.
        book: whose words are never cut off: a `home_address` stays one.
    """
    if len(names) < _FEWEST:
        return ""
    found = [match.group() for name in names if (match := _PREFIX.match(name))]
    most = max(set(found), key=lambda each: (found.count(each), each), default="")
    if found.count(most) < _MOSTLY * len(names) or book.knows(most.rstrip("_")):
        return ""
    return most
