"""A hierarchy as a table: in each row a value and its classes, from fine to coarse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pyarrow as pa

from sladd import canonical
from sladd.model import StorageType
from transforms import arrays


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a table of classes. Carries places, no values.

    Attributes:
        what: in words.
        line: of the file, from 1.
        other: the line that it contradicts; 0 for none.
    """

    what: str
    line: int
    other: int = 0


@dataclass(frozen=True)
class TableHierarchy:
    """A hierarchy that somebody wrote down.

    Attributes:
        name: what a rule calls it.
        levels: finest first; the first is the value itself.
        rows: of equal length; without faults.
    """

    name: str
    levels: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    def __repr__(self) -> str:
        return f"<TableHierarchy {self.name}: {len(self.rows)} rows, {len(self.levels)} levels>"

    def generalise(self, values: pa.Array, level: int) -> pa.Array:
        """The classes of values at a level; see `Hierarchy`."""
        if not 0 <= level < len(self.levels):
            raise IndexError(level)
        texts = arrays.texts(values, StorageType.STRING)
        return arrays.per_text(texts, lambda text: self._class(text, level))

    @cached_property
    def sha256(self) -> str:
        """Digest of what it says, whatever the file looks like and in what order."""
        content = json.dumps([list(self.levels), sorted(map(list, self.rows))], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def _by_value(self) -> Mapping[str, Sequence[str]]:
        return {canonical.text(row[0]): row for row in self.rows}

    def _class(self, text: str, level: int) -> str | None:
        row = self._by_value.get(canonical.text(text))
        return None if row is None else row[level]


def faults(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Fault]:
    """What keeps rows from being a hierarchy.

    Args:
        rows: line and cells of each, the value first.

    Yields:
        Rows of another length, empty cells, values that stand twice with different classes,
        and classes that lie in two coarser ones.
    """
    if not rows:
        yield Fault("it is empty", 1)
        return
    width = len(rows[0][1])
    if width < 2:
        yield Fault("it has one column, and so no classes", rows[0][0])
        return
    seen: list[dict[str, tuple[str, int]]] = [{} for _ in range(width - 1)]
    for line, cells in rows:
        if len(cells) != width:
            yield Fault(f"a row of {len(cells)} columns, where the first has {width}", line)
            continue
        if not all(cells):
            yield Fault("an empty cell", line)
            continue
        for level, (fine, coarse) in enumerate(pairwise(cells)):
            known, first = seen[level].setdefault(canonical.text(fine), (coarse, line))
            if known != coarse:
                what = "a value" if level == 0 else f"a class of level {level}"
                yield Fault(f"{what} with two classes at level {level + 1}", line, first)
                break
