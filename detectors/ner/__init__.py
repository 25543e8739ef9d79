"""Names of persons, places and organisations in texts: a model of our own, and how it is made.

The model reads bokmål, nynorsk and English. `MODEL_CARD.md` says what it was trained on, how well
it does and where it fails; `README.md` how it is trained.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

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


@cache
def version() -> str:
    """Changes with the model: what it finds may differ then."""
    digest = hashlib.sha256()
    for part in ("config.cfg", "sladd_words/codes.json.gz", "ner/model"):
        digest.update((MODEL / part).read_bytes())
    return digest.hexdigest()[:16]
