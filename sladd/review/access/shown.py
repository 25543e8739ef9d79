"""What an officer saw when deciding, so that two do not decide past each other.

A form carries `mark(…)` of what the page showed as its hidden field `shown`. When it comes back,
`still(given, …)` of what holds now says whether that is the same; if not, the page is shown again
with what changed, and nothing is written. Verdicts on fields do more: the catalog compares within
the transaction that decides. Where a page compares itself, compare last before writing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def mark(*facts: Any) -> str:
    """A short mark of facts; other facts have another one.

    >>> mark("confirmed", 3) == mark("confirmed", 3), mark("confirmed", 3) == mark("rejected", 3)
    (True, False)
    """
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def still(given: str, *facts: Any) -> bool:
    """Whether these are the facts that the mark was made of."""
    return hmac.compare_digest(given.encode(), mark(*facts).encode())
