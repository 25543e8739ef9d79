"""Ages of persons: `jeg er 16 år`, `sønnen min på 14`, `34 år gammel`, `17-åring`, `aged 34`.

"Kopp til 40 år" is a jubilee and "3 års garanti" a warranty, so a word for a person or for
being old must stand beside the number.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.recognizer import Found, TextRecognizer

_NUMBER = r"(?P<age>1[01][0-9]|[1-9]?[0-9])"
_YEARS = r"[ -]?(?:år|a\N{COMBINING RING ABOVE}r)"
_PERSON = (
    r"(?:jeg|eg|æ|han|hun|ho|sønn(?:en)?|datter(?:en|a)?|dotter(?:a)?|gutt(?:en)?|jente(?:n|a)?|"
    r"barn(?:et)?|mor|far|mannen|kona|bestemor|bestefar|sønnen min|datteren min|dattera mi|"
    r"sonen min|dottera mi|gutten min|jenta mi|mamma|pappa|kunden|kunde|dame|mann|kvinne|elev(?:en)?|pensjonist|student|ungdom|herre)"
)
_PATTERNS = (
    regex.compile(
        rf"(?<![\p{{L}}\p{{M}}]){_PERSON}[ ](?:er|e|på|var|blir|fyller|fylte)[ ](?:bare[ ]|nå[ ]|no[ ])?"
        rf"{_NUMBER}{_YEARS}(?![\p{{L}}\p{{M}}])(?![ ](?:siden|sidan|med|i[ ]))",
        regex.IGNORECASE,
    ),
    regex.compile(rf"(?<![0-9.,]){_NUMBER}{_YEARS}[ ](?:gammel|gamal|gammal|gamle|ung)", regex.IGNORECASE),
    regex.compile(rf"(?<![0-9.,]){_NUMBER}{_YEARS}ing", regex.IGNORECASE),
    regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:alder|age|aged|alderen)[ ]?[:=]?[ ](?:er[ ]|of[ ]|is[ ])?{_NUMBER}(?![0-9%.,])",
                  regex.IGNORECASE),
    regex.compile(rf"(?<![0-9.,]){_NUMBER}[ -](?:years?|yrs?)[ -](?:old)", regex.IGNORECASE),
)  # fmt: skip


class AgeRecognizer(TextRecognizer):
    """Finds ages of persons."""

    ENTITY = "AGE"
    CATEGORY = "user.demographic.age_range"
    RANK = 85
    SCREEN = screened(
        r"[0-9][ -]?(?:.r|a.r|years?|yrs?)|(?:alder|age|aged|alderen)[ ]?[:=]?[ ](?:er[ ]|of[ ]|is[ ])?[0-9]"
    )

    def find(self, text: str) -> Iterator[Found]:
        """The numbers of years."""
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                yield *match.span("age"), 0.7
