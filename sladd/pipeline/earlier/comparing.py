"""A release against earlier ones: who can be singled out by taking one count from another.

Two releases of one table count the same persons in classes that may be cut differently. The
smallest groups that both count, *regions*, are unions of classes of either. They are worked out
anew at each publish, from the rows at hand; what is kept of a release are its levels and the
counts of its classes, under digests. Whom the classes of both narrow down is asked of the same
rows (`narrowing`).

Source: Xiao and Tao 2007, m-Invariance; Denning 1982, Cryptography and Data Security, ch. 6
(tracker attacks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.catalog.records import ClassCounts
from sladd.model import Check
from sladd.pipeline.earlier import EARLIER
from sladd.pipeline.earlier.classes import Integers, divided, regions
from sladd.pipeline.earlier.narrowing import Narrowed, narrowed
from sladd.pipeline.utility.combined import combined
from sladd.release.earlier import Earlier, EarlierTable
from transforms import arrays
from transforms.anonymity.coding import STAR, coded
from transforms.hierarchies import Hierarchy

_NEAR, _ENOUGH, _MOST = 0.1, 5, 0.8
"""A class may have changed by that share; so many of them, with that share of the persons, are no
coincidence: of five counts spread evenly up to some size each agrees once in five."""
NO_KEY = "key not at hand"
NO_CLASS = "no class of it is in the source any more"
KeyOf = Callable[[ClassCounts], bytes | None]
"""The key that an entry's digests were made with; None where it is gone."""
Standing = Callable[[ClassCounts], pa.Table | None]
"""The rows that were published, read from a version that still stands; None where it does not."""


def nothing_stands(entry: ClassCounts) -> pa.Table | None:
    """No version of an earlier release is at hand."""


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
    _, digests, sizes = divided(after, columns, key)
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
    standing: Standing = nothing_stands,
    elsewhere: Iterable[ClassCounts] = (),
    as_they_are: Sequence[str] = (),
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
        k: fewest persons that a difference may tell of, and that somebody may hide among.
        entries: of the ledger.
        key_of: finds the key of an entry.
        standing: reads an earlier version, where the ledger alone is not enough.
        elsewhere: entries of other tables, that are gone or have another name now; those whose
            classes are those of this table are compared, too.
        as_they_are: columns of `before` that go out as they are; the earlier release is taken to
            have held them, too.
    """
    classes, _, _ = divided(after, sorted(levels), b"")
    present = np.where(left_out, -1, classes)
    divisions: list[tuple[ClassCounts, Integers]] = []
    values = combined([coded(before.column(c)).codes for c in as_they_are], before.num_rows)
    found = []
    renamed = [one for one in elsewhere if _same_persons(one, before, hierarchies, key_of(one))]
    for entry in (*entries, *renamed):
        known, key = _at_hand(entry, before.column_names, key_of, standing)
        missing = sorted(c for c in known.levels if c not in before.column_names)
        if missing or key is None:
            reason = f"columns not at hand: {', '.join(missing)}" if missing else NO_KEY
            found.append(_incomparable(name, entry, reason))
            continue
        former = generalised(before, known.levels, hierarchies)
        if former is None:
            found.append(_incomparable(name, entry, "a hierarchy has lost a level"))
            continue
        mine, digests, _ = divided(former, sorted(known.levels), key)
        if known.counts and digests and known.counts.keys().isdisjoint(digests):
            found.append(_incomparable(name, entry, NO_CLASS))
            continue
        compared, former = _compared(name, known, k, (mine, digests), (classes, present), values)
        found.append(compared)
        if not any(np.array_equal(former, other) for _, other in divisions):
            divisions.append((known, former))
    if len(divisions) > 1 and not any(one.narrowed for one in found):
        found.append(_together(name, divisions, present, values, k))
    return Earlier(k=k, compared=tuple(found))


def _same_persons(
    entry: ClassCounts, table: pa.Table, hierarchies: Mapping[str, Hierarchy], key: bytes | None
) -> bool:
    """Whether a release of another name counts about the same persons in the same classes.

    A table that was renamed overnight is the same table. Two tables that happen to share a few
    coarse classes do not share their counts.
    """
    if key is None or not entry.levels.keys() <= set(table.column_names):
        return False
    former = generalised(table, entry.levels, hierarchies)
    if former is None:
        return False
    _, digests, sizes = divided(former, sorted(entry.levels), key)
    near = [
        count
        for one, size in zip(digests, sizes.tolist(), strict=True)
        if (count := entry.counts.get(one)) is not None and abs(size - count) <= _NEAR * count
    ]
    return len(near) >= _ENOUGH and sum(near) >= _MOST * sum(entry.counts.values())


def _together(
    name: str,
    divisions: Sequence[tuple[ClassCounts, Integers]],
    present: Integers,
    values: Integers,
    k: int,
) -> EarlierTable:
    """Whom all earlier releases narrow down that no single one does."""
    hiding = narrowed([*(each for _, each in divisions), present], values, k)
    return EarlierTable(
        table=name,
        release=", ".join(dict.fromkeys(entry.release for entry, _ in divisions)),
        version=f"×{len(divisions)}",
        other_table=", ".join(dict.fromkeys(entry.name for entry, _ in divisions)),
        together=len(divisions),
        narrowed=hiding.persons,
        narrowed_more=hiding.more,
        hidden_among=hiding.least,
        passed=not hiding.persons,
    )


def _at_hand(
    entry: ClassCounts, columns: Sequence[str], key_of: KeyOf, standing: Standing
) -> tuple[ClassCounts, bytes | None]:
    """An entry with a key; counted anew from the version itself where the ledger does not do.

    Columns that the source has no more are left out of such a count: this release is of one class
    in them, so its regions are, too.
    """
    key = key_of(entry)
    if key is not None and entry.levels.keys() <= set(columns):
        return entry, key
    rows = standing(entry)
    if rows is None:
        return entry, key
    levels = {c: level for c, level in entry.levels.items() if c in columns}
    _, digests, sizes = divided(rows, sorted(levels), b"")
    counts = dict(zip(digests, sizes.tolist(), strict=True))
    return replace(entry, levels=levels, counts=counts), b""


def generalised(
    table: pa.Table, levels: Mapping[str, int], hierarchies: Mapping[str, Hierarchy]
) -> pa.Table | None:
    """Columns at given levels, `*` one past the last; None where a hierarchy has no such level."""
    made = table.select([])  # which still knows how many rows there are
    for name, level in levels.items():
        hierarchy = hierarchies.get(name)
        most = len(hierarchy.levels) if hierarchy else 1
        if level > most:
            return None
        values = table.column(name).combine_chunks()
        if level == most:
            classes = pa.array([STAR] * len(values))
        elif hierarchy is None or level == 0:
            classes = arrays.plain(values)
        else:
            classes = arrays.per_distinct(values, partial(hierarchy.generalise, level=level))
        made = made.append_column(name, classes)
    return made


def earlier_checks(found: Earlier) -> list[Check]:
    """The comparisons as the gate gives them."""
    return [Check(EARLIER, one.passed, _told(one, found.k), one.table) for one in found.compared]


def _told(one: EarlierTable, k: int) -> str:
    """What a comparison says, in numbers."""
    with_it = f"with {one.release} {one.version}"
    if one.together:
        least = "at least " if one.narrowed_more else ""
        told = f"{least}{one.narrowed} persons" if one.narrowed else "nobody"
        among = f" (at worst {one.hidden_among})" if one.narrowed else ""
        return (
            f"with {one.together} earlier releases together ({one.release}): {told} hide among "
            f"fewer than {k} rows of all{among}"
        )
    if not one.comparable:
        return f"{with_it}, which cannot be compared: {one.reason}"
    told = f"{one.differing} of {one.regions} groups differ by fewer than {k} persons"
    if one.narrowed:
        least = "at least " if one.narrowed_more else ""
        told += (
            f", and {least}{one.narrowed} persons hide among fewer than {k} rows of both "
            f"(at worst {one.hidden_among})"
        )
    return f"{with_it}: {told}"


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
    former: tuple[Integers, Sequence[bytes]],
    present: tuple[Integers, Integers],
    values: Integers,
) -> tuple[EarlierTable, Integers]:
    """The comparison, and the class of each row in the earlier release."""
    (mine, digests), (classes, shown) = former, present
    region = regions(mine, classes)
    size = int(region.max(initial=-1)) + 1
    before, known = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    home = np.zeros(len(digests), np.int64)
    home[mine] = region
    published = np.zeros(len(digests), np.bool_)
    for place, key in enumerate(digests):
        count = entry.counts.get(key)
        if count is not None:
            published[place] = True
            before[home[place]] += count
            known[home[place]] = True
    after = np.bincount(region[shown >= 0], minlength=size)
    # Both have to count somebody: what one of them left out whole, nobody can take away.
    both = known & (after > 0)
    apart = np.abs(before - after)[both]
    small = apart[(apart > 0) & (apart < k)]
    hiding, former_class = Narrowed(), np.zeros(0, np.int64)
    if len(mine):
        former_class = np.where(published[mine], mine, -1)
        hiding = narrowed([former_class, shown], values, k)
    compared = EarlierTable(
        table=name,
        release=entry.release,
        version=entry.version,
        other_table=entry.name,
        classes=len(entry.counts),
        found=int(published.sum()),
        regions=int(both.sum()),
        differing=len(small),
        persons=int(small.sum()),
        smallest=int(small.min()) if len(small) else 0,
        narrowed=hiding.persons,
        narrowed_more=hiding.more,
        hidden_among=hiding.least,
        passed=not len(small) and not hiding.persons,
    )
    return compared, former_class
