"""Order, invoice, case and tracking numbers, behind their word.

They lead to one person's row, so they are link keys. A KID has a recogniser of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.folding import screened
from detectors.texts.numbered import labelled, numbers, of_one_series
from detectors.texts.recognizer import Found, TextRecognizer

_WORDS = (
    r"ordre(?:n|ne|bekreftelse|nummer|nr|id|ref)?", r"ordrenr\.?", r"order(?:s|nr|no|id)?",
    r"bestilling(?:en|a|s)?(?:snummer|snr|nummer|nr|nummeret)?", r"tinging(?:a|s)?(?:nummer|nr)?",
    r"faktura(?:en|nummer|nr|nummeret)?", r"invoice", r"sak(?:en|snummer|snr|s-?id)?", r"case",
    r"ticket", r"henvendelse(?:n)?", r"sporing(?:snummer|snr|s-?id|skode)?", r"sporingsnr\.?",
    r"tracking", r"pakkenummer", r"pakke(?:n)?(?=[ ]?(?:nr|nummer|id))", r"sendings?(?:nummer|nr|en)?", r"kolli(?:nummer|nr|id)?",
    r"reklamasjon(?:s)?(?:nummer|nr|sak)?", r"retur(?:nummer|nr|sak)?", r"kvittering(?:snummer|snr)?",
    r"referanse(?:nummer|nr)?", r"reference", r"refnr", r"deres ref\.?", r"tilbud(?:snummer|snr)",
    r"booking(?:nummer|nr)?", r"rekvisisjon(?:snummer|snr)?", r"innkjøpsordre", r"po",
    r"kredit(?:nota|faktura)(?:en|nr|nummer|snummer)?", r"kredittnota", r"credit note", r"rma", r"kvittering(?:a|en)? for",
    r"tilbud(?=[ ]?(?:nr|nummer)|[ ][A-Z])", r"ref\.?(?=[ ]?[:A-Z0-9])", r"(?:vår|our|your|deres) ref", r"(?:inkasso|klage)sak",
    r"følgeseddel(?:en)?", r"pakkseddel", r"følgesetel", r"ordre [A-Z] \(", r"retur-?id",
    r"tilbod(?:et)?(?=[ ]?(?:nr|nummer)|[ ](?:deres|vårt|dykkar)?[ ]?[A-Z])", r"tilbudet(?=[ ](?:deres|vårt)?[ ]?[A-Z]{0,3}-?[0-9]{4})", r"retur(?:en|a)(?=[ ](?:min|mi|vår)?[ ]?\(?[A-Z])",
    r"(?:jobb|avbestilt|avbestilte|kansellert|kansellerte|krediter|kreditert|cancelled|refundert)(?=[ ][0-9]{6,10}(?![0-9]))",
    r"kvittering(?:en|a)?(?=[ ][0-9]{5})", r"the order", r"offer(?=[ ][A-Z]{0,3}-?[0-9]{4})", r"quote(?=[ ][A-Z]{0,3}-?[0-9]{4})",
)  # fmt: skip
_PATTERN = labelled(_WORDS)


class OrderNumberRecognizer(TextRecognizer):
    """Finds numbers of orders, invoices, cases and parcels."""

    ENTITY = "ORDER_NUMBER"
    CATEGORY = "user.link_key"
    RANK = 82
    SCREEN = screened(
        r"(?:ordre|order|bestilling|tinging|faktura|invoice|sak|case|ticket|henvendelse|sporing|"
        r"tracking|pakke|sending|kolli|reklamasjon|retur|kvittering|ref|tilbud|booking|"
        r"rekvisisjon|po|kredit|credit|rma|f.lgese|pakkseddel|inkasso|klage|tilbod|jobb|avbestilt|kansellert|cancelled|refundert|offer|quote)[^0-9]{0,60}[0-9]"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Numbers behind the words, and others of their series."""
        found = list(numbers(_PATTERN, text, 0.7))
        yield from found
        yield from of_one_series(text, found, 0.6)
