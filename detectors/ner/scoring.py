"""Precision, recall and F1 of names, with bootstrap intervals over texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.ner.annotated import LABELS, Annotated, Mention

RESAMPLES = 2_000
_COLUMNS = 3 * len(LABELS) + 2  # right, false, missed of each label; persons covered, persons


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of every text; what is asked for is computed from their sum.

    Attributes:
        counts: shape (texts, 11), int.
    """

    counts: NDArray[np.int64]

    def f1(self, label: str = "all") -> float:
        """F1 of exact spans with their type."""
        return float(_f1(self.counts.sum(0), label))

    def precision(self, label: str = "all") -> float:
        """Share of the found spans that are right."""
        right, false, _ = _triple(self.counts.sum(0), label)
        return float(right / max(right + false, 1))

    def recall(self, label: str = "all") -> float:
        """Share of the true spans that are found."""
        right, _, missed = _triple(self.counts.sum(0), label)
        return float(right / max(right + missed, 1))

    @property
    def coverage(self) -> float:
        """Share of persons of whom every character lies inside some found span."""
        covered, persons = self.counts.sum(0)[-2:]
        return float(covered / max(persons, 1))

    def interval(self, what: str, label: str = "all") -> tuple[float, float]:
        """95 % interval of `f1`, `recall` or `coverage`: percentile bootstrap over texts."""
        random = np.random.default_rng(0)
        texts = len(self.counts)
        drawn = np.empty(RESAMPLES)
        for i in range(RESAMPLES):
            again = Scores(self.counts[random.integers(0, texts, texts)].sum(0, keepdims=True))
            drawn[i] = again.coverage if what == "coverage" else getattr(again, what)(label)
        low, high = np.quantile(drawn, [0.025, 0.975])
        return float(low), float(high)


def score(gold: Sequence[Annotated], found: Iterable[Iterable[Mention]]) -> Scores:
    """Count right, false and missed spans in every text.

    Args:
        gold: the texts as they should be marked.
        found: the model's spans of each, in the same order; other labels are ignored.
    """
    rows = []
    for text, spans in zip(gold, found, strict=True):
        wanted = {m for m in text.mentions if m.label in LABELS}
        got = {m for m in spans if m.label in LABELS}
        row: list[int] = []
        for label in LABELS:
            right = sum(m.label == label for m in wanted & got)
            false = sum(m.label == label for m in got - wanted)
            missed = sum(m.label == label for m in wanted - got)
            row += [right, false, missed]
        inside = {i for m in got for i in range(m.start, m.end)}
        persons = [m for m in wanted if m.label == "PER"]
        row += [sum(inside.issuperset(range(m.start, m.end)) for m in persons), len(persons)]
        rows.append(row)
    return Scores(np.array(rows, dtype=np.int64).reshape(-1, _COLUMNS))


def _triple(total: NDArray[np.int64], label: str) -> tuple[int, int, int]:
    chosen = LABELS if label == "all" else (label,)
    at = [3 * LABELS.index(each) for each in chosen]
    right, false, missed = (int(sum(total[i + k] for i in at)) for k in range(3))
    return right, false, missed


def _f1(total: NDArray[np.int64], label: str) -> float:
    right, false, missed = _triple(total, label)
    return 2 * right / max(2 * right + false + missed, 1)
