"""What is known of each word: how often it is capitalised, and the lists it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from detectors.ner.training.messages import Messages
from detectors.ner.training.people import People

FEWEST = 5  # occurrences below which a share of capitals says nothing
# Upper bounds of the buckets 0–3; bucket 4 is what is always capitalised.
BUCKETS = (0.02, 0.15, 0.6, 0.95)
OPENERS = frozenset('.:!?"«»-–(')  # a word after these may be capitalised as a sentence's first
_PLACES = ("big_place", "country", "city_abroad")
_ORGANISATIONS = ("courier", "bank", "shop", "authority", "media", "association")
_SHORTEST_PART = 3  # parts of longer names: "i", "på", "de" are not places


def word_codes(people: People, messages: Messages, paragraphs: Iterable[str]) -> dict[str, str]:
    """The code of every word that is frequent enough or stands in a list.

    Args:
        people: for the lists of given names and surnames.
        messages: for the lists of places and organisations.
        paragraphs: running text, tokens separated by spaces.
    """
    lower, upper = _counts(paragraphs)
    lists = {
        "F": _parts(people.given),
        "L": _parts(people.surnames),
        "P": _parts([*messages.places, *(w for name in _PLACES for w in messages.words[name])]),
        "O": _parts(w for name in _ORGANISATIONS for w in messages.words[name]),
    }
    listed = set().union(*lists.values())
    codes = {}
    for word in lower.keys() | upper.keys() | listed:
        seen = lower[word] + upper[word]
        if seen < FEWEST and word not in listed:
            continue
        share = _bucket(upper[word] / seen) if seen >= FEWEST else "?"
        codes[word] = share + "".join(mark for mark, words in lists.items() if word in words)
    return codes


def _counts(paragraphs: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Occurrences in small letters, and capitalised where no sentence begins."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for paragraph in paragraphs:
        words = paragraph.split()
        for i, word in enumerate(words):
            if not word[0].isalpha():
                continue
            if word[0].islower():
                lower[word] += 1
            elif i and words[i - 1] not in OPENERS:
                upper[word.lower()] += 1
    return lower, upper


def is_capitalised(code: str) -> bool:
    """Whether a word is mostly written with a capital, or too seldom seen to know."""
    return code[0] not in "012"


def _bucket(share: float) -> str:
    return str(sum(share >= bound for bound in BUCKETS))


def _parts(names: Iterable[str]) -> set[str]:
    """The words of names, and the halves of double names."""
    found = set()
    for name in names:
        words = name.lower().split()
        found |= {w for w in words if len(w) >= _SHORTEST_PART} if len(words) > 1 else set(words)
    return found
