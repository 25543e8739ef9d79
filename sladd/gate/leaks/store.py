"""Digests of originals: in memory as far as they fit, then on disk, sealed by a key of this run."""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sladd.gate.leaks.shapes import Kind
from sladd.gate.leaks.words import Digests, mix, unique

RECORD = np.dtype([("digest", "<u8"), ("owner", "<u8"), ("tag", "<u4")])
"""One original: its digest, its person's, and field * 16 + kind."""
Records = npt.NDArray[np.void]

MEMORY_BYTES = 96_000_000
_MERGE = 2_000_000  # records gathered before equal ones are made one
_REPEATED = 0.75  # of the records: if more are left, merging is not worth its time
_DRAWN = np.uint64(64)  # one of so many digests, with all its records, speaks for the others
_LEAST_BITS, _MOST_BITS = 16, 30  # of the filter: 8 KB to 128 MB
_BITS_EACH = 64  # of the filter for each record: with two of them set, 1 window in 1,000 passes
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd, random


def tag(field: int, kind: Kind) -> int:
    """Field and kind of an original in one number."""
    return field * 16 + int(kind)


class Store:
    """Grows while a source is read; then it is asked. Holds digests: never printed or pickled."""

    def __init__(self, folder: Path | None = None, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._folder, self._memory = folder, memory_bytes
        self._seal = AESGCM(AESGCM.generate_key(256))
        self._file: IO[bytes] | None = None
        self._chunks: list[tuple[int, int, bytes]] = []  # place, length and nonce in the file
        self._held: list[Records] = []
        self._size = self._fresh = 0
        self._lock = threading.Lock()
        self._repeats = True
        self.count = 0  # records, equal ones as far as they were not yet merged

    def __repr__(self) -> str:
        return f"<Store of {self.count} digests>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Store holds digests of originals and is never serialised")

    def add(self, digests: Digests, owners: Digests, number: int) -> None:
        """Take digests of one field and kind with the digests of their persons, 0 for none."""
        if not len(digests):
            return
        records = np.empty(len(digests), RECORD)
        records["digest"], records["owner"], records["tag"] = digests, owners, number
        with self._lock:
            self._held.append(records)
            self.count += len(records)
            self._size += records.nbytes
            self._fresh += len(records)
            if self._repeats and (self._fresh > _MERGE or self._size > self._memory):
                self._merge()
            if self._size > self._memory:
                self._spill()

    def _merge(self) -> None:
        # Where hardly anything repeats, looking for it is in vain.
        self._repeats = _left(self._held) < _REPEATED
        if not self._repeats:
            return
        whole = np.concatenate(self._held)
        before = len(whole)
        # By digest alone: equal ones that others stand between are kept twice, which costs space.
        whole = whole[np.argsort(whole["digest"])]
        fresh = np.ones(len(whole), bool)
        fresh[1:] = whole["digest"][1:] != whole["digest"][:-1]
        fresh[1:] |= whole["owner"][1:] != whole["owner"][:-1]
        fresh[1:] |= whole["tag"][1:] != whole["tag"][:-1]
        whole = whole[fresh]
        self.count -= before - len(whole)
        self._held, self._size, self._fresh = [whole], whole.nbytes, 0

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="sladd-", dir=self._folder)  # noqa: SIM115
        for records in self._held:
            nonce = secrets.token_bytes(12)
            sealed = self._seal.encrypt(nonce, records.tobytes(), None)
            self._chunks.append((self._file.tell(), len(sealed), nonce))
            self._file.write(sealed)
        self._held, self._size, self._fresh = [], 0, 0

    def chunks(self) -> Iterator[Records]:
        """All records, some at a time."""
        yield from self._held
        for place, length, nonce in self._chunks:
            assert self._file is not None  # noqa: S101
            end = self._file.tell()
            self._file.seek(place)
            sealed = self._file.read(length)
            self._file.seek(end)
            yield np.frombuffer(self._seal.decrypt(nonce, sealed, None), RECORD)

    def filter(self) -> Filter:
        """A small table that almost only lets digests of the store pass."""
        made = Filter(self.count)
        for records in self.chunks():
            made.add(records["digest"])
        return made

    def matching(self, digests: Digests) -> Records:
        """The records with one of these digests.

        Args:
            digests: sorted, without repetition.
        """
        found = [records[among(records["digest"], digests)] for records in self.chunks()]
        return np.concatenate(found) if found else np.empty(0, RECORD)

    def close(self) -> None:
        """Forget everything: digests, file and key."""
        for records in self._held:
            if records.flags.writeable:
                records[:] = 0
        self._held, self._chunks = [], []
        self._seal = AESGCM(AESGCM.generate_key(256))
        if self._file is not None:
            self._file.close()
            self._file = None


def _left(held: Sequence[Records]) -> float:
    """About which share of records is left when equal ones are made one."""
    drawn = [records[records["digest"] % _DRAWN == 0] for records in held]
    whole = np.concatenate(drawn)
    mixed = mix(whole["digest"] ^ mix(whole["owner"] ^ mix(whole["tag"].astype(np.uint64))))
    return len(unique(mixed)) / max(len(whole), 1)


class Filter:
    """A Bloom filter over digests of 64 bits."""

    def __init__(self, count: int) -> None:
        wanted = max(count, 1) * _BITS_EACH
        bits = min(max(wanted.bit_length(), _LEAST_BITS), _MOST_BITS)
        self._table = np.zeros(1 << (bits - 3), np.uint8)
        self._shift = np.uint64(64 - bits)

    def add(self, digests: Digests) -> None:
        """Let these pass."""
        for factor in (_FIRST, _SECOND):
            place = (digests * factor) >> self._shift
            bit = np.left_shift(np.uint8(1), (place & np.uint64(7)).astype(np.uint8))
            np.bitwise_or.at(self._table, (place >> np.uint64(3)).astype(np.int64), bit)

    def passing(self, digests: Digests) -> npt.NDArray[np.int64]:
        """Places of those that pass."""
        found = np.flatnonzero(self._set(digests, _FIRST))
        return found[self._set(digests[found], _SECOND)]

    def _set(self, digests: Digests, factor: np.uint64) -> npt.NDArray[np.bool_]:
        place = (digests * factor) >> self._shift
        held = self._table[(place >> np.uint64(3)).astype(np.int64)]
        bits = (held >> (place & np.uint64(7)).astype(np.uint8)) & np.uint8(1)
        return bits.astype(bool)


def among(values: Digests, known: Digests) -> npt.NDArray[np.bool_]:
    """Which values are among the known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(values), bool)
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: npt.NDArray[np.bool_] = known[place] == values
    return found
