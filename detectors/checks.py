"""Why a value is not what it looks like. The exceptions never carry the value.

They are python-stdnum's own, so that its validators and ours read alike.
"""

from __future__ import annotations

from collections.abc import Callable

from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

__all__ = [
    "InvalidChecksum",
    "InvalidComponent",
    "InvalidFormat",
    "InvalidLength",
    "ValidationError",
    "passes",
]


def passes(validate: Callable[[str], str], value: str) -> bool:
    """Whether `validate` accepts the value."""
    try:
        validate(value)
    except ValidationError:
        return False
    return True
