"""Names inside a release: safe relative paths, folder names, version ids."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, datetime
from urllib.parse import quote

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
PUBLIC_KEY = "manifest.pub"
DATABASE = "analytics.duckdb"
DICTIONARY = "dictionary.csv"
REPORT = "REPORT.html"
ANONYMISATION = "ANONYMISATION.html"
ASSESSMENT = "assessment.yaml"
ASSESSMENT_SIGNATURE = "assessment.sig"
LATEST = "latest"
LATEST_FILE = "latest.json"
_VERSION_FOLDER = re.compile(r"v=\d{8}T\d{6}Z-[0-9a-f]{4,16}")
_MAX_NAME_BYTES = 200  # file systems allow 255; percent-encoding and suffixes need room


def is_safe(path: str) -> bool:
    """Whether a path is a plain relative name that stays inside the release on any system."""
    if not path or len(path) > 1000 or any(ord(c) < 32 or c in '\\:*?"<>|' for c in path):
        return False
    return all(part not in {"", ".", ".."} for part in path.split("/"))


def table_folder(table: str) -> str:
    """Folder of a table; injective, and free of separators whatever the table is called."""
    name = "".join(c if c.isalnum() or c in "_-" else quote(c, safe="") for c in table)
    name = name.replace(".", "%2E") or "%"
    if len(name.encode()) <= _MAX_NAME_BYTES:
        return name
    digest = hashlib.sha256(table.encode()).hexdigest()[:16]
    return name.encode()[: _MAX_NAME_BYTES - 17].decode(errors="ignore") + "%" + digest


def version_id(now: datetime, suffix: str | None = None) -> str:
    """Id of a version, sortable by time: `20261122T101112Z-ab12`.

    Args:
        now: the caller's clock, with a time zone.
        suffix: four or more hexadecimal digits that tell versions of one second apart;
            random when not given.
    """
    if now.tzinfo is None:
        raise ValueError("a version id needs a time with a zone")
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{suffix or secrets.token_hex(2)}"


def version_folder(version: str) -> str:
    """Folder of a version inside the target: `v=20261122T101112Z-ab12`."""
    return f"v={version}"


def is_version_folder(name: str) -> bool:
    """Whether a name is one that `version_folder` gives."""
    return _VERSION_FOLDER.fullmatch(name) is not None
