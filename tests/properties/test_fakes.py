"""What holds for fakes of any text whatever."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd import canonical
from sladd.keyring import MasterKey
from sladd.model import StorageType
from transforms import Context, fake
from transforms.fakes import KINDS

MASTER = MasterKey(bytes(range(32)), name="main", version=1)
OTHER = MasterKey(bytes(range(1, 33)), name="main", version=1)
TEXTS = st.lists(
    st.one_of(
        st.none(),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.from_regex(r"[0-9]{4,11}", fullmatch=True),
        st.emails(),
        st.ip_addresses().map(str),
    ),
    max_size=20,
)
KIND = st.sampled_from(sorted(KINDS))


def _fakes(values, kind, master=MASTER, domain="d"):
    context = Context(
        parameters={"kind": kind},
        storage=StorageType.STRING,
        key=master.derive(domain, "x"),
        derive=lambda use: master.derive(domain, use),
    )
    return fake.apply(pa.array(values, pa.string()), context).to_pylist()


@settings(deadline=None)
@given(TEXTS, KIND)
def test_every_fake_shows_by_rule_that_it_is_one(values, kind):
    """Whatever comes in; null and '' stay what they are."""
    rule = re.compile(fake.form({"kind": kind}, 1).pattern)
    for value, made in zip(values, _fakes(values, kind), strict=True):
        if value:
            assert rule.fullmatch(made)
        else:
            assert made == value


@settings(deadline=None)
@given(TEXTS, KIND, st.integers(1, 5))
def test_fakes_do_not_depend_on_what_stands_beside_them(values, kind, size):
    """In parts, in reverse or alone: a value has its fake."""
    whole = _fakes(values, kind)
    parts = [_fakes(values[n : n + size], kind) for n in range(0, len(values), size)]
    assert [value for part in parts for value in part] == whole
    assert _fakes(values[::-1], kind) == whole[::-1]


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["email", "username", "url"]))
def test_kinds_that_keep_values_apart_do(values, kind):
    """Equal exactly where the canonical values are."""
    spelled = {"email": "email", "username": "username", "url": "text"}[kind]
    given_values = [value for value in values if value]
    made = _fakes(given_values, kind)
    for value, one in zip(given_values, made, strict=True):
        for other, two in zip(given_values, made, strict=True):
            a, b = canonical.canonical(value, spelled), canonical.canonical(other, spelled)
            if a[0].strip() and b[0].strip():
                assert (one == two) is (a == b)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_another_key_or_domain_changes_the_fakes(kind):
    """As many are shared as chance allows: none of a large kind, a few of a small one."""
    values = [f"{n:011d}" for n in range(400)]
    here = _fakes(values, kind)
    for made in (_fakes(values, kind, OTHER), _fakes(values, kind, MASTER, "e")):
        same = sum(one == two for one, two in zip(here, made, strict=True))
        assert same <= (0 if KINDS[kind].unique else 40)
