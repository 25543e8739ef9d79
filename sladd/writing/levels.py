"""What the levels of a hierarchy are called: `10 years`, `county`, `8 bands`."""

from __future__ import annotations

import re
from functools import cache

from sladd.writing.language import Language, read_texts

_NUMBER = re.compile(r"\d+")


def level(label: str, code: str) -> str:
    """The name of a level in a language; as it is where a user's own hierarchy gave it.

    >>> level("10 years", "nb"), level("Drift", "nb")
    ('aldersgrupper på 10 år', 'Drift')
    """
    words = _words(code)
    if words.has(f"level.{label}"):
        return words.say(f"level.{label}")
    found = _NUMBER.search(label)
    key = f"level.{_NUMBER.sub('n', label)}"
    return words.say(key, n=int(found[0]) if found else 0) if words.has(key) else label


@cache
def _words(code: str) -> Language:
    return read_texts("sladd.writing", code)
