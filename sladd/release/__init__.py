"""A release: its manifest, signature, names and labels. Reads folders, moves no data."""

from sladd.release.folder import current_version, read_manifest, resolve
from sladd.release.labels import label
from sladd.release.manifest import (
    FORMAT,
    Dropped,
    GateAnswer,
    GateRecord,
    LeftOut,
    Manifest,
    ReleaseColumn,
    ReleaseFile,
    ReleaseForeignKey,
    ReleaseTable,
    VaultRecord,
    dumps,
    loads,
)
from sladd.release.paths import version_folder, version_id
from sladd.release.signature import (
    dump_public_key,
    fingerprint,
    load_public_key,
    sign,
    verify,
)

__all__ = [
    "FORMAT",
    "Dropped",
    "GateAnswer",
    "GateRecord",
    "LeftOut",
    "Manifest",
    "ReleaseColumn",
    "ReleaseFile",
    "ReleaseForeignKey",
    "ReleaseTable",
    "VaultRecord",
    "current_version",
    "dump_public_key",
    "dumps",
    "fingerprint",
    "label",
    "load_public_key",
    "loads",
    "read_manifest",
    "resolve",
    "sign",
    "verify",
    "version_folder",
    "version_id",
]
