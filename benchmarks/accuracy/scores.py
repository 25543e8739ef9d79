"""Precision, recall, F1 and F2 of judged columns, with Wilson's intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.accuracy.judging import Judged
from sladd.taxonomy import Taxonomy

GROUPS = ("direct", "quasi", "attribute")
_Z = 1.959964  # two-sided 95 %: Wilson 1927, JASA 22, p. 209


@dataclass(frozen=True, slots=True)
class Score:
    """How many columns were to be found, were found, and were found rightly."""

    wanted: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; None when nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of what was to be found that was; None when there was nothing."""
        return self.right / self.wanted if self.wanted else None

    def f(self, beta: float) -> float | None:
        """The F measure; `beta` 2 weighs recall four times precision."""
        p, r = self.precision, self.recall
        if p is None or r is None or p + r == 0:
            return None
        return (1 + beta**2) * p * r / (beta**2 * p + r)


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    p, z2 = right / of, _Z**2
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(p * (1 - p) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def by_category(columns: Sequence[Judged], taxonomy: Taxonomy) -> dict[str, Score]:
    """A score for every category that was to be found or was found."""
    wanted, found, right = _counts(columns, taxonomy)
    return {c: Score(wanted[c], found[c], right[c]) for c in sorted(wanted | found)}


def by_group(columns: Sequence[Judged], taxonomy: Taxonomy) -> dict[str, Score]:
    """A score for each kind of identifiability, and for all personal data together."""
    single = by_category(columns, taxonomy)
    result = {}
    for group in GROUPS:
        inside = [
            score
            for category, score in single.items()
            if taxonomy[category].personal and taxonomy[category].identifiability == group
        ]
        result[group] = _sum(inside)
    result["all personal"] = _sum(result.values())
    return result


def personal(columns: Sequence[Judged], taxonomy: Taxonomy) -> Score:
    """Whether a column is personal at all, be it only through a key."""
    wanted = found = right = 0
    for column in columns:
        label, said = column.asked.truth.label, column.answer
        if not column.asked.decided:
            continue
        is_personal = bool(label.category) and taxonomy[label.category].personal
        says_personal = bool(said.category) and taxonomy[said.category].personal
        wanted += is_personal
        found += says_personal
        right += is_personal and says_personal
    return Score(wanted, found, right)


def confusion(columns: Sequence[Judged], taxonomy: Taxonomy) -> dict[tuple[str, str], int]:
    """Label × answer of every column that was answered wrongly; only what occurs."""
    cells: Counter[tuple[str, str]] = Counter()
    for column in columns:
        if (column.said and not column.right) or column.false(taxonomy):
            label, said = column.asked.truth.label, column.answer
            truth = label.category if label.said else f"({label.how}) {label.category}".strip()
            cells[truth, said.category if column.tagged else f"({said.how})"] += 1
    return dict(sorted(cells.items(), key=lambda item: (-item[1], item[0])))


def _counts(
    columns: Iterable[Judged], taxonomy: Taxonomy
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for column in columns:
        category = column.asked.truth.label.category
        if column.said:
            wanted[category] += 1
            if column.right:
                right[category] += 1
                found[category] += 1
        if column.false(taxonomy):
            found[column.answer.category] += 1
    return wanted, found, right


def _sum(scores: Iterable[Score]) -> Score:
    scores = tuple(scores)
    return Score(
        sum(s.wanted for s in scores), sum(s.found for s in scores), sum(s.right for s in scores)
    )
