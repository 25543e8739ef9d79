"""Running text that a trained model has marked, for training another.

The model reads each paragraph twice, with its lists of names and without them. Where both
readings agree, word by word, the sentence itself tells the names, and the marks are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from spacy.language import Language

from detectors.ner import words
from detectors.ner.annotated import Annotated, Mention
from detectors.ner.training.run import find
from detectors.ner.words import Words

FEWEST, MOST = 6, 70  # words of a paragraph
EVERY = 9  # paragraphs, one is read: reviews that stand side by side are alike
READ = 24_000
_BEFORE = re.compile(r" ([.,;:!?)\]}»%…])")
_BEHIND = re.compile(r"([(\[{«]) ")
_PAIR = re.compile(r'" ([^"]{1,200}?) "')
_LETTERS = re.compile(r"[\W\d_]+")


def marked(
    nlp: Language, paragraphs: Iterable[str], held: Iterable[Annotated]
) -> Iterator[Annotated]:
    """Paragraphs with at least one name on which both readings agree.

    Args:
        nlp: a trained pipeline of this package.
        paragraphs: tokens separated by spaces.
        held: sentences that must not be among them.
    """
    kept_out = {letters(text.text) for text in held}
    texts = [
        Annotated(text)
        for text in islice(_chosen(paragraphs), READ)
        if letters(text) not in kept_out
    ]
    lists = cast("Words", nlp.get_pipe(words.NAME))
    sure = find(nlp, texts)
    lists.forget = 1.0
    blind = find(nlp, texts)
    lists.forget = 0.0
    for text, one, other in zip(texts, sure, blind, strict=True):
        if one and one == other and any(m.label != "MISC" for m in one):
            yield Annotated(text.text, tuple(_ordered(one)))


def _chosen(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in islice(paragraphs, 0, None, EVERY):
        count = paragraph.count(" ") + 1
        if FEWEST <= count <= MOST:
            yield spaced(paragraph)


def spaced(paragraph: str) -> str:
    """Running text of tokens.

    >>> spaced('Han sa : " Kom , Kari ! " ( og gikk )')
    'Han sa: "Kom, Kari!" (og gikk)'
    """
    return _BEHIND.sub(r"\1", _BEFORE.sub(r"\1", _PAIR.sub(r'"\1"', paragraph)))


def letters(text: str) -> str:
    """What two spellings of one sentence share."""
    return _LETTERS.sub("", text).lower()


def _ordered(mentions: Iterable[Mention]) -> list[Mention]:
    return sorted(mentions, key=lambda m: m.start)
