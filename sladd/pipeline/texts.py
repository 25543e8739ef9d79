"""The span finder, as the callable that lower layers are handed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sladd.config import Config
from sladd.model import Span, SpanFinder

if TYPE_CHECKING:
    from detectors.registry import Detectors


def span_finder(detectors: Detectors, config: Config) -> SpanFinder:
    """Presidio over texts, with the language models of the configuration.

    Raises:
        DetectionError: a named model is not installed (SLADD-712) or cannot be loaded (713).
    """
    from detectors import engine

    analyzer = engine.analyzer(detectors, config.languages, named_models(config))
    language = config.languages[0]

    def find(texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        return engine.spans(analyzer, texts, language)

    return find


def named_models(config: Config) -> dict[str, str]:
    """`detection.spacy`, folders found from where `sladd.yaml` lies."""
    return {
        language: str(config.path(model)) if config.path(model).is_dir() else model
        for language, model in config.detection.spacy.items()
    }
