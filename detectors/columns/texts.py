"""Free text: which columns are written in sentences, and what stands inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from detectors.columns.chance import largest_part, unlikely
from detectors.columns.evidence import BUILD, chance_of
from detectors.columns.profile import Profile
from detectors.columns.recognition import Hits
from detectors.declaration import Mask
from sladd.model import SpanFinder, StorageType

_WORDS = 3.0  # mean words a value, above which a column reads as text
_SURE = 0.5  # score from which one span is enough

NAMED = {"PERSON": "user.name", "LOCATION": "user.location.imprecise"}


@dataclass(frozen=True)
class Inside:
    """One category found inside some values: how many texts held it. No values."""

    category: str
    type: str
    texts: int
    read: int
    score: float
    checksum: bool = False


def text_like(column: Profile) -> bool:
    """Whether the values are written in words, several each, and differ."""
    if column.type is not StorageType.STRING or len(column.values) < 3:
        return False
    if len(column.values) < 20 and column.repeats > 5:
        return False
    words = pc.mean(
        pc.count_substring_regex(column.values.slice(0, 2000), r"(?:^|\s)[\pL\pM]{2,}")
    ).as_py()
    return bool(words > _WORDS)


def read(
    column: Profile,
    finder: SpanFinder | None,
    *,
    most: int,
    categories: dict[str, str],
    screen: Callable[[Sequence[str]], Mask] | None = None,
) -> list[Inside]:
    """What a span finder sees in at most `most` distinct texts.

    A named entity counts from the second different one; a rule's span from the first where it
    is sure of itself, else from the second text.

    Args:
        column: of texts.
        finder: hands back spans; None reads nothing.
        most: distinct texts, drawn by their hash.
        categories: entity → category, where a span does not say.
        screen: texts that a finder by rules may find something in; None: any text.
    """
    if finder is None or most <= 0:
        return []
    texts = column.drawn(most)
    found: dict[tuple[str, str], list[tuple[int, str, float]]] = defaultdict(list)
    places = range(len(texts)) if screen is None else np.flatnonzero(screen(texts)).tolist()
    for place, spans in zip(places, finder([texts[at] for at in places]), strict=True):
        for span in spans:
            category = span.category or categories.get(span.type) or NAMED.get(span.type, "")
            if category:
                piece = texts[place][span.start : span.end]
                found[category, span.type].append((place, piece.casefold(), span.score))
    result: list[Inside] = []
    for (category, kind), spots in sorted(found.items()):
        held = len({place for place, _, _ in spots})
        score = max(score for _, _, score in spots)
        different = len({piece for _, piece, _ in spots})
        enough = different >= 2 if kind in NAMED else (score >= _SURE or held >= 2)
        if enough:
            result.append(Inside(category, kind, held, len(texts), round(score, 2)))
    return result


def sparse(hits: Sequence[Hits], column: Profile) -> list[Inside]:
    """What recognisers found in a few values, or inside them, beyond chance."""
    result: list[Inside] = []
    n = len(column.values)
    best = max((h.whole for h in hits), default=0)
    for hit in hits:
        declaration = hit.declaration
        if declaration.needs_context and hit.stands_alone < 0.5:
            continue
        if declaration.entity == "IP_ADDRESS" and (largest_part(column.values) or 256) <= BUILD:
            continue  # versions of four parts
        count = hit.whole + hit.inside
        chance = chance_of(hit, hits, n)
        if hit.stands_alone >= 0.5 and not declaration.checksum:
            chance = 0.0
        if hit.permuted is not None and declaration.checksum:
            chance = max(chance, hit.permuted)
        tried = max(hit.shaped + hit.searched, count)
        outranked = any(
            o.declaration.rank < declaration.rank and o.whole >= max(1, hit.whole) for o in hits
        )
        if outranked and hit.whole and hit.whole <= best and not hit.inside:
            continue
        if unlikely(count, tried, chance):
            result.append(
                Inside(
                    declaration.category, declaration.entity, count, n, 1.0, declaration.checksum
                )
            )
    return result
