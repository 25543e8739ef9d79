"""Passphrases: hashed by argon2id, checked in the same time whether there is one or not."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # characters
LONGEST = 1024  # bytes hashed; more is no passphrase
FEWEST_KINDS = 5  # different characters, so that `aaaaaaaaaaaa` is none

# RFC 9106 §4, second recommended option: 64 MiB, 3 passes, 4 lanes.
_HASHER = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)  # so that a flood of logins takes 128 MiB and no more


def hashed(passphrase: str) -> str:
    """The hash to keep."""
    with _AT_ONCE:
        return _HASHER.hash(passphrase)


def fits(passphrase: str, kept: str | None) -> bool:
    """Whether it is the passphrase of that hash; without one, the same work for a no."""
    if len(passphrase.encode("utf-8", "replace")) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _nobodys(), passphrase)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
    return right and kept is not None


def is_old(kept: str) -> bool:
    """Whether the hash was made with other settings than those of today."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A hash that no passphrase fits."""
    return _HASHER.hash(secrets.token_urlsafe(32))
