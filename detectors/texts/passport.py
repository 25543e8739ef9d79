"""Passport numbers behind their word: `passnr. FHC002549`, `passport number 27123456`.

Norwegian ones have eight digits, newer ones three letters and six digits; other countries mix
up to three letters with six to nine digits. `pass` alone is also a verb, so a number must follow.

Source: ICAO Doc 9303 part 4 (up to nine characters); Politiet, nytt pass 2020.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.recognizer import Found, TextRecognizer

_NUMBER = r"(?P<number>[A-Z]{1,3}[ ]?[0-9]{6,8}|[0-9]{8,9})(?![\p{L}0-9]|[.,:-][0-9])"
_LABELLED = regex.compile(
    r"(?<![\p{L}\p{M}])pass(?:port|et)?(?:[ ]?(?:nummer(?:et)?|nr|no|number))?(?![\p{L}\p{M}])\.?"
    rf"(?:[ ](?:mitt|er|is|my|scan|kopi|copy)){{0,2}}[ ]?[:#=(]?[ ]?\n?{_NUMBER}",
    regex.IGNORECASE,
)

# "passkopien ligger ved (nr. CCM204771)", "vise pass. Nummeret er 29481736": the word stands
# farther off, and the form or a word for a number must speak as well.
_PASS = regex.compile(
    r"(?<![\p{L}\p{M}])pass(?:et|ene|nr|nummer\p{L}*|kopi\p{L}*|port\p{L}*)?(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
_NEW = regex.compile(r"(?<![\p{L}0-9])[A-Z]{2,3}[ ]?[0-9]{6,7}(?![\p{L}0-9]|[.,:-][0-9])")
_OLD = regex.compile(
    r"(?:nr|nummer(?:et)?|number|no)\.?[ ]?(?:er|is|var|was)?[ ]?:?[ ](?P<number>[0-9]{8,9})(?![\p{L}0-9]|[.,:-][0-9])",
    regex.IGNORECASE,
)
_FAR = 70


class PassportRecognizer(TextRecognizer):
    """Finds passport numbers behind their word."""

    ENTITY = "PASSPORT_NUMBER"
    CATEGORY = "user.government_id.passport_number"
    RANK = 43
    SCREEN = screened(r"pass[^0-9]{0,80}[0-9]{6}")

    def find(self, text: str) -> Iterator[Found]:
        """Numbers behind the word."""
        for match in _LABELLED.finditer(text):
            yield *match.span("number"), 0.75
        for word in _PASS.finditer(text):
            end = min(len(text), word.end() + _FAR)
            for match in _NEW.finditer(text, word.end(), end):
                yield *match.span(), 0.74
            for match in _OLD.finditer(text, word.end(), end):
                yield *match.span("number"), 0.74
