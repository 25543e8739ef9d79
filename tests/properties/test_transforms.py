"""What holds for any text whatever."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd import canonical
from sladd.keyring import MasterKey
from sladd.model import StorageType
from transforms import Context, generalise, mask, pseudonym, truncate_date

MASTER = MasterKey(bytes(range(32)), name="main", version=1)
TEXTS = st.lists(
    st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=20
)
KINDS = st.sampled_from(sorted(canonical.CANONICALISERS))


def _pseudonyms(values: list[str | None], kind: str) -> list[str | None]:
    context = Context(
        parameters={},
        storage=StorageType.STRING,
        key=MASTER.derive("d", kind),
        canonical=kind,
    )
    made: list[str | None] = pseudonym.apply(pa.array(values, pa.string()), context).to_pylist()
    return made


@settings(deadline=None)
@given(TEXTS, KINDS)
def test_pseudonyms_are_equal_exactly_where_canonical_values_are(values, kind):
    """A join on pseudonyms gives the rows that a join on canonical values gives."""
    made = _pseudonyms(values, kind)
    for value, one in zip(values, made, strict=True):
        for other, two in zip(values, made, strict=True):
            if value and other:
                same = canonical.canonical(value, kind) == canonical.canonical(other, kind)
                assert (one == two) is same


@settings(deadline=None)
@given(TEXTS, KINDS)
def test_composed_and_decomposed_texts_get_one_pseudonym(values, kind):
    """NFC and NFD are one spelling."""
    composed, decomposed = (
        [None if v is None else unicodedata.normalize(form, v) for v in values]
        for form in ("NFC", "NFD")
    )
    assert _pseudonyms(composed, kind) == _pseudonyms(decomposed, kind)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 5), st.integers(0, 5))
def test_a_mask_hides_at_least_half(values, first, last):
    """What is shown never exceeds what is hidden."""
    context = Context(
        parameters={"keep_first": first, "keep_last": last, "length": 0, "character": "\x00"},
        storage=StorageType.STRING,
    )
    values = [v if v is None else v.replace("\x00", "") for v in values]
    made = mask.apply(pa.array(values, pa.string()), context).to_pylist()
    for value, out in zip(values, made, strict=True):
        if value:
            assert out is not None
            assert out.count("\x00") * 2 >= len(out)


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["region", "digits", "network", "age_band", "family", "band"]))
def test_no_text_passes_through_generalisation_or_dates(values, to):
    """Whatever comes in, only classes come out, and no error shows a value."""
    import datetime as dt

    context = Context(
        parameters={"to": to, "width": 10}, storage=StorageType.STRING, as_of=dt.date(2026, 1, 1)
    )
    array = pa.array(values, pa.string())
    made = generalise.apply(array, context)
    assert len(made) == len(values)
    assert all(
        v is None for v, source in zip(made.to_pylist(), values, strict=True) if source is None
    )
    days = truncate_date.apply(array, Context(parameters={}, storage=StorageType.STRING))
    assert days.type == pa.date32()
