"""Words for Presidio: a named spaCy model where one is installed, a tokeniser elsewhere.

Context words are sought among the lemmas of a text. `spacy.blank` gives none, so Presidio's
boost never fires with it; here the lower-cased, composed word stands in for the missing lemma.
Norwegian joins words (`kundefødselsnummer`, `telefonnummeret`), so longer context words also
count inside a word; short ones (`kid`, `tlf`) only by themselves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine

SHORT = 4
"""Context words of so many letters or fewer count only as whole words."""

# NorNE's labels and those of spaCy's Norwegian and English models.
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


@dataclass(frozen=True, slots=True)
class MissingModel:
    """A language model that the configuration names and that is not installed."""

    language: str
    model: str

    @property
    def message(self) -> str:
        """One line for the report: names in this language are not looked for."""
        return (
            f"the model {self.model} for {self.language} is not installed: "
            f"names in texts are found by rules only"
        )


def missing_models(spacy_models: Mapping[str, str]) -> tuple[MissingModel, ...]:
    """The named models that are neither an installed package nor a folder. Downloads nothing."""
    return tuple(
        MissingModel(language, model)
        for language, model in spacy_models.items()
        if not _installed(model)
    )


def _installed(model: str) -> bool:
    import spacy.util

    return bool(spacy.util.is_package(model)) or Path(model).is_dir()


class WordNlpEngine(SpacyNlpEngine):
    """Presidio's spaCy engine that never downloads and always has words for context."""

    def __init__(self, languages: Sequence[str], spacy_models: Mapping[str, str]) -> None:
        super().__init__(
            models=[
                {"lang_code": language, "model_name": spacy_models.get(language, "")}
                for language in languages
            ],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=dict(LABELS), labels_to_ignore=list(IGNORED)
            ),
        )

    def load(self) -> None:
        """Load the installed models; a blank tokeniser for every other language."""
        import spacy

        loaded: dict[str, Any] = {}
        for model in self.models:
            language, name = model["lang_code"], model["model_name"]
            if name and _installed(name):
                loaded[language] = spacy.load(name)
            else:
                # Languages that spaCy has no tokeniser for read as "xx", any language.
                known = spacy.util.lang_class_is_loaded(language) or _has_tokeniser(language)
                loaded[language] = spacy.blank(language if known else "xx")
        self.nlp: Any = loaded

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


def _has_tokeniser(language: str) -> bool:
    import spacy.util

    try:
        spacy.util.get_lang_class(language)
    except ImportError:
        return False
    return True


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
                if plain == word or (len(plain) > SHORT and plain in word):
                    return wanted
        return ""
