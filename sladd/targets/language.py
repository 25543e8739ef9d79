"""The texts of a release's documents, and what sladd said in English, said in another language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sladd.policy.profile import load_profile, load_reasons
from sladd.writing import Language, read_texts

_FACT = re.compile(r"\{(\w+)\}")


@cache
def language(code: str) -> Language:
    """The texts of `nb` or `en`."""
    return read_texts(__package__ or "sladd.targets", code)


def reason_in(text: str, lang: Language) -> str:
    """A plan's reason in that language; as it is where nothing of ours says so.

    The manifest keeps reasons in English. Our own sentences are known again by their wording.
    """
    if lang.code == "en" or not text:
        return text
    whole = _sentences(lang.code).get(text)
    if whole is not None:
        return whole
    for pattern, sentence in _patterns(lang.code):
        if found := pattern.fullmatch(text):
            facts = {name: lang.word("type", fact) for name, fact in found.groupdict().items()}
            return sentence.format(**facts)
    return text


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
