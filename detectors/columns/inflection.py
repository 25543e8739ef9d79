"""Words of a column's name in another number than the lists have them, or with their article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detectors.columns.header_match import HeaderMatch
from detectors.columns.spelling import joined

_SEVERAL = 0.9  # of what the singular says
_LEAST_SEVERAL = 5  # letters of a plural
_THE = ("en", "et", "n", "t")  # a Scandinavian noun with its article: `adressen`, `navnet`
_LEAST_THE = 6  # letters of it


def entry(
    parts: Sequence[str], entries: Mapping[str, tuple[HeaderMatch, ...]]
) -> tuple[HeaderMatch, ...]:
    """The readings of words that the lists have together, or have in the singular.

    Args:
        parts: as `spelling.words` cuts them.
        entries: readings by folded word.
    """
    if found := entries.get(joined(parts)):
        return found
    for at, part in enumerate(parts):
        for one in _bare(part):
            if found := entries.get(joined([*parts[:at], one, *parts[at + 1 :]])):
                return tuple(match.scaled(_SEVERAL) for match in found)
    return ()


def _bare(part: str) -> list[str]:
    """What a word may be in the singular and without its article."""
    found: list[str] = []
    if len(part) >= _LEAST_SEVERAL and part.endswith("s") and not part.endswith("ss"):
        found.append(part[:-3] + "y" if part.endswith("ies") else part[:-1])
        if part.endswith("es"):
            found.append(part[:-2])
    if len(part) >= _LEAST_THE:
        found += [part.removesuffix(ending) for ending in _THE if part.endswith(ending)]
    return found
