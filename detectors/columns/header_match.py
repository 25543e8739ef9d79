"""One reading of a column's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

NAME_OF = frozenset({"name", "navn", "namn", "nm", "naam", "nom"})
"""Words for what something is called."""

_SOMEONE = ("user.name", "user.unique_id")


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


def belonging(
    found: Sequence[HeaderMatch],
    factor: float,
    organisation: bool,
    thing: bool,
    head: Sequence[str],
) -> list[HeaderMatch]:
    """Readings of a noun with words around it that say whose it is.

    The name of a project is a thing's; its leader is a person all the same.
    """
    own = any(head[-1].endswith(word) for word in NAME_OF)
    return [
        replace(
            match.scaled(factor),
            organisation=organisation,
            thing=thing and (own or not match.category.startswith(_SOMEONE)),
        )
        for match in found
    ]
