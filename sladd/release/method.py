"""How an anonymised table was made and who assessed it, as the manifest keeps it. No values."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from sladd.release.utility import Record

Role = Literal["direct", "quasi_identifier", "sensitive", "insensitive", "key"]


class ColumnMethod(Record):
    """What a column is to the method.

    Attributes:
        name: of the column.
        role: of it.
        level: name of the level it was generalised to; "" where it was not.
        step: number of that level, 0 for the value itself.
        steps: how many levels its hierarchy has above the value.
    """

    name: str
    role: Role
    level: str = ""
    step: int = Field(0, ge=0)
    steps: int = Field(0, ge=0)


class TableMethod(Record):
    """How a table was made: full-domain generalisation, and rows left out.

    Attributes:
        name: of the table.
        k: fewest persons of a class.
        l: fewest different sensitive values; None where none were asked for.
        t: greatest distance of a class from the table; None where none was asked for.
        max_suppression: share of rows that might be left out.
        suppressed: rows that were.
        loss: as the search counted it, 0 to 1.
        optimal: whether no combination of levels loses less; only said where that was shown.
        reason: why not.
        nodes: combinations of levels there are.
        nodes_checked: of these, looked at.
        columns: what each is.
    """

    name: str
    k: int = Field(ge=1)
    l: float | None = None  # noqa: E741 - the literature's name
    t: float | None = None
    max_suppression: float = Field(0, ge=0, lt=1)
    suppressed: int = Field(0, ge=0)
    loss: float = Field(0, ge=0, le=1)
    optimal: bool = False
    reason: str = ""
    nodes: int = Field(0, ge=0)
    nodes_checked: int = Field(0, ge=0)
    columns: tuple[ColumnMethod, ...] = ()


class Method(Record):
    """`risk.method`: how each table was made."""

    format: Literal[1] = 1
    tables: tuple[TableMethod, ...] = ()

    def table(self, name: str) -> TableMethod | None:
        """The method of one table."""
        return next((one for one in self.tables if one.name == name), None)


class AssessmentRecord(Record):
    """What the officer signed, for the report. It stands beside the manifest, whose hash it names.

    Attributes:
        assessed_by: name of the officer.
        position: what the officer is.
        assessed_on: when.
        review_by: by when it is to be looked at again.
        recipients: who gets the release.
        release_model: `public`, `named_recipients`, `secure_environment`, or the officer's words.
        controller_keeps: what the controller keeps that could lead back.
        singling_out: the officer's words on that test.
        linkability: the same.
        inference: the same.
        conclusion: `anonymised`, `not_anonymised`, or the officer's words.
    """

    assessed_by: str
    position: str = ""
    assessed_on: date
    review_by: date | None = None
    recipients: tuple[str, ...] = ()
    release_model: str = ""
    controller_keeps: str = ""
    singling_out: str = ""
    linkability: str = ""
    inference: str = ""
    conclusion: str = ""
