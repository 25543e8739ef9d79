"""A condition that a release writes in SQL: one expression and nothing beside it."""

from __future__ import annotations

import re

from sladd.errors import SourceError

_QUOTES = {"'": "'", '"': '"', "`": "`"}
_CLOSING = {")": "(", "]": "["}
# Two ways in which PostgreSQL quotes without a quotation mark, and comments of any dialect.
_REFUSED = re.compile(r"\$\w*\$|--|/\*|\*/|#(?![>-])|;|\x00")


def invalid_condition(where: str, why: str) -> SourceError:
    """The error for a condition that a database or this module refuses."""
    return SourceError(
        f"the condition of a release {why}",
        code=212,
        where=where,
        mend="correct `where:` of the release in sladd.yaml",
    )


def one_expression(text: str, *, where: str, backslash_escapes: bool) -> str:
    r"""Return the condition in parentheses, once it is sure that it cannot end them itself.

    Args:
        text: SQL of the source's own dialect.
        where: address of the table, for the error.
        backslash_escapes: whether the dialect reads `\'` as a quotation mark.

    Raises:
        SourceError: it is no single expression (SLADD-212).
    """
    depth: list[str] = []
    outside: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter in _QUOTES:
            at = _after_quoted(text, at, where=where, backslash_escapes=backslash_escapes)
            outside.append(" ")
            continue
        if letter in "([":
            depth.append(letter)
        elif letter in _CLOSING and (not depth or depth.pop() != _CLOSING[letter]):
            raise invalid_condition(where, "closes a parenthesis that it did not open")
        outside.append(letter)
        at += 1
    if depth:
        raise invalid_condition(where, "leaves a parenthesis open")
    plain = "".join(outside)
    if _REFUSED.search(plain):
        raise invalid_condition(where, "holds a comment, a semicolon or a dollar quotation")
    if not text.strip():
        raise invalid_condition(where, "is empty")
    return f"({text})"


def _after_quoted(text: str, start: int, *, where: str, backslash_escapes: bool) -> int:
    """Position after the quotation that begins at `start`."""
    mark = text[start]
    # PostgreSQL reads backslashes in E'…' only.
    escapes = backslash_escapes or (start > 0 and text[start - 1] in "eE")
    at = start + 1
    while at < len(text):
        if text[at] == "\\" and escapes and mark != "`":
            at += 2
        elif text[at] == mark:
            if text[at + 1 : at + 2] != mark:
                return at + 1
            at += 2
        else:
            at += 1
    raise invalid_condition(where, "leaves a quotation open")
