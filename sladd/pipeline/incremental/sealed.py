"""Files that nobody reads without the release's key: AES-256-GCM in chunks.

Source: NIST SP 800-38D; the chunks are numbered and the last one marked as in STREAM (Hoang,
Reyhanitabar, Rogaway, Vizár 2015), so that none can be left out, doubled or moved.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES = 4 << 20
_PREFIX_BYTES = 8  # random for each file; four bytes of a counter make it a nonce of twelve


class Broken(Exception):
    """A sealed file was changed, cut short, or sealed under another key."""


def seal(source: IO[bytes], goal: Path, key: bytes) -> None:
    """Write a sealed copy, readable by its owner alone.

    Args:
        source: read to its end.
        goal: appears whole or not at all.
        key: 32 bytes.
    """
    beside = goal.with_name(goal.name + ".tmp")
    prefix = secrets.token_bytes(_PREFIX_BYTES)
    cipher = AESGCM(key)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(prefix)
            for number, (chunk, last) in enumerate(_chunks(source, CHUNK_BYTES)):
                sink.write(cipher.encrypt(_nonce(prefix, number), chunk, _about(goal.name, last)))
        beside.replace(goal)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def unseal(source: Path, goal: IO[bytes], key: bytes) -> None:
    """Write what was sealed.

    Raises:
        Broken: it is not what was sealed under this key and name; `goal` may hold a part of it.
    """
    cipher = AESGCM(key)
    with source.open("rb") as sealed:
        prefix = sealed.read(_PREFIX_BYTES)
        if len(prefix) < _PREFIX_BYTES:
            raise Broken
        for number, (chunk, last) in enumerate(_chunks(sealed, CHUNK_BYTES + 16)):
            try:
                goal.write(cipher.decrypt(_nonce(prefix, number), chunk, _about(source.name, last)))
            except InvalidTag:
                raise Broken from None


def _chunks(source: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Each chunk, and whether it is the last; at least one, which may be empty."""
    held = source.read(size)
    while ahead := source.read(size):
        yield held, False
        held = ahead
    yield held, True


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _about(name: str, last: bool) -> bytes:
    return f"sladd 1 {name} {int(last)}".encode()
