"""Customer, member and employee numbers, behind their word."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.numbered import labelled, numbers
from detectors.texts.recognizer import Found, TextRecognizer

_PATTERN = labelled(
    (
        r"kunde(?:nummer|nr|nummeret|-?id)", r"kundenr\.?", r"kd\.?[ ]?nr\.?", r"knr\.?", r"kunde(?=[ ]?(?:nr|no|id|nummer|#))",
        r"kunde(?=[ ]?[0-9]{4})",
        r"kunde(?:n)?(?=[ ]\(?[A-Z]-?[0-9]{4})", r"kundekort(?:nummer|nr|et)?", r"kd\.?(?=[ ]?[0-9]{4})", r"customer", r"client", r"medlem(?:snummer|snr|s-?id)?", r"medlemsnr\.?", r"member(?:ship)?",
        r"ansatt(?:nummer|nr)", r"ansattnr\.?", r"tilsettnummer", r"employee", r"brukerid",
        r"bruker-?id", r"user ?id", r"abonnement(?:snummer|snr)?", r"abonnent(?:nummer|nr)",
        r"avtale(?:nummer|nr)", r"kundeklubb(?:nummer|nr)?", r"konto(?:id)", r"kundeforhold(?:et)?", r"kundekort(?:et)?,", r"(?:bonus|fordels|lojalitets|medlems)kort(?:et)?",
        r"debitor(?:nr|nummer)?", r"(?:registrert|registrerte|oppført|lagt inn)(?:[ ]hos[ ](?:dere|dykk))?[ ](?:med|under|som)(?=[ ](?:nr|nummer|kundenr|[A-Z]-?[0-9]))",
        r"(?:står|er|ligger|ligg|har oss|har meg)(?:[ ]hos[ ](?:dere|dykk))?[ ](?:som|under)(?=[ ][A-Z]{1,2}-?[0-9]{4})",
        r"(?:us|me|we are|registered)[ ](?:under|as)(?=[ ][A-Z]{1,2}-?[0-9]{4})", r"account(?=[ ](?:no|number|nr|id|ref)|[ ][A-Z]{1,3}-?[0-9]{4})",
        r"client(?:[ ]number)?", r"medl\.?[ ]?(?:nr|nummer|no)\.?", r"medlems?-?(?:nr|nummer|id|kode)\.?",
        (r"(?:pasient|journal|klient|leietaker|leietakar|leigetakar|elev|student|deltaker|deltakar|abonnement|abonnements|brukar|bruker|kundekort|kundeklubb|låner|lånar|"
        r"forsikrings|parkerings|beboer|andelseier|loddeier)-?(?:nr|nummer|id|kode|nummeret)\.?"), r"kundekode", r"kundekonto(?:nr|nummer)?", r"kundennummer", r"kundenummer(?:et)?",
        r"(?:patient|tenant|student|employee|member|subscriber|policy|resident)(?:[ ](?:no|number|id|code)\.?)", r"membership", r"loyalty card", r"customer(?:[ ]card)?",
    )
)  # fmt: skip


# "slå sammen K10448 og K10449? Det er samme kunde": a code in a line that speaks of customers.
_CODE = regex.compile(r"(?<![\p{L}\p{M}0-9-])[KCM]-?[0-9]{4,8}(?![\p{L}\p{M}0-9-])")
_SPOKEN_OF = regex.compile(
    r"(?<![\p{L}\p{M}])(?:kunde(?:n|r|ne)?|kundar|kundane|kundekort(?:et)?|customers?|clients?|medlem(?:mer|met)?|members?)(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
# In brackets behind the name of a customer.
_BRACKETED = regex.compile(
    r"(?<![\p{L}\p{M}])(?i:kunde|kunden|customer|medlem|member)[ :]{1,2}(?:\p{Lu}[\p{L}\p{M}.-]*[ ]){1,4}\((?P<number>[A-Z]{0,2}-?[0-9]{4,8})\)"
)
_NEAR = 60  # characters on either side in which customers are spoken of
_CODED = 0.6  # score of a code whose label is only near


class CustomerNumberRecognizer(TextRecognizer):
    """Finds numbers that a customer, a member or an employee has."""

    ENTITY = "CUSTOMER_NUMBER"
    CATEGORY = "user.unique_id"
    RANK = 81
    SCREEN = screened(
        r"(?:kunde|kd|knr|customer|client|medlem|member|ansatt|tilsett|employee|bruker|user|abonne|avtale|"
        r"konto|debitor|bonus|fordel|lojal|loyal|registr|medl|pasient|patient|journal|klient|leietak|leigetak|elev|student|deltak|brukar|låner|la.ner|forsikring|parkering|beboer|andel|lodd|tenant|subscriber|policy|resident|oppført|oppfo.rt|lagt inn|står|sta.r|er som|er under|ligg|har oss|har meg|account|us under|me under|us as|me as|we are)[^0-9]{0,60}[0-9]"
        r"|[kcm]-?[0-9]{4}"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Numbers behind the words, and codes near them."""
        yield from numbers(_PATTERN, text, 0.72)
        for match in _BRACKETED.finditer(text):
            yield *match.span("number"), _CODED
        for match in _CODE.finditer(text):
            start, end = match.span()
            before = text[max(0, start - _NEAR) : start].rpartition("\n")[2]
            behind = text[end : end + _NEAR].partition("\n")[0]
            if _SPOKEN_OF.search(before) or _SPOKEN_OF.search(behind):
                yield start, end, _CODED
