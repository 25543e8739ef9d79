"""The lists of words that columns are named by, read into a lexicon.

The data are `detectors/lexicon/headers.*.csv`. Names are compared folded: `Fødselsnr`,
`foedselsnr`, `fodselsNr` and `FODSELS_NR` are one word, and a number is one however it is called
(`fødselsnummer`).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from detectors.columns.affixes import affixes
from detectors.columns.composition import composition
from detectors.columns.header_match import HeaderMatch
from detectors.columns.headers import COUNTING, HeaderLexicon
from detectors.columns.spelling import folded, joined

_LISTS = (
    "nb", "nn", "se", "en", "systems", "neighbours", "abroad", "special", "work", "applications",
)  # fmt: skip
_TOPICS = ("pay", "search", "consent", "health", "staff")  # with words of their own
_EVERYWHERE = frozenset(_LISTS) - {"nb", "nn", "se"}
_Readings = dict[str, tuple[HeaderMatch, ...]]
_NUMBERED = 0.97  # of what a number says that is called another way than in the list


@cache
def lexicon(languages: tuple[str, ...]) -> HeaderLexicon:
    """The lexicon of some languages, with the words of known systems.

    Args:
        languages: of `nb`, `nn`, `en`, `se`. Norwegian brings Sámi and English with it: shops
            in Norway name their columns in all of them.
    """
    wanted = set(languages) | _EVERYWHERE
    if wanted & {"nb", "nn"}:
        wanted |= {"nb", "nn", "se"}
    entries, tokens = _gathered([each for each in _LISTS if each in wanted])
    about = {kind: _gathered([f"about.{kind}"])[0] for kind in ("person", *_TOPICS)}
    about["staff"] = {**about["person"], **about["staff"]}
    together = composition()
    spoken = {word for token in tokens for word in map(folded, token.split("_"))}
    return HeaderLexicon(
        _numbered(entries, tokens),
        affixes(),
        about=about,
        composed=together,
        vocabulary=frozenset(spoken | affixes().words | together.words),
    )


def _gathered(lists: Sequence[str]) -> tuple[_Readings, frozenset[str]]:
    """The readings of some lists by folded word, and their words as they are written."""
    gathered: dict[str, dict[str, HeaderMatch]] = defaultdict(dict)
    tokens: set[str] = set()
    for name in lists:
        path = files("detectors.lexicon").joinpath(f"headers.{name}.csv")
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for token in row["tokens"].split():
                    tokens.add(token)
                    match = HeaderMatch(row["category"], row["shape"], float(row["weight"]), token)
                    readings = gathered[folded(token)]
                    older = readings.get(match.category)
                    if older is None or older.weight < match.weight:
                        readings[match.category] = match
    return {key: tuple(v.values()) for key, v in gathered.items()}, frozenset(tokens)


def _numbered(entries: _Readings, tokens: frozenset[str]) -> _Readings:
    """The readings, with every number under all the words for one: `emp_no` is `emp_number`."""
    result = dict(entries)
    for token in sorted(tokens):
        stem, others = _counted(token)
        found = [match.scaled(_NUMBERED) for match in entries[folded(token)] if match.category]
        for other in others if found else ():
            result.setdefault(joined([folded(stem), other]), tuple(found))
    return result


def _counted(token: str) -> tuple[str, Sequence[str]]:
    """What a number is of, and the other words for a number that may stand behind it."""
    stem, _, tail = token.rpartition("_")
    if stem and tail in COUNTING:
        return stem, sorted(COUNTING)
    for tail, others in _GLUED.items():
        if token.endswith(tail) and len(token) >= len(tail) + _LEAST_STEM:
            return token.removesuffix(tail), others
    return "", ()


_LEAST_STEM = 3  # letters before `nr` from which it is a word of its own
_GLUED = {"nummer": ("nr",), "number": ("no", "num", "nbr"), "nr": ("nummer",)}
