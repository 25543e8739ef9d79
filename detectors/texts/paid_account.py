"""Accounts without their word: `sett pengene inn på 99979141153`, `9997.91.41153`.

Where somebody pays or is paid, eleven digits with an account's check digit are an account; so are
those that are grouped as accounts are, four, two and five.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.norway.fodselsnummer import is_valid as is_person
from detectors.norway.kontonummer import is_valid
from detectors.texts.recognizer import Found, TextRecognizer

_NUMBER = (
    r"(?<![0-9.,-])(?P<number>[0-9]{4}(?:[0-9]{7}|[ .][0-9]{2}[ .][0-9]{5}))(?![0-9]|[.,-][0-9])"
)
_PAID = regex.compile(
    r"(?<![\p{L}\p{M}])(?:(?:inn|ut|til|over|for|be|etter)?betal|sett(?:es|e|ast)?(?![\p{L}])|innskudd|"
    r"refunder|refusjon|utlegg|overfør|tilbakefør|tilbake|attende|attende|peng|beløp|erstatning|prisavslag|rabatt|"
    r"bonus|gjeld|depositum|lønn|løn|kron|kr(?![\p{L}])|pay|paid|refund|transfer|deposit|money|wire)"
    rf"[^\n]{{0,70}}?(?<![\p{{L}}])(?:på|til|te|tel|to|into|inn|in|from|fra|frå)[ :]{{1,2}}{_NUMBER}",
    regex.IGNORECASE,
)
_GROUPED = regex.compile(
    r"(?<![0-9.,-]|[0-9][ ])(?P<number>[0-9]{4}(?:[.][0-9]{2}[.]|[ ][0-9]{2}[ ])[0-9]{5})(?![0-9]|[.,-][0-9]|[ ][0-9])"
)
_OTHER = regex.compile(
    r"(?:kid|faktura|ordre|order|sporing|kolli|pakke)[^0-9\n]{0,14}$", regex.IGNORECASE
)


class PaidAccountRecognizer(TextRecognizer):
    """Finds accounts by what is said of money, and by their grouping."""

    ENTITY = "NO_KONTONUMMER"
    CATEGORY = "user.financial.bank_account"
    RANK = 30
    SCREEN = screened(r"[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{5}")
    COUNTRY_CODE = "no"

    def find(self, text: str) -> Iterator[Found]:
        """Accounts with a right check digit."""
        for pattern, score in ((_PAID, 0.6), (_GROUPED, 0.5)):
            for match in pattern.finditer(text):
                number, start = match["number"], match.start("number")
                if _OTHER.search(text, max(0, start - 24), start):
                    continue
                if is_valid(number) and not is_person(number):
                    yield *match.span("number"), score
