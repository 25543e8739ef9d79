"""The span finders, as the callables that lower layers are handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sladd.config import Config
from sladd.model import KnownFinder, Span, SpanFinder

if TYPE_CHECKING:
    from detectors.registry import Detectors


def named_models(config: Config) -> dict[str, str]:
    """`detection.spacy`, folders found from where `sladd.yaml` lies."""
    return {
        language: str(config.path(model)) if config.path(model).is_dir() else model
        for language, model in config.detection.spacy.items()
    }


@dataclass(frozen=True, slots=True)
class TextFinders:
    """What finds personal data in texts, by the configuration.

    Attributes:
        everything: rules, and a language model where one is loaded.
        by_rules: rules alone.
        known: values that are known from a person's row.
        modelled: languages whose names a model finds; for the others rules do.
        missed: category → share of its mentions that is not found, as measured; where a language
            has no model, as rules alone find.
    """

    everything: SpanFinder
    by_rules: SpanFinder
    known: KnownFinder
    modelled: tuple[str, ...]
    missed: Mapping[str, float]


def text_finders(detectors: Detectors, config: Config) -> TextFinders:
    """Presidio over texts, with the language models of the configuration.

    Raises:
        DetectionError: a named model is not installed (SLADD-712) or cannot be loaded (713).
    """
    from detectors import engine
    from detectors.texts.known import with_known
    from detectors.texts.residual import residual

    analyzer = engine.analyzer(detectors, config.languages, named_models(config))
    everything = engine.Finder(analyzer, config.languages)
    return TextFinders(
        everything=everything,
        by_rules=engine.Finder(analyzer, config.languages, model=False),
        known=with_known,
        modelled=everything.modelled,
        missed={
            each.category: each.share
            for each in residual(
                modelled=all(each in everything.modelled for each in config.languages)
            ).missed
        },
    )


class Remembered:
    """A span finder that reads a text once. Holds texts: never printed or pickled."""

    def __init__(self, finder: SpanFinder, *, most: int = 50_000) -> None:
        self._finder = finder
        self._most = most  # texts, some 20 MB
        self._known: dict[str, Sequence[Span]] = {}

    def __repr__(self) -> str:
        return "<Remembered>"

    def __call__(self, texts: Sequence[str]) -> list[Sequence[Span]]:
        """Spans of each text; those read before are not read again."""
        known = self._known  # partitions are worked side by side: another may begin again
        fresh = list(dict.fromkeys(text for text in texts if text not in known))
        answers = dict(zip(fresh, self._finder(fresh), strict=True)) if fresh else {}
        found = [answers[text] if text in answers else known[text] for text in texts]
        if len(known) + len(answers) > self._most:
            self._known = answers
        else:
            known.update(answers)
        return found
