"""Addresses in a form: what stands behind `Adresse:`, `Address:`, `Leveringsadresse:`.

Rural addresses have no word for a way (`Moen 12`), foreign ones another; the label says what
they are. The value ends with its line, and the postcode line below is joined to it later.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.recognizer import Found, TextRecognizer

_LABEL = (
    r"(?:(?:post|gate|besøks|leverings|fakturerings|faktura|heime|hjemme|bosteds|privat|ny|gammel)"
    r"[ ]?)?adress(?:e|en|a)|(?:street|home|delivery|shipping|billing|postal|mailing)?[ ]?address|"
    r"vegadresse|gate|street|bosted|bustad"
)
_FIELD = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}-])(?:{_LABEL})[ ]?(?:\([^)\n]{{1,25}}\))?[:=][ \t]*(?:\n[ \t]*)?"
    r"(?P<value>[\p{L}0-9][\p{L}\p{M}0-9 .'’/-]{2,60}?[ ][0-9]{1,4}[ ]?[A-Za-zÆØÅæøå]?)"
    r"(?=[ \t]*(?:$|[\n,;|(]|[ ]{2,}))",
    regex.IGNORECASE,
)
_MAIL = regex.compile(r"ip|e-?post|mail|web|nett", regex.IGNORECASE)


class FormAddressRecognizer(TextRecognizer):
    """Finds the address in a field of that name."""

    ENTITY = "NO_STREET_ADDRESS"
    CATEGORY = "user.contact.address.street"
    RANK = 60
    SCREEN = screened(r"(?:add?ress|gate|street|bosted|bustad)[^:=]{0,40}[:=]")

    def find(self, text: str) -> Iterator[Found]:
        """Values of address fields that hold a number."""
        for match in _FIELD.finditer(text):
            before = text[max(0, match.start() - 8) : match.start()]
            if any(c.isalpha() for c in match["value"]) and not _MAIL.search(before):
                yield *match.span("value"), 0.74
