"""Exchange the values of a column among its rows.

ISO/IEC 20889 §8.7: permutation. Every value of the column stands in the release as often as
before, but on another row: sums, averages and the distribution stay, what belongs together in
a row is torn apart. `within` keeps the exchange inside groups, such as a year or a county.

The key decides the exchange: rows in the order of their keys' tokens get the values in the
order of the values. So it is the same for any order, batch or process in which rows come. A
value that only one row has is still true of somebody: shuffling hides whose it is, not that
it exists. So it refuses a column of nearly nothing but distinct values in a large table.

It reads the column once before it can change the first value, and holds the distinct values
and eight bytes a row; of a large table these are on disk, in a file without a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import TransformError
from sladd.model import Needs, Parameter, StorageType, TransformSpec
from transforms import arrays, draws
from transforms.contract import Chunk, Context, Rows, needs_key, parameter
from transforms.sorted_digests import DigestBuilder, SortedDigests

SPEC = TransformSpec(
    name="shuffle",
    accepts=(
        StorageType.STRING,
        StorageType.INTEGER,
        StorageType.DECIMAL,
        StorageType.FLOAT,
        StorageType.BOOLEAN,
        StorageType.DATE,
        StorageType.TIMESTAMP,
        StorageType.TIME,
        StorageType.UUID,
    ),
    output=None,
    iso20889="permutation",
    summary="Exchange the values of a column among its rows, or within groups of them.",
    needs=Needs.KEY,
    keyed=True,
    keeps_uniqueness=True,
    keeps_category=True,
    parameters=(
        Parameter("within", "column", help="values stay among rows that are equal in this column"),
    ),
)

MOST_DISTINCT = 2_000_000  # distinct values held, some 100 bytes each
MOST_GROUPS = 10_000  # a file and an entry each


@dataclass(slots=True)
class _Group:
    """The rows of one group, and its values in order. Holds values."""

    digests: DigestBuilder
    counts: dict[int, int]  # code of a value → rows that have it
    rows: SortedDigests | None = None
    ends: npt.NDArray[np.int64] | None = None
    codes: npt.NDArray[np.int64] | None = None


class Exchange:
    """Which row gets which value. Holds values: never printed or pickled."""

    def __init__(self, groups: dict[str | None, _Group], values: pa.Array) -> None:
        self._groups = groups
        self._values = values

    def of(self, digests: npt.NDArray[np.uint64], groups: list[str | None]) -> pa.Array:
        """The values that these rows get, shape (n,).

        Raises:
            TransformError: a row was not there when the column was read (SLADD-323).
        """
        codes = np.zeros(len(digests), np.int64)
        for group, places in _places(groups).items():
            known = self._groups.get(group)
            if known is None or known.rows is None or known.ends is None or known.codes is None:
                raise _not_there()
            at, found = known.rows.find(digests[places])
            if not found.all():
                raise _not_there()
            codes[places] = known.codes[np.searchsorted(known.ends, at, side="right")]
        return self._values.take(pa.array(codes))

    def __repr__(self) -> str:
        return f"<Exchange in {len(self._groups)} groups>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("an Exchange holds personal data and is never serialised")


def fit(chunks: Iterable[Chunk], context: Context) -> Exchange:
    """Read the whole column: the rows' places and the values that are there to be given.

    Raises:
        TransformError: there is no key (SLADD-302), the row keys are not unique (SLADD-329),
            or there are too many distinct values or groups (SLADD-324).
    """
    distinct: pa.Array | None = None
    groups: dict[str | None, _Group] = {}
    for chunk in chunks:
        values, digests, names = _present(chunk.values, chunk.given, context)
        if not len(values):
            continue
        coded = values.dictionary_encode()
        distinct = _with(distinct, coded.dictionary)
        places = pc.index_in(coded.dictionary, value_set=distinct).to_numpy(zero_copy_only=False)
        codes = places[coded.indices.to_numpy(zero_copy_only=False)]
        for name, at in _places(names).items():
            if name not in groups and len(groups) >= MOST_GROUPS:
                raise _too_many("groups", MOST_GROUPS)
            group = groups.setdefault(name, _Group(DigestBuilder(), {}))
            group.digests.add(digests[at])
            for code, rows in zip(*np.unique(codes[at], return_counts=True), strict=True):
                group.counts[int(code)] = group.counts.get(int(code), 0) + int(rows)
    if distinct is None:
        return Exchange({}, pa.nulls(0))
    order = _order(distinct)
    for group in groups.values():
        _settle(group, order)
    return Exchange(groups, distinct)


def apply(values: pa.Array, context: Context, rows: Rows) -> pa.Array:
    """Values of other rows, of the same type; null stays null.

    Args:
        values: shape (n,).
        context: with the key, and what `fit` returned.
        rows: which rows these are.

    Raises:
        TransformError: there is no key (SLADD-302), or a row was not there when the column was
            read (SLADD-323).
    """
    plain = arrays.plain(values)
    given, digests, names = _present(values, rows, context)
    if not len(given):
        return plain
    if not isinstance(context.state, Exchange):
        raise _not_there()
    new = context.state.of(digests, names)
    return pc.replace_with_mask(plain, pc.is_valid(plain), new.cast(plain.type))


def _present(
    values: pa.Array, rows: Rows, context: Context
) -> tuple[pa.Array, npt.NDArray[np.uint64], list[str | None]]:
    """The values that are not null, with the digests and the groups of their rows."""
    if context.key is None:
        raise needs_key(SPEC.name)
    plain = arrays.plain(values)
    there = pc.is_valid(plain)
    keys = rows.keys.filter(there)
    digests = draws.draw(context.key, f"{SPEC.name} {context.column}", keys)[:, 0]
    within = parameter(SPEC, context, "within")
    if not within:
        return plain.filter(there), digests, [None] * len(keys)
    names = arrays.texts(rows.columns[str(within)].filter(there), StorageType.STRING)
    return plain.filter(there), digests, names.to_pylist()


def _places(names: list[str | None]) -> dict[str | None, npt.NDArray[np.int64]]:
    """Group → the places of its rows."""
    coded = pa.array(names, pa.string()).dictionary_encode(null_encoding="encode")
    codes = coded.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(found) else []
    return {coded.dictionary[int(c)].as_py(): p for c, p in zip(found, parts, strict=True)}


def _with(known: pa.Array | None, more: pa.Array) -> pa.Array:
    if known is None:
        known = more.slice(0, 0)
    fresh = more.filter(pc.is_null(pc.index_in(more, value_set=known)))
    if len(known) + len(fresh) > MOST_DISTINCT:
        raise _too_many("distinct values", MOST_DISTINCT)
    return pa.concat_arrays([known, fresh]) if len(fresh) else known


def _order(values: pa.Array) -> npt.NDArray[np.int64]:
    """Code → place among the sorted values, which does not depend on who was seen first."""
    by = values if not pa.types.is_boolean(values.type) else values.cast(pa.int8())
    ranked = pc.array_sort_indices(by).to_numpy(zero_copy_only=False)
    order = np.empty(len(ranked), np.int64)
    order[ranked] = np.arange(len(ranked))
    return order


def _settle(group: _Group, order: npt.NDArray[np.int64]) -> None:
    codes = np.fromiter(group.counts, np.int64, len(group.counts))
    rows = np.fromiter(group.counts.values(), np.int64, len(group.counts))
    by_value = np.argsort(order[codes], kind="stable")
    group.codes = codes[by_value]
    group.ends = np.cumsum(rows[by_value])
    group.rows = group.digests.done()
    if group.rows.repeated:
        raise TransformError(
            "two rows of the table have one key, so their values cannot be exchanged",
            code=329,
            mend="give the column another rule",
        )


def _not_there() -> TransformError:
    return TransformError(
        "a row came that was not there when the column was read to be shuffled",
        code=323,
        mend="publish again while nobody writes to the source",
    )


def _too_many(what: str, most: int) -> TransformError:
    return TransformError(
        f"the column has more than {most} {what}, too many to be shuffled",
        code=324,
        mend="make it coarser first, or give it another rule",
    )
