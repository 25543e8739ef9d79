"""A staged release into an object store: uploaded whole, then named by `latest.json`.

Stores have no rename. So a version is written under its own prefix, its manifest after all other
files, and `latest.json` last of all: whoever dies before that leaves the old version.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sladd.errors import SladdError, SourceError
from sladd.release import Manifest, Store, version_folder
from sladd.release.paths import LATEST_FILE, MANIFEST, is_version_folder
from sladd.targets.directory import Staging, Step, no_step

_UPLOAD = timedelta(days=1)  # no upload takes longer: what is older without a manifest is a wreck


def refuse_foreign(store: Store) -> None:
    """Stop when the folder is something else than a target.

    Raises:
        SourceError: it holds other things than releases (SLADD-283).
    """
    entries = [name for name in store.entries() if not name.startswith(".")]
    if entries and not any(is_version_folder(n) or n == LATEST_FILE for n in entries):
        raise SourceError(
            "the folder holds other things than releases",
            code=283,
            where=store.shown,
            mend="name an empty or a new folder in `to:` of the release",
        )


def publish_to(
    store: Store,
    staging: Staging,
    manifest: Manifest,
    *,
    key: Ed25519PrivateKey,
    keep_versions: int = 2,
    step: Step = no_step,
) -> str:
    """Sign, upload, switch, delete versions beyond `keep_versions`, and clear staging.

    Args:
        store: where the release goes.
        staging: complete, on this machine.
        manifest: with what the gate said.
        key: signs it.
        keep_versions: versions that stay, the new one included.
        step: told before each step.

    Returns:
        The URL of the new version.

    Raises:
        SourceError: the store cannot be used (SLADD-291), or a file did not arrive (SLADD-294).
            The old version stands, and what was uploaded is removed.
    """
    folder = version_folder(staging.version)
    step("manifest")
    staging.write_manifest(staging.write_report(manifest), key)
    try:
        files = sorted(path for path in staging.path.rglob("*") if path.is_file())
        last = staging.path / MANIFEST
        for path in (*(p for p in files if p != last), last):
            name = path.relative_to(staging.path).as_posix()
            step(f"upload {name}")
            store.put(path, f"{folder}/{name}")
        step("switch")
        store.switch(folder)
    except BaseException:
        with suppress(SladdError):
            if store.current() != folder:
                store.remove(folder)
        raise
    step("clear")
    # The switch is done: what fails from here on is cleaned up by the next publish.
    with suppress(SladdError):
        _clear(store, manifest.release, keep=keep_versions, published=folder)
    staging.abort()
    return f"{store.shown.rstrip('/')}/{folder}"


def _clear(store: Store, release: str, *, keep: int, published: str) -> None:
    """Delete old versions of this release, and what a dead upload left."""
    stays = {published, store.current()}
    ours = []
    for name in store.entries():
        if not is_version_folder(name) or name in stays:
            continue
        if store.read(f"{name}/{MANIFEST}") is None:
            began = datetime.strptime(name[2:18], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            if began < datetime.now(UTC) - _UPLOAD:
                store.remove(name)
            continue
        with suppress(SladdError):
            if store.manifest(name).release == release:
                ours.append(name)
    for name in sorted(ours, reverse=True)[max(keep, 1) - 1 :]:
        store.remove(name)
