"""E-mail addresses: Presidio's recogniser, bounded, offline, and with Norwegian context.

Presidio's own expression takes quadratic time on `a.a.a.a…`; here the local part is at most 64
characters (RFC 5321 § 4.5.3.1) and a label 63. Its validation asks `tldextract`, which would
fetch the public-suffix list; the snapshot inside the package is used instead. A suffix that is
not public (`.local`, `.test`, `.example`) keeps the pattern's score instead of being dropped.

Source: RFC 5321, RFC 6531 (letters beyond ASCII), RFC 6761 (reserved names).

>>> [
...     is_valid(address)
...     for address in ("kari@example.no", "kåre@bærum.kommune.no", "kari@", "@x.no")
... ]
[True, True, False, False]
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import regex
from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import EmailRecognizer

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import AdoptedRecognizer

if TYPE_CHECKING:
    from tldextract import TLDExtract

_CHARACTER = r"\p{L}\p{M}\p{N}_"
_LABEL = rf"[{_CHARACTER}](?:[{_CHARACTER}-]{{0,61}}[{_CHARACTER}])?"
_ADDRESS = rf"[{_CHARACTER}][{_CHARACTER}.+'&~-]{{0,63}}@{_LABEL}(?:\.{_LABEL}){{1,10}}"
_FULL = regex.compile(_ADDRESS, regex.IGNORECASE)


@functools.cache  # one parse of the packaged suffix list, never a download
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=())


@functools.lru_cache(maxsize=4096)  # domains repeat; no local part is kept
def _is_public(domain: str) -> bool:
    return bool(_suffixes()(domain).fqdn)


def compact(address: str) -> str:
    """The address without blanks around it."""
    return fold(address).strip()


def validate(address: str) -> str:
    """The compact address.

    Raises:
        InvalidFormat: it is none.
    """
    text = compact(address)
    if not _FULL.fullmatch(text) or text.rpartition(".")[2].isdecimal():
        raise InvalidFormat
    return text


def is_valid(address: str) -> bool:
    """Whether it is an e-mail address."""
    return passes(validate, address)


DECLARATION = Declaration(
    entity="EMAIL_ADDRESS",
    category="user.contact.email",
    subtypes=(Subtype("email", 0.0),),
    rank=5,
    checksum=False,
    screen=screened("@"),
    full=whole(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    needs_context=False,
    context=("epost", "e-post", "mail", "email", "e-mail", "kontakt", "e-poasta"),
    verify=each(_ADDRESS, is_valid),
)


class EmailAddressRecognizer(AdoptedRecognizer, EmailRecognizer):
    """Finds e-mail addresses in texts."""

    DECLARATION = DECLARATION

    def _arguments(self) -> dict[str, Any]:
        return {
            "patterns": [Pattern("Email", rf"(?<![{_CHARACTER}]){_ADDRESS}(?![{_CHARACTER}])", 0.5)]
        }

    def validate_result(self, pattern_text: str) -> bool | None:
        """Certain with a public suffix, likely without, dropped when no address."""
        if not is_valid(pattern_text):
            return False
        return True if _is_public(pattern_text.rpartition("@")[2].casefold()) else None
