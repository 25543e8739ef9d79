"""The nouns: addresses, samples that cannot leak, fingerprints that survive more rows."""

import pickle
from dataclasses import replace

import pyarrow as pa
import pytest

from sladd.errors import ConfigError, KeyringError, ManyErrors, SourceError
from sladd.model import (
    Evidence,
    Field,
    FieldRef,
    Finding,
    How,
    Sample,
    StorageType,
    Table,
    TableRef,
)

CUSTOMERS = TableRef("shop", "customers", "public")


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        (FieldRef(CUSTOMERS, "email"), "shop/public.customers.email"),
        (FieldRef(TableRef("exports", "kunder"), "kjønn"), "exports/kunder.kjønn"),
        (FieldRef(TableRef("x", "a.b/c"), 'd "e"'), "x/a%2Eb%2Fc.d%20%22e%22"),
        (FieldRef(TableRef("x", "t"), "p", ("items", "[]", "sku")), "x/t.p.items[].sku"),
        (FieldRef(TableRef("x", "t"), '"><script>'), "x/t.%22%3E%3Cscript%3E"),
        (FieldRef(TableRef("x", "t"), "a%2Eb"), "x/t.a%252Eb"),
    ],
)
def test_an_address_separates_its_parts_without_doubt(ref, text):
    """Separators, quotes and markup inside a name are percent-encoded; letters are not."""
    assert str(ref) == text


def sample() -> Sample:
    field = Field(FieldRef(CUSTOMERS, "email"), StorageType.STRING)
    data = pa.table({"email": ["kanari@example.no"]})
    return Sample(Table(CUSTOMERS, (field,)), data, (field,), drawn="all", rows_total=1)


def test_a_sample_is_never_serialised():
    """Neither pickle nor repr lets a cell value out."""
    with pytest.raises(TypeError):
        pickle.dumps(sample())
    assert "kanari" not in repr(sample())


def test_more_rows_of_the_same_kind_keep_a_fingerprint():
    """Counts may grow; a new deterministic signal or another category may not pass unseen."""
    evidence = Evidence("checksum", 4.0, {"matched": 10})
    finding = Finding(FieldRef(CUSTOMERS, "fnr"), How.IS, "NO_FODSELSNUMMER", "x", 0.9, (evidence,))
    more = replace(finding, evidence=(replace(evidence, facts={"matched": 99}),), confidence=0.99)
    other = replace(finding, evidence=(evidence, Evidence("header", 2.0)))
    assert more.fingerprint == finding.fingerprint
    assert other.fingerprint != finding.fingerprint
    assert replace(finding, category="y").fingerprint != finding.fingerprint


def test_errors_cross_process_borders():
    """A worker's error arrives whole, with its parts and exit code."""
    single = SourceError("no such table", code=210, where="shop/x", mend="sladd discover")
    many = ManyErrors([single, ConfigError("bad", code=106)])
    for error in (single, many):
        again = pickle.loads(pickle.dumps(error))
        assert str(again) == str(error)
        assert again.exit_code == error.exit_code
    assert many.exit_code == KeyringError.exit_code == 3
