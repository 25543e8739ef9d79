"""Words and names for Presidio: our own names model, a spaCy model of yours, or a tokeniser.

Context words are sought among the lemmas of a text. `spacy.blank` gives none, so Presidio's
boost never fires with it; here the lower-cased, composed word stands in for the missing lemma.
Norwegian joins words (`kundefødselsnummer`, `telefonnummeret`), so longer context words also
count inside a word; short ones (`kid`, `tlf`) only by themselves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine

from detectors.language_models import OFF, OWN, missing_models, model_of
from sladd.errors import DetectionError, raise_all

SHORT = 4
"""Context words of so many letters or fewer count only as whole words."""

# Components of other models that neither find names nor feed what does.
UNUSED = ("parser", "senter", "sentencizer", "tagger", "morphologizer", "lemmatizer",
          "trainable_lemmatizer", "attribute_ruler")  # fmt: skip

# The labels of our model and of NorNE, and those of spaCy's Norwegian and English models.
LABELS = {
    "PER": "PERSON",
    "PERSON": "PERSON",
    "LOC": "LOCATION",
    "GPE": "LOCATION",
    "GPE_LOC": "LOCATION",
    "GPE_ORG": "LOCATION",
    "FAC": "LOCATION",
    "ORG": "ORGANIZATION",  # not personal by itself, but what is one is no person
}
IGNORED = (
    "PROD", "EVT", "DRV", "MISC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW",
    "LANGUAGE", "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL",
)  # fmt: skip


class WordNlpEngine(SpacyNlpEngine):
    """Presidio's spaCy engine that never downloads and always has words for context."""

    def __init__(self, languages: Sequence[str], spacy_models: Mapping[str, str]) -> None:
        super().__init__(
            models=[
                {"lang_code": language, "model_name": model_of(language, spacy_models)}
                for language in languages
            ],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=dict(LABELS), labels_to_ignore=list(IGNORED)
            ),
        )

    def load(self) -> None:
        """Load each model once, however many languages it reads.

        Raises:
            DetectionError: a named model is not installed (SLADD-712).
        """
        wanted = {model["lang_code"]: model["model_name"] for model in self.models}
        raise_all(list(missing_models(wanted)))
        loaded: dict[str, Any] = {}
        for name in dict.fromkeys(wanted.values()):
            languages = [language for language, each in wanted.items() if each == name]
            if name == OFF:
                loaded |= {language: _tokeniser(language) for language in languages}
            else:
                loaded |= dict.fromkeys(languages, _load(name))
        self.nlp: Any = {language: loaded[language] for language in wanted}

    def has_names(self, language: str) -> bool:
        """Whether a model with named entities is loaded for the language."""
        return bool(self.nlp) and "ner" in self.nlp[language].pipe_names

    def _doc_to_nlp_artifact(self, doc: Any, language: str) -> NlpArtifacts:
        artifacts = super()._doc_to_nlp_artifact(doc, language)
        lemmas = [
            lemma or unicodedata.normalize("NFC", token.text).lower()
            for token, lemma in zip(doc, artifacts.lemmas, strict=True)
        ]
        artifacts.lemmas = lemmas
        artifacts.keywords = NlpArtifacts.set_keywords(self, lemmas, language)
        return artifacts


def _load(name: str) -> Any:
    if name == OWN:
        from detectors import ner

        return ner.load()
    import spacy

    try:
        return spacy.load(name, exclude=UNUSED)
    except Exception as error:
        # A folder of something else, or a model made for another spaCy.
        raise DetectionError(
            f"the language model {name} cannot be loaded ({type(error).__name__})",
            code=713,
            where="sladd.yaml, detection.spacy",
            mend="name a model made for spaCy 3.8, or take the line out to use sladd's own",
        ) from None


def _tokeniser(language: str) -> Any:
    """A blank pipeline; languages that spaCy does not know read as "xx", any language."""
    import spacy

    try:
        return spacy.blank(language)
    except ImportError:
        return spacy.blank("xx")


class WordContext(LemmaContextAwareEnhancer):
    """Presidio's enhancer, with short context words matched whole."""

    @staticmethod
    def _find_supportive_word_in_context(
        context_list: list[str],
        recognizer_context_list: list[str],
        matching_mode: str = "",  # noqa: ARG004
    ) -> str:
        """The first context word that stands in the surroundings; "" for none."""
        near = [word.lower().strip(".:,;()[]\"'") for word in context_list or []]
        for wanted in recognizer_context_list or []:
            plain = wanted.lower()
            for word in near:
                # "KID-en", "KID-nummer": a short word with an ending or as the first part.
                if plain in {word, word.partition("-")[0]} or (
                    len(plain) > SHORT and plain in word
                ):
                    return wanted
        return ""
