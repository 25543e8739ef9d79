"""The scores as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from benchmarks.accuracy.texts.labels import DIRECT
from benchmarks.accuracy.texts.score import NOTHING, Place, Row, Scores, Share

WORST: Final = 25


def lines(scores: Scores, *, worst: int = WORST) -> Iterator[str]:
    """Headline, tables, confusion, and the `worst` misses and alarms by message id."""
    direct = scores.direct
    yield f"Direct identifiers in {direct.messages} messages: share [95 % interval] (spans)"
    yield f"  relaxed    recall {direct.recall_relaxed}  precision {direct.precision_relaxed}"
    yield f"  covering   recall {direct.recall_covering}  precision {direct.precision_covering}"
    yield f"  exact      recall {direct.recall_exact}  precision {direct.precision_exact}"
    yield f"  alarms that stand on an organisation: {scores.on_organisations}"
    for name, rows in (
        ("label", scores.labels),
        ("language", scores.languages),
        ("style", scores.styles),
    ):
        yield ""
        yield from _table(name, rows)
    yield ""
    yield "Annotated → said (spans; – is nothing)"
    for (gold, said), times in sorted(scores.confusion.items(), key=lambda c: -c[1]):
        if gold != said:
            yield f"{times:>6}  {gold or NOTHING} → {said or NOTHING}"
    yield ""
    yield f"Direct spans not fully covered, worst messages first (of {_sum(scores.misses)})"
    yield from _places(scores.misses[:worst])
    yield f"Findings of direct types on nothing personal (of {_sum(scores.alarms)})"
    yield from _places(scores.alarms[:worst])


def _table(name: str, rows: Mapping[str, Row]) -> Iterator[str]:
    yield f"{name:<14}{'gold':>6}{'said':>6}{'recall':>8}{'prec.':>8}{'F1':>7}{'covered':>9}{'exact r':>9}{'exact p':>9}"
    for key, row in rows.items():
        recall, precision = row.recall_relaxed, row.precision_relaxed
        if recall.n or precision.n:
            direct = "" if name != "label" or key in DIRECT else " *"
            yield (
                f"{key + direct:<14}{recall.n:>6}{precision.n:>6}{_short(recall):>8}{_short(precision):>8}"
                f"{_f1(recall, precision):>7}{_short(row.recall_covering):>9}"
                f"{_short(row.recall_exact):>9}{_short(row.precision_exact):>9}"
            )
    if name == "label":
        yield "* not a direct identifier"


def _short(share: Share) -> str:
    return f"{share.value:.3f}" if share.n else NOTHING


def _f1(recall: Share, precision: Share) -> str:
    both = recall.value + precision.value
    return f"{2 * recall.value * precision.value / both:.3f}" if both > 0 else NOTHING


def _places(places: tuple[Place, ...]) -> Iterator[str]:
    for place in places:
        times = f" ×{place.times}" if place.times > 1 else ""
        yield f"  {place.id}: {place.label}{times}"


def _sum(places: tuple[Place, ...]) -> int:
    return sum(place.times for place in places)
