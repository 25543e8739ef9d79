"""Names of those who speak in a chat: `Saida: salam`, `[14:05] Jonatan (kundeservice): Hei`.

A word at the beginning of a line with a colon behind it is a speaker when the lists know it, or
when it begins two lines and is neither a role nor the label of a form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.lexicon import is_given, is_never, plain
from detectors.texts.recognizer import Found, TextRecognizer

_SPEAKER = regex.compile(
    r"(?:^|\n)[> \t]*(?:[(\[]?(?:kl\.?[ ])?[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?[)\]]?[ ]?[–-]?[ ]?)?"
    r"(?P<name>\p{Lu}[\p{L}\p{M}'-]{1,24})(?:[ ]\([^)\n]{1,24}\))?[ ]?[:>][ ]"
)
# Where names have a place that no other word takes: "Hei Dag." is no "God dag".
_CALLED = regex.compile(
    r"(?:^|[\n.!?>])[> \t]*(?:hei|hallo|heisann|kjære|hi|hello|dear)[ ](?P<name>\p{Lu}\p{Ll}[\p{L}\p{M}'-]{0,24})"
    r"(?=[.,!:\n]|$)",
    regex.IGNORECASE,
)
_GENERIC = frozenset(
    [
        "kunde",
        "kunden",
        "gjest",
        "agent",
        "support",
        "bot",
        "chat",
        "bruker",
        "bruker",
        "side",
        "kundebehandler",
        "besøkende",
        "visitor",
        "customer",
        "operator",
        "system",
        "navn",
        "name",
        "adresse",
        "address",
        "tlf",
        "telefon",
        "mobil",
        "epost",
        "e-post",
        "mail",
        "email",
        "fra",
        "til",
        "emne",
        "dato",
        "svar",
        "ordre",
        "status",
        "merknad",
        "notat",
        "kommentar",
        "pos",
        "varer",
        "lager",
        "leveres",
        "modell",
        "farge",
        "størrelse",
        "antall",
        "pris",
        "sum",
        "total",
        "kontakt",
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ]
)


class ChatNameRecognizer(TextRecognizer):
    """Finds speakers of a chat, and names in a greeting that are words as well."""

    ENTITY = "PERSON"
    CATEGORY = "user.name"
    SCREEN = screened(r"[:>] |hei|hallo|kjære|dear|hi |hello")

    def find(self, text: str) -> Iterator[Found]:
        """Speakers and those greeted."""
        spoken = [*_SPEAKER.finditer(text)]
        often = Counter(plain(match["name"]) for match in spoken)
        for match in spoken:
            low = plain(match["name"])
            if low in _GENERIC or is_never(low):
                continue
            if (is_given(low) and len(spoken) > 1) or (often[low] > 1 and len(often) > 1):
                yield *match.span("name"), 0.8
        for match in _CALLED.finditer(text):
            name = match["name"]
            if name[0].isupper() and is_given(plain(name)):
                yield *match.span("name"), 0.85
