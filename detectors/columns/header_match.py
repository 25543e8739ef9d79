"""One reading of a column's name."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class HeaderMatch:
    """One reading of a column's name.

    Attributes:
        category: taxonomy key; "" for what is known to be no personal data.
        shape: what the values must look like (`values.toml`).
        weight: log-odds, natural logarithm.
        token: the word of the lexicon, never the column's own name.
        organisation: the name says that it belongs to a company (`supplier_email`).
        thing: the name says that it belongs to a thing (`product_name`).
    """

    category: str
    shape: str
    weight: float
    token: str
    organisation: bool = False
    thing: bool = False

    def scaled(self, factor: float) -> HeaderMatch:
        """The same, told less surely."""
        return replace(self, weight=round(self.weight * factor, 2))
