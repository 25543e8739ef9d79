"""IP addresses, version 4 and 6: Presidio's recogniser, without version numbers.

`versjon 10.4.1.2` has the form of an address, so four numbers behind such a word are left out.
A network (`192.0.2.0/24`) is shared by many and is none either; `192.0.2.10/24` still is.

Source: RFC 791, RFC 4291; CJEU C-582/14 (Breyer) on IP addresses as personal data.

>>> is_valid("192.0.2.10"), is_valid("2001:db8::1"), is_valid("256.1.1.1"), is_valid("1.2.3")
(True, True, False, False)
>>> is_valid("192.0.2.10/24"), is_valid("192.0.2.0/24"), is_valid("2001:db8::/48")
(True, False, False)
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import regex
from presidio_analyzer.predefined_recognizers import IpRecognizer

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import AdoptedRecognizer

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

_VERSION = regex.compile(
    r"(?:versjon(?:en)?|version|release|build|ver\.?|\bv\.?) ?$", regex.IGNORECASE
)
_PREFIX = regex.compile(r"/\d{1,3}(?!\d)")
# Four numbers up to 255 without a leading zero (RFC 6943 § 3.1.1): a host, whatever they are.
_QUAD = regex.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.|$)){4}(?<!\.)")
_FORMS = [regex.compile(p.regex, regex.IGNORECASE) for p in IpRecognizer.PATTERNS]


def compact(address: str) -> str:
    """The address without blanks around it."""
    return fold(address).strip()


def validate(address: str) -> str:
    """The compact address, with or without a prefix length.

    Raises:
        InvalidFormat: it is none, or a network.
    """
    text = compact(address)
    if not any(form.fullmatch(text) for form in _FORMS):
        raise InvalidFormat
    if _QUAD.fullmatch(text):
        return text
    try:
        found = ipaddress.ip_interface(text)
    except ValueError:
        raise InvalidFormat from None
    if found.network.num_addresses > 1 and found.ip == found.network.network_address:
        raise InvalidFormat
    return text


def is_valid(address: str) -> bool:
    """Whether it is an IP address."""
    return passes(validate, address)


DECLARATION = Declaration(
    entity="IP_ADDRESS",
    category="user.device.ip_address",
    subtypes=(Subtype("v4", 0.04), Subtype("v6", 0.0)),
    rank=35,
    checksum=False,
    screen=screened(r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|:[0-9a-f]{0,4}:"),
    full=whole(r"[0-9a-f:.]{2,45}(?:%[0-9a-z]+)?(?:/[0-9]{1,3})?"),
    needs_context=False,
    context=("ip", "ip-adresse", "ipadresse", "ipv4", "ipv6", "klient", "client", "remote"),
    verify=each(r"[0-9a-f:.]{2,45}(?:%[0-9a-z]+)?(?:/[0-9]{1,3})?", is_valid),
    subtype_of=lambda cell: "v6" if ":" in cell else "v4",
)


class IpAddressRecognizer(AdoptedRecognizer, IpRecognizer):
    """Finds IP addresses in texts and logs."""

    DECLARATION = DECLARATION

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Find IP addresses that do not stand behind a word for a version."""
        results = super().analyze(text, entities, nlp_artifacts, regex_flags)
        return [
            r
            for r in results
            if not _VERSION.search(text[max(0, r.start - 12) : r.start])
            and not _is_network(text, r.start, r.end)
        ]


def _is_network(text: str, start: int, end: int) -> bool:
    """Whether the span, with the prefix length behind it, is a network."""
    behind = _PREFIX.match(text, end)
    address = text[start : behind.end() if behind else end]
    return "/" in address and not is_valid(address)
