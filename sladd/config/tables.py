"""`tables` of an anonymised release: whose rows they hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sladd.config.section import Section

Aggregate = Literal["count", "count_distinct", "sum", "mean", "min", "max"]


class PerPersonConfig(Section):
    """How a table with several rows of a person becomes one about persons."""

    aggregate: dict[str, Aggregate] | None = Field(None, min_length=1)
    bound: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> PerPersonConfig:
        if (self.aggregate is None) == (self.bound is None):
            raise ValueError("per_person has exactly one of aggregate, bound")
        return self


class TableConfig(Section):
    """Whose rows a table of an anonymised release holds."""

    unit: Literal["person", "row", "nobody"] = "person"
    per_person: PerPersonConfig | None = None

    @model_validator(mode="after")
    def _persons(self) -> TableConfig:
        if self.per_person is not None and self.unit != "person":
            raise ValueError("per_person needs unit: person")
        return self
