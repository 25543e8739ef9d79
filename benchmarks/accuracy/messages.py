"""The annotated customer messages of `benchmarks.accuracy.texts`, read by sladd and by Presidio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import presidio, project
from benchmarks.result import Goal, Measure

Predict = Callable[[Sequence[str]], Sequence[Sequence[tuple[int, int, str]]]]
_PACKAGE = "benchmarks.accuracy.texts"
_FEW = 60  # messages of a quick run
UNREAD = ("third",)  # sets that nobody who mends the finder has read


def present() -> bool:
    """Whether the messages are there."""
    return find_spec(_PACKAGE) is not None


def scored(
    folder: Path, engines: presidio.Engines | None, *, which: str, quick: bool
) -> dict[str, Any]:
    """Scanner → what `texts.score` says of it on a set."""
    texts = import_module(_PACKAGE)
    messages = texts.load(which)
    if quick:
        messages = messages[:: max(1, len(messages) // _FEW)]
    result = {"sladd": texts.score(messages, _sladd(folder / which))}
    if engines is not None:
        result["Presidio"] = texts.score(messages, _presidio(engines))
    return {"messages": len(messages), "scores": result}


def _sladd(folder: Path) -> Predict:
    bound = project.ready(project.make(folder / "texts", {}))

    def predict(texts: Sequence[str]) -> Sequence[Sequence[tuple[int, int, str]]]:
        found = bound.find_spans(texts)
        return [[(s.start, s.end, s.category or s.type) for s in spans] for spans in found]

    return predict


def _presidio(engines: presidio.Engines) -> Predict:
    from presidio_analyzer import BatchAnalyzerEngine

    batches = BatchAnalyzerEngine(analyzer_engine=engines.diligent)

    def predict(texts: Sequence[str]) -> Sequence[Sequence[tuple[int, int, str]]]:
        found = batches.analyze_iterator(texts, language="en", batch_size=presidio.BATCH)
        return [[(s.start, s.end, s.entity_type) for s in spans] for spans in found]

    return predict


def run(
    folder: Path, engines: presidio.Engines | None, *, quick: bool
) -> tuple[tuple[Measure, ...], dict[str, Any]]:
    """Recall and precision of direct identifiers, and what the page tells of them.

    The goals are those of the sets that nobody who mends the finder has read.
    """
    measures: list[Measure] = []
    unread = {}
    for which in UNREAD:
        told = scored(folder, engines, which=which, quick=quick)
        unread[which] = {"count": told["messages"], "rows": _rows(told["scores"])}
        measures += _unread(which, told)
    known = scored(folder, None, which="first", quick=quick)
    seen = known["scores"]["sladd"].direct
    measures += [
        Measure(
            what=f"{known['messages']} messages of development: {what} of the same",
            value=getattr(seen, f"{what}_relaxed").value,
            unit="of 1",
        )
        for what in ("recall", "precision")
    ]
    return tuple(measures), unread


def _unread(which: str, told: dict[str, Any]) -> list[Measure]:
    found = {name: scores.direct for name, scores in told["scores"].items()}
    ours, peer = found["sladd"], found.get("Presidio")
    return [
        Measure(
            what=f"{told['messages']} unread messages, {which} set: "
            f"{what} of direct identifiers' spans",
            value=getattr(ours, f"{what}_relaxed").value,
            unit="of 1",
            floor=getattr(peer, f"{what}_relaxed").value if peer else None,
            floor_is="Presidio" if peer else "",
            goal=Goal(limit, on="value", kind="at least", exact=True, full_only=True),
        )
        for what, limit in (("recall", 0.95), ("precision", 0.90))
    ]


def _rows(scores: dict[str, Any]) -> list[list[str]]:
    """Scanner, of what, then the six shares of a row as text."""
    lines = []
    for name, told in scores.items():
        parts = (
            {"direct identifiers": told.direct, **_split(told)}
            if name == "sladd"
            else {"direct identifiers": told.direct}
        )
        for what, row in parts.items():
            if not row.recall_relaxed.n and not row.precision_relaxed.n:
                continue
            shares = (row.recall_relaxed, row.precision_relaxed, row.recall_covering,
                      row.recall_exact, row.precision_exact)  # fmt: skip
            lines.append([name, what, *(str(share) for share in shares)])
    return lines


def _split(told: Any) -> dict[str, Any]:
    return {
        **{f"language {key}": row for key, row in told.languages.items()},
        **{f"style {key}": row for key, row in told.styles.items()},
        **{f"label {key}": row for key, row in told.labels.items()},
    }
