"""Spans in texts: Presidio's analyzer with our recognisers, and one answer where several overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detectors.folding import fold
from detectors.registry import Detectors
from detectors.texts.resolution import (
    NAMED_ENTITIES,
    ORGANIZATION,
    Ranks,
    resolve,
    settled,
)
from detectors.texts.standing import standing
from sladd.errors import DetectionError
from sladd.model import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

__all__ = ["NAMED_ENTITIES", "Finder", "analyzer", "ranks", "resolve", "spans"]


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

    from detectors import texts
    from detectors.nlp import WordContext, WordNlpEngine

    words = WordNlpEngine(languages, spacy_models or {})
    words.load()
    # A registry of its own: adding to the one in `detectors` would change a shared value.
    found = list(detectors.registry.recognizers)
    found += [
        kind(language)
        for kind in texts.RECOGNIZERS
        for language in languages
        if not kind.BESIDE_MODEL or words.has_names(language)
    ]
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
    from detectors.texts.recognizer import TextRecognizer

    found: dict[str, tuple[int, str]] = {}
    for recognizer in analyzer.registry.recognizers:
        declaration = getattr(recognizer, "declaration", None)
        if declaration is not None:
            found[declaration.entity] = (declaration.rank, declaration.category)
        elif isinstance(recognizer, TextRecognizer) and recognizer.RANK is not None:
            found.setdefault(recognizer.ENTITY, (recognizer.RANK, recognizer.CATEGORY))
    return found


def spans(analyzer: AnalyzerEngine, texts: Sequence[str], language: str) -> list[list[Span]]:
    """What the recognisers find in each text, without overlaps, in the order of the text.

    Raises:
        DetectionError: the language is not one of the analyzer's (710), or a recogniser
            failed (711); the text is then not scanned.
    """
    return Finder(analyzer, [language])(texts)


class Finder:
    """Finds spans in texts of any of its languages.

    Recognisers and their context words work in all languages at once, so one pass is enough;
    only where languages have different models is each text read in its own.

    Args:
        analyzer: from `analyzer`.
        languages: of the texts, the commonest first.
        model: ask the language model, where one is loaded; without it by rules alone.

    Raises:
        DetectionError: a language is not one of the analyzer's (710).
    """

    def __init__(
        self, analyzer: AnalyzerEngine, languages: Sequence[str], *, model: bool = True
    ) -> None:
        from detectors.texts.reading import Reader

        for language in languages:
            if language not in analyzer.supported_languages:
                raise DetectionError(
                    f"no recognisers for the language {language}",
                    code=710,
                    where="languages",
                    mend=f"use one of {', '.join(analyzer.supported_languages)}",
                )
        self._ranks = ranks(analyzer)
        self._reads_as = (
            _read_alike(analyzer, languages) if model else dict.fromkeys(languages, languages[0])
        )
        self._languages = tuple(languages)
        self._readers = {
            language: Reader(analyzer, language, model=model)
            for language in dict.fromkeys(self._reads_as.values())
        }

    @property
    def modelled(self) -> tuple[str, ...]:
        """The languages whose names a model finds."""
        return tuple(
            language
            for language in self._languages
            if self._readers[self._reads_as[language]].modelled
        )

    def __call__(self, texts: Sequence[str]) -> list[list[Span]]:
        """Spans of each text, without overlaps, in its order.

        Raises:
            DetectionError: a recogniser failed (711); the texts are then not scanned.
        """
        found: list[list[Span]] = [[] for _ in texts]
        for language, places in self._by_language(texts).items():
            some = [texts[place] for place in places]
            try:
                for place, spans_ in zip(places, self._read(some, language), strict=True):
                    found[place] = spans_
            except DetectionError:
                raise
            except Exception as error:
                # Presidio's messages quote the text.
                raise DetectionError(
                    f"a recogniser failed ({type(error).__name__})",
                    code=711,
                    where=f"language {language}",
                ) from None
        return found

    def _read(self, texts: Sequence[str], language: str) -> Iterator[list[Span]]:
        from detectors.texts.echoes import echoed
        from detectors.texts.goods_names import goods_among, without

        for results, text in zip(self._readers[language].read(texts), texts, strict=True):
            if not results:
                yield []
                continue
            folded = fold(text)
            found = resolve(standing(results, text), text, self._ranks)
            goods = goods_among(found, folded)
            found = echoed(without(found, folded, goods), text)
            yield settled(without(found, folded, goods), text)

    def _by_language(self, texts: Sequence[str]) -> dict[str, list[int]]:
        if len(self._readers) == 1:
            return {next(iter(self._readers)): list(range(len(texts)))}
        from detectors.texts.languages import language_of

        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            language = self._reads_as[language_of(text, self._languages)]
            places.setdefault(language, []).append(place)
        return places

    def __repr__(self) -> str:
        return f"<Finder for {', '.join(self._languages)}>"


def _read_alike(analyzer: AnalyzerEngine, languages: Sequence[str]) -> dict[str, str]:
    """Language → the first language with the same model, or without any like it."""
    engine: Any = analyzer.nlp_engine
    first: dict[tuple[str, ...], str] = {}
    result: dict[str, str] = {}
    for language in languages:
        pipeline = engine.nlp[language]
        named = "ner" in pipeline.pipe_names or "entity_ruler" in pipeline.pipe_names
        model = (
            (str(pipeline.meta.get("name")), str(pipeline.meta.get("version")), str(pipeline.path))
            if named
            else ()
        )
        result[language] = first.setdefault(model, language)
    return result
