"""Where every row is a person of its own, no more of them is kept than the answer needs."""

from __future__ import annotations

from collections import defaultdict
from unittest import mock

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.gate.leaks import seen
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.shapes import MOST_PERSONS, Kind, Original, Originals

EMAIL = Original("shop/orders.email", "email", "user.contact.email")
# A short one is weak: it is looked for as a whole cell alone.
MAILS = ("kari@example.no", "ola@example.no", "nils@example.no", "a@b.c", "x")
KINDS = (Kind.EMAIL, Kind.CELL)
ROWS = st.lists(st.tuples(st.sampled_from(MAILS), st.integers(0, 12)), min_size=1, max_size=40)


def owners(batches: list[list[tuple[str, int]]], **more: object) -> dict[tuple[int, int], set[int]]:
    """Kind and digest → the persons that are kept with it, by a hasher of the needles' own."""
    needles = Needles()
    table = needles.table(Originals((EMAIL,), person="id", entity="orders.id", **more))
    for rows in batches:
        mails, persons = zip(*rows, strict=True)
        table.add(pa.record_batch({"email": pa.array(mails), "id": pa.array(persons)}))
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for records in needles.store.chunks():
        for record in records:
            found[int(record["tag"]) % 16, int(record["digest"])].add(int(record["owner"]))
    return found


def sizes(found: dict[tuple[int, int], set[int]], kind: Kind) -> list[int]:
    """Persons of each original of a kind; more than count are no more than that."""
    most = MOST_PERSONS + 1 if kind is Kind.EMAIL else 1_000
    return sorted(min(len(each), most) for (known, _), each in found.items() if known == kind)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6))
def test_strong_values_keep_one_person_too_many_and_weak_ones_all(batches):
    """As many as tell whether it is shared, of each value, however the rows come.

    What a table keeps that remembers nothing is the same, as far as an answer depends on it.
    """
    # First a batch in which values repeat and persons do not: that is what decides.
    batches = [
        [(mail, 100 + n * 5 + k) for k, mail in enumerate(MAILS) for n in range(3)],
        *batches,
    ]
    whole = defaultdict(set)
    for rows in batches:
        for mail, person in rows:
            whole[mail].add(person)
    found = owners(batches)
    strong = [min(len(whole[mail]), MOST_PERSONS + 1) for mail in MAILS[:3]]
    assert sizes(found, Kind.EMAIL) == sorted(strong)
    assert sizes(found, Kind.CELL) == sorted(len(whole[mail]) for mail in MAILS[3:])
    with mock.patch.object(seen, "REPEATED", -1.0):
        every = owners(batches)
    assert [sizes(every, kind) for kind in KINDS] == [sizes(found, kind) for kind in KINDS]


def test_whole_cells_need_no_persons_where_the_release_tells_of_none():
    """No row of it could be a person's own."""
    rows = [(mail, n * 5 + k) for k, mail in enumerate(MAILS) for n in range(9)]
    assert max(sizes(owners([rows]), Kind.CELL)) == 9
    field = Original("shop/orders.city", "city", "user.contact.address.city")
    needles = Needles()
    table = needles.table(Originals((field,), person="id", entity="orders.id", told=False))
    table.add(pa.record_batch({"city": ["Oslo", "Oslo", "Bergen"], "id": [1, 2, 3]}))
    assert [int(r["owner"]) for c in needles.store.chunks() for r in c] == [0, 0]


def test_whole_cells_are_not_kept_where_the_plan_lets_them_out():
    """No column would be asked for them."""
    needles = Needles()
    field = Original("shop/orders.city", "city", "user.contact.address.city", kept=True)
    needles.table(Originals((field,))).add(pa.record_batch({"city": ["Oslo", "Bergen"]}))
    assert needles.store.count == 0
