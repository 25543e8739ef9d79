"""A table of persons before and after it was made coarser, in plain Python beside Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sladd.pipeline.utility import Compared


def made(rows: int = 400, k: int = 5, seed: int = 3) -> Compared:
    """Ages by decade, postcodes by first digit, a group as it is; a few rows left out."""
    draw = np.random.default_rng(seed)
    ages = draw.integers(18, 78, rows)
    codes = [f"{draw.integers(0, 10)}{draw.integers(0, 40):03d}" for _ in range(rows)]
    groups = np.where(draw.random(rows) < (ages - 10) / 80, "stor", "liten")
    spent = (ages * 10 + draw.integers(0, 200, rows)).tolist()
    spent[0], spent[1] = 987_654, None
    before = pa.table({"alder": ages, "postnr": codes, "gruppe": groups, "sum": spent})
    after = pa.table(
        {
            "alder": [f"{a // 10 * 10}–{a // 10 * 10 + 9}" for a in ages],
            "postnr": [f"{c[0]}xxx" for c in codes],
            "gruppe": groups,
            "sum": spent,
        }
    )
    classes: dict[tuple[str, str], int] = {}
    for age, code in zip(after["alder"].to_pylist(), after["postnr"].to_pylist(), strict=True):
        classes[age, code] = classes.get((age, code), 0) + 1
    left_out = np.array(
        [
            classes[pair] < k
            for pair in zip(after["alder"].to_pylist(), after["postnr"].to_pylist(), strict=True)
        ]
    )
    levels = {"alder": "10 years", "postnr": "1 digit"}
    return Compared("personer", before, after, left_out, levels, ("gruppe", "sum"), k)
