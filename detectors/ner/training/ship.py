"""`python -m detectors.ner.training.ship --model DIR --corpora DIR`: put a trained model in place.

Leaves out what only training needs, keeps the vectors in half precision, and refuses a result that
finds other names than the trained model does.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import spacy

from detectors.ner import MODEL
from detectors.ner.training import corpora
from detectors.ner.training.run import find

MOST_DIFFERENT = 0.001  # of the held-out sentences may have other names, by rounding
ABOUT = {
    "name": "sladd_names",
    "version": "1.2.0",
    "description": "Names of persons, places and organisations in Norwegian and English",
    "author": "The authors of sladd",
    "license": "Apache-2.0; see SOURCES.md",
    "spacy_version": ">=3.8.0,<3.9.0",
    "url": "",
    "email": "",
}


def ship(trained: Path, corpora_folder: Path, target: Path = MODEL) -> None:
    """Write the model that sladd ships.

    Raises:
        SystemExit: the shipped model does not find what the trained one does.
    """
    import detectors.ner.words  # noqa: F401 - makes the component known to spaCy

    nlp = spacy.load(trained)
    _, held = corpora.split(corpora_folder)
    before = find(nlp, held)
    nlp.meta.update(ABOUT)
    # Sizes of feature tables do not change; only words met in training are forgotten.
    shutil.rmtree(target, ignore_errors=True)
    nlp.to_disk(target)
    (target / "vocab" / "strings.json").write_text("[]\n", encoding="utf-8")
    vectors = target / "vocab" / "vectors"
    np.save(vectors.with_suffix(".npy"), np.load(vectors).astype(np.float16))
    vectors.with_suffix(".npy").replace(vectors)
    after = find(spacy.load(target), held)
    different = sum(a != b for a, b in zip(before, after, strict=True))
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    print(json.dumps({"bytes": size, "sentences": len(held), "different": different}))
    if different > MOST_DIFFERENT * len(held):
        shutil.rmtree(target)
        raise SystemExit("the shipped model differs from the trained one; nothing is written")


def main() -> None:
    """Ship the model of a training run."""
    parser = argparse.ArgumentParser(prog="python -m detectors.ner.training.ship")
    parser.add_argument("--model", type=Path, required=True, help="folder that training wrote")
    parser.add_argument("--corpora", type=Path, required=True, help="see corpora.py")
    asked = parser.parse_args()
    ship(asked.model, asked.corpora)


if __name__ == "__main__":
    main()
