"""What a scan says survives JSON exactly, and nothing but names and numbers gets in."""

from __future__ import annotations

import dataclasses
import decimal
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.catalog.payload import (
    canonical,
    dump_field_scan,
    dump_table_scan,
    load_field_scan,
    load_table_scan,
)
from sladd.errors import CatalogError
from sladd.model import (
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    ForeignKey,
    How,
    KeyRole,
    Rival,
    Sample,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from tests.unit.catalog.scanned import EMAIL, field, scan, table

CANARY = "kanari@example.no"

names = st.text(max_size=12)
counts = st.integers(0, 10**12)
numbers = st.floats(allow_nan=False)
table_refs = st.builds(TableRef, names, names, st.none() | names)
refs = st.builds(FieldRef, table_refs, names, st.lists(names, max_size=3).map(tuple))
some_names = st.lists(names, max_size=3).map(tuple)
fields = st.builds(
    Field,
    refs,
    st.sampled_from(StorageType),
    st.booleans(),
    st.sampled_from(KeyRole),
    st.none() | counts,
    st.booleans(),
    st.none() | names,
    names,
)
evidence = st.builds(
    Evidence, names, numbers, st.dictionaries(names, names | counts | numbers | st.booleans())
)
findings = st.builds(
    Finding,
    refs,
    st.sampled_from(How),
    names,
    names,
    numbers,
    st.lists(evidence, max_size=3).map(tuple),
    some_names,
    some_names,
    st.lists(
        st.builds(Rival, names, numbers, st.lists(evidence, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
)


@st.composite
def field_scans(draw):
    """Fields, most of whose findings are of the field itself, as they should be."""
    made = draw(fields)
    finding = draw(findings)
    if draw(st.booleans()):
        finding = dataclasses.replace(finding, field=made.ref)
    return FieldScan(
        made,
        finding,
        draw(counts),
        draw(counts),
        draw(st.none() | counts),
        draw(st.booleans()),
        draw(names),
    )


tables = st.builds(
    Table,
    table_refs,
    st.lists(fields, max_size=2).map(tuple),
    st.none() | counts,
    st.booleans(),
    some_names,
    st.lists(st.builds(ForeignKey, some_names, table_refs, some_names), max_size=2).map(tuple),
    st.lists(some_names, max_size=2).map(tuple),
    st.none() | names,
    names,
    names,
)


@settings(deadline=None, max_examples=30)
@given(field_scans())
def test_field_scan_comes_back_as_it_was(scanned):
    """Types included: an integer does not come back as a float, nor a flag as a number."""
    again = load_field_scan(dump_field_scan(scanned))
    assert again == scanned
    assert repr(again) == repr(scanned)
    assert again.finding.fingerprint == scanned.finding.fingerprint


@settings(deadline=None, max_examples=30)
@given(tables, field_scans(), counts, names, st.none() | names, some_names, numbers)
def test_table_scan_comes_back_as_it_was(made, one, rows, drawn, entity, path, seconds):
    """Keys, comments and the fields of the table too."""
    scanned = TableScan(made, (one,), rows, drawn, entity, path, seconds)
    again = load_table_scan(dump_table_scan(scanned), [load_field_scan(dump_field_scan(one))])
    assert again == scanned
    assert repr(again) == repr(scanned)


def test_unknown_format_is_refused():
    """A payload of a later sladd is not guessed at."""
    raw = json.loads(dump_field_scan(field("t", "c", EMAIL)))
    with pytest.raises(CatalogError) as caught:
        load_field_scan(json.dumps({**raw, "format": 2}))
    assert caught.value.code == 518


def _sample() -> Sample:
    made = field("t", "c").field
    data = pa.table({"c": [CANARY]})
    return Sample(table("t").table, data, [made], drawn="all", rows_total=1)


HOLD_VALUES = [
    _sample(),
    pa.array([CANARY]),
    pa.scalar(CANARY),
    pa.table({"c": [CANARY]}),
    CANARY.encode(),
    decimal.Decimal(1),
    {CANARY},
    object(),
]


@pytest.mark.parametrize("held", HOLD_VALUES, ids=lambda held: type(held).__name__)
def test_what_holds_values_is_refused_wherever_it_hides(catalog, tmp_path, held):
    """As the scan, as a fact, a shape, a row count, a release summary or an audit detail."""
    scanned = field("t", "c", EMAIL)
    hidden = dataclasses.replace(
        scanned.finding, evidence=(Evidence("pattern", 1.0, {"example": held}),)
    )
    shaped = dataclasses.replace(scanned.finding, shapes=(held,))
    number = catalog.scans.begin("shop", ruleset="r", by="x")
    attempts = [
        lambda: catalog.scans.record(number, held),
        lambda: catalog.scans.record(
            number, table("t", dataclasses.replace(scanned, finding=hidden))
        ),
        lambda: catalog.scans.record(
            number, table("t", dataclasses.replace(scanned, finding=shaped))
        ),
        lambda: catalog.scans.record(number, table("t", dataclasses.replace(scanned, rows=held))),
        lambda: catalog.scans.record(number, dataclasses.replace(table("t"), fields=(held,))),
        lambda: catalog.scans.record_not_scanned(number, [held]),
        lambda: catalog.releases.record("r", "1", {"rows": held}),
        lambda: catalog.audit.append("look", "x", "y", {"rows": [held]}),
    ]
    for attempt in attempts:
        with pytest.raises(CatalogError) as caught:
            attempt()
        assert caught.value.code == 515
        assert CANARY not in str(caught.value)
    catalog.scans.finish(number, seen_tables=[])
    assert catalog.tables.all() == []
    written = b"".join(path.read_bytes() for path in (tmp_path / ".sladd").iterdir())
    assert CANARY.encode() not in written


def test_hostile_names_come_back_through_the_database(catalog):
    """Quotes, markup, NUL, other scripts and very long names."""
    columns = ["a'b\"c", '"><script>', "nul\0byte", "størrelse", "x" * 5000, "%s", "{0}", "a.b"]
    scanned = table("t", *(field("t", column, EMAIL) for column in columns))
    scan(catalog, scanned)
    assert catalog.tables.all() == [scanned]
    assert [found.ref.column for found in catalog.fields.all()] == columns


def test_canonical_json_has_one_spelling():
    """Order of keys and kind of sequence do not matter; infinite numbers are refused."""
    assert canonical({"b": (1, 2), "a": "å"}) == canonical({"a": "å", "b": [1, 2]})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("inf")})
