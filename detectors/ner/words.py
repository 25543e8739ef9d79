"""The pipeline component that tells the model what is known of each word.

For every token it writes one short code into the token's tag, which the model's embedding reads:
how often the word is capitalised in running text (0 never … 4 always, `?` seen too seldom, `U`
not seen), and in which lists it stands: F given names, L surnames, P places, O organisations.
A genitive `s` is taken off when the word without it is known (marked with an apostrophe).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import srsly
from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

NAME = "sladd_words"
PLAIN = "-"  # no letters, or too short to say anything
UNKNOWN = "U"
SHORTEST = 3  # shorter unknown words are initials and abbreviations
LISTS = "FLPO"
GENITIVE = "'"


class Words:
    """Writes the code of each word into `token.tag_`.

    The vectors beside it are kept in half precision, to halve the folder. spaCy computes in
    single precision and does not convert them; so this component does when it is loaded.

    Attributes:
        codes: lower-cased word → code.
        forget: share of texts, and of words in the others, whose lists are forgotten. For
            training only: a model that is sure of its lists does not read the sentence.
    """

    def __init__(self, vocab: Vocab, codes: Mapping[str, str] | None = None) -> None:
        self.vocab = vocab
        self.codes = dict(codes or {})
        self.forget = 0.0
        self.random = random.Random(0)  # noqa: S311 - for training, not for secrets

    def code(self, word: str) -> str:
        """What is known of a lower-cased word."""
        known = self.codes.get(word)
        if known is not None:
            return known
        if len(word) < SHORTEST or not word[0].isalpha():
            return PLAIN
        if word[-1] == "s" and (known := self.codes.get(word[:-1])):
            return known + GENITIVE
        return UNKNOWN

    def __call__(self, doc: Doc) -> Doc:
        """Mark every token."""
        if not self.forget:
            for token in doc:
                token.tag_ = self.code(token.lower_)
            return doc
        blind = self.random.random() < self.forget
        for token in doc:
            code = self.code(token.lower_)
            if blind:
                code = PLAIN
            elif self.random.random() < self.forget and code[-1] in LISTS:
                code = self.random.choice((UNKNOWN, "?", code.rstrip(LISTS)))
            token.tag_ = code
        return doc

    def to_disk(self, path: str | Path, exclude: tuple[str, ...] = ()) -> None:  # noqa: ARG002
        """Write the codes, grouped by code."""
        folder = Path(path)
        folder.mkdir(exist_ok=True)
        grouped: dict[str, list[str]] = {}
        for word in sorted(self.codes):
            grouped.setdefault(self.codes[word], []).append(word)
        lines = {code: " ".join(words) for code, words in sorted(grouped.items())}
        srsly.write_gzip_json(folder / "codes.json.gz", lines)

    def from_disk(self, path: str | Path, exclude: tuple[str, ...] = ()) -> Words:  # noqa: ARG002
        """Read what `to_disk` wrote."""
        lines: dict[str, str] = srsly.read_gzip_json(Path(path) / "codes.json.gz")
        self.codes = {word: code for code, words in lines.items() for word in words.split(" ")}
        self.vocab.vectors.data = self.vocab.vectors.data.astype("float32")
        return self


@Language.factory(NAME)
def make_words(nlp: Language, name: str) -> Words:  # noqa: ARG001 - spaCy's signature
    """Make the component; `from_disk` fills it."""
    return Words(nlp.vocab)
