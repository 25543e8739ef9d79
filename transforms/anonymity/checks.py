"""One node checked: which classes may be published, and what that loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.anonymity.buckets import Integers, Node
from transforms.anonymity.coding import Coded, Codes, Column, coded, column
from transforms.anonymity.criteria import (
    SLACK,
    Pairs,
    Protected,
    distances,
    held_by_all,
    not_diverse,
    shares_beyond,
)
from transforms.anonymity.problem import Problem
from transforms.anonymity.tuples import (
    Classes,
    Keys,
    Tuples,
    classes_of,
    digits_of,
    places,
)

_ROLL_UP_BELOW = 0.25  # of the tuples it is made of; otherwise the copy saves too little
_KEPT_ROLL_UPS = 16


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of a node.

    Attributes:
        small: whether too many rows lie in classes below k, or with fewer than l values; then
            every finer node has too many as well.
        meets: whether k, l and t hold once the classes that break them are left out, and those
            are not too many.
        least_excess: loss by rows that no finer node could keep either.
        loss: of the node, rows left out counting as lost wholly; 1 where it is not met.
        rows_suppressed: rows left out.
        classes: that are published.
        smallest: persons of the smallest of them.
    """

    small: bool
    meets: bool = False
    least_excess: float = 0.0
    loss: float = 1.0
    rows_suppressed: int = 0
    classes: int = 0
    smallest: int = 0


@dataclass
class Checker:
    """A problem on a table, coded; checks nodes and remembers roll-ups.

    Attributes:
        problem: what is asked.
        columns: the quasi-identifiers, coded.
        protected: the sensitive columns, coded.
        person: the column of persons, coded, if a class is counted in persons.
        weights: shape (columns,), sum 1.
        lost: for each column the mean loss of each level.
    """

    problem: Problem
    columns: Sequence[Column]
    protected: Sequence[Protected]
    person: Coded | None
    weights: npt.NDArray[np.float64]
    lost: Sequence[npt.NDArray[np.float64]]
    rows: Tuples
    checked: int = 0
    _tuples: Tuples | None = field(default=None, repr=False)
    _rolled: list[Tuples] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, table: pa.Table, problem: Problem) -> Checker:
        """Code a table.

        Raises:
            PlanError: SLADD-350, SLADD-351.
        """
        problem.check(table)
        columns = [
            column(name, table.column(name), problem.hierarchies.get(name))
            for name in problem.columns
        ]
        protected = [Protected.of(one, table.column(one.column)) for one in problem.sensitive]
        person = coded(table.column(problem.person)) if problem.person else None
        given = np.array([problem.weights.get(name, 1.0) for name in problem.columns])
        weights = given / given.sum()
        lost = [
            np.array([weight * one.mean_lost(level) for level in range(len(one.texts))])
            for weight, one in zip(weights, columns, strict=True)
        ]
        others = [one.coded for one in protected] + ([person] if person else [])
        finest = (0,) * len(columns)
        rows = Tuples(
            columns,
            finest,
            [one.coded.codes for one in columns],
            [one.codes for one in others],
            tuple(len(one.values) for one in others),
            None,
        )
        made = cls(problem, columns, protected, person, weights, lost, rows)
        if person is None and rows.buckets.estimate() < _ROLL_UP_BELOW * rows.size:
            made._tuples = rows.rolled_up(finest)
        return made

    def asked(self, problem: Problem) -> Checker:
        """The same table with other thresholds; roll-ups are shared, they hold for any."""
        return replace(self, problem=problem)

    @property
    def shape(self) -> tuple[int, ...]:
        """Levels of each column: the shape of the lattice."""
        return tuple(len(one.texts) for one in self.columns)

    @property
    def most_suppressed(self) -> int:
        """Rows that may be left out."""
        return int(self.problem.max_suppression * self.rows.size + SLACK)

    def base(self, node: Node) -> float:
        """Loss of a node that leaves no row out."""
        return float(sum(lost[level] for lost, level in zip(self.lost, node, strict=True)))

    def check(self, node: Node) -> Verdict:
        """Check a node on the smallest set of tuples that it can be made of."""
        self.checked += 1
        tuples = self._source(node)
        if self.person is None and self._hopeless(tuples, node):
            return Verdict(small=True)
        keys = tuples.keys(node)
        found = classes_of(tuples, keys)
        verdict, _ = self._judge(tuples, node, keys, found)
        few = len(found.keys) < _ROLL_UP_BELOW * tuples.size
        if few and not verdict.small and self.person is None:
            # Without further columns the classes are the tuples, and they are counted already.
            self._rolled.append(tuples.rolled_up(node, None if tuples.others else (keys, found)))
            del self._rolled[:-_KEPT_ROLL_UPS]
        return verdict

    def suppressed(self, node: Node) -> npt.NDArray[np.bool_]:
        """Shape (rows,): which rows a node leaves out."""
        keys = self.rows.keys(node)
        found = classes_of(self.rows, keys)
        _, bad = self._judge(self.rows, node, keys, found)
        return np.asarray(bad[places(keys, found)])

    def _source(self, node: Node) -> Tuples:
        usable = [one for one in self._rolled if one.finer_than(node)]
        return min((self._tuples or self.rows, *usable), key=lambda one: one.size)

    def _hopeless(self, tuples: Tuples, node: Node) -> bool:
        sure = tuples.buckets.surely_in_small(node, self.problem.k, tuples.counts)
        return sure > self.most_suppressed

    def _judge(
        self, tuples: Tuples, node: Node, keys: Keys, found: Classes
    ) -> tuple[Verdict, npt.NDArray[np.bool_]]:
        """The verdict, and the classes that are left out."""
        at: Integers | None = None
        sizes = found.rows
        if self.person is not None:
            at = places(keys, found)
            sizes = self._pairs(tuples, at, tuples.others[-1], len(found.keys)).distinct
        bad = sizes < self.problem.k
        most = self.most_suppressed
        if int(found.rows[bad].sum()) > most:
            return Verdict(small=True), bad
        if not (self.protected and (self.problem.l is not None or self.problem.t is not None)):
            return self._verdict(tuples, node, keys, found, bad, bad, sizes), bad
        at = places(keys, found) if at is None else at
        spread = [
            self._spread(tuples, at, number, len(found.keys))
            for number in range(len(self.protected))
        ]
        least = self.problem.l
        if least is not None:
            for pairs in spread:
                bad |= pairs.distinct < least - SLACK
            if int(found.rows[bad].sum()) > most:
                return Verdict(small=True), bad
        surely = bad.copy()
        if least is not None:
            for one, pairs in zip(self.protected, spread, strict=True):
                bad |= not_diverse(pairs, one.sensitive, least)
                if self.person is not None and least > 1:
                    # Not so in finer classes: a person's rows of that value may lie in one of them.
                    bad |= held_by_all(pairs, sizes)
        if self.problem.t is not None:
            bad = self._not_close(spread, bad, found.rows, sizes, self.problem.t)
        return self._verdict(tuples, node, keys, found, surely, bad, sizes), bad

    def _not_close(
        self,
        spread: Sequence[Pairs],
        bad: npt.NDArray[np.bool_],
        rows: Integers,
        sizes: Integers,
        most_distant: float,
    ) -> npt.NDArray[np.bool_]:
        """Leave out what is too far from what is left, until nothing is."""
        while int(rows[bad].sum()) <= self.most_suppressed and not bad.all():
            more = bad.copy()
            for one, pairs in zip(self.protected, spread, strict=True):
                whole = pairs.of(~bad, one.size)
                more |= distances(pairs, one, whole) > most_distant + SLACK
                if self.person is not None:
                    beyond = shares_beyond(pairs, sizes, ~bad, one.size)
                    more |= beyond > most_distant + SLACK
            if (more == bad).all():
                break
            bad = more
        return bad

    def _verdict(
        self,
        tuples: Tuples,
        node: Node,
        keys: Keys,
        found: Classes,
        surely: npt.NDArray[np.bool_],
        bad: npt.NDArray[np.bool_],
        sizes: Integers,
    ) -> Verdict:
        out = int(found.rows[bad].sum())
        kept = ~bad
        if out > self.most_suppressed or not kept.any():
            return Verdict(
                small=False, least_excess=self._excess(tuples, node, keys, found, surely)
            )
        excess = self._excess(tuples, node, keys, found, bad)
        least = excess if surely is bad else self._excess(tuples, node, keys, found, surely)
        return Verdict(
            small=False,
            meets=True,
            least_excess=least,
            loss=self.base(node) + excess,
            rows_suppressed=out,
            classes=int(kept.sum()),
            smallest=int(sizes[kept].min()),
        )

    def _excess(
        self,
        tuples: Tuples,
        node: Node,
        keys: Keys,
        found: Classes,
        bad: npt.NDArray[np.bool_],
    ) -> float:
        """What leaving classes out loses on top of what they had lost already."""
        if not bad.any():
            return 0.0
        out = Classes(
            found.keys[bad], found.rows[bad], None if found.first is None else found.first[bad]
        )
        left = np.ones(len(out.keys))
        for weight, one, level, codes in zip(
            self.weights, self.columns, node, digits_of(tuples, node, keys, out), strict=True
        ):
            left -= weight * one.lost[level][codes]
        return float(out.rows @ left) / self.rows.size

    def _spread(self, tuples: Tuples, at: Integers, number: int, classes: int) -> Pairs:
        """How often each value of a sensitive column stands in each class."""
        values, size = tuples.others[number], self.protected[number].size
        if self.person is None:
            return Pairs.count(at, values, tuples.counts, (classes, size))
        # A person with several rows of one value counts once.
        one_each = self._pairs(tuples, at * size + values, tuples.others[-1], classes * size)
        inside = one_each.places
        return Pairs.count(inside // size, inside % size, None, (classes, size))

    def _pairs(self, tuples: Tuples, at: Integers, persons: Codes, classes: int) -> Pairs:
        return Pairs.count(at, persons, tuples.counts, (classes, tuples.other_sizes[-1]))
