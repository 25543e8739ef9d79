"""`python -m detectors.ner.training.met --model DIR --corpora DIR --out DIR`: names met in running text.

Names that stand in no list are known by how the model reads them all over a corpus: one sentence
may mislead, but what a word is taken for in most of its sentences is seldom wrong. Such words join
the lists, and the weights stay as they are.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import cast

import spacy
from spacy.language import Language

from detectors.ner import words
from detectors.ner.annotated import Annotated, Mention
from detectors.ner.scoring import score
from detectors.ner.training import corpora
from detectors.ner.training.codes import OPENERS, is_capitalised
from detectors.ner.training.distil import letters, spaced
from detectors.ner.training.run import find, summary, value_of
from detectors.ner.words import GENITIVE, LISTS, SHORTEST, Words

SHORT, LONG = 6, 60  # words of a sentence
READ = 150_000  # sentences, about 3 million words: ten minutes of one core
AT_A_TIME = 4_096
SEED = 5  # which sentences are read
FEWEST = 6  # readings of a word; each sentence is read twice
SHARE = 0.7  # of them that must agree
_WORD = re.compile(r"[^\W\d_][\w'’.-]*[^\W_]")
_MARKS = {"LOC": "P", "ORG": "O"}
_NONE = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model finds in a sentence: with its lists of names, and without them."""

    text: str
    listed: tuple[Mention, ...]
    blind: tuple[Mention, ...]


def read(nlp: Language, paragraphs: Iterable[str], known: Iterable[Annotated]) -> Iterator[Reading]:
    """Read sentences with a capitalised word that stands in no list.

    Args:
        nlp: a trained pipeline of this package.
        paragraphs: tokens separated by spaces.
        known: sentences that must not be among them.
    """
    kept_out = {letters(text.text) for text in known}
    lists = cast("Words", nlp.get_pipe(words.NAME))
    chosen = (spaced(p) for p in dict.fromkeys(paragraphs) if _has_unlisted(p, lists))
    texts = [text for text in chosen if letters(text) not in kept_out]
    Random(SEED).shuffle(texts)
    waiting = (Annotated(text) for text in texts[:READ])
    while part := list(islice(waiting, AT_A_TIME)):
        listed = find(nlp, part)
        lists.forget = 1.0
        blind = find(nlp, part)
        lists.forget = 0.0
        for text, one, other in zip(part, listed, blind, strict=True):
            yield Reading(text.text, tuple(one), tuple(other))


def codes(readings: Iterable[Reading], known: Mapping[str, str]) -> dict[str, str]:
    """Codes of words that running text shows to be names.

    Args:
        readings: of many sentences.
        known: the codes so far; words that stand in a list keep theirs.
    """
    counts = _votes(readings)
    found = {}
    for word, votes in counts.items():
        code = known.get(word, "?")
        stem = counts[word[:-1]] if word[-1] == "s" and word[:-1] in counts else Counter[str]()
        genitive = word not in known and stem.total() >= FEWEST
        if genitive or code[-1] in LISTS or not is_capitalised(code):
            continue
        if mark := _mark(votes):
            found[word] = code + mark
    return found


def _has_unlisted(paragraph: str, lists: Words) -> bool:
    tokens = paragraph.split(" ")
    return SHORT <= len(tokens) <= LONG and any(
        len(word) >= SHORTEST
        and word[0].isupper()
        and word[-1].isalpha()
        and not word.isupper()
        and before[-1:] not in OPENERS
        and lists.code(word.lower())[-1] not in LISTS + GENITIVE
        for before, word in pairwise(tokens)
    )


def _votes(readings: Iterable[Reading]) -> dict[str, Counter[str]]:
    """For each capitalised word that opens no text, how often it was read as of which list."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        at = [
            (match.start(), match.end(), match.group().lower())
            for match in _WORD.finditer(reading.text)
            if match.start() and match.group()[0].isupper() and len(match.group()) >= SHORTEST
        ]
        for mentions in (reading.listed, reading.blind):
            for start, end, word in at:
                around = (m for m in mentions if m.start <= start and end <= m.end)
                votes[word][_list(next(around, None), start, end)] += 1
    return votes


def _list(mention: Mention | None, start: int, end: int) -> str:
    """The list that a word inside this name belongs into."""
    if mention is None:
        return _NONE
    if mention.label == "PER":
        return "F" if mention.start == start and mention.end != end else "L"
    return _MARKS.get(mention.label, _NONE)


def _mark(votes: Counter[str]) -> str:
    """The list on which enough readings agree, or nothing."""
    total = votes.total()
    if total < FEWEST:
        return _NONE
    if votes["F"] + votes["L"] >= SHARE * total:
        return "F" if votes["F"] > votes["L"] else "L"
    mark, most = votes.most_common(1)[0]
    return mark if most >= SHARE * total else _NONE


def main() -> None:
    """Add the names to a model's lists, and say how well it does on the held-out documents."""
    parser = argparse.ArgumentParser(prog="python -m detectors.ner.training.met")
    parser.add_argument("--model", type=Path, required=True, help="folder that training wrote")
    parser.add_argument("--corpora", type=Path, required=True, help="see corpora.py")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    asked = parser.parse_args()
    nlp = spacy.load(asked.model)
    learn, held = corpora.split(asked.corpora)
    known = [*(text for document in learn for text in document), *held]
    lists = cast("Words", nlp.get_pipe(words.NAME))
    found = codes(read(nlp, corpora.norec(asked.corpora), known), lists.codes)
    lists.codes |= found
    scores = score(held, find(nlp, held))
    print(f"{len(found)} words · {summary(scores)} · {value_of(scores):.4f}")
    nlp.to_disk(asked.out)


if __name__ == "__main__":
    main()
