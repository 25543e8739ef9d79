"""What can be said of a release without opening a table: signature, hashes, nothing extra."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sladd.errors import GateError
from sladd.model import Check
from sladd.release import (
    Manifest,
    Papers,
    current_label,
    fingerprint,
    load_public_key,
    verify,
)
from sladd.release.paths import (
    ASSESSMENT,
    ASSESSMENT_SIGNATURE,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
)


def check_signature(
    folder: Path, manifest: Manifest, public_key: Ed25519PublicKey | None
) -> Iterator[Check]:
    """The manifest is signed over its bytes, by the key it names."""
    try:
        signature = (folder / SIGNATURE).read_bytes()
        key = public_key or load_public_key((folder / PUBLIC_KEY).read_bytes())
    except OSError:
        yield Check("signature", False, f"{SIGNATURE} or {PUBLIC_KEY} is missing")
        return
    except GateError as fault:
        yield Check("signature", False, fault.what)
        return
    name = fingerprint(key)
    right = verify((folder / MANIFEST).read_bytes(), signature, key)
    if not right:
        yield Check("signature", False, f"the manifest was changed, or key {name} did not sign it")
    elif manifest.signed_by != name:
        yield Check("signature", False, f"signed by {name}, but the manifest names another key")
    else:
        yield Check("signature", True, f"Ed25519, key {name}")


def check_files(folder: Path, manifest: Manifest) -> Iterator[Check]:
    """Every listed file is there as it was written, and no other file is."""
    listed = manifest.all_files
    wrong = [fault for file in listed if (fault := _fault(folder, file.path, file.sha256))]
    yield Check("file hashes", not wrong, "; ".join(wrong[:5]) or f"{len(listed)} files as written")
    known = {file.path for file in listed} | {MANIFEST, SIGNATURE, PUBLIC_KEY}
    # The assessment comes after the manifest, and has a signature of its own.
    extra = sorted(set(_entries(folder)) - known - {ASSESSMENT, ASSESSMENT_SIGNATURE})
    # An extra file's name was chosen by somebody else, and may be a person's.
    detail = f"{len(extra)} files that the manifest does not list" if extra else "no other files"
    yield Check("nothing extra", not extra, detail)
    twice = len(known) != len(listed) + 3
    if twice:
        yield Check("file hashes", False, "a file is listed twice")


def check_dates(manifest: Manifest, now: datetime) -> Iterator[Check]:
    """The release has not outlived its date."""
    if manifest.expires is None:
        yield Check("expiry", True, "no date set")
        return
    day = manifest.expires.date().isoformat()
    over = manifest.expires <= now
    yield Check("expiry", not over, f"expired on {day}: delete it" if over else f"expires {day}")


def check_label(folder: Path, manifest: Manifest, now: datetime) -> Iterator[Check]:
    """Unless an assessment is signed and still holds, a release says that it is personal data."""
    wanted = "personal data"
    if wanted not in manifest.label.casefold():
        yield Check("label", False, f"the label lacks '{wanted}'")
        return
    current = current_label(Papers.of(folder), now.date())
    why = f" ({current.why})" if current.why else ""
    yield Check("label", True, f"{current.en}{why}")
    if current.fault:
        yield Check("assessment", False, current.why)


def _fault(folder: Path, path: str, sha256: str) -> str:
    file = folder / path
    if any(part.is_symlink() for part in (file, *file.parents) if folder in part.parents):
        return f"{path} is a link"
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return f"{path} is missing"
    return "" if digest == sha256 else f"{path} was changed"


def _entries(folder: Path) -> Iterator[str]:
    """Files and links below a folder; an empty folder counts, a link is not followed."""
    for root, folders, names in os.walk(folder, followlinks=False):
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        for name in (*names, *links):
            yield (Path(root) / name).relative_to(folder).as_posix()
