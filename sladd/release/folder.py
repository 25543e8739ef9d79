"""Finding the version that `latest` means, and reading its manifest."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sladd.errors import GateError
from sladd.release.manifest import Manifest, loads
from sladd.release.paths import LATEST, LATEST_FILE, MANIFEST, is_version_folder


def resolve(path: Path | str) -> Path:
    """The folder of one version.

    Args:
        path: that folder, its `manifest.json`, the folder of all versions, or its `latest`.

    Raises:
        GateError: there is no release (SLADD-600), or `latest` leads elsewhere (SLADD-603).
    """
    given = Path(path)
    if given.name == MANIFEST:
        given = given.parent
    if given.name == LATEST and given.is_symlink():
        given = given.parent
    if (given / MANIFEST).is_file():
        return given
    latest = current_version(given)
    if latest is not None and (given / latest / MANIFEST).is_file():
        return given / latest
    raise GateError(
        "there is no release",
        code=600,
        where=given.name or str(given),
        mend="sladd publish, or name the folder that holds manifest.json",
    )


def current_version(target: Path) -> str | None:
    """Folder name that `latest` (or `latest.json`) names; None when nothing is published.

    Raises:
        GateError: it names something that is no version beside it (SLADD-603).
    """
    link, file = target / LATEST, target / LATEST_FILE
    if link.is_symlink():
        return _version(os.readlink(link), target.name)
    return version_named(file.read_bytes(), target.name) if file.is_file() else None


def version_named(data: bytes, where: str) -> str:
    """Folder name in the bytes of a `latest.json`.

    Raises:
        GateError: it names something that is no version (SLADD-603).
    """
    try:
        name: object = json.loads(data[:4096])["version"]
    except (ValueError, KeyError, TypeError):
        name = ""
    return _version(name, where)


def _version(name: object, where: str) -> str:
    if not isinstance(name, str) or not is_version_folder(name):
        raise GateError(
            "the link leads to something that is no version of this release",
            code=603,
            where=f"{where}/{LATEST}",
            mend="sladd publish",
        )
    return name


def read_manifest(path: Path | str) -> Manifest:
    """Read the manifest of a release; `path` as in `resolve`.

    Raises:
        GateError: there is none, or it cannot be trusted to name only its own files
            (SLADD-600…603).
    """
    file = resolve(path) / MANIFEST
    try:
        data = file.read_bytes()
    except OSError:
        raise GateError(
            "the manifest cannot be read",
            code=600,
            where=f"{file.parent.name}/{MANIFEST}",
            mend="check the permissions of the folder",
        ) from None
    return loads(data)
