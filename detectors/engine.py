"""Spans in texts: Presidio's analyzer with our recognisers, and one answer where several overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detectors.registry import Detectors
from sladd.errors import DetectionError
from sladd.model import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, RecognizerResult

BATCH = 256  # texts handed to spaCy at a time: 2.9 times as fast as one by one
_AROUND = " ,;:\n\t"  # what a piece of a name may be surrounded by
UNRANKED = 1000  # named entities: whatever a rule found outranks them

NAMED_ENTITIES = {"PERSON": "user.name", "LOCATION": "user.location.imprecise"}
"""Category of what a language model finds."""


def analyzer(
    detectors: Detectors, languages: Sequence[str], spacy_models: Mapping[str, str] | None = None
) -> AnalyzerEngine:
    """Presidio's analyzer over these recognisers. Nothing is downloaded.

    Args:
        detectors: from `registry.build` for the same languages.
        languages: languages of the texts to come.
        spacy_models: language → package name or folder of a spaCy model, or "off"; our own model
            reads the names of the other languages that it knows.

    Raises:
        DetectionError: a named model is not installed (712) or cannot be loaded (713).
    """
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    from detectors.nlp import WordContext, WordNlpEngine

    words = WordNlpEngine(languages, spacy_models or {})
    words.load()
    # A registry of its own: adding to the one in `detectors` would change a shared value.
    found = list(detectors.registry.recognizers)
    found += [
        SpacyRecognizer(supported_language=language, supported_entities=list(NAMED_ENTITIES))
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


def spans(analyzer: AnalyzerEngine, texts: Sequence[str], language: str) -> list[list[Span]]:
    """What the recognisers find in each text, without overlaps, in the order of the text.

    Raises:
        DetectionError: the language is not one of the analyzer's (710), or a recogniser
            failed (711); the text is then not scanned.
    """
    from presidio_analyzer import BatchAnalyzerEngine

    if language not in analyzer.supported_languages:
        raise DetectionError(
            f"no recognisers for the language {language}",
            code=710,
            where="languages",
            mend=f"use one of {', '.join(analyzer.supported_languages)}",
        )
    ranks = {
        r.declaration.entity: (r.declaration.rank, r.declaration.category)
        for r in analyzer.registry.recognizers
        if hasattr(r, "declaration")
    }
    try:
        found = BatchAnalyzerEngine(analyzer).analyze_iterator(
            texts, language=language, batch_size=BATCH
        )
    except DetectionError:
        raise
    except Exception as error:
        # Presidio's messages quote the text.
        raise DetectionError(
            f"a recogniser failed ({type(error).__name__})", code=711, where=f"language {language}"
        ) from None
    return [resolve(results, text, ranks) for results, text in zip(found, texts, strict=True)]


def resolve(
    results: Sequence[RecognizerResult], text: str, ranks: Mapping[str, tuple[int, str]]
) -> list[Span]:
    """One span where several overlap.

    Rules go before a language model; then the score decides, then the rank, then the length.
    A named entity keeps what a rule did not take of it: a name beside an e-mail address is
    still a name.

    Args:
        results: of one text.
        text: the text itself.
        ranks: entity → rank and category of its recogniser.
    """

    def order(result: RecognizerResult) -> tuple[bool, float, int, int, int]:
        rank = ranks.get(result.entity_type, (UNRANKED, ""))[0]
        length = result.end - result.start
        return (rank == UNRANKED, -round(result.score, 2), rank, -length, result.start)

    taken: list[Span] = []
    for result in sorted(results, key=order):
        pieces = _free(result.start, result.end, taken)
        whole = pieces == [(result.start, result.end)]
        rank, category = ranks.get(
            result.entity_type, (UNRANKED, NAMED_ENTITIES.get(result.entity_type, ""))
        )
        if not whole and rank != UNRANKED:
            continue
        for start, end in pieces:
            piece = text[start:end]
            first = start + len(piece) - len(piece.lstrip(_AROUND))
            last = end - len(piece) + len(piece.rstrip(_AROUND))
            if last > first and any(c.isalnum() for c in text[first:last]):
                taken.append(Span(first, last, result.entity_type, result.score, category))
    return sorted(taken, key=lambda span: span.start)


def _free(start: int, end: int, taken: Sequence[Span]) -> list[tuple[int, int]]:
    """The parts of a stretch that no span covers."""
    pieces = [(start, end)]
    for span in taken:
        pieces = [
            part
            for a, b in pieces
            for part in (
                ((a, b),) if span.end <= a or span.start >= b else ((a, span.start), (span.end, b))
            )
            if part[1] > part[0]
        ]
    return pieces
