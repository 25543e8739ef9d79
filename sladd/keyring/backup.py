"""Whether a copy of a key file was seen: a note beside it that holds public ids alone."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sladd.errors import KeyringError
from sladd.keyring.files import parse, read_private
from sladd.keyring.keys import MasterKey, Secret
from sladd.keyring.shield import shielded


@dataclass(frozen=True, slots=True)
class Backup:
    """When a copy was last compared with the key, and whether it holds the newest version."""

    confirmed: date
    current: bool


@shielded
def confirm(path: Path, copy: Path, today: date) -> None:
    """Compare a copy with the key file, and note that it was there.

    Args:
        path: of the key.
        copy: of its copy, wherever that lies; its mode is not judged.
        today: what is noted.

    Raises:
        KeyringError: the copy cannot be read (SLADD-416) or differs (417).
    """
    secrets = parse(read_private(path), str(path))
    try:
        text = copy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise KeyringError(
            "the copy of the key cannot be read", code=416, where=str(copy), mend="name its file"
        ) from None
    if copy.resolve() == path.resolve() or (copy.stat().st_ino, copy.stat().st_dev) == (
        path.stat().st_ino,
        path.stat().st_dev,
    ):
        raise KeyringError(
            "that is the key itself, not a copy", code=417, where=str(copy), mend="copy it first"
        )
    copied = parse(text, str(copy))
    for version, secret in secrets.items():
        if not _same(copied.get(version), secret):
            raise KeyringError(
                f"the copy lacks version {version} of the key, or has another",
                code=417,
                where=str(copy),
                mend=f"cp {path} {copy}",
            )
    ids = {str(v): MasterKey(s.reveal(), name="", version=v).key_id for v, s in secrets.items()}
    note = {"confirmed": today.isoformat(), "versions": ids}
    _note(path).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


@shielded
def backup(path: Path) -> Backup | None:
    """What is known of a copy; None when none was ever confirmed."""
    try:
        note = json.loads(_note(path).read_text(encoding="utf-8"))
        confirmed = date.fromisoformat(note["confirmed"])
        known = dict(note["versions"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    secrets = parse(read_private(path), str(path))
    ids = {str(v): MasterKey(s.reveal(), name="", version=v).key_id for v, s in secrets.items()}
    return Backup(confirmed, ids.items() <= known.items())


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".backup.json")


def _same(one: Secret | None, other: Secret) -> bool:
    return one is not None and hmac.compare_digest(one.reveal(), other.reveal())
