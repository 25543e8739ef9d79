"""Values that are known from elsewhere, looked for in a text about the same person.

They stand in the same row, or in the person's own record. A name counts whole and by its parts,
in any case and as a genitive; a telephone however it is grouped; everything else as it is
written, in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from detectors.folding import fold
from detectors.texts.echoes import with_names
from detectors.texts.lexicon import is_never, plain
from detectors.texts.name_grammar import WORD, is_company
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
_NAME, _PHONE = "user.name", "user.contact.phone_number"
_NUMBERS = (
    _PHONE,
    "user.government_id.national_identification_number",
    "user.financial.bank_account",
)
_FEWEST_DIGITS = 8
_APART = r"[ .\-/]{0,2}"  # between two digits of one number
_COUNTRY = r"(?:\(?(?:\+|00)[0-9]{1,3}\)?[ ]?|47[ ]?)?"


def type_of(category: str) -> str:
    """The type of a category's values in texts; "" for one that is not looked for."""
    best = max(
        (c for c in TYPES if category == c or category.startswith(c + ".")), key=len, default=""
    )
    return TYPES.get(best, "")


def with_known(text: str, spans: Sequence[Span], values: Sequence[KnownValue]) -> list[Span]:
    """The spans of a text with those of known values that it holds.

    Args:
        text: as it was given to the finder.
        spans: what the finder found in it.
        values: of the same person.
    """
    folded = fold(text)
    lowered = plain(folded)
    found = list(spans)
    names: set[str] = set()
    for value in values:
        if _is(value.category, _NAME):
            if is_company(fold(value.text).strip(), 0):
                continue  # columns of customers hold firms as well: "bygg" is no person
            parts = {plain(token) for token in WORD.findall(fold(value.text))}
            names |= {
                part
                for part in parts
                if len(part) >= _SHORTEST and part in lowered and not is_never(part)
            }
            continue
        for start, end in _places(folded, value):
            inside = [s for s in found if start <= s.start and s.end <= end]
            across = [s for s in found if s not in inside and s.end > start and s.start < end]
            if not across and not (inside and inside[0].end - inside[0].start == end - start):
                # A longer value takes the place of the parts that were found of it.
                found = [s for s in found if s not in inside]
                found.append(Span(start, end, type_of(value.category), SCORE, value.category))
    found.sort(key=lambda span: span.start)
    if names:
        found = [_owner(span, folded, names) for span in found]
        found = with_names(found, folded, names, SCORE)
    return settled(found, text) if found != list(spans) else found


def _owner(span: Span, text: str, names: set[str]) -> Span:
    """A name without a genitive that only the known name tells: `Thixas pakke`."""
    if span.type != "PERSON":
        return span
    low = plain(text[span.start : span.end])
    last = low.split()[-1] if low.split() else ""
    if last.endswith("s") and last not in names and last[:-1] in names:
        return replace(span, end=span.end - 1)
    return span


def _is(category: str, wanted: str) -> bool:
    return category == wanted or category.startswith(wanted + ".")


def _places(text: str, value: KnownValue) -> Iterator[tuple[int, int]]:
    """Where a value stands in a folded text."""
    wanted = fold(value.text).strip()
    if any(_is(value.category, numbered) for numbered in _NUMBERS):
        digits = "".join(c for c in wanted if c.isdigit())
        if len(digits) < _FEWEST_DIGITS:
            return
        prefix = ""
        if _is(value.category, _PHONE):
            digits = digits[-_FEWEST_DIGITS:]  # without the country
            prefix = _COUNTRY
        pattern = _APART.join(digits)
        yield from (
            m.span() for m in regex.finditer(rf"(?<![0-9]){prefix}{pattern}(?![0-9])", text)
        )
        return
    if len(wanted) < _SHORTEST_VALUE:
        return
    pattern = r"\s+".join(regex.escape(part) for part in wanted.split())
    bounded = rf"(?<![\p{{L}}\p{{M}}0-9]){pattern}(?![\p{{L}}\p{{M}}0-9])"
    yield from (m.span() for m in regex.finditer(bounded, text, regex.IGNORECASE))
