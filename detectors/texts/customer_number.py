"""Customer, member and employee numbers, behind their word."""

from __future__ import annotations

from collections.abc import Iterator

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
        r"avtale(?:nummer|nr)", r"kundeklubb(?:nummer|nr)?", r"konto(?:id)",
    )
)  # fmt: skip


class CustomerNumberRecognizer(TextRecognizer):
    """Finds numbers that a customer, a member or an employee has."""

    ENTITY = "CUSTOMER_NUMBER"
    CATEGORY = "user.unique_id"
    RANK = 81
    SCREEN = screened(
        r"(?:kunde|kd|knr|customer|client|medlem|member|ansatt|tilsett|employee|bruker|user|abonne|avtale|"
        r"konto)[^0-9]{0,60}[0-9]"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Numbers behind the words."""
        yield from numbers(_PATTERN, text, 0.72)
