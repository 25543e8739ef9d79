"""Names of persons, places and organisations in texts: a model of our own, and how it is made.

The model reads bokmål, nynorsk and English. `MODEL_CARD.md` says what it was trained on, how well
it does and where it fails; `README.md` how it is trained.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

WORLD = Path(__file__).parent / "world_names.toml"
MODEL = Path(__file__).parent / "model"
"""The trained pipeline: a folder for `spacy.load`, once `detectors.ner.words` is imported."""


@cache
def load() -> Language:
    """The pipeline, loaded when first asked for and the same for everyone in the process.

    Returns:
        Components `sladd_words` and `ner`; labels PER, LOC, ORG, and MISC for what is no name
        of a person, place or organisation.
    """
    import spacy

    import detectors.ner.words  # noqa: F401 - makes the component known to spaCy

    return spacy.load(MODEL)


def world_names() -> dict[str, tuple[list[str], list[str]]]:
    """Given names and surnames of each origin in `world_names.toml`."""
    origins = tomllib.loads(WORLD.read_text("utf-8"))
    return {
        origin: (_names(lists["given"]), _names(lists["surnames"]))
        for origin, lists in origins.items()
    }


def _names(text: str) -> list[str]:
    return [name.replace("_", " ") for name in text.split()]


@cache
def _codes() -> Mapping[str, str]:
    lines: dict[str, str] = json.loads(
        gzip.decompress((MODEL / "sladd_words" / "codes.json.gz").read_bytes())
    )
    return {word: code for code, words in lines.items() for word in words.split(" ")}


def code(word: str) -> str:
    """What the model knows of a lower-cased word (see `words`); "" for nothing.

    >>> code("bestilling"), code("kari")
    ('0', '4F')
    """
    return _codes().get(word, "")


@cache
def version() -> str:
    """Changes with the model: what it finds may differ then."""
    digest = hashlib.sha256()
    for part in ("config.cfg", "sladd_words/codes.json.gz", "ner/model"):
        digest.update((MODEL / part).read_bytes())
    return digest.hexdigest()[:16]
