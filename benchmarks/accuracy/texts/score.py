"""Scores a finder on the annotated messages.

Three ways to count, each with a 95 % interval by bootstrap over messages:

* *exact*: same offsets and same type;
* *relaxed*: same group, and IoU ≥ 0.5 or the annotated span covered. This is the headline;
* *covering*: recall is the share of annotated spans whose every letter and digit would be masked
  by some personal finding; precision is the share of findings of direct types at least half of
  which stands on something direct or quasi.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.texts.judge import Judged, Said, Wanted, is_organisations, judge
from benchmarks.accuracy.texts.labels import DIRECT, LABELS, PREDICTED_DIRECT, type_of
from benchmarks.accuracy.texts.load import Message

Predict = Callable[[Sequence[str]], Sequence[Sequence[tuple[int, int, str]]]]
DRAWS, SEED = 2_000, 20_260_401
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval; all three nan when there are none."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself."""
        return self.hits / self.n if self.n else float("nan")

    def __str__(self) -> str:
        if not self.n:
            return NOTHING
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] ({self.hits}/{self.n})"


@dataclass(frozen=True, slots=True)
class Row:
    """Recall and precision of some labels over some messages."""

    messages: int
    recall_exact: Share
    recall_relaxed: Share
    recall_covering: Share
    precision_exact: Share
    precision_relaxed: Share
    precision_covering: Share


@dataclass(frozen=True, slots=True)
class Place:
    """Where something went wrong: a message's id, the label, how often. No words."""

    id: str
    label: str
    times: int


@dataclass(frozen=True, slots=True)
class Scores:
    """What `score` returns.

    `direct` over all direct identifiers; `languages` and `styles` the same, split; `labels` each
    label alone (its precision over the predictions of its type); `confusion[annotated, said]` in
    spans, "" for nothing; `misses` the direct spans not fully covered and `alarms` the findings of
    direct types that stand on nothing personal, most in one message first;
    `on_organisations` how many alarms stand on an organisation's name or contact point.
    """

    direct: Row
    labels: Mapping[str, Row]
    languages: Mapping[str, Row]
    styles: Mapping[str, Row]
    confusion: Mapping[tuple[str, str], int]
    misses: tuple[Place, ...]
    alarms: tuple[Place, ...]
    on_organisations: int


def score(messages: Sequence[Message], predict: Predict) -> Scores:
    """Run a finder over the messages' texts, in one call, and score what it says.

    Args:
        messages: from `load`.
        predict: given n texts, returns n lists of (start, end, category or entity or label).

    Raises:
        ValueError: the finder returned another number of lists than it was given texts.
    """
    found = predict([m.text for m in messages])
    judged = [judge(m, spans) for m, spans in zip(messages, found, strict=True)]
    return Scores(
        direct=_row(judged, DIRECT, PREDICTED_DIRECT),
        labels={
            label: _row(judged, {label}, {p for p in LABELS if type_of(p) == type_of(label)})
            for label in sorted(LABELS)
        },
        languages={
            name: _row([j for j in judged if j.language == name], DIRECT, PREDICTED_DIRECT)
            for name in sorted({j.language for j in judged})
        },
        styles={
            name: _row([j for j in judged if j.style == name], DIRECT, PREDICTED_DIRECT)
            for name in sorted({j.style for j in judged})
        },
        confusion=_confusion(judged),
        misses=_places(
            [
                (j.id, w.label)
                for j in judged
                for w in j.wanted
                if w.label in DIRECT and not w.covered
            ]
        ),
        alarms=_places([(j.id, s.label) for j in judged for s in _alarms(j)]),
        on_organisations=sum(is_organisations(s) for j in judged for s in _alarms(j)),
    )


def _row(
    judged: Sequence[Judged], labels: set[str] | frozenset[str], said: set[str] | frozenset[str]
) -> Row:
    def recall(right: Callable[[Wanted], bool]) -> Share:
        return _share([[right(w) for w in j.wanted if w.label in labels] for j in judged])

    def precision(right: Callable[[Said], bool]) -> Share:
        return _share([[right(s) for s in j.said if s.label in said] for j in judged])

    return Row(
        messages=len(judged),
        recall_exact=recall(lambda w: w.exact),
        recall_relaxed=recall(lambda w: w.relaxed),
        recall_covering=recall(lambda w: w.covered),
        precision_exact=precision(lambda s: s.exact),
        precision_relaxed=precision(lambda s: s.relaxed),
        precision_covering=precision(lambda s: s.overlaps),
    )


def _share(rights: Sequence[Sequence[bool]]) -> Share:
    """The share over all, resampling messages with what stands in them."""
    hits = np.array([sum(r) for r in rights], dtype=np.int64)
    counts = np.array([len(r) for r in rights], dtype=np.int64)
    n = int(counts.sum())
    if not n:
        return Share(0, 0, float("nan"), float("nan"))
    low, high = _interval(hits, counts)
    return Share(int(hits.sum()), n, low, high)


def _interval(hits: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[float, float]:
    some = counts > 0  # a message without such spans adds nothing to either sum
    hits, counts = hits[some], counts[some]
    drawn = np.random.default_rng(SEED).integers(0, len(hits), (DRAWS, len(hits)))
    shares = hits[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def _alarms(judged: Judged) -> list[Said]:
    return [s for s in judged.said if s.label in PREDICTED_DIRECT and not s.overlaps]


def _confusion(judged: Sequence[Judged]) -> dict[tuple[str, str], int]:
    pairs = Counter((w.label, w.said_as) for j in judged for w in j.wanted)
    pairs.update(("", s.label) for j in judged for s in j.said if not s.stands_on)
    return dict(sorted(pairs.items()))


def _places(found: Sequence[tuple[str, str]]) -> tuple[Place, ...]:
    in_message = Counter(name for name, _ in found)
    counted = Counter(found)
    order = sorted(counted, key=lambda p: (-in_message[p[0]], p))
    return tuple(Place(name, label, counted[name, label]) for name, label in order)
