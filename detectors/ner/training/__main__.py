"""`python -m detectors.ner.training --corpora DIR --out DIR --seed N`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from random import Random

os.environ.setdefault("OMP_NUM_THREADS", "1")

import spacy
from thinc.api import fix_random_seed

from detectors.ner.training import codes, corpora, distil, pipeline, vectors
from detectors.ner.training.examples import Examples
from detectors.ner.training.messages import Messages
from detectors.ner.training.people import People
from detectors.ner.training.run import Settings, train
from detectors.ner.training.variation import Variation


def main() -> None:
    """Train one model from the corpora."""
    parser = argparse.ArgumentParser(prog="python -m detectors.ner.training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="see corpora.py")
    parser.add_argument("--out", type=Path, required=True, help="folder of the trained pipeline")
    parser.add_argument("--vectors", type=Path, help="floret file; made when it is not there")
    parser.add_argument("--start", type=Path, help="a trained pipeline to go on with, gently")
    parser.add_argument("--teacher", type=Path, help="a trained pipeline that marks running text")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--epochs", type=int, default=6, help="default: %(default)s")
    parser.add_argument("--threads", type=int, default=2, help="for the vectors")
    asked = parser.parse_args()
    floret = asked.vectors or asked.out.with_suffix(".floret")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    if not asked.start and not floret.exists():
        vectors.train(corpora.norec(asked.corpora), floret, threads=asked.threads)
    fix_random_seed(asked.seed)
    random = Random(asked.seed)
    people = People(asked.corpora, random)
    messages = Messages(asked.corpora, people, random)
    if asked.start:
        nlp = spacy.load(asked.start)
    else:
        known = codes.word_codes(people, messages, corpora.norec(asked.corpora))
        nlp = pipeline.build(known, floret)
    learn, held = corpora.split(asked.corpora)
    variation = Variation(people, messages, random)
    taught = (
        list(distil.marked(spacy.load(asked.teacher), corpora.norec(asked.corpora), held))
        if asked.teacher
        else []
    )
    examples = Examples(nlp, learn, messages, variation, random, taught)
    print(
        f"{len(learn)} documents and {len(taught)} marked paragraphs to learn from, "
        f"{len(held)} sentences held out",
        flush=True,
    )
    settings = Settings(
        asked.epochs,
        asked.out,
        go_on=asked.start is not None,
        say=lambda line: print(line, flush=True),
    )
    train(nlp, examples, held, settings)


if __name__ == "__main__":
    main()
