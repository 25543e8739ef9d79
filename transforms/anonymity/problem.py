"""What is asked of a search: quasi-identifiers, hierarchies, thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from sladd.errors import PlanError
from transforms.hierarchies import Hierarchy


class Diversity(StrEnum):
    """How the diversity of a sensitive column in a class is counted.

    Source: Machanavajjhala et al. 2007, l-Diversity: Privacy Beyond k-Anonymity.
    """

    DISTINCT = "distinct"  # at least l different values
    ENTROPY = "entropy"  # entropy of the values at least log(l)
    RECURSIVE = "recursive"  # the commonest fewer than c times all from the l-th on


class Distance(StrEnum):
    """How far apart two values of a sensitive column are, for t-closeness.

    Source: Li, Li, Venkatasubramanian 2007, t-Closeness: Privacy Beyond k-Anonymity and
    l-Diversity.
    """

    EQUAL = "equal"  # any two values are as far apart as any other two
    ORDERED = "ordered"  # by the number of values between them
    HIERARCHICAL = "hierarchical"  # by the level at which a hierarchy joins them


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A column whose values an attacker must not learn from a class.

    Attributes:
        column: its name.
        diversity: how l is counted.
        c: of recursive (c, l)-diversity.
        distance: of t-closeness.
        hierarchy: for the hierarchical distance.
    """

    column: str
    diversity: Diversity = Diversity.DISTINCT
    c: float = 3.0
    distance: Distance = Distance.EQUAL
    hierarchy: Hierarchy | None = None


@dataclass(frozen=True)
class Problem:
    """Full-domain generalisation with suppression: one level per column for all rows.

    Attributes:
        columns: the quasi-identifiers.
        hierarchies: by column; one without can only be kept or left out whole.
        weights: how much a column's precision is worth, 1 where nothing is said.
        k: fewest persons of a class that is published.
        l: diversity of every sensitive column in every class.
        t: greatest distance of a class from the table, for every sensitive column.
        max_suppression: share of the rows that may be left out.
        sensitive: columns that `l` and `t` protect.
        person: column that says who a row is about, where a person may have several rows; then a
            class is counted in persons.
    """

    columns: tuple[str, ...]
    k: int
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    l: float | None = None  # noqa: E741 - the literature's name
    t: float | None = None
    max_suppression: float = 0.0
    sensitive: tuple[Sensitive, ...] = ()
    person: str | None = None

    def check(self, table: pa.Table) -> None:
        """Refuse what cannot be searched.

        Args:
            table: to be searched.

        Raises:
            PlanError: it contradicts itself or the table (SLADD-350).
        """
        protected = [one.column for one in self.sensitive]
        named = [*self.columns, *protected, *([self.person] if self.person else [])]
        missing = [name for name in named if name not in table.column_names]
        wrong = ""
        if not self.columns:
            wrong = "no quasi-identifier is named"
        elif missing:
            wrong = f"the table has no column {', '.join(missing)}"
        elif nested := [
            name for name in named if pa.types.is_nested(table.schema.field(name).type)
        ]:
            wrong = f"lists and structures are no single values: {', '.join(nested)}"
        elif not table.num_rows:
            wrong = "the table has no rows"
        elif len(set(named)) < len(named):
            wrong = "a column has two roles"
        elif self.k < 1 or not 0 <= self.max_suppression <= 1:
            wrong = "k is at least 1, and max_suppression from 0 to 1"
        elif any(self.weights.get(name, 1.0) <= 0 for name in self.columns):
            wrong = "weights are above 0"
        elif (self.l is not None or self.t is not None) and not self.sensitive:
            wrong = "l and t need a sensitive column"
        elif any(
            one.distance is Distance.HIERARCHICAL and one.hierarchy is None
            for one in self.sensitive
        ):
            wrong = "the hierarchical distance needs a hierarchy"
        if wrong:
            raise PlanError(
                f"the anonymity search cannot start: {wrong}",
                code=350,
                mend="correct columns, sensitive or guarantee",
            )
