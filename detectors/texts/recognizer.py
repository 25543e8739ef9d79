"""The Presidio recogniser that those for running text are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from presidio_analyzer import EntityRecognizer, RecognizerResult

from detectors.folding import fold
from detectors.recognizer import THRESHOLD

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

Found = tuple[int, int, float]
"""Start, end and score of one span."""


class TextRecognizer(EntityRecognizer):
    """Finds one entity in running text, usable in a plain `AnalyzerEngine`.

    Subclasses set the constants and `find`.

    Attributes:
        ENTITY: Presidio's entity type.
        CATEGORY: taxonomy key.
        RANK: as in `Declaration`: the lower outranks where two find the same; None for a name,
            which gives way to every identifier.
        SCREEN: RE2, made by `folding.screened`: hits every text in which `find` finds
            something; None: any text may hold it.
        BESIDE_MODEL: asked only where a language model reads as well, which says what else
            could be meant.
    """

    ENTITY: ClassVar[str]
    CATEGORY: ClassVar[str]
    RANK: ClassVar[int | None] = None
    SCREEN: ClassVar[str | None] = None
    BESIDE_MODEL: ClassVar[bool] = False

    def __init__(self, supported_language: str = "nb") -> None:
        super().__init__(
            supported_entities=[self.ENTITY],
            name=type(self).__name__,
            supported_language=supported_language,
            score_thresholds={"default": THRESHOLD},
        )

    def load(self) -> None:
        """Nothing to load."""

    def find(self, text: str) -> Iterator[Found]:
        """Spans in a folded text."""
        raise NotImplementedError

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002
    ) -> list[RecognizerResult]:
        """Find the entity in a text; positions are those of the text as it was given."""
        return [
            RecognizerResult(
                self.ENTITY,
                start,
                end,
                score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for start, end, score in self.find(fold(text))
        ]
