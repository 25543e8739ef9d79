"""IBAN of any country: Presidio's recogniser, with the inner check of Norwegian ones.

Source: ISO 13616; SWIFT IBAN registry.

>>> is_valid("DE89 3704 0044 0532 0130 00"), is_valid("NO2386011117946")
(True, False)
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, cast

from presidio_analyzer.predefined_recognizers import IbanRecognizer

from detectors.cells import each
from detectors.checks import InvalidChecksum, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.norway import iban as norwegian
from detectors.recognizer import AdoptedRecognizer

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

_SHAPE = r"(?-i:[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)"


def compact(number: str) -> str:
    """The characters without separators, upper-case."""
    return fold(number).strip().translate({ord(c): None for c in " -"}).upper()


@functools.cache
def _recognizer() -> InternationalIbanRecognizer:
    return InternationalIbanRecognizer()


def validate(number: str) -> str:
    """The compact IBAN.

    Raises:
        InvalidChecksum: it is none.
    """
    text = fold(number).strip()
    if not any(r.start == 0 and r.end == len(text) for r in _recognizer().analyze(text, [])):
        raise InvalidChecksum
    return compact(text)


def is_valid(number: str) -> bool:
    """Whether it is an IBAN."""
    return passes(validate, number)


DECLARATION = Declaration(
    entity="IBAN_CODE",
    category="user.financial.iban",
    subtypes=(Subtype("iban", 0.0),),
    rank=16,
    checksum=True,
    screen=screened(r"[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2}"),
    full=whole(r"[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?"),
    needs_context=False,
    context=("iban", "bank", "konto", "account", "swift", "bic"),
    verify=each(_SHAPE, is_valid),
)


class InternationalIbanRecognizer(AdoptedRecognizer, IbanRecognizer):
    """Finds IBAN in texts."""

    DECLARATION = DECLARATION

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,  # noqa: ARG002  (Presidio's signature)
    ) -> list[RecognizerResult]:
        """Find IBAN in a text."""
        # Presidio's takes the flags from its constructor: the pattern is of upper-case letters.
        found: list[RecognizerResult] = IbanRecognizer.analyze(
            self, fold(text), entities, cast("NlpArtifacts", nlp_artifacts)
        )
        return found

    def validate_result(self, pattern_text: str) -> bool | None:
        """Mod 97 and the country's format; for Norway the account's own check as well."""
        if compact(pattern_text).startswith("NO") and not norwegian.is_valid(pattern_text):
            return False
        result: bool | None = super().validate_result(pattern_text)
        return result if result is None else bool(result)
