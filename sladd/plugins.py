"""What other installed packages offer to sladd, by group of entry points."""

from __future__ import annotations

import sys
from functools import cache
from importlib import metadata


def entry_points(*, group: str) -> tuple[metadata.EntryPoint, ...]:
    """The entry points of a group, by name.

    Every distribution's metadata is a file to read, some 20 ms in a full environment, so they are
    read once for each search path of the process.
    """
    return _read(group, tuple(sys.path))


@cache
def _read(group: str, _: tuple[str, ...]) -> tuple[metadata.EntryPoint, ...]:
    return tuple(sorted(metadata.entry_points(group=group), key=lambda point: point.name))
