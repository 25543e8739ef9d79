"""Free text that people write beside a decision: it is stored and shown, so it names nobody."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

from sladd.model import Category
from sladd.pipeline.bind import Bound

SURE_ENOUGH = 0.6  # Presidio's scores: a pattern with a check or a context word reaches it

# Format characters and marks that stay when letters are composed: nobody sees them.
_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me"})
_SPACES = frozenset("\n\r\t")
_TURNED = frozenset("\u202d\u202e\u2066\u2067")  # what makes a text read from the right
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.\-/_·]{1,3}(?=\d)")
_BEFORE_DOMAIN = re.compile(r"\s*@\s*([\w-]+)\s*\.\s*(?=\w)")


def personal_category(text: str, bound: Bound) -> Category | None:
    """What identifies a person in the text, by rules and language models; None for nothing.

    It is read as it was written, as it is seen (without zero-width characters, in plain digits),
    and with the gaps closed that break a number or an address apart.
    """
    if not text.strip():
        return None
    seen = _as_seen(text)
    whole = [text, seen]
    if not _TURNED.isdisjoint(text):
        whole.append(seen[::-1])
    readings = dict.fromkeys(whole)
    closed = _closed(seen)
    # A gap that is closed joins what never belonged together, too: only what a check digit or an
    # `@` bears out counts there.
    joined = [] if closed in readings else [closed]
    found = bound.find_spans([*readings, *joined])
    categories = bound.taxonomy.categories
    for number, spans in enumerate(found):
        for span in spans:
            known = categories.get(span.category)
            if known is None or not _identifies(known, span.score):
                continue
            if number < len(readings) or _borne_out(known):
                return known
    return None


def _identifies(category: Category, score: float) -> bool:
    return category.identifiability == "direct" and score >= SURE_ENOUGH


def _borne_out(category: Category) -> bool:
    return category.legal_class == "national_id" or category.key == "user.contact.email"


def _as_seen(text: str) -> str:
    """The text in its plainest characters, without those that nobody sees."""
    plain = unicodedata.normalize("NFKC", unquote(html.unescape(text)))
    return "".join(
        each if each in _SPACES or unicodedata.category(each) not in _UNSEEN else ""
        for each in plain
    )


def _closed(text: str) -> str:
    """The text with numbers and addresses in one piece."""
    return _BEFORE_DOMAIN.sub(r"@\1.", _BETWEEN_DIGITS.sub("", text))
