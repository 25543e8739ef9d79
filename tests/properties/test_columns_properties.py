"""What holds for the column scanner whatever the values."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors import registry
from detectors.columns import ScanOptions, name_is_personal, scan_table
from detectors.columns.chance import (
    Permuted,
    beta_binomial_ratio,
    likelihood_ratio,
    sequence,
    unlikely,
)
from detectors.columns.gazetteer import key
from detectors.columns.headers import lexicon
from detectors.columns.likeness import name_words
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


NAMES = ("Kari Nordmann", "Østby, Bjørn", "Mary Smith", "Hansen Bygg AS", "", "ukjent", "Ngoc Tran")
MAILS = ("kari.nordmann@example.no", "bjorn@example.no", "msmith@example.com", "post@example.no")
row = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(MAILS), st.sampled_from(("0150", "5003", "9990")),
    st.sampled_from(("Oslo", "BERGEN", "Båtsfjord")), st.sampled_from(("91234567", "40012345", "1")),
)  # fmt: skip


def whole(detectors: Detectors, rows: list[tuple[str, ...]], order: list[int]) -> dict[str, object]:
    """Finding of each column of a table, by name, with the columns in some order."""
    ref = TableRef("s", "t")
    names = [f"c{n}" for n in order]
    fields = tuple(Field(FieldRef(ref, name), StorageType.STRING) for name in names)
    arrays = [pa.array([r[n] for r in rows], pa.string()) for n in order]
    data = pa.Table.from_arrays(arrays, names=names)
    sample = Sample(Table(ref, fields), data, fields, drawn="all", rows_total=len(rows))
    scan = scan_table(sample, detectors=detectors, options=ScanOptions())
    return {f.field.ref.column: f.finding for f in scan.fields}


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(row, min_size=1, max_size=40), seed=st.integers(0, 99))
def test_the_order_of_rows_and_columns_changes_nothing(detectors, rows, seed):
    """Columns that speak for each other say the same wherever they stand."""
    mixed, order = list(rows), list(range(5))
    random.Random(seed).shuffle(mixed)
    random.Random(seed).shuffle(order)
    assert whole(detectors, rows, list(range(5))) == whole(detectors, mixed, order)


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(row, min_size=3, max_size=30))
def test_every_row_twice_changes_no_category(detectors, rows):
    """What a column is does not hang on how often its rows are repeated."""
    once, twice = (whole(detectors, r, list(range(5))) for r in (rows, rows * 2))
    for name, finding in once.items():
        assert (finding.how, finding.category) == (twice[name].how, twice[name].category)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000), st.data())
def test_more_hits_speak_more_for_a_list(tried, data):
    """The ratio of two spreads of shares grows with the hits, and is bounded by no number of values."""
    hits = data.draw(st.integers(0, tried - 1))
    of, other = (8.0, 1.2), (0.2, 4.4)
    fewer, more = (beta_binomial_ratio(h, tried, of, other) for h in (hits, hits + 1))
    assert fewer < more
    assert (
        beta_binomial_ratio(0, tried, of, other) < 0 < beta_binomial_ratio(tried, tried, of, other)
    )


@given(st.text(max_size=40))
@example("Sß")
def test_a_name_is_looked_up_in_one_spelling(name):
    """Looking up is idempotent in case and composition, and fails on nothing."""
    assert key(name.upper().lower()) == key(key(name.upper().lower()))
    assert key(unicodedata.normalize("NFD", name)) == key(unicodedata.normalize("NFC", name))
    assert isinstance(name_words(name), list)


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

    assert Permuted(marked, rounds=2, seed=1).rate(rule) == 1.0


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
