"""Which model reads the names in texts of a language. Imports neither spaCy nor Presidio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from sladd.errors import DetectionError

OWN = "sladd"
"""Name of the model that comes with sladd. It reads the languages of `OWN_LANGUAGES`."""
OWN_LANGUAGES = frozenset({"nb", "nn", "en"})

OFF = "off"
"""In the place of a model's name: names in texts of this language are not looked for."""


def model_of(language: str, named: Mapping[str, str]) -> str:
    """What reads the names of a language: a model's name or folder, `OWN` or `OFF`.

    Args:
        language: of the texts.
        named: language → model, as `detection.spacy` says.
    """
    return named.get(language) or (OWN if language in OWN_LANGUAGES else OFF)


def missing_models(named: Mapping[str, str]) -> Iterator[DetectionError]:
    """An error (SLADD-712) for each named model that is no installed package and no folder.

    Nothing is imported or downloaded for it.
    """
    for language, model in named.items():
        if model not in {OWN, OFF} and not _installed(model):
            folder = "/" in model or "\\" in model
            yield DetectionError(
                f"the language model {model} is not installed",
                code=712,
                where=f"sladd.yaml, detection.spacy.{language}",
                mend="name a folder that holds a spaCy model"
                if folder
                else f"python -m spacy download {model}, or take the line out to use sladd's own",
            )


def _installed(model: str) -> bool:
    if Path(model).is_dir():
        return True
    try:
        distribution(model)
    except (PackageNotFoundError, ValueError):
        return False
    return True
