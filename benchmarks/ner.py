"""How well the shipped names model finds persons, places and organisations, and how fast.

Always: the project's own texts in `ner_sets/`, which share no sentence with what the model was
trained on. With `SLADD_CORPORA` set to the folder of the corpora also NorNE's development split, raw
text, exact span and type. NorNE's texts may not be published and are not part of the project.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.result import Goal, Measure
from detectors import ner
from detectors.ner import annotated
from detectors.ner.annotated import LABELS, Annotated, Mention
from detectors.ner.scoring import Scores, score

SETS = Path(__file__).parent / "ner_sets"
OWN = {
    "mail": "web-shop mail, nb and nn",
    "foreign": "names from outside Norway",
    "english": "web-shop mail, English",
}
BATCH = 256  # as in detectors.engine
WORDS_A_SECOND = Goal(8_000, on="value", kind="at least", exact=True)
# Floors of persons' F1 and coverage on NorNE dev; they were set before the model was trained.
FLOORS = {"nob": (0.89, 0.96), "nno": (0.87, 0.94)}


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - the texts have a size
    """Scores of every set, and the speed over all of them."""
    measures: list[Measure] = []
    texts: list[str] = []
    for name, told in OWN.items():
        gold = annotated.read(SETS / f"{name}.txt")
        texts += [text.text for text in gold]
        measures += _scores(told, gold)
        measures += _scores(f"{told}, all lower-cased", [annotated.lowered(text) for text in gold])
    if corpora := os.environ.get("SLADD_CORPORA"):
        from detectors.ner.training.corpora import norne

        for language, (f1, coverage) in FLOORS.items():
            gold = [
                text for part in norne(Path(corpora), language, "dev").values() for text in part
            ]
            texts += [text.text for text in gold]
            measures += _scores(f"NorNE {language} dev", gold, f1=f1, coverage=coverage)
    else:
        note = "set SLADD_CORPORA to the folder of the corpora (detectors/ner/README.md)"
        measures.append(Measure("NorNE dev: not measured", 0.0, "", notes=(note,)))
    return (*measures, _speed(texts))


def found(texts: list[str]) -> list[list[Mention]]:
    """The shipped model's names in each text."""
    docs = ner.load().pipe(texts, batch_size=BATCH)
    return [[Mention(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]


def _scores(
    told: str, gold: list[Annotated], *, f1: float | None = None, coverage: float | None = None
) -> list[Measure]:
    scores = score(gold, found([text.text for text in gold]))
    return [
        Measure(
            f"{told}: F1 of persons",
            scores.f1("PER"),
            "of 1",
            goal=_at_least(f1),
            notes=tuple(_table(scores)),
        ),
        Measure(
            f"{told}: persons wholly covered", scores.coverage, "of 1", goal=_at_least(coverage)
        ),
    ]


def _at_least(limit: float | None) -> Goal | None:
    return None if limit is None else Goal(limit, on="value", kind="at least", exact=True)


def _table(scores: Scores) -> list[str]:
    lines = [f"{'':<10}{'precision':>10}{'recall':>8}{'F1':>8}   95 % of F1"]
    for label in (*LABELS, "all"):
        low, high = scores.interval("f1", label)
        lines.append(
            f"{label:<10}{scores.precision(label):>10.3f}{scores.recall(label):>8.3f}"
            f"{scores.f1(label):>8.3f}   {low:.3f}–{high:.3f}"
        )
    low, high = scores.interval("coverage")
    lines.append(f"{'covered':<10}{'':>10}{scores.coverage:>8.3f}{'':>8}   {low:.3f}–{high:.3f}")
    return lines


def _speed(texts: list[str]) -> Measure:
    words = sum(len(text.split()) for text in texts)
    best = 0.0
    for _ in range(3):
        begun = time.process_time()
        found(texts)
        best = max(best, words / (time.process_time() - begun))
    return Measure("words a second on one core, batched", best, "words/s", goal=WORDS_A_SECOND)
