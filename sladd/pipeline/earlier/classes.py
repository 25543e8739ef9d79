"""The classes of an anonymised table: digests, counts, and the groups that two divisions share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.catalog.ledger import DIGEST_BYTES
from sladd.pipeline.utility.combined import combined
from transforms.anonymity.coding import coded

Integers = npt.NDArray[np.int64]


def regions(one: Integers, other: Integers) -> Integers:
    """Shape (rows,): the smallest groups that are unions of classes of both divisions.

    Args:
        one: shape (rows,), class of each row.
        other: shape (rows,), class of each row in the other division.
    """
    if not len(one):
        return np.zeros(0, np.int64)
    width = int(other.max()) + 1
    pairs = np.unique(one * width + other)
    left, right = pairs // width, pairs % width
    label = np.arange(int(one.max()) + 1)
    while True:
        least = np.full(width, len(label), np.int64)
        np.minimum.at(least, right, label[left])
        fresh = label.copy()
        np.minimum.at(fresh, left, least[right])
        fresh = fresh[fresh]  # a label is itself a class, whose own label may be lower
        if (fresh == label).all():
            break
        label = fresh
    return np.unique(label[one], return_inverse=True)[1]


def divided(
    table: pa.Table, columns: Sequence[str], key: bytes
) -> tuple[Integers, list[bytes], Integers]:
    """The class of each row, and of each class its digest and how many rows it has."""
    sides = [coded(table.column(column)) for column in columns]
    keys = combined([side.codes for side in sides], table.num_rows)
    _, first, place, sizes = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    texts = [side.values.cast(pa.string()).to_pylist() for side in sides]
    codes_of = [side.codes[first].tolist() for side in sides]
    digests = []
    # Without a column all are of one class.
    for codes in zip(*codes_of, strict=True) if sides else [()] * len(first):
        values = [[c, t[code]] for c, t, code in zip(columns, texts, codes, strict=True)]
        told = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        digests.append(hashlib.blake2b(told, digest_size=DIGEST_BYTES, key=key).digest())
    return place, digests, sizes
