"""Web addresses: Presidio's recogniser, in linear time.

Mostly they name a page and no person, so a column's name or a context word must say that it is
someone's. In texts they matter because a user name or an e-mail may stand in them.

Source: Presidio's list of top-level domains.

>>> is_valid("https://www.example.no/kari"), is_valid("storgata 5")
(True, False)
"""

from __future__ import annotations

import functools
from typing import Any

from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import UrlRecognizer as PresidioUrl

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import AdoptedRecognizer

# Starting only where no host name is already running keeps the search linear.
_HOST = r"(?<![a-z0-9.-])"
_BASE = PresidioUrl.BASE_URL_REGEX
_END = r"(?![\p{L}\p{M}0-9-])"


@functools.cache
def _recognizer() -> WebAddressRecognizer:
    return WebAddressRecognizer()


def compact(address: str) -> str:
    """The address without blanks around it."""
    return fold(address).strip()


def validate(address: str) -> str:
    """The compact address.

    Raises:
        InvalidFormat: it is none.
    """
    text = compact(address)
    if not any(r.start == 0 and r.end == len(text) for r in _recognizer().analyze(text, [])):
        raise InvalidFormat
    return text


def is_valid(address: str) -> bool:
    """Whether it is a web address."""
    return passes(validate, address)


DECLARATION = Declaration(
    entity="URL",
    category="user.contact.url",
    subtypes=(Subtype("url", 0.0),),
    rank=90,
    checksum=False,
    screen=screened(r"[a-z0-9-]\.[a-z]{2}"),
    full=whole(r"\S*[a-z0-9-]\.[a-z]{2}\S*"),
    needs_context=True,
    context=("url", "nettside", "hjemmeside", "heimeside", "nettsted", "lenke", "website", "link"),
    verify=each(r"\S{4,4000}", is_valid),
)


class WebAddressRecognizer(AdoptedRecognizer, PresidioUrl):
    """Finds web addresses in texts."""

    DECLARATION = DECLARATION

    def _arguments(self) -> dict[str, Any]:
        return {
            "patterns": [
                Pattern("With scheme", rf"https?://{_BASE}{_END}", 0.6),
                Pattern("Without scheme", rf"{_HOST}(?!https?:){_BASE}{_END}", 0.5),
            ]
        }
