"""The Presidio recogniser that all of ours are: patterns on folded text, scored by a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult

from detectors.declaration import Declaration
from detectors.folding import fold

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

WEAK = 0.2
"""Score of a value that says nothing without a context word (which adds 0.35)."""

SHAPE = 0.05
"""Score of a value that fails its check; a context word makes it 0.4, a mistyped number."""

THRESHOLD = 0.35
"""Below this a result never leaves the engine: no context word stood beside it."""


class DeclaredRecognizer(PatternRecognizer):
    """A `PatternRecognizer` with a declaration, usable in a plain `AnalyzerEngine`.

    Subclasses set `DECLARATION` and `PATTERNS`, whose matches are rated by `rate`.
    """

    DECLARATION: ClassVar[Declaration]
    PATTERNS: ClassVar[tuple[str, ...]]

    def __init__(self, supported_language: str = "nb") -> None:
        super().__init__(
            supported_entity=self.DECLARATION.entity,
            name=type(self).__name__,
            supported_language=supported_language,
            # The score is only a start: `rate` has the last word.
            patterns=[
                Pattern(f"{self.DECLARATION.entity} {number}", pattern, WEAK)
                for number, pattern in enumerate(self.PATTERNS, 1)
            ],
            context=list(self.DECLARATION.context),
        )
        self.score_thresholds = {"default": THRESHOLD}

    @property
    def declaration(self) -> Declaration:
        """What this recogniser says of itself."""
        return self.DECLARATION

    def rate(self, match: str) -> float:
        """Score 0-1 of a folded match; 0 drops it."""
        raise NotImplementedError

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Find the entity in a text; positions are those of the text as it was given."""
        folded = fold(text)
        results = super().analyze(folded, entities, nlp_artifacts, regex_flags)
        for result in results:
            result.score = self.rate(folded[result.start : result.end])
        return [result for result in results if result.score > 0]


class AdoptedRecognizer(PatternRecognizer):
    """Mixin before one of Presidio's own recognisers: folded text, our context, a declaration."""

    DECLARATION: ClassVar[Declaration]

    def __init__(self, supported_language: str = "nb") -> None:
        # Presidio's recognisers share these two arguments and order the others differently.
        super().__init__(
            context=list(self.DECLARATION.context),
            supported_language=supported_language,
            **self._arguments(),
        )

    def _arguments(self) -> dict[str, Any]:
        """Further arguments for Presidio's constructor."""
        return {}

    @property
    def declaration(self) -> Declaration:
        """What this recogniser says of itself."""
        return self.DECLARATION

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Find the entity in a text; positions are those of the text as it was given."""
        return super().analyze(fold(text), entities, nlp_artifacts, regex_flags)
