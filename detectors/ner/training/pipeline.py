"""The untrained pipeline: tokeniser, word codes, a small convolutional network over both."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import spacy
from spacy.language import Language

from detectors.ner import words
from detectors.ner.training import vectors
from detectors.ner.words import Words

LANGUAGE = "nb"  # the tokeniser; one pipeline reads nb, nn and en
WIDTH = 96
DEPTH = 4  # each layer sees one word further to both sides
HIDDEN = 64
# What the embedding reads of a word, with the rows of each hash table. TAG is the word code.
FEATURES = {"NORM": 3_000, "PREFIX": 1_000, "SUFFIX": 1_500, "SHAPE": 1_000, "TAG": 500}

_LETTER = "A-Za-zÀ-ÖØ-öø-ž"
# "Storgata 9." is no ordinal where a name is looked for; "Anna's" is a name and a genitive.
SUFFIXES = (r"(?<=[0-9])\.", r"(?<=[A-Za-zÀ-ÖØ-öø-ž])['’][sS]")
INFIXES = (
    rf"(?<=[{_LETTER}])[/:,;|](?=[{_LETTER}])",
    r"(?<=[a-zà-öø-ÿ][a-zà-öø-ÿ])\.(?=[A-ZÀ-ÖØ-Þ])",
)


def build(codes: Mapping[str, str], floret: Path) -> Language:
    """A pipeline that has learnt nothing yet.

    Args:
        codes: of `codes.word_codes`.
        floret: a file of `vectors.train`.
    """
    nlp = spacy.blank(LANGUAGE)
    tokenizer: Any = nlp.tokenizer
    defaults = nlp.Defaults
    tokenizer.suffix_search = spacy.util.compile_suffix_regex(
        [*(defaults.suffixes or ()), *SUFFIXES]
    ).search
    tokenizer.infix_finditer = spacy.util.compile_infix_regex(
        [*(defaults.infixes or ()), *INFIXES]
    ).finditer
    vectors.add(nlp, floret)
    component = cast("Words", nlp.add_pipe(words.NAME))
    component.codes = dict(codes)
    nlp.add_pipe("ner", config={"model": _network(), "update_with_oracle_cut_size": 100})
    return nlp


def _network() -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": HIDDEN,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy.MultiHashEmbed.v2",
                "width": WIDTH,
                "attrs": list(FEATURES),
                "rows": list(FEATURES.values()),
                "include_static_vectors": True,
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": WIDTH,
                "depth": DEPTH,
                "window_size": 1,
                "maxout_pieces": 3,
            },
        },
    }
