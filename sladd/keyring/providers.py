"""Keys from a key management system: packages offer them as entry points `sladd.keys`.

An entry point is a function from the options of the configuration to the versions of the key:
`(Mapping[str, str]) -> Mapping[int, bytes]`, 32 bytes each. It authenticates by its own means
(workload identity, an agent's socket); the options hold names, never secrets.
"""

from __future__ import annotations

from collections.abc import Mapping

from sladd.errors import KeyringError, SladdError
from sladd.keyring.keys import KEY_BYTES, Secret
from sladd.plugins import entry_points

ENTRY_POINTS = "sladd.keys"


def fetch(provider: str, options: Mapping[str, str], where: str) -> dict[int, Secret]:
    """Ask a provider for every version of a key.

    Raises:
        KeyringError: no package offers it (SLADD-414), it failed (415), or what it gave is no
            key (412).
    """
    points = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if provider not in points:
        raise KeyringError(
            f"no installed package offers the key provider '{provider}'",
            code=414,
            where=f"{where} (known: {', '.join(sorted(points)) or 'none'})",
            mend="install the package that brings it, or name a file or env",
        )
    try:
        found = dict(points[provider].load()(dict(options)))
    except SladdError:
        raise
    except Exception as fault:
        # The text of the fault could quote a token.
        raise KeyringError(
            f"the key provider '{provider}' failed ({type(fault).__name__})",
            code=415,
            where=where,
            mend="check its options and whether this machine may use the key",
        ) from None
    for version, secret in found.items():
        if not isinstance(version, int) or version < 1 or not _is_key(secret):
            raise KeyringError(
                f"the key provider '{provider}' gave no key of {KEY_BYTES} bytes",
                code=412,
                where=where,
                mend="make the key a secret of 32 random bytes",
            )
    if not found:
        raise KeyringError(
            f"the key provider '{provider}' knows no version of the key",
            code=414,
            where=where,
            mend="check its options",
        )
    return {version: Secret(bytes(secret)) for version, secret in found.items()}


def _is_key(secret: object) -> bool:
    return isinstance(secret, bytes | bytearray | memoryview) and len(secret) == KEY_BYTES
