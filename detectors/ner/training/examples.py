"""The examples of one pass over the training data, drawn anew each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import cast

from spacy.language import Language
from spacy.tokens import Span
from spacy.training import Example
from spacy.util import filter_spans

from detectors.ner import words
from detectors.ner.annotated import Annotated, join
from detectors.ner.training.messages import Messages
from detectors.ner.training.variation import Variation
from detectors.ner.words import Words

LONGEST = 4  # sentences in one example
SWAPPED = 0.35  # of examples from the corpus get other names
CASED = 0.13  # of all examples get another spelling
SPOKEN, SLIPPED = 0.06, 0.06  # of all examples are written as spoken, or with slips
MESSAGES = 9_000  # in one pass; the corpus gives about 11,000 examples
DISTILLED = 2_500  # in one pass, see distil.py
DISTILLED_SWAPPED = 0.75  # the marks are a model's: with other names they teach the sentence
FORGET = 0.1  # see words.Words


class Examples:
    """Draws passes over documents and made-up messages."""

    def __init__(
        self,
        nlp: Language,
        documents: list[list[Annotated]],
        messages: Messages,
        variation: Variation,
        random: Random,
        distilled: Sequence[Annotated] = (),
    ) -> None:
        self.nlp = nlp
        self.documents, self.random = documents, random
        self.distilled = list(distilled)
        self.messages, self.variation = messages, variation
        self._words = cast("Words", nlp.get_pipe(words.NAME))
        self._words.random = random

    def draw(self) -> list[Example]:
        """One pass, shuffled."""
        texts = []
        for text in self._chunks():
            swapped = self.random.random() < SWAPPED
            texts.append(self.variation.swap(text) if swapped else text)
        for text in self.random.sample(self.distilled, min(DISTILLED, len(self.distilled))):
            swapped = self.random.random() < DISTILLED_SWAPPED
            texts.append(self.variation.swap(text) if swapped else text)
        texts += [self.messages.draw() for _ in range(MESSAGES)]
        for share, change in (
            (SPOKEN, self.variation.speak),
            (SLIPPED, self.variation.slip),
            (CASED, self.variation.case),
        ):
            texts = [change(text) if self.random.random() < share else text for text in texts]
        self.random.shuffle(texts)
        return [self._example(text) for text in texts]

    def _chunks(self) -> Iterator[Annotated]:
        """One to four sentences that follow each other."""
        for sentences in self.documents:
            at = 0
            while at < len(sentences):
                many = self.random.randint(1, LONGEST)
                part = sentences[at : at + many]
                yield join(part, self.random.choices([" ", "\n"], [3, 1], k=len(part)))
                at += many

    def _example(self, text: Annotated) -> Example:
        self._words.forget = FORGET
        predicted = self._words(self.nlp.make_doc(text.text))
        self._words.forget = 0.0
        reference = self.nlp.make_doc(text.text)
        spans: list[Span] = []
        for m in text.mentions:
            # A mark that cuts a token in two is widened to the token.
            span = reference.char_span(m.start, m.end, label=m.label, alignment_mode="expand")
            if span is not None:
                spans.append(span)
        reference.set_ents(filter_spans(spans))
        return Example(predicted, reference)
