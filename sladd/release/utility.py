"""What an analyst loses, as the manifest keeps it under `risk.utility`. Names, counts and shares.

A class is named only where at least k persons share it, before and after; where fewer than k
were left out of it, it is counted with the others, so that no difference singles anyone out.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A part of the manifest's measures; keys that a later sladd adds are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class ShownClass(Record):
    """Persons with one value, or in one band, of a column; `text` None for no value."""

    text: str | None
    before: int = Field(ge=0)
    after: int = Field(ge=0)


class ColumnUtility(Record):
    """What one column lost.

    Attributes:
        name: of the column in the release.
        role: quasi-identifier or sensitive.
        level: name of the level that it was generalised to; "" where it is as it was.
        loss: normalised certainty penalty, 0 to 1; rows left out count as lost wholly.
        values_before: distinct, in the source.
        values_after: distinct, in the release.
        total_variation: share of persons who would have to move for the shares of the values,
            as they can be guessed from the release, to be those of the source: 0 to 1.
        wasserstein: the mean distance they would have to move, as a share of the column's range;
            None for what is not numbers or dates.
        ordered: whether `shown` stands in the order of the values; otherwise the commonest first.
        shown: classes that at least k persons share.
        others: the rest, if it, too, is at least k; None where there is none, or it is too few.
    """

    name: str
    role: Literal["quasi_identifier", "sensitive"]
    level: str = ""
    loss: float = Field(ge=0, le=1)
    values_before: int = Field(ge=0)
    values_after: int = Field(ge=0)
    total_variation: float = Field(ge=0, le=1)
    wasserstein: float | None = Field(None, ge=0, le=1)
    ordered: bool = False
    shown: tuple[ShownClass, ...] = ()
    others: ShownClass | None = None


class Correlation(Record):
    """How strongly two columns hang together, in the source and in the release.

    `cramers_v` is from 0 to 1, corrected for its bias; `pearson` from -1 to 1.
    """

    columns: tuple[str, str]
    measure: Literal["cramers_v", "pearson"]
    before: float = Field(ge=-1, le=1)
    after: float = Field(ge=-1, le=1)


class QueryError(Record):
    """How far counts from the release are from those of the source, over random questions.

    Attributes:
        questions: how many were asked.
        seed: that they were drawn with.
        columns: conditions in each.
        median: relative error, 0.1 for 10 per cent.
        ninetieth: relative error that nine of ten questions stay below.
        floor: persons that an answer is held against at the least.
    """

    questions: int = Field(ge=0)
    seed: int
    columns: int = Field(ge=0)
    median: float = Field(ge=0)
    ninetieth: float = Field(ge=0)
    floor: int = Field(ge=0)


class Setting(Record):
    """One combination of levels that the search met; `chosen` is the published one."""

    loss: float = Field(ge=0, le=1)
    smallest: int = Field(ge=1)
    rows_suppressed: int = Field(ge=0)
    chosen: bool = False


class TableUtility(Record):
    """What an anonymised table lost."""

    name: str
    persons_before: int = Field(ge=0)
    persons_after: int = Field(ge=0)
    k: int = Field(ge=1)
    loss: float = Field(ge=0, le=1)
    columns: tuple[ColumnUtility, ...]
    correlations: tuple[Correlation, ...] = ()
    query_error: QueryError | None = None
    settings: tuple[Setting, ...] = ()


class Treated(Record):
    """What is left of a column of a pseudonymised release.

    Attributes:
        name: of the column.
        left: `all` (as it was), `equality` (equal values are still equal, no more), `classes`
            (coarser values), `shape` (other values of the same kind), `text` (parts of it are
            gone), `parts` (by place in it), `nothing` (one value for all).
        unreadable: values that became null because they could not be read.
    """

    name: str
    left: Literal["all", "equality", "classes", "shape", "text", "parts", "nothing"]
    unreadable: int = Field(0, ge=0)


class TreatedTable(Record):
    """What is left of a table of a pseudonymised release."""

    name: str
    rows_before: int = Field(ge=0)
    rows_after: int = Field(ge=0)
    columns: tuple[Treated, ...]
    dropped: int = Field(0, ge=0)


class Utility(Record):
    """The measures of a release."""

    format: Literal[1] = 1
    tables: tuple[TableUtility, ...] = ()
    treated: tuple[TreatedTable, ...] = ()

    def table(self, name: str) -> TableUtility | None:
        """The measures of one anonymised table."""
        return next((one for one in self.tables if one.name == name), None)
