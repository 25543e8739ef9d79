"""The hierarchy of each quasi-identifier: shipped, the user's own, or made from the column."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import PlanError
from sladd.model import FieldPlan, Plan
from transforms.hierarchies import (
    Hierarchy,
    bands_of,
    built_in,
    by_frequency,
    equal_frequency,
    equal_width,
    ordered,
    prefix,
)

if TYPE_CHECKING:
    from sladd.config import GuaranteeConfig, LadderConfig

BINS = (16, 8, 4, 2)
"""Bands of a number where nobody says how many: each within one of the next level."""


def hierarchy_of(
    one: FieldPlan,
    values: pa.ChunkedArray,
    plan: Plan,
    guarantee: GuaranteeConfig,
    own: Mapping[str, Hierarchy],
    language: str,
) -> Hierarchy | None:
    """How a column may be made coarser; None for one that is kept or left out whole.

    Args:
        one: the column's plan.
        values: shape (rows,).
        plan: of the release.
        guarantee: with what was said of hierarchies.
        own: the user's, by name.
        language: of labels.

    Raises:
        PlanError: there is no such hierarchy, or it does not fit (SLADD-381).
    """
    given = guarantee.hierarchies.get(str(one.field))
    name = str(one.parameters.get("hierarchy", "none"))
    if given is not None and given.hierarchy is None:
        try:
            return _said(given, one.output, values.combine_chunks())
        except ValueError as fault:
            raise _unfit(one, str(fault)) from None
    if name == "none":
        return None
    if name in own:
        return own[name]
    shipped = built_in(plan.as_of, language)
    if name in shipped:
        return shipped[name]
    if name == "equal_frequency":
        with suppress(ValueError):  # there are no numbers
            return equal_frequency(one.output, _flat(values), BINS)
        return None
    if name == "frequency":
        return by_frequency(one.output, _flat(values), (guarantee.k, 5 * guarantee.k))
    raise _unfit(one, f"there is no hierarchy '{name}'")


def _said(given: LadderConfig, name: str, values: pa.Array) -> Hierarchy | None:
    values = _flat(values)
    if given.prefix is not None:
        return prefix(name, given.prefix)
    if given.bands is not None:
        return bands_of(name, [Decimal(str(width)) for width in given.bands])
    if given.frequency is not None:
        return by_frequency(name, values, given.frequency)
    if given.equal_frequency is not None:
        return equal_frequency(name, values, given.equal_frequency)
    if given.equal_width is not None:
        return equal_width(name, values, given.equal_width)
    return ordered(name, given.ordered or (), given.together)


def _flat(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    return whole.cast(whole.type.value_type) if pa.types.is_dictionary(whole.type) else whole


def _unfit(one: FieldPlan, why: str) -> PlanError:
    return PlanError(
        f"the hierarchy cannot be used: {why}",
        code=381,
        where=str(one.field),
        mend="correct guarantee.hierarchies in sladd.yaml",
    )
