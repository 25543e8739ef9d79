"""Signature of a manifest (Ed25519).

The public key beside the manifest lets anybody see that nothing changed by accident. Who signed
is known only to a reader who has the fingerprint from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from contextlib import suppress

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from sladd.errors import GateError


def sign(manifest: bytes, key: Ed25519PrivateKey) -> bytes:
    """The content of `manifest.sig`: one line of base64."""
    return base64.b64encode(key.sign(manifest)) + b"\n"


def verify(manifest: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether `signature` was made over exactly these bytes with the private half of `key`."""
    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), manifest)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key, first 128 bits: short enough to read out on the telephone."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:32]


def dump_public_key(key: Ed25519PublicKey) -> bytes:
    """The content of `manifest.pub` (PEM)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_public_key(pem: bytes) -> Ed25519PublicKey:
    """Read `manifest.pub`.

    Raises:
        GateError: it is no Ed25519 key (SLADD-604).
    """
    key: object = None
    with suppress(ValueError, UnsupportedAlgorithm):
        key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise GateError(
            "the public key is no Ed25519 key in PEM",
            code=604,
            where="manifest.pub",
            mend="publish the release anew",
        )
    return key
