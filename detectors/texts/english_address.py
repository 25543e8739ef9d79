"""Addresses written the English way: `14 Baker Street, London NW1 6XE`, `221B High Rd`.

The number stands first, and the last word says that it is a way.
Source: Universal Postal Union, addressing systems of Great Britain, Ireland, the United States.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.recognizer import Found, TextRecognizer

_WAY = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Terrace|Crescent|"
    r"Close|Gardens|Grove|Square|Sq|Parkway|Mews|Highway|Way|Place|Hill)"
)
_POSTCODE = (
    r"(?:[A-Z]{1,2}[0-9][0-9A-Z]?[ ][0-9][A-Z]{2}|[A-Z]{2}[ ][0-9]{5}(?:-[0-9]{4})?|[0-9]{5})"
)
_ADDRESS = regex.compile(
    rf"(?<![\p{{L}}0-9.,#-])(?:(?:Flat|Apt\.?|Unit|Suite)[ ][0-9A-Z]{{1,5}},[ ])?[0-9]{{1,5}}[A-Z]?[ ]"
    rf"(?:\p{{Lu}}[\p{{L}}'’-]*\.?[ ]){{1,4}}{_WAY}(?![\p{{L}}])\.?"
    rf"(?:,?[ \n](?:\p{{Lu}}[\p{{L}}'’-]+[ ,\n]{{1,2}}){{0,4}}{_POSTCODE}(?![\p{{L}}0-9]))?"
)


class EnglishAddressRecognizer(TextRecognizer):
    """Finds street addresses that begin with their number."""

    ENTITY = "STREET_ADDRESS"
    CATEGORY = "user.contact.address.street"
    RANK = 61
    SCREEN = screened(rf"[0-9][A-Z]?[ ][^0-9]{{2,60}}{_WAY}")

    def find(self, text: str) -> Iterator[Found]:
        """Number, name, way, and the postcode where one follows."""
        for match in _ADDRESS.finditer(text):
            yield *match.span(), 0.8
