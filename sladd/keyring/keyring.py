"""The keys of a configuration, each read when it is asked for and not kept."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sladd.errors import KeyringError
from sladd.keyring.files import decode, parse, read_private
from sladd.keyring.keys import MasterKey, Secret
from sladd.keyring.places import check_options, check_place
from sladd.keyring.providers import fetch
from sladd.keyring.shield import shielded


class KeyPlace(Protocol):
    """Where one master key is; `sladd.config.KeyConfig` is one."""

    @property
    def file(self) -> str | None:
        """Path of a key file."""

    @property
    def env(self) -> str | None:
        """Name of an environment variable."""

    @property
    def provider(self) -> str | None:
        """Name of an entry point that fetches the key from a key management system."""

    @property
    def options(self) -> Mapping[str, str]:
        """What the provider is told; nothing secret."""


class Keyring:
    """The keys of a configuration; each is read when it is asked for, and not kept.

    Args:
        keys: name → place.
        root: where relative paths start.
        targets: directories that receive releases; a key inside one is refused.
        stores: URLs of object stores that receive releases; a provider that reads from one of
            them is refused.
    """

    def __init__(
        self,
        keys: Mapping[str, KeyPlace],
        *,
        root: Path,
        targets: Sequence[Path] = (),
        stores: Sequence[str] = (),
    ) -> None:
        self._keys = dict(keys)
        self._root = root
        self._targets = tuple(targets)
        self._stores = tuple(stores)

    def __repr__(self) -> str:
        return f"<Keyring: {', '.join(sorted(self._keys)) or 'empty'}>"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the configured keys."""
        return tuple(sorted(self._keys))

    def path(self, name: str) -> Path | None:
        """The file of a key; None for one from the environment."""
        file = self._place(name).file
        if file is None:
            return None
        given = Path(file).expanduser()
        return given if given.is_absolute() else self._root / given

    def versions(self, name: str) -> tuple[int, ...]:
        """Versions of a key, oldest first."""
        return tuple(sorted(self._secrets(name)))

    def master(self, name: str, version: int | None = None) -> MasterKey:
        """One version of a key, the newest where not said.

        Raises:
            KeyringError: the key is missing, malformed, or kept in an unsafe place
                (SLADD-401…412).
        """
        found = self._secrets(name)
        number = max(found) if version is None else version
        if number not in found:
            raise KeyringError(
                f"the key '{name}' has no version {number}",
                code=411,
                where=f"versions: {', '.join(map(str, sorted(found)))}",
                mend="restore the key file from its copy",
            )
        return MasterKey(found[number].reveal(), name=name, version=number)

    def signing_key(self, name: str, version: int | None = None) -> Ed25519PrivateKey:
        """The key that signs manifests of releases made with this master key."""
        return self.master(name, version).signing_key()

    def _place(self, name: str) -> KeyPlace:
        if name not in self._keys:
            known = ", ".join(sorted(self._keys)) or "none"
            raise KeyringError(
                f"there is no key '{name}'",
                code=401,
                where=f"sladd.yaml, keys (known: {known})",
                mend="sladd keys init, then name the file under keys:",
            )
        return self._keys[name]

    @shielded
    def _secrets(self, name: str) -> dict[int, Secret]:
        place = self._place(name)
        path = self.path(name)
        if place.provider is not None:
            check_options(
                place.options, root=self._root, targets=self._targets, stores=self._stores
            )
            return fetch(place.provider, place.options, f"key '{name}'")
        if path is None:
            variable = place.env or ""
            value = os.environ.get(variable)
            if not value:
                raise KeyringError(
                    f"the environment has no variable {variable}",
                    code=403,
                    where=f"key '{name}'",
                    mend=f'export {variable}="$(openssl rand -base64 32)"',
                )
            return {1: decode(value.strip(), f"key '{name}', variable {variable}")}
        check_place(path, self._targets)
        return parse(read_private(path), f"key '{name}', {path}")
