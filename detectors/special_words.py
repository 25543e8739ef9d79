"""Words that may reveal a special category of personal data (GDPR art. 9) or an offence (art. 10).

Data: `lexicon/special/*.csv`, the project's own compilation in nb, nn and en (`SOURCES.md`). Each
row says how its terms may be used:

- `word`: says it by itself, in a text as in a cell (`sykmeldt`, `wheelchair`);
- `near`: in a text only beside a word about a person (`kreft`, as in `min far har kreft`);
- `cell`: as a whole cell of a column, never in a text (`homofil`, `Tekna`);
- `person`: as a whole cell in a table of persons (`glutenfri`, which a menu says as well);
- `named`: as a whole cell where the column's name already says so (`LO`, `Ap`, `egg`).

A term that ends in `*` stands for every word that begins so. What is found may reveal; whether it
does is for a person to decide (CJEU C-184/20 and C-21/23 read art. 9 widely).
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILES = ("health", "beliefs", "politics", "unions", "ethnicity", "orientation", "criminal")
USES = ("word", "near", "cell", "person", "named")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the lists.

    Attributes:
        category: taxonomy key.
        use: one of `USES`.
        text: as written, without the star; NFC.
        stem: any word that begins so is meant.
    """

    category: str
    use: str
    text: str
    stem: bool


@cache
def terms() -> tuple[Term, ...]:
    """Every term of every list, in the order of the files."""
    found: list[Term] = []
    for name in FILES:
        place = files("detectors.lexicon").joinpath("special", f"{name}.csv")
        with place.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for written in row["terms"].split("|"):
                    text = unicodedata.normalize("NFC", written.strip())
                    found.append(
                        Term(row["category"], row["use"], text.removesuffix("*"), text[-1] == "*")
                    )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells that speak for categories: whole cells, and beginnings of them."""

    whole: Mapping[str, frozenset[str]]
    stems: Mapping[str, frozenset[str]]
    shortest: int  # characters of the shortest beginning

    def categories(self, cell: str) -> frozenset[str]:
        """Categories that a cell (case-folded, NFC) speaks for."""
        found = self.whole.get(cell, frozenset())
        for end in range(self.shortest, len(cell) + 1):
            found |= self.stems.get(cell[:end], frozenset())
        return found


@cache
def cells(uses: tuple[str, ...] = USES) -> Cells:
    """The terms that whole cells are compared with.

    Args:
        uses: which of them, of `USES`.
    """
    whole: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for term in terms():
        if term.use in uses:
            into = stems if term.stem else whole
            into.setdefault(term.text.casefold(), set()).add(term.category)
    return Cells(
        {text: frozenset(found) for text, found in whole.items()},
        {text: frozenset(found) for text, found in stems.items()},
        min(map(len, stems), default=99),
    )
