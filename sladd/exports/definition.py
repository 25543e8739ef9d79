"""A table's definition as MariaDB writes it, cut into its parts without understanding more.

`SHOW CREATE TABLE` is a list in parentheses; columns begin with a backtick, keys with a word.
Names, texts and parentheses are stepped over, so that nothing inside them is taken for syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sladd.errors import ExportError

_WORD = re.compile(r"[A-Za-z_]+")
_ESCAPES = {"0": "\0", "n": "\n", "r": "\r", "t": "\t", "b": "\b", "Z": "\x1a"}
"""MariaDB: String literals, escape sequences."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A table's definition in parts.

    Attributes:
        columns: name → its definition, name included.
        items: every part, keys and options of the table too.
    """

    columns: Mapping[str, str]
    items: tuple[str, ...]

    def comment(self, column: str) -> str:
        """The comment of a column; "" without one."""
        text = self.columns[column]
        found = _comment(text)
        return "" if found is None else _unquoted(text[found[1] : found[2]])

    def is_copied(self, column: str) -> bool:
        """Whether MariaDB copies the table for any change of the column.

        Measured on 10.11: it does for a column with a check of its own, and a stored generated one.
        """
        words = {word for _, _, word in _words(self.columns[column])}
        return bool(words & {"CHECK", "STORED", "PERSISTENT"})

    def with_comments(self, comments: Mapping[str, str]) -> Definition:
        """The same with other comments; "" takes one out."""
        changed = {name: _commented(self.columns[name], said) for name, said in comments.items()}
        replaced = {self.columns[name]: text for name, text in changed.items()}
        return Definition(
            {**self.columns, **changed}, tuple(replaced.get(item, item) for item in self.items)
        )


def read_definition(text: str) -> Definition:
    """Cut the answer of `SHOW CREATE TABLE` into its parts.

    Raises:
        ExportError: it is not written as MariaDB and MySQL do (SLADD-955).
    """
    opening = next((at for at, mark in _marks(text) if mark == "("), None)
    if opening is None:
        raise _strange()
    depth, begun, parts, end = 0, opening + 1, [], None
    for at, mark in _marks(text, opening):
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
            if depth == 0:
                parts.append(text[begun:at])
                end = at
                break
        elif mark == "," and depth == 1:
            parts.append(text[begun:at])
            begun = at + 1
    if end is None:
        raise _strange()
    items = [part.strip() for part in parts]
    columns = {_unquoted(item[: _after(item, 0)]): item for item in items if item.startswith("`")}
    # Counters move with every row; they are no part of the definition.
    options = re.sub(r" AUTO_INCREMENT=\d+", "", text[end + 1 :].strip())
    return Definition(columns, (*items, options))


def _strange() -> ExportError:
    return ExportError(
        "the server's definition of a table cannot be read",
        code=955,
        where="SHOW CREATE TABLE",
        mend="comment its columns by hand",
    )


def _after(text: str, start: int) -> int:
    """The place behind a quoted name or text that begins at `start`."""
    quote, at = text[start], start + 1
    while at < len(text):
        if text[at] == "\\" and quote != "`":
            at += 2
        elif text[at] == quote:
            if text[at + 1 : at + 2] != quote:
                return at + 1
            at += 2
        else:
            at += 1
    raise _strange()


def _marks(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Characters outside names and texts, with their place."""
    at = start
    while at < len(text):
        if text[at] in "`'\"":
            at = _after(text, at)
        else:
            yield at, text[at]
            at += 1


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Words outside names, texts and parentheses: begin, end, upper case."""
    depth, behind = 0, 0
    for at, mark in _marks(text):
        depth += (mark == "(") - (mark == ")")
        if depth == 0 and at >= behind and (found := _WORD.match(text, at)):
            behind = found.end()
            yield at, behind, found.group().upper()


def _comment(text: str) -> tuple[int, int, int] | None:
    """Where a column says COMMENT: begin of the word, begin and end of its text."""
    for begin, end, word in _words(text):
        if word == "COMMENT" and text[end : end + 2] == " '":
            return begin, end + 1, _after(text, end + 1)
    return None


def _commented(text: str, comment: str) -> str:
    said = f"COMMENT {_quoted(comment)}" if comment else ""
    found = _comment(text)
    if found is not None:
        before, after = text[: found[0]].rstrip(), text[found[2] :]
        return f"{before}{f' {said}' if said else ''}{after}"
    # A check of the column stands last, so a comment goes before it.
    check = next((begin for begin, _, word in _words(text) if word == "CHECK"), len(text))
    before, after = text[:check].rstrip(), text[check:]
    return f"{before}{f' {said}' if said else ''}{f' {after}' if after else ''}"


def _quoted(text: str) -> str:
    for raw, written in (("\\", "\\\\"), ("\0", "\\0"), ("\n", "\\n"), ("\r", "\\r"), ("'", "''")):
        text = text.replace(raw, written)
    return f"'{text}'"


def _unquoted(text: str) -> str:
    quote, inner = text[0], text[1:-1]
    if quote == "`":
        return inner.replace("``", "`")
    out, at = [], 0
    while at < len(inner):
        if inner[at] == "\\":
            out.append(_ESCAPES.get(inner[at + 1], inner[at + 1]))
            at += 2
        else:
            out.append(inner[at])
            at += 2 if inner[at] == quote else 1
    return "".join(out)
