"""Digests of keys: bounded, drawn alike from all columns, never printed or stored."""

from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.keys import Gatherer, Salt
from detectors.keys.sketch import common


def sketch(values, salt, *, most=400_000, batch=1000):
    """A sketch of some values, gathered in batches."""
    gatherer = Gatherer(salt, most=most)
    column = pa.array(values)
    for start in range(0, max(1, len(column)), batch):
        gatherer.add(column.slice(start, batch))
    return gatherer.sketch(complete=True)


@settings(max_examples=50, deadline=None)
@given(
    one=st.lists(st.one_of(st.integers(-(2**62), 2**62), st.none())),
    other=st.lists(st.integers(-(2**62), 2**62)),
    batch=st.integers(1, 7),
)
def test_counts_are_those_of_sets(one, other, batch) -> None:
    """As long as all keys fit, what is counted is exact, for numbers and for text of them."""
    salt = Salt()
    mine = sketch(pa.array(one, pa.int64()), salt, batch=batch)
    theirs = sketch(pa.array([str(v) for v in other], pa.string()), salt, batch=batch)
    plain = {v for v in one if v is not None}
    assert (mine.distinct, mine.nulls) == (len(plain), one.count(None))
    # Text of 19 digits and more is compared as text.
    small = {v for v in other if abs(v) < 10**18}
    compared, found, kept = common(mine, theirs)
    assert compared == len(plain)
    assert kept == len(set(other))
    assert found == len(plain & small)


def test_a_drawn_share_estimates_without_bias() -> None:
    """With more keys than fit, the same digests are drawn from both columns."""
    salt = Salt()
    mine = sketch(np.arange(0, 60_000) * 13, salt, most=2_000)
    theirs = sketch(np.arange(30_000, 200_000) * 13, salt, most=2_000)
    assert len(mine.digests) <= 2_000 and mine.share < 1
    assert mine.distinct == pytest.approx(60_000, rel=0.15)
    compared, found, _ = common(mine, theirs)
    assert found / compared == pytest.approx(0.5, abs=0.12)  # four standard errors of 256 draws


def test_two_runs_share_no_digest() -> None:
    """The key of the digests dies with its run."""
    one, other = sketch(range(100), Salt()), sketch(range(100), Salt())
    assert not set(one.digests.tolist()) & set(other.digests.tolist())
    texts = ["kari@example.no", "ola@example.no"]
    assert not set(sketch(texts, Salt()).digests.tolist()) & set(
        sketch(texts, Salt()).digests.tolist()
    )


def test_nothing_that_holds_keys_is_printed_or_pickled() -> None:
    """Neither a value nor a digest leaves by `repr` or pickle."""
    salt = Salt()
    gatherer = Gatherer(salt)
    gatherer.add(pa.array(["kari@example.no"]))
    for thing in (salt, gatherer, gatherer.sketch(complete=True)):
        assert "kari" not in repr(thing)
        with pytest.raises(TypeError):
            pickle.dumps(thing)


def test_blank_text_is_no_key() -> None:
    """Empty cells of a file count as without a key, in any number."""
    found = sketch(["a", "", "  ", "b", "", None], Salt(), batch=6)
    assert (found.distinct, found.filled) == (2, 2)
