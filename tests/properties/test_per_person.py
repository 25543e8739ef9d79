"""What holds for whatever persons, values and dates: shifts, noise, exchange and samples."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.model import StorageType
from sladd.pipeline.tokens import Tokens
from tests.transform_cases import DATA, MASTER, OTHER, cases, context_for, given_for, made
from transforms import noise, shift_dates, shuffle, surrogate
from transforms.contract import Chunk, fitted, transformed
from transforms.sorted_digests import DigestBuilder

S = StorageType
PEOPLE = st.lists(st.sampled_from(["kari", "ola", "liv"]), min_size=2, max_size=12)
DAYS = st.dates(dt.date(1901, 1, 1), dt.date(2050, 1, 1)).filter(lambda d: d != shift_dates.EPOCH)
FORMS = ["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d/%m/%Y"]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), people=PEOPLE)
def test_what_lies_between_a_person_s_dates_stays(data, people):
    """In dates, times with and without a zone, and texts, over columns and tables alike."""
    days = data.draw(st.lists(DAYS, min_size=len(people), max_size=len(people)))
    step = data.draw(st.sampled_from([1, 7]))
    direction = data.draw(st.sampled_from(["both", "past", "future"]))
    parameters = {"step_days": step, "direction": direction, "max_days": 60}
    form = data.draw(st.sampled_from(FORMS))
    columns = {
        S.DATE: pa.array(days),
        S.TIMESTAMP: pa.array(days).cast(pa.timestamp("ms", "UTC")),
        S.STRING: pa.array([f"{day:{form}}" for day in days]),
    }
    shifts = {}
    for storage, values in columns.items():
        out = made(shift_dates, values, context_for(shift_dates, parameters, storage), people)
        after = out.to_pylist()
        if storage is S.STRING:
            after = [
                dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date() for text in after
            ]
        if storage is S.TIMESTAMP:
            after = [at.date() for at in after]
        for person, before, new in zip(people, days, after, strict=True):
            shift = (new - before).days
            assert shifts.setdefault(person, shift) == shift
            assert shift != 0
            assert abs(shift) <= 60
            assert shift % step == 0
            assert direction == "both" or (shift > 0) is (direction == "future")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), DAYS), min_size=1, max_size=10), st.booleans())
def test_texts_are_shifted_the_same_one_by_one_and_at_once(days, keep):
    """A column of nothing but ISO 8601 takes a faster way to the same texts."""
    rest = "T10:30:00Z"
    texts = [None if day is None else f"{day:%Y-%m-%d}{rest}" for day in days]
    parameters = {"time": "keep" if keep else "drop"}
    people = [str(n % 3) for n in range(len(texts) + 1)]
    context = context_for(shift_dates, parameters, S.STRING)
    at_once = made(shift_dates, pa.array(texts, pa.string()), context, people[:-1])
    # One text that is no ISO date sends the whole column the other way.
    one_by_one = made(shift_dates, pa.array([*texts, "7.5.2024"], pa.string()), context, people)
    assert at_once.to_pylist() == one_by_one.to_pylist()[:-1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2050, 1, 1)), min_size=2))
def test_durations_stay_exact_across_a_change_to_summer_time(times):
    """With the time of day kept, instants of one person move by the same seconds."""
    values = pa.array(times, pa.timestamp("us")).cast(pa.timestamp("us", "Europe/Oslo"))
    context = context_for(shift_dates, {"time": "keep"}, S.TIMESTAMP)
    out = made(shift_dates, values, context, ["kari"] * len(times))
    moved = np.diff(out.cast(pa.int64()).to_numpy())
    assert (moved == np.diff(values.cast(pa.int64()).to_numpy())).all()


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=20),
    scale=st.floats(0.01, 1e6),
    relative=st.booleans(),
    spread=st.sampled_from(["laplace", "gaussian", "uniform"]),
)
def test_noise_keeps_type_sign_and_bounds(values, scale, relative, spread):
    """Whole numbers stay whole, nothing changes its sign, nothing passes the bounds."""
    parameters = {"scale": scale, "relative": relative, "distribution": spread}
    for kind, exact in ((pa.int32(), int), (pa.float64(), float)):
        array = pa.array([exact(v) for v in values], kind)
        out = made(noise, array, context_for(noise, parameters, S.INTEGER)).to_pylist()
        assert [np.sign(v) * np.sign(o) >= 0 for v, o in zip(values, out, strict=True)]
        assert all(o == 0 for v, o in zip(values, out, strict=True) if v == 0)
    bounded = {**parameters, "least": -5, "most": 90.5, "keep_sign": False}
    for array in (
        pa.array(values),
        pa.array([Decimal(v) for v in values], pa.decimal128(14, 2)),
        pa.array([float(v) for v in values]),
    ):
        out = made(noise, array, context_for(noise, bounded, S.DECIMAL))
        assert out.type == array.type
        assert all(-5 <= o <= 90.5 for o in out.to_pylist())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.decimals(-(10**30), 10**30, places=4), min_size=1, max_size=8))
def test_noise_of_long_decimals_is_added_without_losing_places(values):
    """Beyond what a double holds, the last places are those of the source or the noise."""
    array = pa.array(values, pa.decimal128(38, 4))
    context = context_for(noise, {"scale": 0.000001, "keep_sign": False}, S.DECIMAL)
    out = made(noise, array, context).to_pylist()
    assert all(abs(o - v) <= Decimal("0.001") for v, o in zip(values, out, strict=True))


def test_the_same_value_of_a_person_gets_the_same_noise_and_others_do_not():
    """Asked a thousand times, the noise is one; of a thousand persons it is spread as declared."""
    for spread, mean in (("laplace", 100), ("gaussian", 79.8), ("uniform", 50)):
        context = context_for(noise, {"scale": 100, "distribution": spread}, S.FLOAT)
        values = pa.array([5000.0] * 4000)
        same = made(noise, values, context, ["kari"] * 4000)
        assert len(same.unique()) == 1
        apart = made(noise, values, context, [str(n) for n in range(4000)]).to_numpy()
        assert np.mean(np.abs(apart - 5000)) == pytest.approx(mean, rel=0.1)
        assert np.mean(apart) == pytest.approx(5000, abs=8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=40),
    st.randoms(use_true_random=False),
    st.integers(1, 7),
)
def test_shuffled_values_are_the_same_multiset_whatever_the_order(values, random, size):
    """Each value as often as before; each row gets the same one in any order and batch."""
    array = pa.array(values, pa.int64())
    context = context_for(shuffle, {}, S.INTEGER)
    rows = given_for(shuffle, context, [None] * len(values))
    out = made(shuffle, array, context)
    assert Counter(out.to_pylist()) == Counter(values)
    assert out.is_null().equals(array.is_null())
    order = list(range(len(values)))
    random.shuffle(order)
    turned = array.take(pa.array(order, pa.int64()))
    from transforms.contract import Rows

    keys = rows.keys.take(pa.array(order, pa.int64()))
    starts = range(0, len(order), size)
    chunks = [Chunk(turned.slice(n, size), Rows(keys.slice(n, size))) for n in starts]
    fit = fitted(shuffle, chunks, context)
    parts = [transformed(shuffle, chunk.values, fit, chunk.given).to_pylist() for chunk in chunks]
    assert [v for part in parts for v in part] == [out[n].as_py() for n in order]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 1)), max_size=60),
    st.integers(2, 9),
    st.integers(0, 30),
)
def test_digests_are_found_in_memory_and_on_disk(entries, run, memory):
    """What was given once, or always with one payload, is found; what is unclear is not."""
    builder = DigestBuilder(1, run_rows=run, memory_rows=memory)
    for start in range(0, len(entries), 4):
        some = entries[start : start + 4]
        builder.add(
            np.array([k for k, _ in some], np.uint64), np.array([[p] for _, p in some], np.uint8)
        )
    found = builder.done()
    payloads: dict[int, set[int]] = {}
    for key, payload in entries:
        payloads.setdefault(key, set()).add(payload)
    asked = np.array([*payloads, 3, 2**63], np.uint64)
    at, there = found.find(asked)
    values = found.payloads(at)[:, 0]
    for key, known, value in zip(asked.tolist(), there, values, strict=True):
        given_ = payloads.get(key, set())
        assert bool(known) is (len(given_) == 1)
        assert not known or {int(value)} == given_
    assert found.repeated == len(entries) - len(payloads)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=10))
def test_a_key_is_one_token_however_a_source_stores_it(numbers):
    """Integer, text, decimal and double hold one key; null and '' are nobody."""
    tokens = Tokens(MASTER.derive("d", "person customer"))
    whole = tokens(pa.array(numbers), S.INTEGER)
    for values, storage in (
        (pa.array([str(n) for n in numbers]), S.STRING),
        (pa.array([float(n) for n in numbers]), S.FLOAT),
        (pa.array([Decimal(n) for n in numbers], pa.decimal128(20, 2)), S.DECIMAL),
    ):
        assert tokens(values, storage).equals(whole)
    assert tokens(pa.array([None, "", " "]), S.STRING).null_count == 3
    other = Tokens(MASTER.derive("e", "person customer"))(pa.array(numbers), S.INTEGER)
    assert not set(other.to_pylist()) & set(whole.to_pylist())


def test_another_key_or_domain_moves_persons_otherwise():
    """Nobody who knows one release's shifts knows another's."""
    names = [str(n) for n in range(400)]
    values = pa.array([dt.date(2024, 5, 17)] * 400)
    shifts = [
        made(shift_dates, values, context_for(shift_dates, {}, S.DATE, master, domain), names)
        for master, domain in ((MASTER, "a"), (OTHER, "a"), (MASTER, "b"))
    ]
    for one in range(3):
        for two in range(one):
            same = sum(a == b for a, b in zip(shifts[one], shifts[two], strict=True))
            assert same < 15  # by chance one in 180


def test_keys_of_one_release_or_version_are_no_other_s():
    """Two releases of a domain share no key, nor do two versions where each has its own."""
    from dataclasses import replace

    values = pa.array([str(n) for n in range(100)])
    seen: set[str] = set()
    for per, changes in (
        ("release", ({"release": "a"}, {"release": "b"})),
        ("version", ({"fresh": b"1" * 32}, {"fresh": b"2" * 32})),
    ):
        for change in changes:
            context = replace(context_for(surrogate, {"per": per}, S.STRING), **change)
            out = set(surrogate.apply(values, context).to_pylist())
            assert len(out) == 100
            assert not out & seen
            seen |= out
    again = replace(context_for(surrogate, {}, S.STRING), release="a")
    assert set(surrogate.apply(values, again).to_pylist()) <= seen


def digest_of_all() -> str:
    """Of what every transform makes of every kind of array."""
    digest = hashlib.sha256()
    for case in cases(lambda spec: not spec.drops):
        transform, parameters, fitting = case.values
        for data in fitting:
            storage, values = DATA[data]
            out = made(transform, values, context_for(transform, parameters, storage))
            digest.update(repr((case.id, data, out.to_pylist())).encode())
    return digest.hexdigest()


def test_every_transform_says_the_same_in_another_process():
    """No hash seed, clock or memory address decides an output."""
    program = (
        "import sys; from tests.properties.test_per_person import digest_of_all;"
        " print(digest_of_all(), sys.flags.hash_randomization)"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert there == [digest_of_all(), "1"]
