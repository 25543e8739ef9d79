"""Consent and objection, by the words of a column's name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from detectors.columns.composed_words import Words
from detectors.columns.header_match import HeaderMatch


def consent(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """What someone agreed to or refused: `policyagreed`, `nyhetsbrev_godtatt`."""
    if against := refused(said[0]):
        return against
    if ("do", "not") in pairwise(said):
        return [HeaderMatch("user.privacy_preferences", "consent", 2.8, "do_not")]
    if known.records & set(said[1:]):
        alone = known.consents & set(said)
        if not alone or said[-1] in known.records:
            return []
    found = next((word for word in said if word in known.consents), "")
    pairs = {*said, *(a + b for a, b in pairwise(said))}
    if not found and pairs & known.consents:
        found = min(pairs & known.consents)
    if not found and set(said) & known.topics and set(said) & known.acts:
        found = next(word for word in said if word in known.acts)
    return [HeaderMatch("user.privacy_preferences", "consent", 2.8, found)] if found else []


def refused(word: str) -> list[HeaderMatch]:
    """What someone does not want, written as one word: `donotbulkemail`."""
    if not word.startswith("donot"):
        return []
    return [HeaderMatch("user.privacy_preferences", "consent", 2.8, "do_not")]
