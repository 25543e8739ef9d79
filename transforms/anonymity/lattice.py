"""The lattice of levels: which nodes may still hold the best answer, and which to ask next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.anonymity.buckets import Node

_STILL_OPEN = 0.7  # what a node is worth is counted anew when so few of the open nodes are left
EPSILON = 1e-12
"""Losses that differ by less are the same: sums of shares in another order."""


class Lattice:
    """Nodes with a bound on their loss.

    The loss of a node is at least that of its levels, which is a sum over the columns, and what
    rows cost that cannot be kept at a coarser node either. A node whose bound is not below the
    best loss found is settled, and so is every node finer than one with too many rows in small
    classes. When no node is open, the best is the best of all.

    Args:
        lost: for each column the loss of each level, ascending.
    """

    def __init__(self, lost: Sequence[npt.NDArray[np.float64]]) -> None:
        base = np.zeros(())
        for levels in lost:
            base = np.add.outer(base, levels)
        self.shape: tuple[int, ...] = base.shape
        self._base = base
        self._bound = base.copy()
        self._open = np.ones(self.shape, np.bool_)
        self._order = np.argsort(base, axis=None, kind="stable")
        self._rank = np.empty(base.size, np.int64)
        self._rank[self._order] = np.arange(base.size)
        self._worth = np.zeros(self.shape, np.int32)  # -1: settled
        self._weighed = 2 * base.size

    @property
    def open(self) -> int:
        """Nodes that may still be better than the best."""
        return int(np.count_nonzero(self._open))

    def settle(self, node: Node) -> None:
        """A node is known."""
        self._open[node] = False
        self._worth[node] = -1

    def settle_finer(self, node: Node) -> None:
        """A node and all that are finer cannot be met."""
        part = _finer(node)
        self._open[part] = False
        self._worth[part] = -1

    def costs_more(self, node: Node, excess: float) -> None:
        """A node and all that are finer lose so much more than their levels do."""
        if excess > 0:
            part = _finer(node)
            np.maximum(self._bound[part], self._base[part] + excess, out=self._bound[part])

    def settle_above(self, loss: float) -> None:
        """An answer with that loss is known."""
        self._open &= self._bound < loss - EPSILON
        self._worth[~self._open] = -1

    def next(self) -> Node:
        """The open node whose check settles most nodes in the worse of its two outcomes.

        If it is met, nodes that lose more are settled; if it is not, nodes that are finer.
        """
        if self.open <= _STILL_OPEN * self._weighed:
            self._weigh()
        found = np.unravel_index(int(np.argmax(self._worth)), self.shape)
        return tuple(int(level) for level in found)

    def _weigh(self) -> None:
        """For each node the open nodes that the worse of its outcomes settles."""
        self._weighed = self.open
        finer = self._open.astype(np.int32)
        below = 1
        for size in self.shape[::-1]:  # np.cumsum is ten times slower on axes so short
            steps = finer.reshape(-1, size, below)
            for level in range(1, size):
                steps[:, level] += steps[:, level - 1]
            below *= size
        ranked = np.cumsum(self._open.reshape(-1)[self._order], dtype=np.int32)
        dearer = ranked[-1] - ranked + 1
        np.minimum(finer, dearer[self._rank].reshape(self.shape), out=self._worth)
        self._worth[~self._open] = -1


def _finer(node: Node) -> tuple[slice, ...]:
    return tuple(slice(0, level + 1) for level in node)
