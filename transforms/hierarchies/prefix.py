"""A hierarchy of codes whose first characters are the coarser class: postcodes, product groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import StorageType
from transforms import arrays
from transforms.hierarchies.ladder import Ladder, Step


def prefix(name: str, lengths: Sequence[int]) -> Ladder:
    """A hierarchy of ever shorter beginnings, written `01*`.

    Args:
        name: of the hierarchy.
        lengths: characters kept at each level, descending.

    Raises:
        ValueError: the lengths do not descend to at least 1.

    >>> prefix("postcode", [2, 1]).generalise(pa.array(["0150", "0161"]), 1).to_pylist()
    ['01*', '01*']
    """
    if not lengths or lengths[-1] < 1 or any(b >= a for a, b in pairwise(lengths)):
        raise ValueError("the lengths descend, and the last is at least 1")

    def step(length: int) -> Step:
        def cut(values: pa.Array) -> pa.Array:
            texts = arrays.texts(values, StorageType.STRING)
            return pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, length), "*", "")

        return cut

    return Ladder(
        name,
        ("value", *(f"{length} characters" for length in lengths)),
        tuple(step(length) for length in lengths),
    )
