"""What a scan says of one document. Counts and names, never values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh


@dataclass(frozen=True, slots=True)
class DocumentScan:
    """One document with what was found in it.

    Attributes:
        id: digest of its place; the same at the next scan.
        shown: its path, personal parts masked.
        format: of its content: `mail`, `pdf`, …
        stamp: changes when its content may have changed.
        rows: parts that were read.
        unread: pages, attachments and members that could not be read.
        trouble: why it was not read at all, or not to its end; "" when it was.
        found: category → different values of it.
    """

    id: str
    shown: str
    format: str
    stamp: str
    rows: int
    unread: int = 0
    trouble: str = ""
    found: Mapping[str, int] = fresh(default_factory=dict)

    @property
    def total(self) -> int:
        """Different values of personal data."""
        return sum(self.found.values())
