"""What anonymity costs: risk against loss for some thresholds, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NO_QUASI = "no column is a quasi-identifier, so nothing has to be made coarser"
"""The note of a table of which nothing has to be searched."""


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The best answer for one setting. Names and numbers, no values.

    Attributes:
        k: fewest persons of a class.
        max_suppression: share of the rows that may be left out.
        loss: precision that is lost, 0–1.
        suppressed: share of the rows that is left out.
        classes: that would be published.
        smallest: persons of the smallest.
        mean_risk: mean chance of being found, over the published rows.
        levels: of each quasi-identifier.
        optimal: whether nothing loses less.
        chosen: whether these are the thresholds of the configuration.
    """

    k: int
    max_suppression: float
    loss: float
    suppressed: float
    classes: int
    smallest: int
    mean_risk: float
    levels: Mapping[str, str]
    optimal: bool
    chosen: bool = False

    @property
    def highest_risk(self) -> float:
        """The chance of being found, in the smallest class."""
        return 1 / self.smallest


@dataclass(frozen=True, slots=True)
class TableFrontier:
    """One table.

    Attributes:
        name: of the table in the release.
        rows: that were searched.
        persons: that they are about; 0 where they are about nobody.
        points: by k and suppression; a setting that nothing meets is not among them.
        note: why there are none; "" where there are.
    """

    name: str
    rows: int
    persons: int
    points: tuple[FrontierPoint, ...]
    note: str = ""
