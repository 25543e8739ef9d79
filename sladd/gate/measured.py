"""What was measured of written files, so that one publish counts nothing twice.

The search's outcome, the three tests and the gate all ask the same of the same files. An answer is
kept with the identity of the files, so that one that was written anew is counted anew.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sladd.gate.risk import Risk, risk

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


class Measured:
    """Answers about files, each worked out once. Counts and shares, no values."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def risk(
        self,
        path: Path | str | pa.Table,
        columns: Sequence[str],
        *,
        sensitive: Sequence[str] = (),
        person: str | None = None,
        threshold: int = 11,
    ) -> Risk:
        """As `sladd.gate.risk`; of sensitive columns that were measured no pass is made again.

        Raises:
            GateError: the file cannot be read, or lacks a column (SLADD-620).
        """
        key = ("risk", stamp(path), tuple(columns), person, threshold)
        known: Risk | None = self._found.get(key)
        if known is None or not {*sensitive} <= {one.column for one in known.spread}:
            known = risk(path, columns, sensitive=sensitive, person=person, threshold=threshold)
            self._found[key] = known
        by_column = {one.column: one for one in known.spread}
        return replace(known, spread=tuple(by_column[column] for column in sensitive))

    def once(self, path: Path | str | pa.Table, asked: Hashable, count: Callable[[], T]) -> T:
        """The answer to a question about files.

        Args:
            path: a file, or a pattern of several.
            asked: tells the question from any other.
            count: works it out.
        """
        key = (asked, stamp(path))
        if key not in self._found:
            self._found[key] = count()
        found: T = self._found[key]
        return found


def stamp(path: Path | str | pa.Table) -> Hashable:
    """Changes with every write of a file, or of one that a pattern finds."""
    if not isinstance(path, Path | str):
        return object()  # a table in memory is asked once
    files = sorted(glob.glob(str(path)))
    if not files:
        return object()  # equal to no other: nothing is known of it
    told = ((file, Path(file).stat()) for file in files)
    return tuple((f, s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns) for f, s in told)
