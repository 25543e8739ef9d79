"""Tags of columns: what each holds, with its verdict counted in, for tools that know columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sladd.catalog import CatalogField
from sladd.model import How, TableRef
from sladd.taxonomy import Taxonomy

_ORDER = (How.IS, How.CONTAINS, How.LINKED)


@dataclass(frozen=True, slots=True)
class ColumnTag:
    """What one column holds, the values inside its JSON included.

    Attributes:
        column: its name; one that is personal data itself is `c<position>`, as in all of sladd.
        categories: keys of the taxonomy, sorted; empty where there is no personal data.
        legal_classes: of these, sorted.
        how: the closest of `is`, `contains`, `linked`; `none` without a category.
        decided: `confirmed`, `changed`, or "" while nobody has decided.
    """

    column: str
    categories: tuple[str, ...] = ()
    legal_classes: tuple[str, ...] = ()
    how: How = How.NONE
    decided: str = ""


def column_tags(
    fields: Iterable[CatalogField], taxonomy: Taxonomy
) -> Mapping[TableRef, Mapping[str, ColumnTag]]:
    """The tags of every column, by table and name."""
    grouped: dict[TableRef, dict[str, list[CatalogField]]] = {}
    for field in fields:
        columns = grouped.setdefault(field.ref.table, {})
        columns.setdefault(field.ref.column, []).append(field)
    return {
        table: {name: _tag(name, parts, taxonomy) for name, parts in columns.items()}
        for table, columns in grouped.items()
    }


def _tag(name: str, parts: Sequence[CatalogField], taxonomy: Taxonomy) -> ColumnTag:
    held = [
        part
        for part in parts
        if part.effective.how is not How.NONE
        and part.effective.category in taxonomy
        and taxonomy[part.effective.category].personal
    ]
    if not held:
        return ColumnTag(name)
    keys = sorted({part.effective.category for part in held})
    own = [part for part in held if not part.ref.path]
    # What lies inside a JSON document is contained in the column, whatever it is there.
    hows = {part.effective.how for part in own} or {How.CONTAINS}
    decided = {part.verdict.decision.value if part.verdict else "" for part in held}
    return ColumnTag(
        name,
        tuple(keys),
        tuple(sorted({str(taxonomy[key].legal_class) for key in keys})),
        next(how for how in _ORDER if how in hows),
        decided.pop() if len(decided) == 1 else "",
    )
