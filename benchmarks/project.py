"""A folder with a configuration and a key, as a user would have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sladd.keyring import create_key_file
from sladd.pipeline.bind import Bound, bind


def make(folder: Path, settings: dict[str, Any]) -> Path:
    """Write `sladd.yaml` and the key it names, and say where it is.

    Args:
        folder: made if missing; the key lies in `keys` beside it.
        settings: of the configuration, without catalog and keys.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = folder.parent / "keys" / f"{folder.name}.key"
    create_key_file(key)
    path = folder / "sladd.yaml"
    given = {"catalog": "sqlite:///catalog.db", "keys": {"main": {"file": str(key)}}, **settings}
    path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    return path


def ready(path: Path) -> Bound:
    """The bound configuration with Presidio started: that is paid once, not once a row."""
    bound = bind(path)
    bound.find_spans([])
    return bound
