"""`python -m detectors.ner.training.average --model DIR --model DIR --out DIR`: the mean of trained models.

Models that went on from one another lie in one valley, and the mean of their weights does better on
texts of either kind than each. Source: Wortsman et al. 2022, *Model soups* (arXiv 2203.05482).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from detectors.ner.scoring import score
from detectors.ner.training import corpora
from detectors.ner.training.run import find, summary, value_of


def average(models: Sequence[Path]) -> Language:
    """One pipeline with the mean of the weights of these, which must go on from one another.

    Raises:
        SystemExit: they have different networks.
    """
    import detectors.ner.words  # noqa: F401 - makes the component known to spaCy

    pipelines = [spacy.load(model) for model in models]
    weights = [[node.get_param(name) for node, name in _weights(nlp)] for nlp in pipelines]
    if len({tuple(array.shape for array in each) for each in weights}) > 1:
        raise SystemExit("the models have different networks")
    first = pipelines[0]
    means = [sum(arrays) / len(arrays) for arrays in zip(*weights, strict=True)]
    for (node, name), mean in zip(_weights(first), means, strict=True):
        node.set_param(name, mean.astype("float32"))
    return first


def _weights(nlp: Language) -> Iterator[tuple[Any, str]]:
    network: Any = nlp.get_pipe("ner").model  # type: ignore[attr-defined]
    for node in network.walk():
        for name in node.param_names:
            if node.has_param(name):
                yield node, name


def main() -> None:
    """Average the models, and say how well the result does on the held-out documents."""
    parser = argparse.ArgumentParser(prog="python -m detectors.ner.training.average")
    parser.add_argument("--model", type=Path, action="append", required=True, help="again for each")
    parser.add_argument("--corpora", type=Path, required=True, help="see corpora.py")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    asked = parser.parse_args()
    nlp = average(asked.model)
    _, held = corpora.split(asked.corpora)
    scores = score(held, find(nlp, held))
    print(f"{summary(scores)} · {value_of(scores):.4f}")
    nlp.to_disk(asked.out)


if __name__ == "__main__":
    main()
