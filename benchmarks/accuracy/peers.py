"""The same columns, judged by Presidio: it sees cells alone, so clear and obscured are one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pandas as pd

from benchmarks import presidio
from benchmarks.accuracy.filling import Asked, Filled
from benchmarks.accuracy.judging import Answer, Judged
from benchmarks.accuracy.scanning import Put

CELLS = 15  # rows that a peer reads of a table: per-cell analysis of every row would take hours
PEERS = ("presidio-structured", "Presidio, majority of cells")

Reader = Callable[[Filled, pd.DataFrame], dict[str, str]]


def judged(put: Sequence[Put], engines: presidio.Engines) -> dict[str, tuple[Judged, ...]]:
    """Peer → every judged column."""
    readers: tuple[Reader, ...] = (
        lambda _, frame: presidio.structured(frame, engines.default),
        lambda _, frame: {
            str(name): presidio.majority([cell for cell in column if cell], engines.diligent)
            for name, column in frame.items()
        },
    )
    return {peer: _judge(put, reader) for peer, reader in zip(PEERS, readers, strict=True)}


def _judge(put: Sequence[Put], read: Reader) -> tuple[Judged, ...]:
    known: dict[tuple[str, str], dict[str, str]] = {}
    result = []
    for system, filled, columns in put:
        for one in filled:
            place = (system.name, one.table.name)
            if place not in known:
                known[place] = read(one, frame_of(one)) if one.rows else {}
        for asked in columns:
            if asked.judged:
                entity = known[system.name, asked.table].get(asked.column, "")
                result.append(Judged(asked, _answer(entity, asked)))
    return tuple(result)


def frame_of(one: Filled) -> pd.DataFrame:
    """Rows of a table as text, as a diligent user hands them over: empty instead of null.

    The builder raises an error for dates and decimals, and takes a missing value for a person.
    """
    chosen = sorted(random.Random(one.table.name).sample(range(one.rows), min(one.rows, CELLS)))
    return pd.DataFrame(
        {name: [_text(cells[i]) for i in chosen] for name, cells in one.cells.items()}
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _answer(entity: str, asked: Asked) -> Answer:
    """Every spelling of an entity that could be right counts as right."""
    if entity == "DATE_TIME":
        right = asked.truth.label.category in presidio.DATES
        return Answer("is", presidio.DATES[0]) if right else Answer("none")
    means = presidio.MEANS.get(entity)
    if not entity or means is None:
        return Answer("none")
    return Answer("is", means[0], means[1:])
