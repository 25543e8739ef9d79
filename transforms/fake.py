"""Replace every value by an invented one of the same kind; equal values get equal fakes.

ISO/IEC 20889 §8.5: pseudonymization. Every fake shows by rule that it is one, and none can be a
real person's: the modules of `transforms.fakes` say how, a kind a module, and the gate holds
every value against that rule (`form`). Equal canonical values get equal fakes under one key and
domain, in every table, source, file and text.

Fakes are for reading and testing. Kinds that do not keep values apart repeat: join on
pseudonyms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import TransformError
from sladd.model import Parameter, StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context, Form, needs_key, parameter
from transforms.fakes import CATEGORIES, KINDS, LANGUAGES, Fakery, Kind, vocabulary

CHUNK = 65_536

SPEC = TransformSpec(
    name="fake",
    accepts=(
        StorageType.STRING,
        StorageType.INTEGER,
        StorageType.DECIMAL,
        StorageType.LIST,
    ),
    output=StorageType.STRING,
    iso20889="pseudonymization",
    summary="Replace every value by an invented one that shows that it is invented.",
    joinable=True,
    keyed=True,
    keeps_category=True,
    parameters=(
        Parameter(
            "kind",
            "choice",
            choices=tuple(KINDS),
            help="what is invented; by default what the field's category says",
        ),
        Parameter(
            "language", "choice", "nb", choices=LANGUAGES, help="of the words that fakes consist of"
        ),
    ),
    kinds=CATEGORIES,
    unique_kinds=tuple(kind.name for kind in KINDS.values() if kind.unique),
)


def form(parameters: Mapping[str, Any], version: int) -> Form:  # noqa: ARG001 - as the contract has it
    """The rule that shows fakes with these parameters."""
    kind = _kind(parameters)
    words = vocabulary(str(parameters.get("language", "nb")))
    return Form(pattern=kind.pattern(words), emits=kind.categories[0])


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Fakes; null stays null, '' stays ''.

    Raises:
        TransformError: there is no key (SLADD-302), or nothing says what to invent (SLADD-365).
    """
    if context.key is None or context.derive is None:
        raise needs_key(SPEC.name)
    kind = _kind(context.parameters)
    language = str(parameter(SPEC, context, "language"))
    fakery = Fakery(context.derive, vocabulary(language))
    done = arrays.elementwise(
        values,
        lambda flat: arrays.per_distinct(
            arrays.texts(flat, context.storage), lambda some: invented(some, kind, fakery)
        ),
    )
    if fakery.raw:
        context.counts["raw"] += fakery.raw
    return done


def invented(values: pa.Array, kind: Kind, fakery: Fakery) -> pa.Array:
    """The fakes of texts, shape (n,); null stays null and '' stays ''."""
    there = pc.fill_null(pc.not_equal(values, ""), fill_value=False)
    some = values.filter(there)
    parts = [
        kind.make(some.slice(start, CHUNK).to_pylist(), fakery)
        for start in range(0, len(some), CHUNK)
    ]
    if not parts:
        return values
    made = pa.concat_arrays(parts)
    return made if len(some) == len(values) else pc.replace_with_mask(values, there, made)


def _kind(parameters: Mapping[str, Any]) -> Kind:
    kind = KINDS.get(str(parameters.get("kind", "")))
    if kind is None:
        raise TransformError(
            "fake is not told what to invent", code=365, mend=f"add kind: {', '.join(KINDS)}"
        )
    return kind
