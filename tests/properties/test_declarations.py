"""What transforms declare of themselves is true, and is not idle."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd import canonical
from sladd.model import StorageType
from tests.transform_cases import DATA, PARAMETERS, REGISTRY, accepted, context_for, made, runs
from transforms import Transform, encrypt, format_preserving
from transforms.contract import Context

S = StorageType
NAMED = [pytest.param(t, id=name) for name, t in REGISTRY.items() if not t.SPEC.drops]
DAYS = st.dates().map(lambda day: day)
SORTED = {
    S.INTEGER: (st.integers(-(10**15), 10**15), pa.int64()),
    S.FLOAT: (st.floats(-1e12, 1e12), pa.float64()),
    S.DECIMAL: (st.decimals(-(10**9), 10**9, places=2), pa.decimal128(20, 2)),
    S.DATE: (DAYS, pa.date32()),
    S.TIMESTAMP: (st.datetimes(), pa.timestamp("us")),
}
ORDERED = [
    pytest.param(t, storage, id=f"{name}-{storage}")
    for name, t in REGISTRY.items()
    for storage in SORTED
    if not t.SPEC.drops and t.SPEC.keeps_order and storage in t.SPEC.accepts
]
TEXTS = st.lists(
    st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=20
)


def _first(transform: Transform) -> dict[str, object]:
    return PARAMETERS.get(transform.SPEC.name, [{}])[0]


@pytest.mark.parametrize(("transform", "storage"), ORDERED)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_order_is_kept_where_it_is_declared(transform, storage, data):
    """A smaller number or earlier date never becomes the larger one of two."""
    kind, arrow = SORTED[storage]
    values = sorted(data.draw(st.lists(kind, min_size=2, max_size=12)))
    for parameters in PARAMETERS.get(transform.SPEC.name, [{}]):
        array = pa.array(values, arrow)
        out = made(transform, array, context_for(transform, parameters, storage)).to_pylist()
        known = [value for value in out if value is not None]
        assert known == sorted(known)


@pytest.mark.parametrize("transform", NAMED)
@settings(max_examples=25, deadline=None)
@given(values=TEXTS)
def test_length_is_kept_where_it_is_declared(transform, values):
    """Each text has as many characters as before."""
    if not (transform.SPEC.keeps_length and S.STRING in transform.SPEC.accepts):
        return
    context = context_for(transform, {}, S.STRING)
    out = made(transform, pa.array(values, pa.string()), context).to_pylist()
    assert [v and len(v) for v in out] == [v and len(v) for v in values]


@pytest.mark.parametrize("transform", NAMED)
@settings(max_examples=25, deadline=None)
@given(numbers=st.lists(st.integers(0, 10**11), unique=True, max_size=30))
def test_different_values_stay_different_where_it_is_declared(transform, numbers):
    """As many distinct values as before, so that a primary key stays one."""
    if not transform.SPEC.keeps_uniqueness:
        return
    texts = pa.array([f"{number:011d}" for number in numbers], pa.string())
    for storage, values in ((S.STRING, texts), (S.INTEGER, pa.array(numbers, pa.int64()))):
        if storage in transform.SPEC.accepts:
            out = pc.drop_null(made(transform, values, context_for(transform, {}, storage)))
            assert pc.count_distinct(out).as_py() == len(out)


@pytest.mark.parametrize("transform", NAMED)
@settings(max_examples=25, deadline=None)
@given(values=TEXTS)
def test_equal_values_of_two_tables_stay_equal_where_it_is_declared(transform, values):
    """What joins before joins after, whatever stands around it."""
    if not (transform.SPEC.joinable and S.STRING in transform.SPEC.accepts):
        return
    parameters = PARAMETERS.get(transform.SPEC.name, [{}])[0]
    context = context_for(transform, parameters, S.STRING)
    one = made(transform, pa.array([*values, "Kari"], pa.string()), context)
    other = made(transform, pa.array(["Kari", *values[::-1]], pa.string()), context)
    assert one.to_pylist() == [*other.to_pylist()[1:][::-1], other.to_pylist()[0]]


@runs(lambda spec: not spec.nullable and not spec.drops)
def test_no_value_becomes_null_unless_it_is_declared(transform, parameters, data):
    """A column without NULL stays without."""
    storage, values = DATA[data]
    out = made(transform, values, context_for(transform, parameters, storage))
    assert out.null_count == values.null_count


@pytest.mark.parametrize("transform", [p for p in NAMED if p.values[0].SPEC.nullable])
def test_what_may_give_null_does(transform):
    """The declaration is not idle: some value, or some unknown person, gives null."""
    lost = 0
    for parameters in PARAMETERS.get(transform.SPEC.name, [{}]):
        for storage, values in DATA.values():
            if accepted(transform.SPEC, parameters, storage):
                context = context_for(transform, parameters, storage)
                out = made(transform, values, context, [None] * len(values))
                lost += out.null_count - values.null_count
    assert lost


def _decrypted(context: Context, out: pa.Array) -> list[str]:
    return encrypt.encrypter(context).read(out.to_pylist())


def _digits(context: Context, out: pa.Array) -> list[str]:
    read: list[str] = format_preserving.encrypter(context).read(out).to_pylist()
    return read


BACK: dict[str, Callable[[Context, pa.Array], list[str]]] = {
    "keep": lambda _, out: list(out.to_pylist()),
    "encrypt": _decrypted,
    "format_preserving": _digits,
}


def test_every_reversible_transform_has_its_way_back():
    """Exactly those that are declared reversible are reversed below."""
    assert set(BACK) == {name for name, t in REGISTRY.items() if t.SPEC.reversible}


@pytest.mark.parametrize("name", BACK)
@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.from_regex(r"[0-9]{6,30}", fullmatch=True), min_size=1, max_size=12))
def test_reversible_transforms_give_the_value_back(name, values):
    """With the key, the canonical spelling comes back exactly."""
    context = context_for(REGISTRY[name], {}, S.STRING)
    out = made(REGISTRY[name], pa.array(values, pa.string()), context)
    assert BACK[name](context, out) == [canonical.canonical(v, "text")[0] for v in values]
