"""The corpora of a training run, read from a folder that is not part of the project.

`norne/{nob,nno}.{train,dev}.jsonl.gz` (NorNE), `norec/corpus.txt.xz` (NoReC), `names/*.csv`
(Statistics Norway, Wikidata) and `places/postal_codes.csv` (Bring). Terms: `../SOURCES.md`.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import lzma
from collections.abc import Iterator
from pathlib import Path

from detectors.ner.annotated import Annotated, Mention

# NorNE's nine types in our four. A GPE is a place also where it acts ("Norway decided").
TYPES = {
    "PER": "PER", "ORG": "ORG", "LOC": "LOC", "GPE_LOC": "LOC", "GPE_ORG": "LOC",
    "PROD": "MISC", "EVT": "MISC", "DRV": "MISC", "MISC": "MISC",
}  # fmt: skip
HELD_OUT = 0.06
"""Share of the documents of train on which a checkpoint is chosen."""


def norne(corpora: Path, language: str, split: str) -> dict[str, list[Annotated]]:
    """Sentences of every document, in order.

    Args:
        corpora: the folder.
        language: `nob` or `nno`.
        split: `train` or `dev`; the sentences of dev carry no document and come under "".
    """
    documents: dict[str, list[Annotated]] = {}
    with gzip.open(
        corpora / "norne" / f"{language}.{split}.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for line in lines:
            sentence = json.loads(line)
            documents.setdefault(sentence.get("doc", ""), []).append(_annotated(sentence))
    return documents


def split(corpora: Path) -> tuple[list[list[Annotated]], list[Annotated]]:
    """The documents to learn from, and the sentences of those held out.

    Which documents are held out depends on their names alone, so that it is the same in every
    run whatever its seed.
    """
    learn: list[list[Annotated]] = []
    held: list[Annotated] = []
    for language in ("nob", "nno"):
        for name, sentences in norne(corpora, language, "train").items():
            digest = hashlib.sha256(f"{language}/{name}".encode()).digest()
            if digest[0] < HELD_OUT * 256:
                held += sentences
            else:
                learn.append(sentences)
    return learn, held


def norec(corpora: Path) -> Iterator[str]:
    """The paragraphs of NoReC, tokens separated by spaces."""
    with lzma.open(corpora / "norec" / "corpus.txt.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _annotated(sentence: dict[str, list]) -> Annotated:  # type: ignore[type-arg]
    text, at = "", []
    for word, space in zip(sentence["words"], sentence["spaces"], strict=True):
        at.append((len(text), len(text) + len(word)))
        text += word + (" " if space else "")
    mentions = [
        Mention(at[first][0], at[last - 1][1], TYPES[kind])
        for first, last, kind in sentence["ents"]
    ]
    return Annotated(text.rstrip(" "), tuple(sorted(mentions, key=lambda m: m.start)))
