"""Originals, kept as keyed digests: everything that is looked for in one release."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from sladd.gate.leaks.collector import TableNeedles
from sladd.gate.leaks.control import Digits, Names
from sladd.gate.leaks.shapes import Kind, Original, Originals
from sladd.gate.leaks.store import MEMORY_BYTES, Store
from sladd.gate.leaks.words import Digests, Hasher


class Needles:
    """Everything that is looked for in one release. Holds digests: never printed or pickled.

    Closing it destroys the key of the run and every digest with it.
    """

    def __init__(self, folder: Path | None = None, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self.hasher = Hasher()
        self.store = Store(folder, memory_bytes=memory_bytes)
        self.fields: list[Original] = []
        self.sizes: dict[Kind, set[int]] = {}  # words of an original → windows to look at
        self.digits: dict[int, Digits] = {}  # by field
        self.names: dict[int, Names] = {}  # by field
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Needles of {len(self.fields)} fields>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Destroy the key and the digests."""
        self.store.close()
        self.hasher.destroy()

    def table(self, given: Originals) -> TableNeedles:
        """A collector for the rows of one table."""
        with self._lock:
            first = len(self.fields)
            self.fields += given.fields
        return TableNeedles(self, given, first)

    def salted(self, digests: Digests, kind: Kind) -> Digests:
        """Digests of one kind, which say nothing of other kinds."""
        salted: Digests = digests ^ self.hasher.salts[int(kind)]
        return salted

    def spelt(self, kind: Kind, sizes: Iterable[int]) -> None:
        """Remember of how many words originals of a kind are."""
        with self._lock:
            self.sizes.setdefault(kind, set()).update(int(size) for size in sizes)

    def digits_of(self, field: int) -> Digits:
        """What is counted of a field's numbers."""
        with self._lock:
            return self.digits.setdefault(field, Digits())

    def names_of(self, field: int) -> Names:
        """What controls of a field's names are drawn from."""
        with self._lock:
            return self.names.setdefault(field, Names())
