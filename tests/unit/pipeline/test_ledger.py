"""Earlier releases: what two counts of the same persons tell when one is taken from the other."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.catalog import open_catalog
from sladd.catalog.records import ClassCounts
from sladd.errors import CatalogError
from sladd.pipeline.earlier.classes import regions
from sladd.pipeline.earlier.comparing import (
    NO_CLASS,
    against_earlier,
    class_counts,
    earlier_checks,
    generalised,
)
from sladd.pipeline.earlier.narrowing import narrowed
from transforms.hierarchies import prefix

KEY = b"k" * 32
HIERARCHIES = {"post": prefix("post", [2, 1])}
HOME = {"release": "open", "version": "v1", "name": "personer", "table": "shop/public.kunder"}


def people(posts: list[str]) -> pa.Table:
    return pa.table({"post": posts, "kjonn": ["K"] * len(posts)})


def out_of(after: pa.Table, k: int) -> np.ndarray:
    """Rows in classes below k."""
    seen = defaultdict(int)
    rows = [tuple(row.values()) for row in after.to_pylist()]
    for row in rows:
        seen[row] += 1
    return np.array([seen[row] < k for row in rows], bool)


def published(table: pa.Table, levels: dict[str, int], k: int) -> ClassCounts:
    after = generalised(table, levels, HIERARCHIES)
    kept = after.filter(pa.array(~out_of(after, k)))
    return class_counts(kept, levels=levels, key=KEY, key_id="main-1", **HOME)


def compare(table: pa.Table, levels: dict[str, int], k: int, entry: ClassCounts, key=KEY):
    after = generalised(table, levels, HIERARCHIES)
    found = against_earlier(
        "personer", table, after, out_of(after, k),
        levels=levels, hierarchies=HIERARCHIES, k=k, entries=[entry], key_of=lambda _: key,
    )  # fmt: skip
    return found.compared[0]


FINE, COARSE = {"post": 1, "kjonn": 0}, {"post": 2, "kjonn": 0}
POSTS = ["0150"] * 6 + ["0250"] * 6 + ["1250"] * 8


def test_same_persons_again_tell_nothing():
    """Another cut of the same persons is no difference, finer or coarser."""
    entry = published(people(POSTS), FINE, 5)
    for levels in (FINE, COARSE):
        found = compare(people(POSTS), levels, 5, entry)
        assert found.passed
        assert (found.classes, found.found, found.differing) == (3, 3, 0)
    assert found.regions == 2


def test_one_new_customer_is_singled_out():
    """Eight and nine: whoever has both releases knows that one came, and from where."""
    entry = published(people(POSTS), FINE, 5)
    found = compare(people([*POSTS, "1250"]), COARSE, 5, entry)
    assert not found.passed
    assert (found.differing, found.persons, found.smallest) == (1, 1, 1)
    (check,) = earlier_checks(type_of(found, 5))
    assert not check.passed
    assert check.detail == "with open v1: 1 of 2 groups differ by fewer than 5 persons"


def type_of(found, k):
    from sladd.release.earlier import Earlier

    return Earlier(k=k, compared=(found,))


def test_who_was_left_out_of_the_finer_release_is_told_by_the_coarser():
    """Three persons of a small place were suppressed; the county's count gives them away."""
    posts = [*POSTS, *["0350"] * 3]
    entry = published(people(posts), FINE, 5)
    assert sum(entry.counts.values()) == len(POSTS)
    found = compare(people(posts), COARSE, 5, entry)
    assert (found.passed, found.persons) == (False, 3)


def test_many_new_customers_hide_each_other():
    """A difference of k persons or more is no one's."""
    entry = published(people(POSTS), FINE, 5)
    assert compare(people([*POSTS, *["1250"] * 5]), FINE, 5, entry).passed


def test_what_cannot_be_compared_does_not_pass():
    """No key, no column, no such level: said, never taken for well."""
    entry = published(people(POSTS), FINE, 5)
    gone = compare(people(POSTS), FINE, 5, entry, key=None)
    assert (gone.comparable, gone.passed, gone.reason) == (False, False, "key not at hand")
    other = ClassCounts(**HOME, key_id="x", levels={"alder": 1}, counts={})
    assert compare(people(POSTS), FINE, 5, other).reason == "columns not at hand: alder"
    deep = ClassCounts(**HOME, key_id="x", levels={"post": 9}, counts={})
    assert compare(people(POSTS), FINE, 5, deep).reason == "a hierarchy has lost a level"
    assert not earlier_checks(type_of(gone, 5))[0].passed


def test_classes_that_nobody_is_in_any_more_do_not_pass():
    """Other values or another hierarchy: nothing was compared, and that is said."""
    entry = published(people(POSTS), FINE, 5)
    moved = compare(people(["9010"] * 20), FINE, 5, entry)
    assert (moved.comparable, moved.passed, moved.reason) == (False, False, NO_CLASS)


def test_a_version_that_stands_is_compared_without_its_key():
    """Classes and counts are read from the files; also where a column has gone since."""
    table = people([*POSTS, *["1250"] * 3])
    entry = published(people(POSTS), FINE, 5)
    stands = generalised(people(POSTS), FINE, HIERARCHIES)
    for before, levels in ((table, FINE), (table.select(["post"]), {"post": 1})):
        after = generalised(before, levels, HIERARCHIES)
        (found,) = against_earlier(
            "personer", before, after, out_of(after, 5),
            levels=levels, hierarchies=HIERARCHIES, k=5, entries=[entry],
            key_of=lambda _: None, standing=lambda _: stands,
        ).compared  # fmt: skip
        assert (found.comparable, found.differing, found.persons) == (True, 1, 3)


@pytest.mark.parametrize(("gone", "compared"), [(1, 1), (60, 0)])
def test_a_table_that_was_renamed_is_compared_and_another_one_is_not(gone, compared):
    """Six places of twenty: one person less is a difference; sixty less are other persons."""
    posts = [f"0{place}50" for place in range(6) for _ in range(20)]
    entry = published(people(posts), FINE, 5)
    table = people(posts[gone:])
    after = generalised(table, FINE, HIERARCHIES)
    found = against_earlier(
        "kunder", table, after, out_of(after, 5),
        levels=FINE, hierarchies=HIERARCHIES, k=5, entries=[], key_of=lambda _: KEY,
        elsewhere=[entry],
    )  # fmt: skip
    assert [one.passed for one in found.compared] == [False] * compared


AGES = ["20-29"] * 6 + ["30-39"] * 6
PLACES = ["Oslo"] * 5 + ["Bergen"] * 6 + ["Oslo"]


@pytest.mark.parametrize(
    ("values", "persons", "least"),
    [
        pytest.param(list(range(12)), 2, 1, id="each value once: rows are the same rows"),
        pytest.param([0] * 12, 0, 0, id="all alike: nobody is told apart"),
    ],
)
def test_who_is_in_two_classes_hides_among_the_rows_of_both(values, persons, least):
    """An age in one release, a place in the other: one from Bergen is 20-29, one from Oslo 30-39."""
    ages, places = (np.unique(side, return_inverse=True)[1] for side in (AGES, PLACES))
    ages, places = ages.astype(np.int64), places.astype(np.int64)
    found = narrowed([ages, places], np.array(values), 4)
    assert (found.persons, found.least) == (persons, least)


CLASS = st.integers(-1, 3)


@given(
    st.integers(1, 3).flatmap(
        lambda former: st.lists(
            st.tuples(*[CLASS] * (former + 1), st.integers(0, 4)), min_size=1, max_size=40
        )
    ),
    st.integers(2, 6),
)
@settings(max_examples=80, deadline=None)
def test_narrowing_is_the_sum_over_values_of_what_all_classes_have(rows, k):
    """Against a plain count over every value, with one to three earlier releases."""
    *divisions, values = (np.array(side, np.int64) for side in zip(*rows, strict=True))
    persons, least = 0, []
    for at in {tuple(row[:-1]) for row in rows if row[-2] >= 0 and max(row[:-2]) >= 0}:
        inside = [each == c for each, c in zip(divisions, at, strict=True) if c >= 0]
        may_be = sum(min((i & (values == v)).sum() for i in inside) for v in range(5))
        if may_be < k:
            persons += sum(row[:-1] == at for row in rows)
            least.append(int(may_be))
    found = narrowed(divisions, values, k)
    assert (found.persons, found.least) == (persons, min(least, default=0))


def test_three_releases_tell_what_no_two_of_them_do():
    """Age, place and sex, each in a release of its own: any two leave four rows, all three two."""
    bits = [[i >> place & 1 for i in range(8)] * 2 for place in range(3)]
    table = pa.table({name: ["ab"[b] for b in bits[n]] for n, name in enumerate("xyz")})
    table = table.append_column("points", pa.array(range(16)))
    entries = [
        class_counts(
            generalised(table, levels, {}), levels=levels, key=KEY, key_id="main-1", **HOME
        )
        for levels in ({"x": 0, "y": 1, "z": 1}, {"x": 1, "y": 0, "z": 1})
    ]
    levels = {"x": 1, "y": 1, "z": 0}
    found = against_earlier(
        "personer", table, generalised(table, levels, {}), np.zeros(16, bool),
        levels=levels, hierarchies={}, k=4, entries=entries, key_of=lambda _: KEY,
        as_they_are=["points"],
    )  # fmt: skip
    assert [one.passed for one in found.compared] == [True, True, False]
    assert (found.compared[2].narrowed, found.compared[2].hidden_among) == (16, 2)
    assert "with 2 earlier releases together (open): 16 persons" in earlier_checks(found)[2].detail


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40),
)
@settings(max_examples=80, deadline=None)
def test_regions_are_the_smallest_unions_of_both(pairs):
    """Against a plain walk from class to class."""
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    found = regions(one, other)
    for start, _ in enumerate(pairs):
        reached, grown = {start}, True
        while grown:
            more = {
                i
                for i, (a, b) in enumerate(pairs)
                if any(a == pairs[j][0] or b == pairs[j][1] for j in reached)
            }
            grown, reached = not more <= reached, reached | more
        assert set(np.flatnonzero(found == found[start])) == reached


def test_digest_says_nothing_without_its_key_and_depends_on_it():
    """Two keys, no digest in common; no value stands in the ledger."""
    table = generalised(people(POSTS), FINE, HIERARCHIES)
    one = class_counts(table, levels=FINE, key=KEY, key_id="a", **HOME)
    two = class_counts(table, levels=FINE, key=b"x" * 32, key_id="b", **HOME)
    assert not one.counts.keys() & two.counts.keys()
    assert sorted(one.counts.values()) == sorted(two.counts.values()) == [6, 6, 8]
    assert "01" not in repr(one)


def test_ledger_is_kept_by_the_catalog(tmp_path):
    """Recorded once, read back the same; other counts under the same version are an error."""
    entry = published(people(POSTS), FINE, 5)
    with open_catalog("sqlite:///catalog.db", root=tmp_path) as catalog:
        catalog.releases.record_class_counts([entry])
        catalog.releases.record_class_counts([entry])
        assert list(catalog.releases.class_counts(entry.table)) == [entry]
        assert list(catalog.releases.class_counts("shop/public.annet")) == []
        assert list(catalog.releases.class_counts_elsewhere([entry.table])) == []
        (unnamed,) = catalog.releases.class_counts_elsewhere(["shop/public.annet"])
        assert (unnamed.counts, unnamed.table) == (entry.counts, "")
        with pytest.raises(CatalogError) as caught:
            catalog.releases.record_class_counts([published(people([*POSTS, *POSTS]), FINE, 5)])
    assert caught.value.code == 522
    assert b"0150" not in (tmp_path / "catalog.db").read_bytes()


def test_empty_table_is_compared_without_fuss():
    """Nobody before, nobody now."""
    entry = published(people(POSTS), FINE, 5)
    empty = pa.table({"post": pa.array([], pa.string()), "kjonn": pa.array([], pa.string())})
    assert compare(empty, FINE, 5, entry).passed
