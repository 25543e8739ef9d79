"""What is left of the columns of a pseudonymised release: from the plan and counts at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sladd.model import Needs, TablePlan, TransformSpec
from sladd.release.utility import Treated, TreatedTable

Left = Literal["all", "equality", "classes", "shape", "text", "parts", "nothing"]
_BY_TECHNIQUE: Mapping[str, Left] = {  # the words of ISO/IEC 20889 that a transform declares
    "none": "all",
    "generalization": "classes",
    "rounding": "classes",
    "top and bottom coding": "classes",
    "masking": "text",
    "suppression": "nothing",
}


def treated_tables(
    plans: Sequence[TablePlan],
    specs: Mapping[str, TransformSpec],
    *,
    rows: Mapping[str, tuple[int, int]],
    unreadable: Mapping[str, int],
) -> tuple[TreatedTable, ...]:
    """What each table of a release lost; nothing is read for it.

    Args:
        plans: of the tables that were written.
        specs: of the transforms, by name.
        rows: table → rows in the source and in the release.
        unreadable: `table.column: unparsed` → values, as the manifest counts them.
    """
    return tuple(
        TreatedTable(
            name=plan.output,
            rows_before=rows[plan.output][0],
            rows_after=rows[plan.output][1],
            columns=tuple(
                Treated(
                    name=field.output,
                    left=left(specs[field.transform]),
                    unreadable=unreadable.get(f"{plan.output}.{field.output}: unparsed", 0),
                )
                for field in plan.fields
                if field.output
            ),
            dropped=sum(not field.output for field in plan.fields),
        )
        for plan in plans
    )


def left(spec: TransformSpec) -> Left:
    """What an analyst can still do with a column."""
    if spec.by_parts:
        return "parts"
    if spec.needs is Needs.ROW:
        return "text"
    if found := _BY_TECHNIQUE.get(spec.iso20889):
        return found
    # Fakes look like values of the kind; pseudonyms and ciphertexts are only equal or not.
    return "shape" if spec.kinds or not spec.joinable else "equality"
