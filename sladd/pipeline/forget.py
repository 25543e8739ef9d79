"""Delete what a vault holds of a person, and say what that does and does not end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from sladd.errors import KeyringError, VaultError
from sladd.keyring import MasterKey
from sladd.pipeline.bind import Bound
from sladd.pipeline.vault import store_of
from sladd.release import version_folder
from sladd.vault import Space, Store


@dataclass(frozen=True, slots=True)
class Handed:
    """A version that was published with tokens of the vault."""

    release: str
    version: str
    published: str
    here: bool  # still in the folder of the release


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was deleted, and what stays. Counts and names, never values."""

    format: int
    domain: str
    at: str
    by: str
    reason: str
    dry_run: bool
    identifiers: int
    matched: int  # of them, how many had a row
    deleted: Mapping[str, int]  # type → rows
    without: tuple[str, ...]  # types of the domain in which nothing was found
    stores: tuple[str, ...]
    rewritten: bool
    unsearched: int  # rows looked up by a version of the key that is gone
    publish_again: tuple[str, ...]
    versions: tuple[Handed, ...]
    keyed_releases: tuple[str, ...]  # of the same domain, whose pseudonyms the key leads back to

    @property
    def rows(self) -> int:
        """Rows deleted in all."""
        return sum(self.deleted.values())

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def forget(
    bound: Bound,
    domain: str,
    identifiers: Sequence[str],
    *,
    types: Sequence[str] = (),
    by: str,
    reason: str,
    dry_run: bool = False,
    now: datetime | None = None,
) -> Receipt:
    """Delete the rows of these identifiers in every type of a domain.

    Args:
        bound: the configuration.
        domain: the pseudonymisation domain.
        identifiers: what the sources hold of the person, in any spelling.
        types: only these; all types of the domain where none is given.
        by: who deletes, for the audit trail.
        reason: why, without personal data.
        dry_run: only count.
        now: the clock; default: the real one.

    Raises:
        VaultError: no release of that domain has a vault (SLADD-436), or a store cannot be used.
    """
    config = bound.config
    releases = [name for name, release in config.releases.items() if release.domain == domain]
    vaulted = [name for name in releases if config.releases[name].vault is not None]
    if not vaulted:
        known = sorted({r.domain for r in config.releases.values() if r.vault is not None})
        raise VaultError(
            f"no release of the domain '{domain}' has a vault",
            code=436,
            where="sladd.yaml, releases",
            mend=f"domains with one: {', '.join(known)}" if known else "add vault: to a release",
        )
    values = pa.array(dict.fromkeys(identifiers), pa.string())
    deleted, seen, hit = Counter[str](), set[str](), set[int]()
    unsearched, rewritten = 0, True
    places: list[str] = []
    stores = {
        release.vault.store: name for name in vaulted if (release := config.releases[name]).vault
    }
    with ExitStack() as stack:
        for name in stores.values():
            store = stack.enter_context(store_of(bound, name))
            if store is None:
                continue
            places.append(store.where)
            mine: list[tuple[Space, list[str]]] = []
            for held in store.held():
                space = held.space
                if space.domain != domain or (types and space.type not in types):
                    continue
                seen.add(space.type)
                master = _master(bound, space)
                if master is None:
                    unsearched += held.tokens
                    continue
                lookups = _lookups(values, master, space)
                found = store.find(space, [each for each in lookups if each])
                hit |= {n for n, each in enumerate(lookups) if each in found}
                deleted[space.type] += len(found)
                mine.append((space, list(found)))
            if not dry_run:  # also without a hit: an earlier run may have been interrupted
                rewritten &= _delete(store, mine)
    receipt = Receipt(
        format=1,
        domain=domain,
        at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        by=by,
        reason=reason,
        dry_run=dry_run,
        identifiers=len(values),
        matched=len(hit),
        deleted={kind: number for kind, number in sorted(deleted.items()) if number},
        without=tuple(sorted(kind for kind in seen if not deleted[kind])),
        stores=tuple(places),
        rewritten=rewritten,
        unsearched=unsearched,
        publish_again=tuple(vaulted),
        versions=tuple(_handed(bound, vaulted)),
        keyed_releases=tuple(name for name in releases if name not in vaulted),
    )
    if not dry_run:
        detail = {
            "identifiers": receipt.identifiers,
            "matched": receipt.matched,
            "rows": receipt.rows,
            "reason": reason,
        }
        bound.catalog.audit.append("vault forget", f"domain {domain}", by, detail)
    return receipt


def _delete(store: Store, mine: Sequence[tuple[Space, Sequence[str]]]) -> bool:
    for space, found in mine:
        store.delete(space, found)
    return store.forget()


def _lookups(values: pa.Array, master: MasterKey, space: Space) -> list[str]:
    from transforms.pseudonym import Pseudonymiser

    worker = Pseudonymiser(master.lookup_key(space.domain, space.type), space.kind)
    return [str(each) for each in worker(values).to_pylist()]


def _master(bound: Bound, space: Space) -> MasterKey | None:
    """The key that a space is looked up by; None when it is gone."""
    try:
        master = bound.keyring.master(space.key, space.version)
    except KeyringError:
        return None
    return master if master.key_id == space.key_id else None


def _handed(bound: Bound, releases: Sequence[str]) -> list[Handed]:
    """Every version of these releases that the catalog remembers."""
    return [
        Handed(
            release=record.release,
            version=record.version,
            published=record.recorded.isoformat(timespec="seconds"),
            here=(bound.config.folder_of(record.release) / version_folder(record.version)).is_dir(),
        )
        for record in bound.catalog.releases.all()
        if record.release in releases
    ]
