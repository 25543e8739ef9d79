"""Number plates behind an abbreviation that is split by its points: `reg.nr AB 12345`.

Context words are whole words; `reg.nr.` is not one, and plates need a word beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.norway.number_plate import is_valid
from detectors.texts.recognizer import Found, TextRecognizer

_LABELLED = regex.compile(
    r"(?<![\p{L}\p{M}])(?:reg|skilt|bil|kj)\.?[ ]?-?(?:nr|nummer|no|merke)?\.?[ ]?:?[ ]?"
    r"(?P<plate>[A-Z]{2}[ -]?[1-9][0-9]{3,4})(?![\p{L}0-9])",
    regex.IGNORECASE,
)
# A plate beside what drives: articles have the same look, but stand beside no car.
_DRIVEN = regex.compile(
    r"(?<![\p{L}\p{M}])(?:kjører|køyrer|kjørende|parker\p{L}*|varebil\p{L}*|stasjonsvogn|bil(?:en|ar|er)?|volvo|toyota|opel|"
    r"volkswagen|vw|caddy|golf|transporter|tesla|ford|skoda|audi|bmw|mercedes|peugeot|nissan|hyundai|kia|renault|"
    r"van|driving|drives)(?![\p{L}\p{M}])[^\n0-9]{0,32}?"
    r"(?<![\p{L}0-9])(?P<plate>[A-Z]{2}[ -]?[1-9][0-9]{3,4})(?![\p{L}0-9])"
)

_ARTICLE = regex.compile(
    r"(?:art|artikkel|vare|modell|model|item|sku|ordre|order|faktura|ref|kode|code|pos)\p{L}{0,8}[.: ]{1,3}$",
    regex.IGNORECASE,
)
_PLATE = regex.compile(r"(?<![\p{L}0-9])[A-Z]{2}[ -]?[1-9][0-9]{4}(?![\p{L}0-9]|[.,:-][0-9])")
# A text about cars, in which five digits behind two letters are a plate wherever they stand.
_CARS = regex.compile(
    r"(?<![\p{L}\p{M}])(?:reg\.?[ ]?-?(?:nr|nummer|no)|skilt(?:et|a|er|nr|nummer)?|kjennemerke\p{L}*|kjører|kjørte|kjøyrer|"
    r"køyrde|parker\p{L}*|bil(?:en|ar|er|a|skilt\p{L}*|merke\p{L}*)?|\p{L}*bil(?:en|er)?|henger(?:en)?|tilhenger(?:en)?|"
    r"volvo|toyota|opel|volkswagen|vw|caddy|transporter|tesla|ford|skoda|audi|bmw|mercedes|peugeot|nissan|"
    r"hyundai|kia|renault|sprinter|car|van|truck|licen[cs]e plate|number plate|car reg)(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)


class LabelledPlateRecognizer(TextRecognizer):
    """Finds number plates behind `reg.nr.` and its like."""

    ENTITY = "NO_NUMBER_PLATE"
    CATEGORY = "user.government_id.vehicle_registration"
    RANK = 65
    SCREEN = screened(r"[A-Z]{2}[ -]?[1-9][0-9]{3}")
    COUNTRY_CODE = "no"

    def find(self, text: str) -> Iterator[Found]:
        """Plates behind their abbreviation."""
        for pattern, score in ((_LABELLED, 0.7), (_DRIVEN, 0.6)):
            for match in pattern.finditer(text):
                if is_valid(match["plate"]):
                    yield *match.span("plate"), score
        if _CARS.search(text):
            for match in _PLATE.finditer(text):
                if is_valid(match.group()) and not _ARTICLE.search(
                    text, max(0, match.start() - 16), match.start()
                ):
                    yield *match.span(), 0.6
