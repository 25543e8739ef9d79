"""Recognisers named by where they stand, so that a name in a list loads nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterable


def found_at(places: Iterable[str]) -> tuple[object, ...]:
    """What stands at each of `package.module:Name`, in their order."""
    return tuple(
        getattr(importlib.import_module(module), name)
        for module, _, name in (place.partition(":") for place in places)
    )
