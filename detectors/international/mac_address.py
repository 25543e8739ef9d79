"""MAC addresses: Presidio's recogniser. Six pairs of hexadecimal digits, or three of four.

Source: IEEE 802-2014, clause 8.

>>> is_valid("00:1A:2B:3C:4D:5E"), is_valid("0012.3456.789a"), is_valid("00:1A:2B")
(True, True, False)
"""

from __future__ import annotations

import regex
from presidio_analyzer.predefined_recognizers import MacAddressRecognizer as PresidioMac

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import AdoptedRecognizer

_SHAPE = r"[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
_FULL = regex.compile(_SHAPE, regex.IGNORECASE)


def compact(address: str) -> str:
    """Twelve hexadecimal digits, upper-case."""
    return fold(address).strip().translate({ord(c): None for c in ":-."}).upper()


def validate(address: str) -> str:
    """The compact address.

    Raises:
        InvalidFormat: it is none, or everyone's (all zeros, broadcast).
    """
    digits = compact(address)
    if not _FULL.fullmatch(fold(address).strip()) or digits in {"0" * 12, "F" * 12}:
        raise InvalidFormat
    return digits


def is_valid(address: str) -> bool:
    """Whether it is one device's MAC address."""
    return passes(validate, address)


DECLARATION = Declaration(
    entity="MAC_ADDRESS",
    category="user.device.mac_address",
    subtypes=(Subtype("mac", 0.0),),
    rank=34,
    checksum=False,
    screen=screened(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"),
    full=whole(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"),
    needs_context=False,
    context=("mac", "mac-adresse", "nettverkskort", "hardware", "ethernet", "wifi", "enhet"),
    verify=each(_SHAPE, is_valid),
)


class HardwareAddressRecognizer(AdoptedRecognizer, PresidioMac):
    """Finds MAC addresses in texts."""

    DECLARATION = DECLARATION
