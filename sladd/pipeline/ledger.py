"""A release against earlier ones: who can be singled out by taking one count from another.

Two releases of one table count the same persons in classes that may be cut differently. The
smallest groups that both count, *regions*, are unions of classes of either. They are worked out
anew at each publish, from the rows at hand; what is kept of a release are its levels and the
counts of its classes, under digests.

Source: Xiao and Tao 2007, m-Invariance; Denning 1982, Cryptography and Data Security, ch. 6
(tracker attacks).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.catalog.ledger import DIGEST_BYTES
from sladd.catalog.records import ClassCounts
from sladd.model import Check
from sladd.pipeline.utility.combined import combined
from sladd.release.earlier import Earlier, EarlierTable
from transforms import arrays
from transforms.anonymity.coding import STAR, coded
from transforms.hierarchies import Hierarchy

Integers = npt.NDArray[np.int64]
EARLIER = "earlier releases"  # name of the check
KeyOf = Callable[[ClassCounts], bytes | None]
"""The key that an entry's digests were made with; None where it is gone."""


def class_counts(
    after: pa.Table,
    *,
    levels: Mapping[str, int],
    key: bytes,
    key_id: str,
    release: str,
    version: str,
    name: str,
    table: str,
) -> ClassCounts:
    """What the ledger keeps of an anonymised table.

    Args:
        after: the published rows, one a person.
        levels: quasi-identifier → number of its level.
        key: of the digests.
        key_id: says which one that is.
        release: its name.
        version: of it.
        name: of the table in it.
        table: address of the source's table.
    """
    columns = sorted(levels)
    _, digests, sizes = _classes(after, columns, key)
    counts = dict(zip(digests, sizes.tolist(), strict=True))
    return ClassCounts(release, version, name, table, key_id, dict(levels), counts)


def against_earlier(
    name: str,
    before: pa.Table,
    after: pa.Table,
    left_out: npt.NDArray[np.bool_],
    *,
    levels: Mapping[str, int],
    hierarchies: Mapping[str, Hierarchy],
    k: int,
    entries: Iterable[ClassCounts],
    key_of: KeyOf,
) -> Earlier:
    """Compare a table with what was published from the same source before.

    Args:
        name: of the table in this release.
        before: one row a person, as the source has it; also the columns of earlier releases,
            where it has them.
        after: the same rows generalised; also those that were left out.
        left_out: shape (rows,), which rows were.
        levels: quasi-identifier → number of its level in this release.
        hierarchies: by quasi-identifier.
        k: fewest persons that a difference may tell of.
        entries: of the ledger.
        key_of: finds the key of an entry.
    """
    classes, _, _ = _classes(after, sorted(levels), b"")
    found = []
    for entry in entries:
        missing = sorted(c for c in entry.levels if c not in before.column_names)
        key = key_of(entry)
        if missing or key is None:
            reason = f"columns not at hand: {', '.join(missing)}" if missing else "key not at hand"
            found.append(_incomparable(name, entry, reason))
            continue
        former = generalised(before, entry.levels, hierarchies)
        if former is None:
            found.append(_incomparable(name, entry, "a hierarchy has lost a level"))
            continue
        mine, digests, _ = _classes(former, sorted(entry.levels), key)
        found.append(_compared(name, entry, k, mine, digests, classes, left_out))
    return Earlier(k=k, compared=tuple(found))


def generalised(
    table: pa.Table, levels: Mapping[str, int], hierarchies: Mapping[str, Hierarchy]
) -> pa.Table | None:
    """Columns at given levels, `*` one past the last; None where a hierarchy has no such level."""
    made = {}
    for name, level in levels.items():
        hierarchy = hierarchies.get(name)
        most = len(hierarchy.levels) if hierarchy else 1
        if level > most:
            return None
        values = table.column(name).combine_chunks()
        if level == most:
            made[name] = pa.array([STAR] * len(values))
        elif hierarchy is None or level == 0:
            made[name] = arrays.plain(values)
        else:
            made[name] = arrays.per_distinct(values, partial(hierarchy.generalise, level=level))
    return pa.table(made)


def earlier_checks(found: Earlier) -> list[Check]:
    """The comparisons as the gate gives them."""
    return [
        Check(
            EARLIER,
            one.passed,
            f"{one.release} {one.version}: {one.reason}"
            if not one.comparable
            else f"{one.release} {one.version}: {one.differing} of {one.regions} groups differ by "
            f"fewer than {found.k} persons",
            one.table,
        )
        for one in found.compared
    ]


def _incomparable(name: str, entry: ClassCounts, reason: str) -> EarlierTable:
    return EarlierTable(
        table=name,
        release=entry.release,
        version=entry.version,
        other_table=entry.name,
        classes=len(entry.counts),
        comparable=False,
        reason=reason,
        passed=False,
    )


def _compared(
    name: str,
    entry: ClassCounts,
    k: int,
    mine: Integers,
    digests: Sequence[bytes],
    classes: Integers,
    left_out: npt.NDArray[np.bool_],
) -> EarlierTable:
    region = regions(mine, classes)
    size = int(region.max(initial=-1)) + 1
    before, known = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    home = np.zeros(len(digests), np.int64)
    home[mine] = region
    found = 0
    for place, key in enumerate(digests):
        count = entry.counts.get(key)
        if count is not None:
            found += 1
            before[home[place]] += count
            known[home[place]] = True
    after = np.bincount(region[~left_out], minlength=size)
    # Both have to count somebody: what one of them left out whole, nobody can take away.
    both = known & (after > 0)
    apart = np.abs(before - after)[both]
    small = apart[(apart > 0) & (apart < k)]
    return EarlierTable(
        table=name,
        release=entry.release,
        version=entry.version,
        other_table=entry.name,
        classes=len(entry.counts),
        found=found,
        regions=int(both.sum()),
        differing=len(small),
        persons=int(small.sum()),
        smallest=int(small.min()) if len(small) else 0,
        passed=not len(small),
    )


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


def _classes(
    table: pa.Table, columns: Sequence[str], key: bytes
) -> tuple[Integers, list[bytes], Integers]:
    """The class of each row, and of each class its digest and how many rows it has."""
    sides = [coded(table.column(column)) for column in columns]
    keys = combined([side.codes for side in sides], table.num_rows)
    _, first, place, sizes = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    texts = [side.values.cast(pa.string()).to_pylist() for side in sides]
    rows = zip(*(side.codes[first].tolist() for side in sides), strict=True)
    digests = []
    for codes in rows:
        values = [[c, t[code]] for c, t, code in zip(columns, texts, codes, strict=True)]
        told = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        digests.append(hashlib.blake2b(told, digest_size=DIGEST_BYTES, key=key).digest())
    return place, digests, sizes
