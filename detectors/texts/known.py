"""Values known from elsewhere, looked for in a text: what stands in the same row, or of the
same person in another table.

A name counts whole and by its parts, in any case and as a genitive; a telephone however it is
grouped; everything else as it is written, in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from detectors.folding import fold
from detectors.texts.echoes import with_names
from detectors.texts.lexicon import is_never, plain
from detectors.texts.name_grammar import WORD
from detectors.texts.resolution import settled
from sladd.model import KnownValue, Span

SCORE = 0.9
TYPES = {
    "user.name": "PERSON",
    "user.contact.email": "EMAIL_ADDRESS",
    "user.contact.phone_number": "PHONE_NUMBER",
    "user.contact.address.street": "NO_STREET_ADDRESS",
    "user.government_id.national_identification_number": "NO_FODSELSNUMMER",
    "user.financial.bank_account": "NO_KONTONUMMER",
    "user.financial.iban": "IBAN_CODE",
    "user.account.username": "USERNAME",
    "user.unique_id": "CUSTOMER_NUMBER",
}
"""Categories whose values are looked for, and the type of what is found."""
_SHORTEST = 3  # letters of a part of a name
_SHORTEST_VALUE = 5  # characters of any other value: shorter ones are in every text
_DIGITS = {"user.contact.phone_number", "user.government_id.national_identification_number",
           "user.financial.bank_account"}  # fmt: skip
_FEWEST_DIGITS = 8


def type_of(category: str) -> str:
    """The type of a category's values in texts; "" for one that is not looked for."""
    best = max((c for c in TYPES if category == c or category.startswith(c + ".")), key=len, default="")
    return TYPES.get(best, "")


def with_known(text: str, spans: Sequence[Span], values: Sequence[KnownValue]) -> list[Span]:
    """The spans of a text with those of known values that it holds.

    Args:
        text: as it was given to the finder.
        spans: what the finder found in it.
        values: of the same person.
    """
    folded = fold(text)
    found = list(spans)
    names: set[str] = set()
    for value in values:
        if value.category == "user.name" or value.category.startswith("user.name."):
            names |= {
                low
                for token in WORD.findall(fold(value.text))
                if len(low := plain(token)) >= _SHORTEST and not is_never(low)
            }
            continue
        for start, end in _places(folded, value):
            if all(a >= end or b <= start for a, b in ((s.start, s.end) for s in found)):
                found.append(Span(start, end, type_of(value.category), SCORE, value.category))
            elif any(start <= s.start and s.end <= end for s in found):
                # A longer value takes the place of the parts that were found of it.
                if all(s.end <= start or s.start >= end or (start <= s.start and s.end <= end) for s in found):
                    found = [s for s in found if s.end <= start or s.start >= end]
                    found.append(Span(start, end, type_of(value.category), SCORE, value.category))
    found.sort(key=lambda span: span.start)
    if names:
        found = with_names(found, folded, names, SCORE)
    return settled(found, text) if len(found) != len(spans) else list(spans)


def _places(text: str, value: KnownValue) -> Iterator[tuple[int, int]]:
    """Where a value stands in a folded text."""
    wanted = fold(value.text).strip()
    if value.category in _DIGITS:
        digits = [c for c in wanted if c.isdigit()]
        if len(digits) < _FEWEST_DIGITS:
            return
        national = digits[-8:] if value.category == "user.contact.phone_number" else digits
        pattern = r"[ .\-/]{0,2}".join(national)
        prefix = r"(?:(?:\+|00)[ ]?[0-9]{1,3}[ ]?|\((?:\+|00)[0-9]{1,3}\)[ ]?|47[ ]?)?" if national != digits or len(
            digits) == 8 else ""  # fmt: skip  # noqa: PLR2004
        for match in regex.finditer(rf"(?<![0-9]){prefix}{pattern}(?![0-9])", text):
            yield match.span()
        return
    if len(wanted) < _SHORTEST_VALUE:
        return
    pattern = r"\s+".join(regex.escape(part) for part in wanted.split())
    for match in regex.finditer(rf"(?<![\p{{L}}\p{{M}}0-9]){pattern}(?![\p{{L}}\p{{M}}0-9])", text, regex.IGNORECASE):
        yield match.span()


