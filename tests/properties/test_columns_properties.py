"""What holds for the column scanner whatever the values."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import registry
from detectors.columns import ScanOptions, name_is_personal, scan_table
from detectors.columns.chance import likelihood_ratio, permuted_rate, sequence, unlikely
from detectors.columns.headers import lexicon
from detectors.registry import Detectors
from sladd.model import Field, FieldRef, Sample, StorageType, Table, TableRef


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    return registry.build(["nb", "en"])


def scan(detectors: Detectors, values: list[str | None]) -> tuple[object, ...]:
    ref = TableRef("s", "t")
    field = Field(FieldRef(ref, "felt1"), StorageType.STRING)
    data = pa.table({"felt1": pa.array(values, pa.string())})
    sample = Sample(Table(ref, (field,)), data, (field,), drawn="all", rows_total=len(values))
    (found,) = scan_table(sample, detectors=detectors, options=ScanOptions()).fields
    return found.finding, found.rows, found.nulls, found.distinct, found.few_values


cells = st.one_of(
    st.none(), st.text(max_size=30), st.integers(0, 10**12).map(str),
    st.from_regex(r"[a-z]{1,8}@example\.(no|com)", fullmatch=True),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(values=st.lists(cells, max_size=40), seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_nothing(detectors, values, seed):
    """The same rows in another order give the same finding, evidence included."""
    mixed = list(values)
    random.Random(seed).shuffle(mixed)
    assert scan(detectors, values) == scan(detectors, mixed)


@settings(max_examples=40, deadline=None)
@given(start=st.integers(20_000_000, 99_000_000), count=st.integers(20, 300))
def test_a_dense_range_of_order_numbers_is_never_a_phone(detectors, start, count):
    """Whatever the range, consecutive numbers are no telephone numbers."""
    finding = scan(detectors, [str(start + n) for n in range(count)])[0]
    assert finding.category == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0123456789", min_size=6, max_size=6), min_size=20, unique=True))
def test_permutation_keeps_what_every_position_shares(values):
    """A rule on a position that is the same in all values passes in the permuted column too."""
    marked = ["45" + value for value in values]

    def rule(made: list[str]) -> np.ndarray:
        return np.array([value.startswith("45") and value.isdecimal() for value in made])

    assert permuted_rate(marked, rule, rounds=2, seed=1) == 1.0


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2000), st.floats(0.001, 1.0))
def test_a_rule_that_does_not_beat_chance_adds_nothing(tried, chance):
    """At the expected number of hits the ratio never speaks for the finding."""
    hits = int(tried * chance)
    assert likelihood_ratio(hits, tried, chance) <= 0
    assert likelihood_ratio(tried, tried, 1.0) <= 0
    assert not (tried * chance >= 0.05 and unlikely(hits, tried, chance))


@given(st.lists(st.integers(0, 10**11), min_size=12, max_size=60, unique=True))
def test_scattered_numbers_are_no_sequence(numbers):
    """Dense ranges and constant steps are; anything as wide as it is sparse is not."""
    dense = list(range(len(numbers)))
    assert sequence(pa.array([str(n) for n in dense])) is not None
    spread = sorted(numbers)
    steps = {b - a for a, b in pairwise(spread)}
    if len(steps) == len(spread) - 1 and spread[-1] - spread[0] > 4 * len(spread):
        assert sequence(pa.array([str(n) for n in numbers])) is None


@given(st.text(max_size=60))
def test_any_name_can_be_read(name):
    """Names of columns are hostile input; neither the lexicon nor the judge of names fails."""
    assert isinstance(lexicon(("nb", "nn", "en")).read(name), tuple)
    assert isinstance(name_is_personal(name), bool)


@given(st.sampled_from(["fødselsnummer", "e_post", "billing_phone", "årslønn", "etternavn"]))
def test_spellings_of_a_header_are_one(name):
    """Case, camel case, separators and æøå change nothing."""
    book = lexicon(("nb", "nn", "en"))
    parts = name.split("_")
    camel = parts[0] + "".join(part.title() for part in parts[1:])
    plain = name.replace("ø", "oe").replace("å", "aa")
    readings = {book.read(n) for n in (name, name.upper(), camel, plain, name.replace("_", "-"))}
    assert len(readings) == 1
    assert readings != {()}
