"""One table before and after it was anonymised, as small integers. Holds values: never printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.anonymity import Answer
from transforms.anonymity.checks import Checker
from transforms.anonymity.coding import coded
from transforms.anonymity.precision import as_numbers, lost_precision

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class ColumnCounts:
    """A column as counts: all that the measures read.

    Attributes:
        name: of the column.
        level: name of its level; "" where it was not generalised.
        role: quasi_identifier or sensitive.
        codes: shape (rows,), places in `values`.
        values: shape (values,), as the source has them, ascending, null last.
        numbers: shape (values,); None for what is not numbers or dates.
        classes: shape (values,): the class of each value.
        texts: shape (classes,): what each class reads in the release.
        before: shape (values,), rows of the source.
        after: shape (classes,), rows of the release.
        lost: shape (classes,), 0 to 1.
    """

    name: str
    level: str
    role: str
    codes: Integers
    values: pa.Array
    numbers: Floats | None
    classes: Integers
    texts: pa.Array
    before: Integers
    after: Integers
    lost: Floats

    def guessed(self) -> Floats:
        """Shape (values,): rows of each value as the release tells, equally among a class."""
        members = np.bincount(self.classes, minlength=len(self.after))
        return np.asarray((self.after / np.maximum(members, 1))[self.classes], np.float64)

    def before_by_class(self) -> Integers:
        """Shape (classes,): rows of the source in each class."""
        totals = np.bincount(self.classes, weights=self.before, minlength=len(self.after))
        return totals.astype(np.int64)

    def mean_numbers(self) -> Floats:
        """Shape (classes,): the mean of the numbers in each class; NaN for a class without."""
        numbers = self.numbers if self.numbers is not None else np.full(len(self.values), np.nan)
        known = np.isfinite(numbers)
        sums = np.bincount(self.classes[known], weights=numbers[known], minlength=len(self.after))
        members = np.bincount(self.classes[known], minlength=len(self.after))
        return np.where(members > 0, sums / np.maximum(members, 1), np.nan)


@dataclass(frozen=True, repr=False)
class Compared:
    """One table, row by row before and after. Holds values.

    Attributes:
        name: in the release.
        before: one row a person, as the source has it.
        after: the same rows in the same order, generalised; also those that were left out.
        left_out: shape (rows,), which rows were.
        levels: quasi-identifier → name of its level.
        sensitive: further columns that were published as they are.
        k: fewest persons of a class.
        weights: of the quasi-identifiers in the loss, 1 where nothing is said.
        several: whether a person may have several rows; then no class is named, for a row is
            not a person.
    """

    name: str
    before: pa.Table
    after: pa.Table
    left_out: npt.NDArray[np.bool_]
    levels: Mapping[str, str]
    sensitive: Sequence[str] = ()
    k: int = 1
    weights: Mapping[str, float] = field(default_factory=dict)
    several: bool = False

    @classmethod
    def of(
        cls, name: str, table: pa.Table, answer: Answer, sensitive: Sequence[str] = ()
    ) -> Compared:
        """The table that was searched, as the answer generalises it.

        Args:
            name: in the release.
            table: as `search` had it.
            answer: of the search.
            sensitive: columns that nobody must learn, beside those that the search protected.
        """
        checker = Checker.of(table, answer.problem)
        made = {
            one.name: one.texts[level]
            .take(pa.array(one.classes[level]))
            .take(pa.array(one.coded.codes))
            for one, level in zip(checker.columns, answer.node, strict=True)
        }
        sensitive = [
            *dict.fromkeys((*(one.column for one in answer.problem.sensitive), *sensitive))
        ]
        kept = {column: table.column(column) for column in sensitive}
        return cls(
            name,
            table,
            pa.table({**made, **kept}),
            checker.suppressed(answer.node),
            {one.name: answer.labels[one.name] for one in checker.columns},
            sensitive,
            answer.problem.k,
            answer.problem.weights,
            answer.problem.person is not None,
        )

    def counts(self) -> list[ColumnCounts]:
        """Every column as counts."""
        return [
            *(self._column(name, level, "quasi_identifier") for name, level in self.levels.items()),
            *(self._column(name, "", "sensitive") for name in self.sensitive),
        ]

    def _column(self, name: str, level: str, role: str) -> ColumnCounts:
        kept = ~self.left_out
        given, made = coded(self.before.column(name)), coded(self.after.column(name))
        codes, into = given.codes.astype(np.int64), made.codes.astype(np.int64)
        classes = np.zeros(len(given.values), np.int64)
        classes[codes] = into
        return ColumnCounts(
            name=name,
            level=level,
            role=role,
            codes=codes,
            values=given.values,
            numbers=as_numbers(given.values),
            classes=classes,
            texts=made.values,
            before=given.counts,
            after=np.bincount(into[kept], minlength=len(made.values)),
            lost=lost_precision(given.values, classes) if len(classes) else np.zeros(0),
        )
