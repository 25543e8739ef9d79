"""Presidio's analysis of many texts, asked only for what can be there.

`AnalyzerEngine.analyze` runs every recogniser on every text, copies every result and tokenises
what holds nothing. Here a recogniser is asked only for texts its screen hits, a text is
tokenised only when a context word can change a score, and nothing is copied. The results are
those of the engine; a test holds the two side by side.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import re2
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts

from detectors.columns.patterns import compiled, matches
from detectors.folding import FOLDED, fold
from detectors.nlp import WordContext

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

_IDENTIFIER = RecognizerResult.RECOGNIZER_IDENTIFIER_KEY
_ENHANCED = RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY
_MOST_KEPT = 100_000  # words of many texts; beyond them the memory begins again
BATCH = 256  # texts handed to spaCy at a time: 2.9 times as fast as one by one


class Reader:
    """The recognisers of an analyzer for one language, made ready for many texts.

    Args:
        analyzer: with its recognisers and its language engine.
        language: of the texts.
        model: ask the language model as well, where one is loaded; without it texts are read
            by rules alone, twenty times as fast.
    """

    def __init__(self, analyzer: AnalyzerEngine, language: str, *, model: bool = True) -> None:
        self._analyzer = analyzer
        self._language = language
        self._recognizers = [
            recognizer
            for recognizer in analyzer.registry.get_recognizers(language=language, all_fields=True)
            if model or not (_reads_model(recognizer) or _stands_beside(recognizer))
        ]
        self._entities = analyzer.get_supported_entities(language=language)
        self._screens = [_screen(recognizer) for recognizer in self._recognizers]
        self.modelled = any(_reads_model(recognizer) for recognizer in self._recognizers)
        self._by_id = {recognizer.id: recognizer for recognizer in self._recognizers}
        thresholds = {r.id: r.score_thresholds for r in self._recognizers}
        self._thresholds = {
            (identifier, entity): given.get(
                entity, given.get("default", analyzer.default_score_threshold)
            )
            for identifier, given in thresholds.items()
            for entity in self._by_id[identifier].supported_entities
        }
        self._plain = type(analyzer.context_aware_enhancer) is WordContext and not any(
            type(r).enhance_using_context is not EntityRecognizer.enhance_using_context
            for r in self._recognizers
        )
        self._near: dict[tuple[str, str], bool] = {}
        self._keys: dict[str, tuple[str, frozenset[str]]] = {}

    def read(self, texts: Sequence[str]) -> Iterator[list[RecognizerResult]]:
        """What `AnalyzerEngine.analyze` says of each text, in their order."""
        for start in range(0, len(texts), BATCH):
            yield from self._some(texts[start : start + BATCH])

    def _some(self, texts: Sequence[str]) -> Iterator[list[RecognizerResult]]:
        asked = self._asked(texts)
        artifacts: Iterator[tuple[str, NlpArtifacts]] | None = None
        if self.modelled:
            artifacts = self._analyzer.nlp_engine.process_batch(
                texts, language=self._language, batch_size=BATCH
            )
        for text, recognizers in zip(texts, asked, strict=True):
            words = next(artifacts)[1] if artifacts is not None else None
            yield self._one(text, recognizers, words)

    def _asked(self, texts: Sequence[str]) -> list[list[Any]]:
        """The recognisers for each text, by their screens."""
        asked: list[list[Any]] = [[] for _ in texts]
        cells = pa.array([fold(text) for text in texts], pa.string())
        for recognizer, screen in zip(self._recognizers, self._screens, strict=True):
            if screen is None:
                for each in asked:
                    each.append(recognizer)
                continue
            for each, hit in zip(asked, matches(cells, screen).to_pylist(), strict=True):
                if hit:
                    each.append(recognizer)
        return asked

    def _one(
        self, text: str, recognizers: Sequence[Any], words: NlpArtifacts | None
    ) -> list[RecognizerResult]:
        results: list[RecognizerResult] = []
        for recognizer in recognizers:
            if not recognizer.is_loaded:
                recognizer.load()
                recognizer.is_loaded = True
            found = recognizer.analyze(text=text, entities=self._entities, nlp_artifacts=words)
            for result in found or ():
                if result.recognition_metadata is None:
                    result.recognition_metadata = {}
                result.recognition_metadata.setdefault(_IDENTIFIER, recognizer.id)
                result.recognition_metadata.setdefault(
                    RecognizerResult.RECOGNIZER_NAME_KEY, recognizer.name
                )
                results.append(result)
        if not results:
            return results
        if self._plain:
            self._enhance(text, results, words)
        else:
            results = self._enhanced_by_others(text, results, words)
        kept = [r for r in results if r.score >= self._threshold(r)]
        unique: list[RecognizerResult] = EntityRecognizer.remove_duplicates(kept)
        for result in unique:
            result.analysis_explanation = None  # type: ignore[assignment]  # as the engine does
        return unique

    def _threshold(self, result: RecognizerResult) -> float:
        key = (result.recognition_metadata[_IDENTIFIER], result.entity_type)
        return self._thresholds.get(key, self._analyzer.default_score_threshold)

    def _around(self, text: str, words: NlpArtifacts | None) -> _Around:
        if words is not None:
            places = zip(words.tokens_indices, words.tokens, strict=True)
            known = [at + len(token) for at, token in places]
            return _Around(known, [lemma.lower() for lemma in words.lemmas], set(words.keywords))
        # The tokeniser alone: a model's other parts would cost as much as its names.
        ends: list[int] = []
        lemmas: list[str] = []
        keywords: set[str] = set()
        for token in self._pipeline.make_doc(text):
            ends.append(token.idx + len(token))
            lemma, keys = self._keyed(token.text)
            lemmas.append(lemma)
            keywords |= keys
        return _Around(ends, lemmas, keywords)

    @property
    def _pipeline(self) -> Any:
        engine: Any = self._analyzer.nlp_engine
        return engine.nlp[self._language]

    def _keyed(self, token: str) -> tuple[str, frozenset[str]]:
        """A token's lemma, and the keywords it gives; words repeat, so they are kept."""
        known = self._keys.get(token)
        if known is None:
            if len(self._keys) > _MOST_KEPT:
                self._keys.clear()
            engine: Any = self._analyzer.nlp_engine
            lemma = unicodedata.normalize("NFC", token).lower()
            keywords = NlpArtifacts.set_keywords(engine, [lemma], self._language)
            known = self._keys[token] = (lemma.lower(), frozenset(keywords))
        return known

    def _enhanced_by_others(
        self, text: str, results: list[RecognizerResult], words: NlpArtifacts | None
    ) -> list[RecognizerResult]:
        """Presidio's own way, for recognisers or enhancers that have a way of their own."""
        enhanced: list[RecognizerResult] = self._analyzer._enhance_using_context(  # noqa: SLF001
            text,
            results,
            words or self._analyzer.nlp_engine.process_text(text, self._language),
            self._recognizers,
            None,
        )
        return enhanced

    def _enhance(
        self, text: str, results: Sequence[RecognizerResult], words: NlpArtifacts | None
    ) -> None:
        """Raise the scores that a context word speaks for, as `LemmaContextAwareEnhancer`."""
        enhancer = self._analyzer.context_aware_enhancer
        around: _Around | None = None
        for result in results:
            recognizer = self._by_id[result.recognition_metadata[_IDENTIFIER]]
            if (
                result.score >= ContextAwareEnhancer.MAX_SCORE
                or not recognizer.context
                or result.recognition_metadata.get(_ENHANCED)
            ):
                continue
            if around is None:
                around = self._around(text, words)
            near = around.words(
                result.start, enhancer.context_prefix_count, enhancer.context_suffix_count
            )
            if any(self._speaks(recognizer, word) for word in near):
                raised = max(
                    result.score + enhancer.context_similarity_factor,
                    enhancer.min_score_with_context_similarity,
                )
                result.score = min(raised, ContextAwareEnhancer.MAX_SCORE)

    def _speaks(self, recognizer: Any, word: str) -> bool:
        """Whether a word is one of a recogniser's context words. Words repeat: it is kept."""
        key = (recognizer.id, word)
        known = self._near.get(key)
        if known is None:
            if len(self._near) > _MOST_KEPT:
                self._near.clear()
            known = WordContext._find_supportive_word_in_context([word], recognizer.context) != ""  # noqa: SLF001
            self._near[key] = known
        return known

    def __repr__(self) -> str:
        return f"<Reader of {self._language}, {len(self._recognizers)} recognisers>"


class _Around:
    """The words around a place in one text, as `LemmaContextAwareEnhancer` collects them."""

    __slots__ = ("_ends", "_keywords", "_lemmas")

    def __init__(self, ends: list[int], lemmas: list[str], keywords: set[str]) -> None:
        self._ends = ends
        self._lemmas = lemmas
        self._keywords = keywords

    def words(self, start: int, before: int, after: int) -> set[str]:
        """The keywords up to so many before and after the token at `start`, and that token."""
        at = bisect_right(self._ends, start)
        found: set[str] = set()
        for count, step in ((before, -1), (after, 1)):
            left, place = count + 1, at
            while 0 <= place < len(self._lemmas) and left > 0:
                if self._lemmas[place] in self._keywords:
                    found.add(self._lemmas[place])
                    left -= 1
                place += step
        return found


def _reads_model(recognizer: Any) -> bool:
    """Whether a recogniser reads what a language model found."""
    from presidio_analyzer import PatternRecognizer

    from detectors.texts.recognizer import TextRecognizer

    declared = hasattr(recognizer, "declaration")
    return not declared and not isinstance(recognizer, (PatternRecognizer, TextRecognizer))


def _stands_beside(recognizer: Any) -> bool:
    """Whether a recogniser is asked only where a language model reads as well."""
    return bool(getattr(recognizer, "BESIDE_MODEL", False))


def _screen(recognizer: Any) -> str | None:
    """A superset of what the recogniser finds in folded texts; None where it has none."""
    declaration = getattr(recognizer, "declaration", None)
    screen: str | None = (
        declaration.screen if declaration is not None else getattr(recognizer, "SCREEN", None)
    )
    if not screen:
        return None
    # The texts are folded before they are screened, and the class is costly.
    ready = screen.removesuffix(f"|{FOLDED}")
    try:
        compiled(ready)
    except re2.error:
        return None
    return ready
