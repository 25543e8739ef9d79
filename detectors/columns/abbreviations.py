"""Words of a column's name that were cut short: `CUST_NBR`, `citizenshp`, `FornvnKunde`.

What a list has (`[short]` of `composition.toml`) is spelt out first. Another word may be the
beginning of one that is known, or one without its vowels; only where everything that it may
stand for means the same does it mean that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from detectors.columns.spelling import joined

_FILLERS = frozenset(("txt", "str", "vc", "ln", "fld", "col", "val"))
_LEAST = 5  # letters of a word cut at its end: `diag` is a diagnosis and a diagnostic
_LEAST_BARE = 4  # letters of a word without vowels
_CONSONANTS = 4
_MOST = 40  # readings, from which the word may be anything
_VOWELS = str.maketrans("", "", "aeiouy")


class Abbreviations:
    """What the words of a name may be short for."""

    def __init__(
        self, short: Mapping[str, str], words: Iterable[str], plain: frozenset[str]
    ) -> None:
        """Keep the words.

        Args:
            short: abbreviation → word.
            words: that others may be short for, folded.
            plain: words that are whole although they begin others: `custom`.
        """
        self._short = short
        self._known = frozenset(words)
        self._plain = plain
        by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= _LEAST and word.isalpha():
                by_letter[word[0]].append(word)
        self._by_letter = by_letter

    def listed(self, parts: Sequence[str]) -> list[str]:
        """The words with those spelt out that the list has; [] where it has none."""
        bare = [joined([part]) for part in parts]
        full = [self._short.get(part, part) for part in bare if part not in _FILLERS]
        return [] if full == bare or len(bare) == 1 else full

    def guessed(self, parts: Sequence[str]) -> list[tuple[str, ...]]:
        """Every way to spell the words out; [] where all are known or one may be anything."""
        choices: list[tuple[str, ...]] = []
        guessing = False
        for part in (joined([part]) for part in parts):
            whole = self._short.get(part, part)
            found = () if whole in self._known | self._plain else self._behind(part)
            guessing |= bool(found)
            choices.append(found or (whole,))
        ways = 1
        for choice in choices:
            ways *= len(choice)
        return list(product(*choices)) if guessing and ways <= _MOST else []

    def _behind(self, part: str) -> tuple[str, ...]:
        if len(part) < _LEAST_BARE or not part.isalpha():
            return ()
        found = [word for word in self._by_letter.get(part[0], ()) if _short_for(part, word)]
        nearly = [word for word in found if len(word) == len(part) + 1]
        return tuple(nearly or found)  # `countr` is a country before it is a countryside


def _short_for(part: str, word: str) -> bool:
    """Whether letters were left out: at the end, the vowels, or a single one.

    >>> _short_for("allerg", "allergy"), _short_for("citizenshp", "citizenship")
    (True, True)
    """
    if len(part) >= len(word):
        return False
    if len(part) >= _LEAST and word.startswith(part):
        return True
    bare = _bare(part)
    if len(bare) >= _CONSONANTS and bare == part == _bare(word):
        return True
    return len(part) >= _LEAST and len(word) == len(part) + 1 and _within(part, word)


def _bare(word: str) -> str:
    """A word without its vowels, but for one that it begins with."""
    return word[:1] + word[1:].translate(_VOWELS)


def _within(part: str, word: str) -> bool:
    letters = iter(word)
    return all(letter in letters for letter in part)
