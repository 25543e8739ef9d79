"""A release: its manifest, signature, names and labels. Reads folders, moves no data."""

from sladd.release.assessment import (
    Assessment,
    CurrentLabel,
    Papers,
    current_label,
    loads_assessment,
    papers_of,
    sha256_of,
)
from sladd.release.folder import current_version, read_manifest, resolve
from sladd.release.labels import label
from sladd.release.manifest import (
    FORMAT,
    Dropped,
    GateAnswer,
    GateRecord,
    KeyIntegrity,
    LeftOut,
    Manifest,
    ReleaseColumn,
    ReleaseFile,
    ReleaseForeignKey,
    ReleaseSample,
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
from sladd.release.store import Store, at_hand, is_url
from sladd.release.template import template

__all__ = [
    "FORMAT",
    "Assessment",
    "CurrentLabel",
    "Dropped",
    "GateAnswer",
    "GateRecord",
    "KeyIntegrity",
    "LeftOut",
    "Manifest",
    "Papers",
    "ReleaseColumn",
    "ReleaseFile",
    "ReleaseForeignKey",
    "ReleaseSample",
    "ReleaseTable",
    "Store",
    "VaultRecord",
    "at_hand",
    "current_label",
    "current_version",
    "dump_public_key",
    "dumps",
    "fingerprint",
    "is_url",
    "label",
    "load_public_key",
    "loads",
    "loads_assessment",
    "papers_of",
    "read_manifest",
    "resolve",
    "sha256_of",
    "sign",
    "template",
    "verify",
    "version_folder",
    "version_id",
]
