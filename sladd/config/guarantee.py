"""`guarantee` of an anonymised release, and the `hierarchies` that values climb."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sladd.config.section import Section


class BudgetConfig(Section):
    """When the search for the least loss stops; the answer then is the best found."""

    nodes: int | None = Field(None, ge=1)
    seconds: float | None = Field(None, gt=0)


class LadderConfig(Section):
    """How a quasi-identifier may be made coarser: exactly one way."""

    hierarchy: str | None = None
    prefix: list[int] | None = Field(None, min_length=1)
    bands: list[int | float] | None = Field(None, min_length=1)
    frequency: list[int] | None = Field(None, min_length=1)
    equal_frequency: list[int] | None = Field(None, min_length=1)
    equal_width: list[int] | None = Field(None, min_length=1)
    ordered: list[str] | None = Field(None, min_length=2)
    together: list[int] = Field(default_factory=lambda: [2, 4])

    @model_validator(mode="after")
    def _one_way(self) -> LadderConfig:
        ways = {n: getattr(self, n) for n in type(self).model_fields if n != "together"}
        if sum(way is not None for way in ways.values()) != 1:
            raise ValueError(f"a hierarchy is exactly one of {', '.join(ways)}")
        return self

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, given: Any) -> Any:
        return {"hierarchy": given} if isinstance(given, str) else given

    @property
    def way(self) -> str:
        """The key that says how the hierarchy is made."""
        return next(n for n in type(self).model_fields if n != "together" and getattr(self, n))


class GuaranteeConfig(Section):
    """Thresholds of an anonymised release, and how they are reached."""

    k: int = Field(11, ge=2)
    l: int | None = Field(None, ge=2)  # noqa: E741 - the literature's name
    t: float | None = Field(None, gt=0, le=1)
    max_suppression: float = Field(0.05, ge=0, lt=1)
    diversity: Literal["distinct", "entropy"] = "distinct"
    distance: Literal["equal", "ordered"] = "equal"
    earlier: Literal["refuse", "warn"] = "refuse"
    weights: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    hierarchies: dict[str, LadderConfig] = Field(default_factory=dict)
    budget: BudgetConfig = Field(default_factory=BudgetConfig)


class HierarchyConfig(Section):
    """One hierarchy for `generalise`: a CSV file, in each row a value and its classes."""

    file: str
    header: bool = False  # whether the first row names the levels
