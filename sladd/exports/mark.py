"""Sladd's part of a comment: a marked piece at its end, which is replaced and nothing else is."""

from __future__ import annotations

import re

from sladd.exports.tags import ColumnTag

_MARK = re.compile(r" ?\[sladd: [^\[\]]*\]")


def mark(tag: ColumnTag) -> str:
    """What a comment says of a column; "" for one without personal data.

    >>> from sladd.model import How
    >>> mark(ColumnTag("epost", ("user.contact.email",), ("contact",), How.IS, "confirmed"))
    '[sladd: user.contact.email; is; confirmed]'
    """
    if not tag.categories:
        return ""
    said = [", ".join(tag.categories), tag.how.value, *([tag.decided] if tag.decided else [])]
    return f"[sladd: {'; '.join(said)}]"


def marked(comment: str, tag: ColumnTag) -> str:
    """A comment with sladd's part put in, brought up to date, or taken out.

    >>> marked("Where to write. [sladd: user.name; is]", ColumnTag("epost"))
    'Where to write.'
    """
    new = mark(tag)
    found = _MARK.search(comment)
    before = comment if found is None else comment[: found.start()]
    after = "" if found is None else comment[found.end() :]
    return f"{before}{' ' if new and before else ''}{new}{after}"
