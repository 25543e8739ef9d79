"""The runs of each text of a page, and the digest of it as a whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sladd.gate.leaks.folding import fold, slices
from sladd.gate.leaks.words import Digests, Hasher, Page, Runs, digest, mix


class Spans:
    """First and last run of each text; a text without runs has none."""

    def __init__(self, runs: Runs, texts_: int) -> None:
        self._runs = runs
        self.count = np.bincount(runs.row, minlength=texts_).astype(np.int64)
        self.last = np.cumsum(self.count)  # one behind the last
        self.first = self.last - self.count
        ends = np.append(runs.end, 0)
        starts = np.append(runs.start, 0)
        given = self.count > 0
        self.start = np.where(given, starts[np.minimum(self.first, len(runs))], 0)
        self.end = np.where(given, ends[self.last - 1], 0)
        self.length = self.end - self.start

    def digest(self, hasher: Hasher) -> Digests:
        """Digest of each whole text, nothing between its runs."""
        return hasher.between(self._runs.sums, self.start, self.end)


def sequence(words: Runs, spans: Spans, hasher: Hasher) -> Digests:
    """Digest of each text as a sequence of words, which tells 1 23 from 12 3."""
    each = mix(digest(words, np.arange(len(words)), 1, hasher))
    return hasher.between(hasher.prefix(each), spans.first, spans.last)


def person_digests(values: pa.Array, entity: str, hasher: Hasher) -> Digests:
    """One digest for each key of a person, shape (n,); 0 for none."""
    found = np.zeros(len(values), np.uint64)
    apart = np.uint64(0)
    if entity:
        page = Page(pa.array([entity]), hasher)
        apart = Spans(page.words(), 1).digest(hasher)[0]
    for start, part in slices(fold(values)):
        page = Page(part, hasher)
        spans = Spans(page.words(), len(part))
        given = spans.count > 0
        found[start : start + len(part)][given] = mix(spans.digest(hasher) ^ apart)[given]
    return found
