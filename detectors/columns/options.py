"""What the column scanner is told: languages, budgets, and the callables of other layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from sladd.model import SpanFinder

ExpandJson = Callable[..., Mapping[tuple[str, ...], pa.Array]]
"""`expand_json(values, max_depth=…, name_is_personal=…)`: path → the values at that path."""


@dataclass(frozen=True)
class ScanOptions:
    """How a table is scanned.

    Attributes:
        languages: of the header lexicon; the words of known shop and ERP systems always count.
        text_rows: distinct texts a column that `text_spans` reads; 0 reads none.
        text_spans: finds spans in free text; None: texts are judged by the screen alone.
        text_names: `text_spans` also finds names by a language model. False: it works by rules
            alone, and is asked only for texts in which a recogniser's screen hits.
        expand_json: makes fields of the JSON in a string column; None: JSON stays one field.
        json_depth: levels of nesting that become fields.
        eav: table name → its key column and value column, beside those found by their names.
        seed: of every draw and permutation; the same seed gives the same findings.
        permutations: of a column against itself; each costs one more run of the recognisers.
        today: the day at which ages are counted.
        child_age: years below which a person is counted as a child; 0 counts none.
    """

    languages: Sequence[str] = ("nb", "nn", "en")
    text_rows: int = 200
    text_spans: SpanFinder | None = None
    text_names: bool = True
    expand_json: ExpandJson | None = None
    json_depth: int = 5
    eav: Mapping[str, list[str]] = field(default_factory=dict)
    seed: int = 0
    permutations: int = 3
    today: date = field(default_factory=date.today)
    child_age: int = 16
