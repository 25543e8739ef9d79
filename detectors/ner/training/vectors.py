"""Subword vectors of Norwegian words, trained by floret on running text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.vectors import Vectors

DIMENSIONS = 96
BUCKETS = 50_000
EPOCHS = 8
# Unscaled (norms 4–15), the vectors drown the other features of the embedding.
SCALE = 0.1


def train(paragraphs: Iterable[str], out: Path, *, threads: int) -> None:
    """Write floret vectors of lower-cased text; about ten minutes on two cores.

    Args:
        paragraphs: tokens separated by spaces.
        out: file to write.
        threads: with more than one, the result differs a little from run to run.
    """
    import floret

    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        text = Path(folder) / "text.txt"
        with text.open("w", encoding="utf-8") as file:
            file.writelines(f"{paragraph.lower()}\n" for paragraph in paragraphs)
        model = floret.train_unsupervised(
            str(text), model="cbow", mode="floret", dim=DIMENSIONS, bucket=BUCKETS, hashCount=2,
            minn=3, maxn=5, minCount=10, epoch=EPOCHS, ws=5, neg=10, lr=0.05, thread=threads,
            verbose=0,
        )  # fmt: skip
        model.save_floret_vectors(str(out))


def add(nlp: Language, path: Path) -> None:
    """Give the vectors of a floret file to a pipeline, for words without regard to case."""
    import numpy as np

    with path.open(encoding="utf-8") as file:
        head = file.readline().split()
        size, dim, minn, maxn, hashes, seed = (int(value) for value in head[:6])
        data = np.zeros((size, dim), dtype=np.float32)
        for line in file:
            row, *values = line.split()
            data[int(row)] = np.array(values, dtype=np.float32)
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, data=data * SCALE, mode="floret", attr="LOWER",
        minn=minn, maxn=maxn, hash_count=hashes, hash_seed=seed, bow=head[6], eow=head[7],
    )  # fmt: skip
