"""Pseudonyms are HMAC-SHA-256 in base32, and equal exactly where the canonical values are."""

from __future__ import annotations

import base64
import hmac
import uuid
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from sladd import canonical
from sladd.keyring import MasterKey
from sladd.model import Entity, FieldPlan, FieldRef, How, Plan, StorageType, TableRef
from transforms import Context, arrays, context_of, pseudonym
from transforms.base32 import spelled
from transforms.pseudonym import Pseudonymiser

MASTER = MasterKey(bytes(range(32)), name="main", version=7)
S = StorageType


def _context(kind: str, storage: StorageType = S.STRING, **parameters: object) -> Context:
    return Context(
        parameters=parameters,
        storage=storage,
        key=MASTER.derive("d", kind),
        canonical=kind if kind in canonical.CANONICALISERS else "row_key",
    )


def _run(values: pa.Array, kind: str, storage: StorageType = S.STRING) -> list[str | None]:
    out: list[str | None] = pseudonym.apply(values, _context(kind, storage)).to_pylist()
    return out


@pytest.mark.parametrize("value", ["42", "Åse", "x" * 500, "🙂"])
@pytest.mark.parametrize("bits", [96, 100, 128, 250, 256])
def test_the_pseudonym_is_what_the_standard_library_computes(value, bits):
    """The modules hmac and base64 of the standard library say the same, cut to the same bits."""
    key = MASTER.derive("d", "row_key")
    digest = hmac.digest(key.reveal(), b"=" + value.encode(), "sha256")
    number = int.from_bytes(digest, "big") >> (256 - bits) << (256 - bits)
    text = base64.b32encode(number.to_bytes(32, "big")).decode().lower()
    worker = Pseudonymiser(key, "row_key", bits=bits)
    assert worker.one(value) == text[: -(-bits // 5)]


def test_null_and_empty_stay_apart():
    """NULL stays NULL, '' stays '', in any order and at both ends."""
    made = _run(pa.array([None, "", "a", None, "", "b"]), "text")
    assert made[0] is None
    assert made[3] is None
    assert made[1] == made[4] == ""
    assert len(made[2] or "") == len(made[5] or "") == 26
    assert _run(pa.nulls(2, pa.string()), "text") == [None, None]


@pytest.mark.parametrize(
    ("kind", "same"),
    [
        ("email", [" Kari@Example.no", "kari@example.no"]),
        ("phone", ["+47 912 34 567", "91234567", "0047 91234567", "4791234567"]),
        ("name", ["Åse Øst", "A\u030ase  ØST", "\u212bse Øst"]),
        ("national_id", ["010190 12345", "01019012345", "1019012345"]),
        ("row_key", ["\u00e5", "a\u030a"]),
    ],
)
def test_spellings_of_one_value_get_one_pseudonym(kind, same):
    """What a person would call equal is equal."""
    assert len(set(_run(pa.array(same), kind))) == 1


def test_a_value_that_does_not_parse_is_keyed_as_it_is():
    """It never meets a parsed value of the same letters, and is counted."""
    context = _context("national_id")
    made = pseudonym.apply(pa.array(["unknown", "01019012345", "other", "unknown"]), context)
    assert made[0].as_py() == made[3].as_py() != made[2].as_py()
    assert context.counts["raw"] == 2
    key = MASTER.derive("d", "national_id")
    raw = hmac.digest(key.reveal(), b"?unknown", "sha256")
    assert (
        made[0].as_py()
        == spelled(np.frombuffer(raw, np.uint8).reshape(1, 32), 128).tobytes().decode()
    )


@pytest.mark.parametrize(
    ("values", "storage"),
    [
        (pa.array([42, 7], pa.int64()), S.INTEGER),
        (pa.array([42, 7], pa.uint8()), S.INTEGER),
        (pa.array([42.0, 7.0]), S.FLOAT),
        (pa.array([Decimal(42), Decimal(7)], pa.decimal128(10, 0)), S.DECIMAL),
        (pa.array([Decimal("42.00"), Decimal("7.00")], pa.decimal128(10, 2)), S.DECIMAL),
        (pa.array(["42", "7"]).dictionary_encode(), S.STRING),
    ],
)
def test_a_key_is_the_same_however_a_source_stores_it(values, storage):
    """A CSV has strings where the database has integers, and pandas has floats."""
    assert _run(values, "customer", storage) == _run(pa.array(["42", "7"]), "customer")


def test_leading_zeros_and_trailing_tens_of_row_keys_count():
    """`042` is not 42, 100 is not 1, and 1.5 is 1.50."""
    assert len(set(_run(pa.array(["42", "042", "1", "100", "10"]), "customer"))) == 5
    tens = arrays.texts(pa.array([Decimal(100), Decimal(0)], pa.decimal128(5, 0)), S.DECIMAL)
    assert tens.to_pylist() == ["100", "0"]
    shares = arrays.texts(pa.array([Decimal("1.50"), Decimal("10.00")]), S.DECIMAL)
    assert shares.to_pylist() == ["1.5", "10"]


def test_uuids_are_one_however_they_are_stored():
    """Text in capitals, sixteen bytes, and Arrow's own type."""
    one = uuid.UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
    stored = [
        pa.array([str(one)]),
        pa.array([str(one).upper()]),
        pa.array([one.bytes], pa.binary(16)),
        pa.array([one.bytes], pa.uuid()),
    ]
    assert len({_run(values, "customer", S.UUID)[0] for values in stored}) == 1


def test_prefix_and_version_stand_before_the_pseudonym():
    """So that a change of keys can be seen in the data."""
    context = _context("text", prefix="p-", show_version=True)
    plain = _run(pa.array(["a"]), "text")[0]
    assert pseudonym.apply(pa.array(["a", None, ""]), context).to_pylist() == [
        f"p-v7:{plain}",
        None,
        "",
    ]


def test_long_arrays_with_and_without_a_dictionary_agree(monkeypatch):
    """The way is chosen by the data; the result is not."""
    values = pa.array([f"v{n % 700}" for n in range(3_000)])
    whole = _run(values, "text")
    monkeypatch.setattr(arrays, "PROBE_ROWS", 500)
    monkeypatch.setattr(pseudonym, "CHUNK", 64)
    assert _run(values, "text") == whole
    assert len(set(whole)) == 700


def test_a_plan_gives_each_field_its_key_and_spelling():
    """Entities by type only, e-mails by their own rules, what is unkeyed without a key."""
    ref = TableRef("shop", "customers")

    def planned(key_type: str, transform: str = "pseudonym") -> FieldPlan:
        return FieldPlan(
            FieldRef(ref, "c"), "c", S.STRING, transform, {}, "", How.IS, "rule", ".", key_type
        )

    import datetime as dt

    plan = Plan(
        "a", "pseudonymised", "d", "main", dt.date(2026, 1, 1), (), (Entity("customer", ()),),
        key_version=3,
    )  # fmt: skip
    for key_type, spelling in (
        ("customer", "row_key"),
        ("shop/customers.id", "row_key"),
        ("email", "email"),
        ("user.device.cookie_id", "text"),
    ):
        context = context_of(plan, planned(key_type), master=MASTER)
        assert context.canonical == spelling
        assert context.key is not None
        assert context.key.reveal() == MASTER.derive("d", key_type, 3).reveal()
    assert context_of(plan, planned("", "keep"), master=MASTER).key is None
    assert context_of(plan, planned("", "keep"), master=None).derive is None
