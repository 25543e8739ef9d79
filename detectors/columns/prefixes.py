"""What all columns of a table begin with, and what therefore says nothing: `eec_name`."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from detectors.columns.headers import HeaderLexicon

_FEWEST = 4  # columns
_MOSTLY = 0.75  # share of them that begin alike
_PREFIX = regex.compile(r"^[A-Za-z]{1,6}(?:_|(?<=[a-z])(?=[A-Z]))")


_TYPED = regex.compile(r"^[a-z](?=\p{Lu})")  # Hungarian notation: a letter for the type


def typed(names: Sequence[str]) -> bool:
    """Whether most names begin with a small letter for their type: `cVorname`, `kKunde`, `dErstellt`."""
    told = [match.group() for name in names if (match := _TYPED.match(name))]
    return len(names) >= _FEWEST and len(told) >= _MOSTLY * len(names) and len(set(told)) > 1


def untyped(name: str) -> str:
    """A name without the letter for its type."""
    return name[1:] if _TYPED.match(name) else name


def shared_prefix(names: Sequence[str], book: HeaderLexicon) -> str:
    """The letters before the words, sign by sign: `pf_phpbb_` where most names begin so.

    Args:
        names: of the columns of one table.
        book: whose words are never cut off: a `home_address` stays one.
    """
    whole = _one_prefix(names, book)
    while whole:
        rest = [name.removeprefix(whole) for name in names if name.startswith(whole)]
        more = _one_prefix(rest, book)
        if not more:
            break
        whole += more
    return whole


def _one_prefix(names: Sequence[str], book: HeaderLexicon) -> str:
    """The letters before the first sign or capital that most names share; "" where none is.

    Args:
        names: of the columns of one table, or what is left of them.
        book: whose words are never cut off: a `home_address` stays one.
    """
    if len(names) < _FEWEST:
        return ""
    if sum(_TYPED.match(name) is not None for name in names) >= _MOSTLY * len(names):
        return ""
    found = [match.group() for name in names if (match := _PREFIX.match(name))]
    most = max(set(found), key=lambda each: (found.count(each), each), default="")
    if found.count(most) < _MOSTLY * len(names) or book.knows(most.rstrip("_")):
        return ""
    return most
