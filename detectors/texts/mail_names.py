"""Names in what mail programs write: `Fra: Kari Nordmann <…>`, `Den 3. mars … skrev Kari:`.

A display name stands directly before its address in angle brackets, or alone behind `Fra:`,
`To:`, `Kopi:`. Source: RFC 5322 § 3.4; the quoting of Outlook, Gmail, Apple Mail, Thunderbird.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.mailbox import role
from detectors.texts.lexicon import is_never, plain
from detectors.texts.name_grammar import WORD, is_shop, known, name_end, place_only
from detectors.texts.recognizer import Found, TextRecognizer

# Bounded, and begun only where no word is running: a search in linear time.
_NAME = r"(?<![\p{L}\p{M}.'’-])\p{L}[\p{L}\p{M}.'’-]{0,40}(?:[ ]\p{L}[\p{L}\p{M}.'’-]{0,40}){0,4}"
_DISPLAY = regex.compile(
    rf"(?P<name>{_NAME}(?:,[ ]{_NAME})?)[\"']?[ ]{{0,2}}[<(\[](?:mailto:)?[^\s<>()\[\]@]+@",
)
_HEADER = regex.compile(
    r"(?:^|\n)[> \t|*]*(?:fra|frå|from|til|to|kopi|cc|bcc|blindkopi|avsender|mottaker|mottakar|"
    r"reply-to|svar til|sent by|sendt av|von|an)[ ]?:\*?[ \t]{0,3}(?P<line>[^\n]{1,300})",
    regex.IGNORECASE,
)
_WROTE = regex.compile(
    rf"(?:skrev|skreiv|wrote)[ ]+[\"']?(?P<after>{_NAME})[\"']?[ ]?(?=[<:(\[]|$|\n)"
    rf"|[,:.>\n0-9][ ]?[\"']?(?P<before>{_NAME})[\"']?[ ]{{0,2}}(?:<[^>\n]{{1,100}}>[ ]?)?"
    r"[\n ]{1,2}(?:skrev|skreiv|wrote)\b",
    regex.IGNORECASE,
)


_ADDRESS = regex.compile(
    r"[\"']?[ ]{0,2}[<(\[](?:mailto:)?(?P<address>[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]]{1,100})"
)
_BETWEEN_SEMICOLONS = regex.compile(r"[^;]+")
_ENDS = regex.compile(r"[\"' ]*(?:$|\n|[;,<(\[])")


class MailNameRecognizer(TextRecognizer):
    """Finds the names of senders and receivers."""

    ENTITY = "PERSON"
    CATEGORY = "user.name"
    SCREEN = screened(
        r"[<(\[](?:mailto:)?[^\s<>()\[\]@]+@|skrev|skreiv|wrote|"
        r"(?:fr[^\s:]{1,2}|from|til|to|kopi|cc|avsender|mottaker|mottakar|sendt av|sent by|von|an)[ ]?:"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Names in headers and before addresses."""
        for match in _DISPLAY.finditer(text):
            address = _ADDRESS.match(text, match.end("name"))
            if address and role(address["address"]) == "role":
                continue  # the display name of a shop's mailbox
            yield from _named(text, *match.span("name"))
        for match in _HEADER.finditer(text):
            yield from _list(text, *match.span("line"))
        for match in _WROTE.finditer(text):
            group = "after" if match["after"] else "before"
            yield from _named(text, *match.span(group))


def _list(text: str, start: int, end: int) -> Iterator[Found]:
    """The names in the value of a header."""
    for part in _BETWEEN_SEMICOLONS.finditer(text[start:end]):
        piece = part.group()
        if "@" in piece:
            continue  # its display name was found, and a bare address has none
        first = start + part.start() + len(piece) - len(piece.lstrip(" \"'"))
        name = name_end(text, first)
        if " " not in text[first:name] and not known(text[first:name], announced=True):
            continue  # "Fra: Merkevarehuset": one word that no list knows is a shop
        if name > first and _ENDS.match(text, name) and not place_only(text[first:name]):
            yield first, name, 0.9


def _named(text: str, start: int, end: int) -> Iterator[Found]:
    """A display name, without the words before it that belong to the sentence."""
    tokens = [*WORD.finditer(text, start, end)]
    # "skriv til Kari Nordmann <…>": only the last words in capitals, or all in lower case.
    first = start
    for token in tokens:
        if is_never(plain(token.group())):
            first = token.end()
    if any(token.group()[0].isupper() for token in tokens if token.start() >= first):
        for token in tokens:
            if token.start() >= first and token.group()[0].islower() and len(token.group()) > 3:
                first = token.end()
    name = text[first:end]
    first += len(name) - len(name.lstrip(" ,.\"'"))
    last = first + len(text[first:end].rstrip(" ,\"'"))
    name = text[first:last]
    if name.islower() and text[end : end + 3].strip()[:1] != "<" and not known(name):
        return  # "my old one (kari@…)"
    if is_shop(name):
        return
    lettered = last > first and any(c.isalpha() for c in text[first:last])
    if lettered and not is_never(plain(text[first:last])):
        yield first, last, 0.9
