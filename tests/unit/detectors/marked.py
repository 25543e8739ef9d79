"""Texts with their spans written into them: `Hei [[PERSON|Kari]]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"\[\[([A-Z_]+)\|([^\]]*)\]\]")
FILE = Path(__file__).with_name("marked_texts.txt")


@dataclass(frozen=True)
class Marked:
    """A text, and what a reader would mark in it: type, start, end."""

    text: str
    spans: tuple[tuple[str, int, int], ...]


def parse(source: str) -> Marked:
    """A text without its marks, and where they stood."""
    text, spans, last = "", [], 0
    for mark in _MARK.finditer(source):
        text += source[last : mark.start()]
        spans.append((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        last = mark.end()
    return Marked(text + source[last:], tuple(spans))


def load() -> list[Marked]:
    """The development texts: invented persons, synthetic numbers."""
    return [parse(part.strip("\n")) for part in FILE.read_text("utf-8").split("\n---\n")]


@dataclass(frozen=True)
class Score:
    """Spans found, marked, and found where marked, of one type."""

    marked: int
    hit: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """Share of the marked that were found."""
        return self.hit / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        """Share of the found that were marked."""
        return self.right / self.found if self.found else 1.0


def score(
    pairs: Sequence[tuple[Sequence[tuple[str, int, int]], Sequence[tuple[str, int, int]]]],
) -> Score:
    """Marked against found: the same type, and more than half of each other's characters."""
    marked = hit = found = right = 0
    for wanted, got in pairs:
        marked += len(wanted)
        found += len(got)
        hit += sum(any(_same(w, g) for g in got) for w in wanted)
        right += sum(any(_same(w, g) for w in wanted) for g in got)
    return Score(marked, hit, found, right)


def _same(a: tuple[str, int, int], b: tuple[str, int, int]) -> bool:
    common = min(a[2], b[2]) - max(a[1], b[1])
    return a[0] == b[0] and common * 2 > max(a[2] - a[1], b[2] - b[1])
