"""Spans in the texts of documents, and how many texts of each column hold them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sladd.model import DocumentScan, SpanFinder

BATCH_TEXTS = 256  # texts handed to the finder at once, as in `redact_text`
SURE = 0.5  # a span of a lower score counts from the second different one, as in columns
_REMEMBERED = 20_000  # short texts, such as addresses, of which the spans are kept
_SHORT = 200  # characters
Found = Counter[str]


@dataclass(slots=True)
class Seen:
    """What was seen in one document so far. Holds values until it is closed."""

    document: DocumentScan
    spans: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __repr__(self) -> str:
        return f"<document with {len(self.spans)} categories>"


class Finder:
    """Spans in texts; remembers the answers for short ones. Counts texts by column."""

    def __init__(self, find: SpanFinder | None) -> None:
        self._find = find
        self._known: dict[str, tuple[tuple[str, str, float], ...]] = {}
        self._waiting: list[tuple[str, str, Seen]] = []
        self.texts: dict[str, Found] = defaultdict(Counter)  # column → category → texts
        self.read: Found = Counter()  # column → texts

    def __repr__(self) -> str:
        return f"<Finder of {sum(self.read.values())} texts>"

    def look(self, column: str, texts: Sequence[str], into: Seen) -> None:
        """Find spans in some texts of one document, at the latest at the next `flush`."""
        if self._find is None:
            return
        self._waiting += [(column, text, into) for text in texts]
        if len(self._waiting) >= BATCH_TEXTS:
            self.flush()

    def flush(self) -> None:
        """Answer what waits: a finder is fastest with many texts at once."""
        waiting, self._waiting = self._waiting, []
        asked = list(dict.fromkeys(text for _, text, _ in waiting if text not in self._known))
        for start in range(0, len(asked), BATCH_TEXTS):
            some = asked[start : start + BATCH_TEXTS]
            assert self._find is not None  # noqa: S101 - nothing waits without a finder
            for text, spans in zip(some, self._find(some), strict=True):
                self._known[text] = tuple(
                    (s.category, text[s.start : s.end].casefold(), s.score)
                    for s in spans
                    if s.category
                )
        for column, text, into in waiting:
            seen = self._known[text]
            self.read[column] += 1
            for category, piece, score in seen:
                into.spans[category][piece] = max(score, into.spans[category].get(piece, 0.0))
            self.texts[column].update({category for category, _, score in seen if score >= SURE})
        for text in asked:
            if len(text) > _SHORT or len(self._known) > _REMEMBERED:
                self._known.pop(text, None)
