"""Payment card numbers: Presidio's recogniser, with Mastercard's 2-series added.

13-17 digits whose first tell the network (4 Visa; 51-55 and 2221-2720 Mastercard; 34, 37 American
Express; 5019 Dankort; 6 others), grouped by spaces or dashes, with a Luhn check digit. One in ten
random numbers of that form passes.

Source: ISO/IEC 7812-1; PCI DSS 4.0, requirement 3.

>>> is_valid("4111 1111 1111 1111"), is_valid("2223003122003222"), is_valid("4111111111111112")
(True, True, False)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import regex
from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

from detectors.cells import luhn, matrix, shaped
from detectors.checks import InvalidChecksum, InvalidFormat, passes
from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import AdoptedRecognizer

_START = (
    r"(?!1[0-9]{12}(?![0-9]))(?:4[0-9]{3}|5[0-5][0-9]{2}|6[0-9]{3}|1[0-9]{3}|3[0-9]{3}"
    r"|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)"
)
_SHAPE = rf"{_START}[- ]?[0-9]{{3,4}}[- ]?[0-9]{{3,4}}[- ]?[0-9]{{3,5}}"
_FULL = regex.compile(_SHAPE)


def compact(number: str) -> str:
    """The digits without separators."""
    return fold(number).strip().translate({ord(c): None for c in " -"})


def validate(number: str) -> str:
    """The compact number.

    Raises:
        InvalidFormat, InvalidChecksum: it is none.
    """
    digits = compact(number)
    if not _FULL.fullmatch(digits):
        raise InvalidFormat
    if not luhn(matrix([digits], len(digits)))[0]:
        raise InvalidChecksum
    return digits


def is_valid(number: str) -> bool:
    """Whether it is a card number."""
    return passes(validate, number)


def verify(values: Sequence[str]) -> Mask:
    """Which cells are card numbers; shape (n,)."""
    mask, cells = shaped(values, _SHAPE)
    numbers = [compact(cell) for cell in cells]
    passed = np.zeros(len(numbers), dtype=np.bool_)
    lengths = np.array([len(number) for number in numbers], dtype=np.int64)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        passed[rows] = luhn(matrix([numbers[row] for row in rows], int(length)))
    mask[mask] = passed
    return mask


DECLARATION = Declaration(
    entity="CREDIT_CARD",
    category="user.financial.credit_card",
    subtypes=(Subtype("card", 0.1),),
    rank=22,
    checksum=True,
    screen=screened(r"[1-6][0-9]{3}(?:[ -]?[0-9]){9}"),
    full=whole(r"[1-6][0-9]{3}(?:[ -]?[0-9]){9,13}"),
    needs_context=False,
    context=(
        "kort", "kortnummer", "kortnr", "bankkort", "kredittkort", "visa", "mastercard", "amex",
        "card", "credit", "pan", "maestro", "diners",
    ),
    verify=verify,
)  # fmt: skip


class PaymentCardRecognizer(AdoptedRecognizer, CreditCardRecognizer):
    """Finds card numbers in texts."""

    DECLARATION = DECLARATION

    def _arguments(self) -> dict[str, Any]:
        return {
            "patterns": [
                Pattern("Card", rf"(?<![\p{{L}}\p{{N}}_]){_SHAPE}(?![\p{{L}}\p{{N}}_])", 0.3)
            ]
        }

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the check digit holds."""
        return is_valid(pattern_text)
