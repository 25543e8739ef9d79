"""One training run: epochs with a falling step, and the best one kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.training import Example
from thinc.api import Adam

from detectors.ner.annotated import Annotated, Mention
from detectors.ner.scoring import Scores, score
from detectors.ner.training.examples import Examples

RATE, LAST_RATE = 0.001, 0.02  # of Adam; the last step is this share of the first
GENTLE = 0.4  # times that, where a trained model goes on
DROPOUT = 0.2
FIRST_BATCH, LARGEST_BATCH, GROWTH = 300, 2_000, 1.001  # words


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run is told."""

    epochs: int
    out: Path
    go_on: bool = False  # with what the pipeline has learnt already
    say: Callable[[str], None] = print


def train(
    nlp: Language, examples: Examples, held: Sequence[Annotated], settings: Settings
) -> float:
    """Train, and write the epoch that is best on the held-out documents to `settings.out`.

    The weights are averaged over the steps. Persons count as much as everything together: they
    are what a scan must not miss.

    Returns:
        The kept epoch's mean of F1 of persons and F1 of all names.
    """
    first = examples.draw()
    # spaCy's own optimizer but for the averages, which spaCy leaves off.
    optimizer: Any = Adam(RATE, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    if settings.go_on:
        nlp.resume_training(sgd=optimizer)
        rate = RATE * GENTLE
    else:
        nlp.initialize(lambda: first[:2_000], sgd=optimizer)
        rate = RATE
    sizes = _sizes()
    best = 0.0
    for epoch in range(settings.epochs):
        begun = time.process_time()
        drawn = first if epoch == 0 else examples.draw()
        losses: dict[str, float] = {}
        for done, batch in _batches(drawn, sizes):
            part = (epoch + done / len(drawn)) / settings.epochs
            optimizer.learn_rate = rate * max(LAST_RATE, 1 - part)
            nlp.update(batch, sgd=optimizer, drop=DROPOUT, losses=losses)
        with nlp.use_params(optimizer.averages):
            scores = score(held, find(nlp, held))
            value = value_of(scores)
            if value > best:
                best = value
                nlp.to_disk(settings.out)
        settings.say(
            f"epoch {epoch} · {time.process_time() - begun:.0f} s · loss {losses['ner']:.0f} · "
            f"{summary(scores)} · {value:.4f}{' *' if value == best else ''}"
        )
    return best


def find(nlp: Language, texts: Sequence[Annotated]) -> list[list[Mention]]:
    """The model's names in each text."""
    return [
        [Mention(span.start_char, span.end_char, span.label_) for span in doc.ents]
        for doc in nlp.pipe([text.text for text in texts], batch_size=128)
    ]


def value_of(scores: Scores) -> float:
    """What a checkpoint is chosen by: the mean of F1 of persons and F1 of all names."""
    return (scores.f1("PER") + scores.f1()) / 2


def summary(scores: Scores) -> str:
    """One line of F1 per label and the coverage of persons."""
    parts = [f"{label} {scores.f1(label):.3f}" for label in ("all", "PER", "LOC", "ORG")]
    return " ".join([*parts, f"covered {scores.coverage:.3f}"])


def _sizes() -> Iterator[float]:
    """Words of each batch in turn: small ones first, for a quick start."""
    size = float(FIRST_BATCH)
    while True:
        yield size
        size = min(size * GROWTH, LARGEST_BATCH)


def _batches(
    examples: Sequence[Example], sizes: Iterator[float]
) -> Iterator[tuple[int, list[Example]]]:
    """Batches of about as many words as `sizes` says, with the number of examples done."""
    batch: list[Example] = []
    many = 0
    limit = next(sizes)
    for done, example in enumerate(examples, 1):
        batch.append(example)
        many += len(example.reference)
        if many >= limit:
            yield done, batch
            batch, many, limit = [], 0, next(sizes)
    if batch:
        yield len(examples), batch
