"""Free text: which columns are written in sentences, and what stands inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from detectors.columns.chance import largest_part, unlikely
from detectors.columns.hit_weights import BUILD, chance_of, of_devices, of_servers, one_word
from detectors.columns.profile import Profile
from detectors.columns.recognition import Hits
from sladd.model import KnownFinder, KnownValue, Span, SpanFinder, StorageType

_TWICE = 2
_ENOUGH = 20  # different texts, of which one that hits by itself says nothing
_LONG, _ALIKE = r"^\s*[0-9]{9,20}\s*$", 0.8  # numbers one and all, and the share of them
_WORDS = 3.0  # mean words a value, above which a column reads as text
_SPACED = 0.05  # share of values in two words, below which none is an address
_SURE = 0.5  # score from which one span is enough
_NAMES_MOST = 64  # texts a language model reads of one column: some 4,000 words
_NAMES_STEP = 16
ROWS_MOST = 400  # rows in which the row's own values are looked for

# Different first words among the names in titles, as a share of the titles that hold one. Two
# hundred Norwegians share some hundred given names; a series of goods is named once.
_OWNERS = 0.4
_CLAUSES = 0.1  # share of values with a word of a sentence, below which they are titles
# Words that sentences have and the titles of goods have not: pronouns, auxiliaries, negations.
_CLAUSE = (
    r"(?i)(?:^|[^\pL])(?:jeg|eg|vi|du|dere|de|han|hun|ho|er|var|har|hadde|skal|kan|vil|må|ble|blir|"
    r"fikk|ønsker|ikke|ikkje|hei|hilsen|takk|i'm|i am|i have|we|you|he|she|they|is|are|was|were|have|has|will|"
    r"would|can|not|please|thanks|hi|hello|at|som|men|når|hvis|det|dette|denne|noe|noko|fordi|this|that|but|when|if)(?:$|[^\pL])"
)

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


def sentences(column: Profile) -> bool:
    """Whether enough values hold a clause; titles of goods hold none, and look like names."""
    return column.share(_CLAUSE) >= _CLAUSES


def read(
    column: Profile,
    finder: SpanFinder | None,
    names: SpanFinder | None = None,
    *,
    most: int,
    categories: dict[str, str],
) -> list[Inside]:
    """What a span finder sees in at most `most` distinct texts.

    A named entity counts from the second different one; a rule's span from the first where it
    is sure of itself, else from the second text. Rules read first. A language model is a
    hundred times as slow, so it reads only where they saw no names, a few texts at a time, and
    stops at the second.

    Args:
        column: of texts.
        finder: hands back spans by rules; None reads nothing.
        names: the same with a language model; None: there is none.
        most: distinct texts, drawn by their hash.
        categories: entity → category, where a span does not say.
    """
    if finder is None or most <= 0:
        return []
    texts = column.drawn(most)
    found = _Found(categories)
    found.add(texts, finder(texts))
    titles = not sentences(column)
    inside = found.inside(len(texts), titles=titles)
    if names is None or titles or any(item.category == NAMED["PERSON"] for item in inside):
        return inside
    modelled = _Found(categories)
    looked = 0
    for start in range(0, min(len(texts), _NAMES_MOST), _NAMES_STEP):
        some = texts[start : min(start + _NAMES_STEP, _NAMES_MOST)]
        modelled.add(some, names(some), first=start)
        looked = start + len(some)
        if any(item.category == NAMED["PERSON"] for item in modelled.inside(looked)):
            break
    known = {item.category for item in inside}
    return inside + [
        item
        for item in modelled.inside(looked)
        if item.category not in known and item.type in NAMED
    ]


class _Found:
    """Where spans of each kind were found. Holds pieces of texts: never printed."""

    def __init__(self, categories: dict[str, str]) -> None:
        self._categories = categories
        self._spots: dict[tuple[str, str], list[tuple[int, str, float]]] = defaultdict(list)

    def add(self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, first: int = 0) -> None:
        """Note the spans of further texts, the first of which has this number."""
        for place, (text, some) in enumerate(zip(texts, spans, strict=True), first):
            for span in some:
                category = (
                    span.category or self._categories.get(span.type) or NAMED.get(span.type, "")
                )
                if category:
                    piece = text[span.start : span.end].casefold()
                    self._spots[category, span.type].append((place, piece, span.score))

    def inside(self, read: int, *, titles: bool = False) -> list[Inside]:
        """What was found often or surely enough, of so many texts read.

        In titles a name counts only as persons' names come: goods share theirs (`Nora` in
        every colour), and each person has one of their own.
        """
        result: list[Inside] = []
        for (category, kind), spots in sorted(self._spots.items()):
            held = len({place for place, _, _ in spots})
            score = max(score for _, _, score in spots)
            different = len({piece for _, piece, _ in spots})
            enough = different >= 2 if kind in NAMED else (score >= _SURE or held >= 2)
            if kind == "PERSON" and titles:
                owners = len({piece.split()[0] for _, piece, _ in spots if piece.split()})
                enough &= owners >= _OWNERS * held
            if enough:
                result.append(Inside(category, kind, held, read, round(score, 2)))
        return result

    def __repr__(self) -> str:
        return f"<_Found of {len(self._spots)} kinds>"


def of_the_row(
    texts: Sequence[str | None],
    beside: Sequence[tuple[str, Sequence[str | None]]],
    finder: KnownFinder,
    *,
    most: int = ROWS_MOST,
) -> list[Inside]:
    """Categories whose value stands in a text of the same row, in two rows with other values.

    Args:
        texts: shape (n,), row by row.
        beside: category and values, shape (n,), of columns that hold persons.
        finder: finds the values.
        most: rows that are looked at.
    """
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    rows: dict[tuple[str, str], int] = defaultdict(int)
    read = 0
    for row, text in enumerate(texts[:most]):
        if not text:
            continue
        read += 1
        values = [
            KnownValue(category, value)
            for category, cells in beside
            if (value := cells[row]) and len(value) > 2
        ]
        for span in finder(text, [], values) if values else ():
            key = (span.category, span.type)
            held[key].add(text[span.start : span.end].casefold())
            rows[key] += 1
    return [
        Inside(category, kind, rows[category, kind], read, 0.9)
        for (category, kind), pieces in sorted(held.items())
        if len(pieces) >= 2
    ]


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
        if declaration.entity == "IP_ADDRESS" and of_servers(column):
            continue
        if declaration.entity == "CREDIT_CARD" and of_devices(column):
            continue
        if declaration.entity == "NO_STREET_ADDRESS" and (
            column.share(r"\S\s+\S") < _SPACED or one_word(column)
        ):
            continue  # a name that somebody logs in with, ending like a street
        count = hit.whole + hit.inside
        if declaration.entity == "NO_STREET_ADDRESS" and count < _TWICE and n >= _ENOUGH:
            continue  # one word and a number among many texts
        if (
            declaration.entity == "PHONE_NUMBER"
            and count < n / _TWICE
            and column.share(_LONG) >= _ALIKE
        ):
            continue  # numbers of another kind, of which some begin as telephone numbers do
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
