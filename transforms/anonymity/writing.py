"""A table as an answer generalises it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.anonymity.answer import Answer
from transforms.anonymity.checks import Checker
from transforms.anonymity.coding import STAR, Column


def generalised(
    table: pa.Table, answer: Answer, *, keep: Sequence[str] = (), starred: bool = False
) -> pa.Table:
    """The table with its quasi-identifiers generalised.

    Only what the search knew goes out: quasi-identifiers and sensitive columns, and what `keep`
    names. No row number does, and rows stand in the order of the table, which is the caller's to
    change.

    Args:
        table: the one that was searched.
        answer: of the search.
        keep: further columns to pass on as they are.
        starred: rows that are left out stay, with `*` in every quasi-identifier; then these rows
            are one more class, of which no threshold is promised.
    """
    checker = Checker.of(table, answer.problem)
    out = checker.suppressed(answer.node)
    made = {
        one.name: _written(one, level, out if starred else None)
        for one, level in zip(checker.columns, answer.node, strict=True)
    }
    passed = {*keep, *(one.column for one in answer.problem.sensitive)}
    columns = {
        name: made[name] if name in made else table.column(name)
        for name in table.column_names
        if name in made or name in passed
    }
    written = pa.table(columns)
    return written if starred else written.filter(pa.array(~out))


def _written(one: Column, level: int, starred: np.ndarray | None) -> pa.Array:
    texts = one.texts[level].take(pa.array(one.classes[level]))
    values = texts.take(pa.array(one.coded.codes))
    if starred is None:
        return values
    return pc.if_else(pa.array(starred), STAR, values.cast(pa.string()))
