"""One contract for every source: what its samples are."""

from __future__ import annotations

from sladd.model import Sample
from tests.conformance.shops import ROWS, Shop, table_of


def test_a_complete_sample_says_so(shop: Shop) -> None:
    """`rows=0` reads all, and so does a sample that is hardly smaller than the table."""
    for wanted in (0, 3_000):
        sample = shop.source.sample(table_of(shop), rows=wanted)
        assert (sample.drawn, sample.rows, sample.rows_total) == ("all", ROWS, ROWS)
        assert sample.complete


def test_a_sample_is_of_the_size_asked_for_and_spread(shop: Shop) -> None:
    """A part of the table comes from all over it, not from its beginning."""
    sample = shop.source.sample(table_of(shop), rows=500, seed=3)
    assert sample.drawn in {"random_rows", "block_sample", "spread_keys"}
    assert 350 <= sample.rows <= 500
    ids = sorted(int(value) for value in sample.data["id"].to_pylist())
    assert len(set(ids)) == len(ids)
    assert ids[0] < 10 + 3 * ROWS * 0.1 and ids[-1] > 10 + 3 * ROWS * 0.9
    assert [field.ref.column for field in sample.fields] == sample.data.column_names


def test_a_sample_is_the_same_for_the_same_seed(shop: Shop) -> None:
    """The seed decides."""
    drawn = [
        shop.source.sample(table_of(shop), rows=300, seed=seed).data["id"].to_pylist()
        for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_table_without_key_is_sampled(shop: Shop) -> None:
    """It may be its first rows, and then it says so."""
    sample = shop.source.sample(table_of(shop, "log"), rows=100, seed=1)
    assert isinstance(sample, Sample)
    assert sample.rows <= 100 and sample.drawn != "all"
