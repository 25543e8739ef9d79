"""What is known of earlier releases: the ledger's entries, their keys, and versions that stand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.catalog.records import ClassCounts
from sladd.errors import GateError, KeyringError
from sladd.keyring import MasterKey
from sladd.pipeline.earlier.comparing import KeyOf, Standing, nothing_stands
from sladd.release import read_manifest
from sladd.release.paths import MANIFEST, is_version_folder, version_folder

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound
    from sladd.pipeline.making import Making


@dataclass(frozen=True, repr=False)
class Ledger:
    """What earlier releases left, and the key for this one's digests.

    Attributes:
        release: name of the one that is made.
        version: of it.
        key: of its digests.
        key_id: of the master key.
        entries: of the catalog, by address of the source's table.
        key_of: finds the key of an entry.
        standing: reads the rows of an earlier version that still stands.
        elsewhere: entries of tables that the sources do not have, by these names at least.
    """

    release: str
    version: str
    key: bytes
    key_id: str
    entries: Mapping[str, Sequence[ClassCounts]]
    key_of: KeyOf
    standing: Standing = nothing_stands
    elsewhere: Sequence[ClassCounts] = ()


def ledger_of(work: Making) -> Ledger:
    """The ledger of every table that was searched."""
    bound, master = work.bound, work.master
    entries = {
        table.source: bound.catalog.releases.class_counts(table.source) for table in work.searched
    }
    keys = {master.key_id: _digest_key(master)}
    elsewhere = bound.catalog.releases.class_counts_elsewhere(
        str(planned.table) for planned in work.plan.tables
    )
    asked = {entry.key_id for each in (*entries.values(), elsewhere) for entry in each}
    if asked - keys.keys():
        keys |= _older_keys(bound)
    return Ledger(
        work.plan.release,
        work.staging.version,
        keys[master.key_id],
        master.key_id,
        entries,
        lambda entry: keys.get(entry.key_id),
        lambda entry: _published(bound, entry),
        elsewhere,
    )


def _digest_key(master: MasterKey) -> bytes:
    """The same for every domain: releases for different recipients are compared, too."""
    return master.derive("sladd", "release-ledger").reveal()


def _older_keys(bound: Bound) -> dict[str, bytes]:
    """Of every version of every key that can be read."""
    found: dict[str, bytes] = {}
    for name in bound.keyring.names:
        with suppress(KeyringError):  # another release's key may be out of reach here
            for version in bound.keyring.versions(name):
                master = bound.keyring.master(name, version)
                found[master.key_id] = _digest_key(master)
    return found


def _published(bound: Bound, entry: ClassCounts) -> pa.Table | None:
    """The rows of a version on this machine, if its files are those that its manifest names."""
    releases = bound.config.releases
    named = version_folder(entry.version)
    if entry.release not in releases or not is_version_folder(named):
        return None
    folder = bound.config.folder_of(entry.release) / named
    if not (folder / MANIFEST).is_file():
        return None
    try:
        table = read_manifest(folder).table(entry.name)
        parts = []
        for file in table.files:
            with (folder / file.path).open("rb") as opened:
                if hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256:
                    return None
            parts.append(pq.read_table(folder / file.path, partitioning=None))
        whole = pa.concat_tables(parts) if parts else None
    except (GateError, KeyError, OSError, pa.ArrowException):
        return None
    return whole if whole is not None and entry.levels.keys() <= set(whole.column_names) else None
