"""Numbers of persons that no foreign key declares, told by what stands beside them.

A key whose target another column names (`target_type`, `target_id`: a polymorphic association, as
Rails and Laravel keep them) leads to persons where that column says so; and a column of a table
of persons that holds nothing but their numbers leads to others of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from detectors.columns.judgement import Judged
from detectors.columns.postal_places import rows_of
from detectors.columns.spelling import folded, words
from detectors.columns.tables import kind_of_name
from detectors.columns.weighing import Candidate

_PERSON = "user.unique_id"
_TYPES = ("type", "class", "model", "table", "kind", "modell", "tabell")
_IDS = ("id", "key", "uid", "uuid", "pk")
_MOSTLY = 0.5  # share of the rows that lead to persons
_TELLS = 3.0  # log-odds, as what numbers the rows of a table
_KNOWN = 0.95  # share of the values that are keys of the same table
_FEWEST = 5  # different values
_WIDE = 4  # signs of a key, fewer than which any number may be one
_STRINGS = 200  # values of the column that names the targets


def add_led_to(columns: Sequence[Judged]) -> None:
    """Let a column that names the tables say whose numbers stand beside it.

    Args:
        columns: of one table, judged.
    """
    own = {folded(j.field.ref.column): j for j in columns if not j.field.ref.path}
    for name, judged in own.items():
        stem = next((name.removesuffix(t) for t in _TYPES if name.endswith(t)), "")
        other = next((own[stem + i] for i in _IDS if stem and stem + i in own), None)
        if other is None or other.accepted or not len(judged.profile.values):
            continue
        share = _of_persons(judged)
        if share >= _MOSTLY:
            _tell(other, _TELLS, by="target_type", share=round(share, 3))


def _of_persons(judged: Judged) -> float:
    r"""Share 0-1 of the cells that name a table of persons: `App\Models\User`."""
    column = judged.profile
    if len(column.values) > _STRINGS:
        return 0.0
    kinds = [kind_of_name((words(cell) or [""])[-1]) for cell in column.values.to_pylist()]
    led = sum(int(n) for kind, n in zip(kinds, column.counts, strict=True) if kind == "person")
    return led / int(column.counts.sum())


def add_among_themselves(
    columns: Sequence[Judged], data: Mapping[str, pa.Array | pa.ChunkedArray]
) -> None:
    """Take columns that hold nothing but the table's own keys of persons for such keys.

    Args:
        columns: of one table, judged, once its own keys are known.
        data: their values by `str(ref)`.
    """
    keys = [j for j in columns if j.accepted.startswith(_PERSON) and not j.field.ref.path]
    for key in (j for j in keys if _is_key(j)):
        held = set(key.profile.values.to_pylist())
        for judged in columns:
            if (
                judged is key
                or judged.accepted
                or judged.texts
                or str(judged.field.ref) not in data
            ):
                continue
            cells = set(rows_of(data[str(judged.field.ref)]).drop_null().unique().to_pylist())
            cells.discard("")
            known = len(cells & held)
            if len(cells) >= _FEWEST and known >= _KNOWN * len(cells):
                _tell(judged, _TELLS, by="same_numbers", share=round(known / len(cells), 3))


def _is_key(judged: Judged) -> bool:
    """Whether each row has a key of its own, wide enough that few other numbers are among them."""
    column = judged.profile
    filled = column.rows - column.nulls
    return (
        len(column.values) >= 4 * _FEWEST
        and column.distinct >= 0.85 * filled
        and min(map(len, column.drawn(100))) >= _WIDE
    )


def _tell(judged: Judged, weight: float, **facts: str | float) -> None:
    found = [c for c in judged.candidates if c.category.startswith(_PERSON)]
    if not found:
        found = [Candidate(_PERSON, "")]
        judged.candidates.extend(found)
    for candidate in found:
        muted = sum(e.weight for e in candidate.evidence if e.signal == "header" and e.weight < 0)
        candidate.barred = False
        candidate.add("key", weight - muted, role="number", table_kind="person", **facts)
