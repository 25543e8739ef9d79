"""A release against earlier ones, as the manifest keeps it under `risk.earlier`. Counts alone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sladd.release.utility import Record


class EarlierTable(Record):
    """A table against one that was published before from the same source.

    A *region* is the smallest group of persons that both releases count: whoever has both can
    take one count from the other. A difference below k tells of the few who came or went. And
    whoever is in one class here and in another there may be any of the rows that both could be;
    fewer than k narrow that person down.

    Attributes:
        table: of this release.
        release: that it is compared with; of several, their names.
        version: of that; of several, how many.
        other_table: its name there.
        classes: it had.
        found: of these, those that the source still has persons in.
        regions: that both releases count.
        differing: of these, where the counts differ by fewer than k persons.
        persons: sum of those differences.
        smallest: of them; 0 where there is none.
        narrowed: persons who hide among fewer than k rows of both.
        narrowed_more: whether there may be more of them; the count stops when some are found.
        together: how many earlier releases are held against this one at once, where no single one
            narrows anybody down; 0 for one.
        hidden_among: the fewest rows that one of these may be; 0 where there is nobody.
        comparable: whether it could be compared.
        reason: why not.
        passed: no region differs by fewer than k, and nobody is narrowed down.
    """

    table: str
    release: str
    version: str
    other_table: str
    classes: int = Field(0, ge=0)
    found: int = Field(0, ge=0)
    regions: int = Field(0, ge=0)
    differing: int = Field(0, ge=0)
    persons: int = Field(0, ge=0)
    smallest: int = Field(0, ge=0)
    narrowed: int = Field(0, ge=0)
    narrowed_more: bool = False
    hidden_among: int = Field(0, ge=0)
    together: int = Field(0, ge=0)
    comparable: bool = True
    reason: str = ""
    passed: bool


class Earlier(Record):
    """Every comparison of a release."""

    format: Literal[1] = 1
    k: int = Field(ge=1)
    compared: tuple[EarlierTable, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no comparison singles anyone out."""
        return all(one.passed for one in self.compared)
