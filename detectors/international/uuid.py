"""UUIDs: Presidio's recogniser. Versions 1-8, RFC variant, not the nil UUID.

A UUID is as often a product's key as a person's or a device's, so a context word or a column's
name must say whose.

Source: RFC 9562.

>>> (
...     is_valid("7d444840-9dc0-41d1-b245-5ffdce74fad2"),
...     is_valid("7d444840-9dc0-01d1-b245-5ffdce74fad2"),
... )
(True, False)
"""

from __future__ import annotations

import regex
from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import UuidRecognizer as PresidioUuid

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import THRESHOLD, AdoptedRecognizer

_HEX = r"[0-9a-f]"
_SHAPE = rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_FULL = regex.compile(
    rf"{_HEX}{{8}}-{_HEX}{{4}}-[1-8]{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}", regex.IGNORECASE
)


def compact(text: str) -> str:
    """The UUID in lower case, with its dashes."""
    return fold(text).strip().lower()


def validate(text: str) -> str:
    """The compact UUID.

    Raises:
        InvalidFormat: it is none.
    """
    if not _FULL.fullmatch(compact(text)):
        raise InvalidFormat
    return compact(text)


def is_valid(text: str) -> bool:
    """Whether it is a UUID."""
    return passes(validate, text)


DECLARATION = Declaration(
    entity="UUID",
    category="user.unique_id",
    subtypes=(Subtype("uuid", 0.125),),  # 8 of 16 versions × 4 of 16 variants
    rank=75,
    checksum=False,
    screen=screened(_SHAPE),
    full=whole(_SHAPE),
    needs_context=True,
    context=(
        "bruker", "brukar", "kunde", "enhet", "enhets", "besøkende", "user", "customer", "device",
        "visitor", "session", "idfa", "gaid", "advertising", "guid",
    ),
    verify=each(_SHAPE, is_valid),
)  # fmt: skip


class UniversalIdRecognizer(AdoptedRecognizer, PresidioUuid):
    """Finds UUIDs in texts, beside a context word."""

    DECLARATION = DECLARATION
    patterns: list[Pattern]

    def __init__(self, supported_language: str = "nb") -> None:
        super().__init__(supported_language)
        for pattern in self.patterns:
            pattern.score = 0.2
        self.score_thresholds = {"default": THRESHOLD}
