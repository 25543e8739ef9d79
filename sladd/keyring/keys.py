"""Master keys, and the keys that are derived from them for one domain, type and version.

Source: RFC 5869 (HKDF); EDPB Guidelines 01/2025 on pseudonymisation domains.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class Secret:
    """Bytes that are neither printed, copied nor pickled."""

    __slots__ = ("_bytes",)

    def __init__(self, secret: bytes) -> None:
        self._bytes = secret

    def reveal(self) -> bytes:
        """The bytes themselves, for a caller who must hand them on."""
        return self._bytes

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised; open the keyring again instead")


class DerivedKey(Secret):
    """A key for one domain, one type and one version."""

    __slots__ = ("domain", "type", "version")

    def __init__(self, secret: bytes, *, domain: str, type: str, version: int) -> None:  # noqa: A002
        super().__init__(secret)
        self.domain = domain
        self.type = type
        self.version = version

    def __repr__(self) -> str:
        return f"<DerivedKey {self.domain} {self.type} v{self.version}>"


class MasterKey(Secret):
    """One version of a named key. `key_id` is public; it says which key, not what it is."""

    __slots__ = ("key_id", "name", "version")

    def __init__(self, secret: bytes, *, name: str, version: int) -> None:
        super().__init__(secret)
        self.name = name
        self.version = version
        self.key_id = hashlib.sha256(self._expand(b"key-id")).hexdigest()[:16]

    def derive(self, domain: str, type: str, version: int | None = None) -> DerivedKey:  # noqa: A002
        """The key for one domain and one entity or canonical type.

        Args:
            domain: the pseudonymisation domain, as spelled in `sladd.yaml` (NFC).
            type: entity name or canonical type.
            version: of the derivation; the version of this master key where not given.
        """
        number = self.version if version is None else version
        info = _info(domain, type, number)
        return DerivedKey(self._expand(info), domain=domain, type=type, version=number)

    def lookup_key(self, domain: str, type: str) -> DerivedKey:  # noqa: A002
        """The key by which a vault finds a value again; no pseudonym is made with it."""
        info = _info(domain, type, self.version, use="sladd-vault")
        return DerivedKey(self._expand(info), domain=domain, type=type, version=self.version)

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs manifests, apart from every key used on data."""
        return Ed25519PrivateKey.from_private_bytes(self._expand(b"signing-key"))

    def _expand(self, info: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._bytes)

    def __repr__(self) -> str:
        return f"<MasterKey {self.name} v{self.version} id {self.key_id}>"


def _info(domain: str, kind: str, version: int, *, use: str = "sladd") -> bytes:
    """Canonical JSON: no two different uses, domains, types or versions share a spelling."""
    parts = [use, 1, _nfc(domain), _nfc(kind), version]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
