"""Bare mobile numbers where somebody speaks of calling, messages or numbers: `Mitt nr e 95174420`.

Eight digits that begin with 4 or 9 are as often an order. The words of the same sentence decide:
one about telephones before or just behind, none about orders between.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.recognizer import Found, TextRecognizer

_NUMBER = regex.compile(r"(?<![\p{L}0-9/#_.,-])[49][0-9]{7}(?![\p{L}0-9/_-]|[.,:][0-9])")
_CUE = regex.compile(
    r"(?<![\p{L}\p{M}])(?:ring(?:e|er|te|t|ja|je)?|telefon\p{L}*|tlf\p{L}*|tel|mobil\p{L}*|mob|mobb|sms|"
    r"tekst(?:melding)?\p{L}*|melding(?:en|a|ar)?|vipps\p{L}*|fon|whatsapp|signal|nås|treffes|"
    r"svarer|call(?:ed|ing)?|text(?:ed)?|phone|mobile|cell|"
    r"(?:mitt|nytt|nye|ny|gammalt|gamle|hans|hennar|hennes|rett|riktig|riktige|feil|mæ|mitt|privat\p{L}*|direkte)"
    r"[ ](?:nr|num{1,2}er\p{L}*|no)|(?:nr|num{1,2}er\p{L}*)[ ](?:mitt|mi|hans|hennes|hennar|til|te)|my number|new number)"
    r"(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
_SENT = regex.compile(
    r"(?<![\p{L}\p{M}])(?:send\p{L}*|bilde\p{L}*|bilete\p{L}*|photo|picture)[^\n0-9.]{0,30}[ ](?:til|te|to|på)[ ]$",
    regex.IGNORECASE,
)
_BEHIND = regex.compile(
    r"[ ]?[(,]?[ ]?(?:vipps|mob|tlf|telefon|sms|på sms|er nummeret|e nummeret|er nr|privat|whatsapp)(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
_OTHER = regex.compile(
    r"(?:ordre|order|faktura|invoice|bestilling|tinging|kunde|kd\.?|customer|referanse|ref\.?|retur|return|rma|"
    r"sporing|tracking|pakke|sak|case|ticket|kid|konto|art\.?|artikkel|vare|ean|org|serie|tilbud|kurv|kolli|"
    r"sending|item|pass(?:port)?|po|medlem|ansatt)(?:en|n|et|s|a)?[ ]?(?:nr|nummer|no|number|id)?\p{L}{0,4}"
    r"[^\p{L}0-9]{0,3}(?:\p{L}{1,5}[ ]){0,2}$",
    regex.IGNORECASE,
)
_STOP = regex.compile(r"[.!?\n](?=\s)")
_WINDOW = 60


class SaidPhoneRecognizer(TextRecognizer):
    """Finds bare mobile numbers by the words of their sentence."""

    ENTITY = "PHONE_NUMBER"
    CATEGORY = "user.contact.phone_number"
    RANK = 51
    SCREEN = screened(r"[49][0-9]{7}")
    COUNTRY_CODE = "no"

    def find(self, text: str) -> Iterator[Found]:
        """Numbers in sentences about telephones."""
        for match in _NUMBER.finditer(text):
            start, end = match.span()
            before = text[max(0, start - _WINDOW) : start]
            if _OTHER.search(before):
                continue
            if _BEHIND.match(text, end) or _SENT.search(before):
                yield start, end, 0.6
                continue
            cues = [*_CUE.finditer(before)]
            if not cues:
                continue
            between = before[cues[-1].end() :]
            # One sentence may end between "nummer" and the number: "sendte nummeret. Det er 9…".
            if len(_STOP.findall(between)) <= 1 and not _OTHER.search(between.rstrip() + " "):
                yield start, end, 0.6
