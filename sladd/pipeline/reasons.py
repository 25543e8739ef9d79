"""Free text that people write beside a decision: it is stored and shown, so it names nobody."""

from __future__ import annotations

from sladd.model import Category
from sladd.pipeline.bind import Bound

SURE_ENOUGH = 0.6  # Presidio's scores: a pattern with a check or a context word reaches it


def personal_category(text: str, bound: Bound) -> Category | None:
    """What identifies a person in the text, by rules and language models; None for nothing."""
    if not text.strip():
        return None
    categories = bound.taxonomy.categories
    for span in bound.find_spans([text])[0]:
        known = categories.get(span.category)
        if known and known.identifiability == "direct" and span.score >= SURE_ENOUGH:
            return known
    return None
