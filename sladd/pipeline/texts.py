"""The span finder, as the callable that lower layers are handed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sladd.config import Config
from sladd.model import Span, SpanFinder

if TYPE_CHECKING:
    from detectors.registry import Detectors


def span_finder(detectors: Detectors, config: Config) -> tuple[SpanFinder, tuple[str, ...]]:
    """Presidio over texts, with the spaCy models that the configuration names.

    Returns:
        The finder, and the languages whose model is configured but not installed.
    """
    from detectors import engine, nlp

    analyzer = engine.analyzer(detectors, config.languages, config.detection.spacy)
    language = config.languages[0]

    def find(texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        return engine.spans(analyzer, texts, language)

    missing = tuple(
        f"{each.model} ({each.language})" for each in nlp.missing_models(config.detection.spacy)
    )
    return find, missing
