"""Reasons that officers write: kept and shown, so none may hold a person's identifier.

The form keeps what was typed, so that it can be mended; nothing of it is logged or stored.
"""

from __future__ import annotations

from sladd.pipeline.reasons import personal_category
from sladd.review.context import Visit
from sladd.writing import in_a_sentence

LONGEST = 2000  # characters


def reason_fault(visit: Visit, text: str, *, required: bool = True) -> str:
    """What is wrong with a reason or another free text, as a sentence to show; "" when nothing is.

    Args:
        visit: in whose language to say it.
        text: as it was typed.
        required: whether it may not be empty.
    """
    say = visit.language.say
    if not text.strip():
        return say("reason.empty") if required else ""
    if len(text) > LONGEST:
        return say("reason.long", most=LONGEST)
    category = personal_category(text, visit.desk.bound)
    if category is None:
        return ""
    return say("reason.personal", category=in_a_sentence(visit.language.label(category)))
