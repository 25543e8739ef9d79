"""The vault of a release: opened for a publish, and what the manifest says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sladd.release import VaultRecord

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound
    from sladd.vault import Store, Tokens


@contextmanager
def store_of(bound: Bound, name: str) -> Iterator[Store | None]:
    """The opened store of a release; None for a release without a vault.

    Raises:
        VaultError: it cannot be used (SLADD-430…435).
        KeyringError: its file lies in an unsafe place (SLADD-405…407).
    """
    chosen = bound.config.releases[name].vault
    if chosen is None:
        yield None
        return
    from sladd.vault import open_store

    config = bound.config
    databases = [r.to for r in config.releases.values() if r.schema_ is not None]
    with closing(
        open_store(
            chosen.store,
            root=config.root,
            targets=[config.folder_of(release) for release in config.releases],
            apart=[config.catalog, *databases],
        )
    ) as store:
        yield store


def tokens_in(bound: Bound, name: str, store: Store) -> Tokens:
    """The tokens of a release's domain in an opened store, under every version of its key."""
    from sladd.vault import Tokens

    release = bound.config.releases[name]
    versions = sorted(bound.keyring.versions(release.key), reverse=True)
    return Tokens(
        store, release.domain, [bound.keyring.master(release.key, version) for version in versions]
    )


@contextmanager
def vault_of(bound: Bound, name: str) -> Iterator[Tokens | None]:
    """The tokens of a release; None for a release without a vault."""
    with store_of(bound, name) as store:
        yield None if store is None else tokens_in(bound, name, store)


def vault_record(tokens: Tokens | None) -> VaultRecord | None:
    """What the manifest says of the vault."""
    if tokens is None:
        return None
    return VaultRecord(store=tokens.store.kind, deletions=tokens.store.deletions())
