"""Spans in texts: Presidio's analyzer with our recognisers, and one answer where several overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detectors.registry import Detectors
from detectors.texts.resolution import NAMED_ENTITIES, ORGANIZATION, Ranks, resolve, settled
from sladd.errors import DetectionError
from sladd.model import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

__all__ = ["NAMED_ENTITIES", "analyzer", "ranks", "resolve", "spans"]


def analyzer(
    detectors: Detectors, languages: Sequence[str], spacy_models: Mapping[str, str] | None = None
) -> AnalyzerEngine:
    """Presidio's analyzer over these recognisers. Nothing is downloaded.

    A model that is not installed is replaced by a tokeniser; ask `nlp.missing_models` which.

    Args:
        detectors: from `registry.build` for the same languages.
        languages: languages of the texts to come.
        spacy_models: language → package name or folder of a spaCy model.
    """
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    from detectors import texts
    from detectors.nlp import WordContext, WordNlpEngine

    words = WordNlpEngine(languages, spacy_models or {})
    words.load()
    # A registry of its own: adding to the one in `detectors` would change a shared value.
    found = list(detectors.registry.recognizers)
    found += [kind(language) for kind in texts.RECOGNIZERS for language in languages]
    found += [
        SpacyRecognizer(
            supported_language=language, supported_entities=[*NAMED_ENTITIES, ORGANIZATION]
        )
        for language in languages
        if words.has_names(language)
    ]
    registry = RecognizerRegistry(recognizers=found, supported_languages=list(languages))
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=words,
        supported_languages=list(languages),
        context_aware_enhancer=WordContext(),
    )


def ranks(analyzer: AnalyzerEngine) -> Ranks:
    """Entity → rank and category, of every recogniser that has them; names have no rank."""
    found: dict[str, tuple[int, str]] = {}
    for recognizer in analyzer.registry.recognizers:
        declaration = getattr(recognizer, "declaration", None)
        if declaration is not None:
            found[declaration.entity] = (declaration.rank, declaration.category)
        elif getattr(recognizer, "RANK", None) is not None:
            found.setdefault(recognizer.ENTITY, (recognizer.RANK, recognizer.CATEGORY))
    return found


def spans(analyzer: AnalyzerEngine, texts: Sequence[str], language: str) -> list[list[Span]]:
    """What the recognisers find in each text, without overlaps, in the order of the text.

    Raises:
        DetectionError: the language is not one of the analyzer's (710), or a recogniser
            failed (711); the text is then not scanned.
    """
    from detectors.texts.echoes import echoed
    from detectors.texts.reading import Reader

    if language not in analyzer.supported_languages:
        raise DetectionError(
            f"no recognisers for the language {language}",
            code=710,
            where="languages",
            mend=f"use one of {', '.join(analyzer.supported_languages)}",
        )
    known = ranks(analyzer)
    try:
        found = [
            settled(echoed(resolve(results, text, known), text), text) if results else []
            for results, text in zip(Reader(analyzer, language).read(texts), texts, strict=True)
        ]
    except DetectionError:
        raise
    except Exception as error:
        # Presidio's messages quote the text.
        raise DetectionError(
            f"a recogniser failed ({type(error).__name__})", code=711, where=f"language {language}"
        ) from None
    return found
