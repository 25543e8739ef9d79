"""Digests in order, on disk where they are many: which place has one, and what goes with it.

Sorted runs are written to a file without a name, which the system removes with the process,
even a killed one; digests are keyed, so what a disk may still hold says nothing.
"""

from __future__ import annotations

import tempfile
from typing import Any

import numpy as np
import numpy.typing as npt

Digests = npt.NDArray[np.uint64]
Payloads = npt.NDArray[np.uint8]

RUN_ROWS = 1_000_000  # sorted at once; 24 MB with a payload of 16 bytes
MEMORY_ROWS = 4_000_000  # held in memory before the first run goes to disk


class SortedDigests:
    """Distinct digests in ascending order, each with its payload.

    Attributes:
        repeated: digests that were given more than once.
    """

    def __init__(self, keys: Digests, payloads: Payloads, repeated: int) -> None:
        self._keys, self._payloads, self.repeated = keys, payloads, repeated

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"<SortedDigests, {len(self)}>"

    def find(self, digests: Digests) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The place of each digest, and whether it is there; shape (n,)."""
        if not len(self._keys):
            return np.zeros(len(digests), np.int64), np.zeros(len(digests), np.bool_)
        at = np.minimum(np.searchsorted(self._keys, digests), len(self._keys) - 1)
        return at, np.asarray(self._keys[at] == digests)

    def payloads(self, at: npt.NDArray[np.int64]) -> Payloads:
        """What goes with the digests at these places, shape (n, width)."""
        if not len(self._keys):
            return np.zeros((len(at), self._payloads.shape[1]), np.uint8)
        return np.asarray(self._payloads[at])


class DigestBuilder:
    """Takes digests in any order.

    Args:
        width: bytes of a payload.
        run_rows: sorted at once.
        memory_rows: held in memory.
    """

    def __init__(
        self,
        width: int = 0,
        *,
        run_rows: int = RUN_ROWS,
        memory_rows: int = MEMORY_ROWS,
    ) -> None:
        self._width = width
        self._run_rows, self._memory_rows = run_rows, memory_rows
        self._waiting: list[tuple[Digests, Payloads]] = []
        self._runs: list[tuple[Digests, Payloads]] = []
        self._rows = self._held = 0

    def add(self, digests: Digests, payloads: Payloads | None = None) -> None:
        """Take digests, shape (n,), and their payloads, shape (n, width)."""
        if payloads is None:
            payloads = np.zeros((len(digests), self._width), np.uint8)
        self._waiting.append((digests, payloads))
        self._rows += len(digests)
        if self._rows >= self._run_rows:
            self._close_run()

    def done(self) -> SortedDigests:
        """All of them in order. A digest with two different payloads is left out: it is unclear."""
        self._close_run()
        if not self._runs:
            return SortedDigests(*_empty(self._width), 0)
        if len(self._runs) == 1:
            return SortedDigests(*_distinct(*self._runs[0]))
        return self._merged()

    def _close_run(self) -> None:
        if not self._waiting:
            return
        run = _sorted(self._waiting)
        self._waiting, self._rows = [], 0
        self._held += len(run[0])
        if self._held > self._memory_rows:
            run = _Written(self._width).add(*run).read()
            self._held -= len(run[0])
        self._runs.append(run)

    def _merged(self) -> SortedDigests:
        """Range after range: digests are spread evenly, so each range holds about a run."""
        total = sum(len(keys) for keys, _ in self._runs)
        ranges = max(1, -(-total // self._run_rows))
        edges = np.array([(n << 64) // ranges for n in range(1, ranges)], np.uint64)
        cuts = [[0, *np.searchsorted(keys, edges), len(keys)] for keys, _ in self._runs]
        spill = total > self._memory_rows
        written = _Written(self._width) if spill else None
        kept: list[tuple[Digests, Payloads]] = []
        repeated = 0
        for number in range(ranges):
            parts = [
                (np.asarray(keys[cut[number] : cut[number + 1]]),
                 np.asarray(payloads[cut[number] : cut[number + 1]]))
                for (keys, payloads), cut in zip(self._runs, cuts, strict=True)
            ]  # fmt: skip
            keys, payloads, twice = _distinct(*_sorted(parts))
            repeated += twice
            if written is not None:
                written.add(keys, payloads)
            else:
                kept.append((keys, payloads))
        self._runs = []
        if written is not None:
            return SortedDigests(*written.read(), repeated)
        return SortedDigests(
            np.concatenate([k for k, _ in kept]), np.concatenate([p for _, p in kept]), repeated
        )

    def __repr__(self) -> str:
        return f"<DigestBuilder, {len(self._runs)} runs>"


class _Written:
    """Two files without names: digests and payloads."""

    def __init__(self, width: int) -> None:
        self._width, self._rows = width, 0
        self._files: tuple[Any, Any] = (tempfile.TemporaryFile(), tempfile.TemporaryFile())  # noqa: SIM115 - mapped for as long as it is read

    def add(self, keys: Digests, payloads: Payloads) -> _Written:
        self._rows += len(keys)
        for file, data in zip(self._files, (keys, payloads), strict=True):
            file.write(np.ascontiguousarray(data).tobytes())
        return self

    def read(self) -> tuple[Digests, Payloads]:
        for file in self._files:
            file.flush()
        if not self._rows:
            return _empty(self._width)
        keys = np.memmap(self._files[0], np.uint64, "r", shape=(self._rows,))
        if not self._width:
            return keys, np.zeros((self._rows, 0), np.uint8)
        return keys, np.memmap(self._files[1], np.uint8, "r", shape=(self._rows, self._width))


def _empty(width: int) -> tuple[Digests, Payloads]:
    return np.zeros(0, np.uint64), np.zeros((0, width), np.uint8)


def _sorted(parts: list[tuple[Digests, Payloads]]) -> tuple[Digests, Payloads]:
    keys = np.concatenate([k for k, _ in parts])
    payloads = np.concatenate([p for _, p in parts])
    order = np.argsort(keys, kind="stable")
    return keys[order], payloads[order]


def _distinct(keys: Digests, payloads: Payloads) -> tuple[Digests, Payloads, int]:
    """Each digest once; none of those that have two different payloads."""
    if len(keys) < 2:
        return keys, payloads, 0
    same = np.asarray(keys[1:] == keys[:-1])
    repeated = int(same.sum())
    if not repeated:
        return keys, payloads, 0
    first = np.concatenate([[True], ~same])
    group = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    differs = (np.asarray(payloads) != np.asarray(payloads)[starts[group]]).any(axis=1)
    unclear = np.zeros(len(starts), np.bool_)
    unclear[group[differs]] = True
    chosen = starts[~unclear]
    return keys[chosen], payloads[chosen], repeated
