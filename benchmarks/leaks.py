"""The leak test on twelve columns, against the publish that it stands in, in one run.

Taking the originals while the source is read and searching the release for them are measured
together, in processor time. Twice: with persons who order fifty times, and with a person, a
comment and a number of its own in every row, which is the most that twelve columns can hold.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import data
from benchmarks.measure import in_turns, spent_in
from benchmarks.publish import scanned
from benchmarks.result import Goal, Measure
from data.samples.generator.numbers import national_number
from sladd.pipeline.bind import Bound

GOAL = Goal(1.0, fixed=0.5, why="texts beside the cells, whatever the number of rows")
ROUNDS = 2
_LEFT = ("ip", "created_at")  # of the benchmark's fourteen columns
FLOOR = "the publish without it"


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Seconds of processor time for taking originals and for searching."""
    table = data.table(rows, telling=False).drop_columns(list(_LEFT))
    return (
        *_measured(
            folder / "repeated", table, f"{rows:,} × 12, {data.persons_for(rows):,} persons"
        ),
        *_measured(folder / "distinct", _distinct(table), f"{rows:,} × 12, all values different"),
    )


def _measured(folder: Path, table: pa.Table, what: str) -> tuple[Measure, ...]:
    folder.mkdir()
    file = folder / "orders.parquet"
    pq.write_table(table, file, row_group_size=122_880)
    bound = scanned(folder, file, table.column_names)
    parts: list[tuple[float, float]] = []

    def release() -> float:
        taking, searching, whole = _publish(bound)
        parts.append((taking, searching))
        return whole

    (whole,) = in_turns(ROUNDS, release)
    taking, searching = (float(np.median(p)) for p in zip(*parts[1:], strict=True))
    rest = whole - taking - searching
    notes = (f"{taking:.1f} s taking originals, {searching:.1f} s searching",)
    return (Measure(what, taking + searching, "s CPU", rest, FLOOR, GOAL, notes),)


def _publish(bound: Bound) -> tuple[float, float, float]:
    """Processor seconds of taking originals, of searching for them, and of the whole command."""
    from sladd.pipeline import leaks
    from sladd.pipeline.publish import publish

    with (
        spent_in(leaks.Watch, "take", "learn") as taking,
        spent_in(leaks.LeakTest, "result") as searching,
    ):
        begun = time.process_time()
        publish(bound, "bench")
        whole = time.process_time() - begun
    return sum(taking), sum(searching), whole


def _distinct(table: pa.Table) -> pa.Table:
    """The same columns with another person, comment and number in every row."""
    numbers = np.arange(table.num_rows)
    texts = pa.array(numbers).cast(pa.string())
    rng = np.random.default_rng(7)
    mobiles = 40_000_000 + rng.permutation(9_999_999)[: table.num_rows]
    born = np.datetime64("1940-01-01") + numbers // 400
    ids = [
        national_number(day, n % 400, female=bool(n % 2))
        for n, day in zip(numbers.tolist(), born.tolist(), strict=True)
    ]
    families = pc.replace_substring_regex(table["name"].combine_chunks(), ".* ", "")
    others = families.take(pa.array(rng.permutation(table.num_rows)))
    replaced = {
        "customer_id": pa.array(numbers + 100_000),
        "name": pc.binary_join_element_wise(table["name"], others, " "),
        "email": pc.binary_join_element_wise(texts, table["email"], "."),
        "phone": pa.array(mobiles).cast(pa.string()),
        "fnr": pa.array(ids),
        "street": pc.binary_join_element_wise(table["street"], texts, " H"),
        "comment": pc.binary_join_element_wise(
            "Leveres på døra mellom klokken ti og fire, merk esken med avdeling", texts, " "
        ),
        "order_total": pa.array(rng.permutation(table.num_rows) / 100),
    }
    for name, column in replaced.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table
