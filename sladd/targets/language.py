"""The texts of a release's documents, and what sladd said in English, said in another language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sladd import taxonomy
from sladd.policy.profile import load_profile, load_reasons
from sladd.writing import Language, in_a_sentence, read_texts

_FACT = re.compile(r"\{(\w+)\}")


@cache
def language(code: str) -> Language:
    """The texts of `nb` or `en`."""
    return read_texts(__package__ or "sladd.targets", code)


def reason_in(text: str, lang: Language) -> str:
    """A plan's reason for a reader of that language; as it is where it is not one of ours.

    The manifest keeps reasons in English, with keys of categories. Our own sentences are known
    again by their wording.
    """
    whole = _sentences(lang.code).get(text)
    if whole is not None:
        return whole
    for pattern, sentence in _patterns(lang.code):
        if found := pattern.fullmatch(text):
            return sentence.format(**{n: _named(n, f, lang) for n, f in found.groupdict().items()})
    return text


def _named(name: str, fact: str, lang: Language) -> str:
    """A fact of a reason as a person says it: a type, a legal class, a category."""
    if name == "category":
        known = _taxonomy()
        return in_a_sentence(lang.label(known[fact])) if fact in known else fact
    return lang.word({"type": "type", "legal_class": "legal", "role": "role"}.get(name, ""), fact)


@cache
def _taxonomy() -> taxonomy.Taxonomy:
    return taxonomy.load()


@cache
def _sentences(code: str) -> Mapping[str, str]:
    """Sentences without facts: English → the language."""
    texts = load_profile().texts.values()
    return {said["en"]: said[code] for said in texts}


@cache
def _patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with facts: what finds the English one, and the one in the language."""
    english, wanted = load_reasons("en").sentences, load_reasons(code).sentences
    return tuple(
        (re.compile(_pattern(sentence), re.DOTALL), wanted[reason])
        for reason, sentence in english.items()
    )


def _pattern(sentence: str) -> str:
    parts = _FACT.split(sentence)  # text, name, text, name, …, text
    return "".join(
        f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
