"""A fingerprint of the rules: a table is scanned again when they change."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def ruleset_version() -> str:
    """Hash over the scanner's code and data: lexicons, gazetteers, calibration, recognisers."""
    digest = hashlib.sha256()
    for folder in ("", "columns", "lexicon", "lexicon/special", "norway", "international"):
        root = files("detectors").joinpath(folder) if folder else files("detectors")
        for entry in sorted(root.iterdir(), key=lambda each: each.name):
            if entry.name.endswith((".py", ".toml", ".csv")):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]
