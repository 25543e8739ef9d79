"""Bitcoin addresses: Presidio's recogniser (base58check, bech32, bech32m).

Source: BIP 13, BIP 173, BIP 350.

>>> is_valid("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), is_valid("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")
(True, False)
"""

from __future__ import annotations

import functools

from presidio_analyzer.predefined_recognizers import CryptoRecognizer as PresidioCrypto

from detectors.cells import each
from detectors.checks import InvalidChecksum, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import AdoptedRecognizer

_SHAPE = r"(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,59}"


@functools.cache
def _presidio() -> PresidioCrypto:
    return PresidioCrypto()


def compact(address: str) -> str:
    """The address without blanks around it."""
    return fold(address).strip()


def validate(address: str) -> str:
    """The compact address.

    Raises:
        InvalidChecksum: it is none.
    """
    text = compact(address)
    if not text.isascii() or not text.isalnum() or not _presidio().validate_result(text):
        raise InvalidChecksum
    return text


def is_valid(address: str) -> bool:
    """Whether it is a Bitcoin address."""
    return passes(validate, address)


DECLARATION = Declaration(
    entity="CRYPTO",
    category="user.financial.crypto_wallet",
    subtypes=(Subtype("bitcoin", 0.0),),
    rank=24,
    checksum=True,
    screen=screened(r"(?:bc1|[13])[a-z0-9]{25}"),
    full=whole(r"(?:bc1|[13])[a-z0-9]{25,59}"),
    needs_context=False,
    context=("bitcoin", "btc", "wallet", "lommebok", "krypto", "crypto"),
    verify=each(_SHAPE, is_valid),
)


class BitcoinRecognizer(AdoptedRecognizer, PresidioCrypto):
    """Finds Bitcoin addresses in texts."""

    DECLARATION = DECLARATION
