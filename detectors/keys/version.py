"""A fingerprint of the rules for keys: links are measured again when they change."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def keys_version() -> str:
    """Hash over the code and the words of this package."""
    digest = hashlib.sha256()
    for entry in sorted(files("detectors.keys").iterdir(), key=lambda each: each.name):
        if entry.name.endswith((".py", ".toml")):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]
