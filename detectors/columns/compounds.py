"""Names in one word whose parts no list of words cuts: a head with what stands around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detectors.columns.affixes import Affixes
from detectors.columns.header_match import HeaderMatch, belonging
from detectors.columns.spelling import joined, uncounted

Entries = Mapping[str, tuple[HeaderMatch, ...]]
_LEAST_GLUED = 4  # letters of a head: `postage` is no age
_LEAST_COMPOUND = 7  # letters of a head behind a word that nothing knows


def glued(whole: str, entries: Entries, affixes: Affixes) -> list[HeaderMatch]:
    """Compounds in one word: `kundeepost`, `leverandornavn`, `epostkunde`."""
    groups = (
        (affixes.roles, False, False),
        (affixes.organisations, True, False),
        (affixes.things, False, True),
    )
    for at in range(2, len(whole) - 1):
        before, after = whole[:at], whole[at:]
        for group, organisation, thing in groups:
            if len(after) >= _LEAST_GLUED and before in group and after in entries:
                return belonging(entries[after], 0.9, organisation, thing, [after])
            if len(before) >= 3 and after in group and before in entries:
                return belonging(entries[before], 0.8, organisation, thing, [before])
    return []


def compound(parts: Sequence[str], entries: Entries, affixes: Affixes) -> list[HeaderMatch]:
    """A noun behind a word that nothing knows: `skattekommune`, whose head tells."""
    whole = joined(uncounted(parts[-1:])) if parts else ""
    for start in range(3, len(whole) - _LEAST_COMPOUND + 1):
        tail = whole[start:]
        if (found := entries.get(tail)) and tail not in affixes.alone:
            return belonging(found, 0.7, False, False, [tail])
    return []
