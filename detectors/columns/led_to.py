"""Numbers of persons that no foreign key declares, told by what stands beside them.

A key whose target another column names (`target_type`, `target_id`: a polymorphic association, as
Rails and Laravel keep them) leads to persons where that column says so; and a column of a table
of persons that holds nothing but their numbers leads to others of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.judgement import Judged
from detectors.columns.spelling import folded, words
from detectors.columns.tables import kind_of_name
from detectors.columns.weighing import Candidate
from sladd.model import Table

_PERSON = "user.unique_id"
_TYPES = ("type", "class", "model", "table", "kind", "modell", "tabell")
_IDS = ("id", "key", "uid", "uuid", "pk")
_MOSTLY = 0.5  # share of the rows that lead to persons
_TELLS = 3.0  # log-odds, as what numbers the rows of a table
_KNOWN = 0.6  # share of the values that are keys of the same table, of which some may be missing
_OTHERWISE = 2.4  # weight of a name that says that a column is something else
_FEWEST = 5  # different values
_WIDE = 5  # signs of a key, fewer than which any number may be one
_STRINGS = 200  # values of the column that names the targets


def add_led_to(columns: Sequence[Judged], table: Table) -> None:
    """Let a column that names the tables say whose numbers stand beside it.

    Args:
        columns: of one table, judged.
        table: with its primary key.
    """
    own = {folded(j.field.ref.column): j for j in columns if not j.field.ref.path}
    for name, judged in own.items():
        stem = next((name.removesuffix(t) for t in _TYPES if name.endswith(t)), "")
        other = next((own[stem + i] for i in _IDS if stem and stem + i in own), None)
        if other is None or other.accepted or not len(judged.profile.values):
            continue
        if kind_of_name(stem) or other.field.ref.column in (table.primary_key or ()):
            continue  # the kind of a customer stands beside their number, too
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


def add_among_themselves(columns: Sequence[Judged]) -> None:
    """Take columns that hold the table's own keys of persons for such keys.

    Args:
        columns: of one table, judged, once its own keys are known.
    """
    keys = [j for j in columns if j.accepted.startswith(_PERSON) and not j.field.ref.path]
    for key in (j for j in keys if _is_key(j)):
        held = set(key.profile.values.to_pylist())
        for judged in columns:
            if judged is key or judged.accepted or judged.texts or judged.field.ref.path:
                continue
            if any(m.category and m.weight >= _OTHERWISE for m in judged.headers):
                continue
            cells = set(judged.profile.values.to_pylist())
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
        candidate.add("key", weight - muted, role="foreign", table_kind="person", **facts)
