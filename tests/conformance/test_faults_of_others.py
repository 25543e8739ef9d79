"""What went wrong in other tools, one test each, named by what must not happen here."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sladd import frames, taxonomy
from sladd.errors import TransformError
from sladd.keyring import Keyring
from sladd.model import Rule, StorageType
from sladd.policy import rules
from tests.transform_cases import MASTER, OTHER, REGISTRY, context_for, made
from transforms import encrypt, noise, pseudonym, shift_dates

S = StorageType
IDS = [f"{number:011d}" for number in range(10**9, 10**9 + 200)]


def _pseudonyms(values: list[object], storage: StorageType, kind: str, **options: object) -> list:
    context = replace(context_for(pseudonym, dict(options), storage), canonical=kind)
    return pseudonym.apply(pa.array(values), context).to_pylist()


def test_a_national_id_is_never_found_again_by_hashing_all_of_them():
    """Unkeyed and salted hashes (Presidio before 2.2.361, datamimic): 21 million ids are a table."""
    out = _pseudonyms(IDS, S.STRING, "national_id")
    for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b"):
        for value, made_ in zip(IDS[:20], out, strict=False):
            for salt in ("", "main", "a", "analytics", MASTER.key_id):
                for text in (value + salt, salt + value):
                    digest = hashlib.new(name, text.encode()).digest()
                    assert made_ not in {digest.hex()[:26], _base32(digest)}


def _base32(digest: bytes) -> str:
    import base64

    return base64.b32encode(digest).decode().lower()[:26]


def test_an_upgrade_or_a_second_run_never_breaks_joins():
    """A random salt for each entity (Presidio #1846): equal values stay equal in every run."""
    assert _pseudonyms(IDS, S.STRING, "national_id") == _pseudonyms(IDS, S.STRING, "national_id")
    # Written down once, and by the standard: another version of sladd has to give the same.
    (known,) = _pseudonyms(["kari@example.no"], S.STRING, "email")
    key = MASTER.derive("a", "text").reveal()
    assert known == _base32(hmac.digest(key, b"=kari@example.no", "sha256")[:16])
    assert known == "byflr4nikvpnwulayrrdm3fpli"


def test_encrypted_values_never_stop_joining():
    """A random vector for each value (Presidio #1033)."""
    context = context_for(encrypt, {}, S.STRING)
    out = encrypt.apply(pa.array(["a", "b", "a"]), context).to_pylist()
    assert out[0] == out[2] != out[1]


def test_a_changed_ciphertext_is_never_read_as_a_value():
    """CBC without a code for authenticity (Presidio): changed text decrypts to something."""
    context = context_for(encrypt, {}, S.STRING)
    (sealed,) = encrypt.apply(pa.array(["kari@example.no"]), context).to_pylist()
    changed = ("a" if sealed[0] != "a" else "b") + sealed[1:]
    for text, key in ((changed, MASTER), (sealed, OTHER)):
        other = context_for(encrypt, {}, S.STRING, key)
        with pytest.raises(TransformError) as caught:
            encrypt.encrypter(other).read([text])
        assert "kari" not in str(caught.value)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key file."""
    from sladd.keyring import create_key_file

    path = tmp_path / "keys" / "main.key"
    path.parent.mkdir(mode=0o700)
    create_key_file(path)
    return path


def test_rows_with_one_index_label_never_get_each_other_s_pseudonym(key):
    """presidio-structured overwrites rows by their label: silently wrong."""
    frame = pd.DataFrame({"x": ["a", "b", "c"]}, index=[1, 1, 2])
    out = frames.pseudonymise(frame, {"x": "customer"}, key=key, domain="d")
    alone = frames.pseudonymise(
        frame.reset_index(drop=True), {"x": "customer"}, key=key, domain="d"
    )
    assert out["x"].tolist() == alone["x"].tolist()
    assert out["x"].nunique() == 3


def test_nulls_numbers_and_odd_column_names_never_stop_a_run(key):
    """presidio-structured: AttributeError for null, for integers, for `full name` and `_a`."""
    frame = pd.DataFrame({"full name": ["a", None], "_a": [1, 2], "class": [None, "b"]})
    kinds = dict.fromkeys(frame.columns, "customer")
    out = frames.pseudonymise(frame, kinds, key=key, domain="d")
    assert out.isna().to_numpy().tolist() == frame.isna().to_numpy().tolist()


@pytest.mark.parametrize("name", [n for n, t in REGISTRY.items() if t.SPEC.keyed])
def test_a_changed_key_never_leaves_the_output_as_it_was(name):
    """Greenmask #317 ignored its salt: every dump was unkeyed."""
    transform = REGISTRY[name]
    told = {"noise": {"scale": 50}, "fake": {"kind": "phone"}}
    parameters = told.get(name, {})
    storage = S.DATE if name == "shift_dates" else S.INTEGER
    values = pa.array(range(10**6, 10**6 + 300))
    if storage is S.DATE:
        values = pa.array([dt.date(2024, 1, 1)] * 300)
    outs = [
        made(transform, values, context_for(transform, parameters, storage, master)).to_pylist()
        for master in (MASTER, OTHER)
    ]
    same = sum(a == b for a, b in zip(*outs, strict=True))
    assert same < 30  # noise of 50 on whole numbers is equal by chance once in a hundred


def test_keys_are_never_made_equal_by_a_hash():
    """Greenmask's hash engine is not unique: broken primary keys. Short cuts are refused."""
    out = _pseudonyms(list(range(50_000)), S.INTEGER, "row_key", bits=96)
    assert len(set(out)) == 50_000
    spec = pseudonym.SPEC
    faults = rules.check_rules(
        [Rule("pseudonym", field="shop/t.c", parameters={"bits": 32})],
        {"pseudonym": spec},
        taxonomy.load(),
        "x",
    )
    assert [fault.code for fault in faults] == [313]


def test_a_foreign_key_never_parts_from_its_primary_key_by_type():
    """Greenmask's apply_for_references (#244): the same key as integer, text and decimal."""
    numbers = _pseudonyms([1, 42], S.INTEGER, "row_key")
    assert _pseudonyms(["1", "42"], S.STRING, "row_key") == numbers
    assert _pseudonyms([1.0, 42.0], S.FLOAT, "row_key") == numbers


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("email", ["Åse@Example.no", "åse@example.no", "A\u030ase@example.no", " åse@example.no "]),
        ("national_id", ["01019012345", "010190 12345", "010190\u00a012345"]),
        ("phone", ["+47 912 34 567", "91234567", "0047 91234567", "(+47) 91 23 45 67"]),
        ("iban", ["NO93 8601 1117 947", "no9386011117947"]),
    ],
)
def test_one_person_never_gets_two_pseudonyms_by_spelling(kind, spellings):
    """Case, NFC and NFD, blanks and country codes: other tools hash what they are given."""
    assert len(set(_pseudonyms(spellings, S.STRING, kind))) == 1


def test_a_leading_zero_is_never_lost_in_an_integer_column():
    """A national id kept as BIGINT is the id kept as text."""
    assert _pseudonyms([1019012345], S.INTEGER, "national_id") == _pseudonyms(
        ["01019012345"], S.STRING, "national_id"
    )


def test_a_pseudonym_is_never_of_a_random_value():
    """Neosync's hash transformer hashes a random value: nothing joins, nobody is found again."""
    one, two = _pseudonyms(["a", "a"], S.STRING, "text")
    assert one == two


def test_noise_never_averages_out_over_repeated_reads():
    """PostgreSQL Anonymizer's noise is drawn for each query; a thousand queries give the value."""
    context = context_for(noise, {"scale": 1000}, S.INTEGER)
    reads = [
        made(noise, pa.array([500_000]), context, ["kari"]).to_pylist()[0] for _ in range(1000)
    ]
    assert len(set(reads)) == 1
    assert abs(np.mean(reads) - 500_000) > 1


def test_dates_of_one_person_never_move_apart():
    """Greenmask's noise_date and PostgreSQL Anonymizer's dnoise move each value by itself."""
    days = pa.array([dt.date(2024, 1, 1), dt.date(2024, 3, 1)])
    out = made(shift_dates, days, context_for(shift_dates, {}, S.DATE), ["a", "a"]).to_pylist()
    assert (out[1] - out[0]).days == 60


def test_one_known_date_never_tells_the_shift_of_everybody():
    """A constant shift for all is solved by one date that somebody knows."""
    days = pa.array([dt.date(2024, 1, 1)] * 500)
    names = [str(n) for n in range(500)]
    out = made(shift_dates, days, context_for(shift_dates, {}, S.DATE), names)
    assert len(out.unique()) > 150


@pytest.mark.parametrize("day", ["1900-01-01", "1970-01-01", "9999-12-31", "2099-12-31"])
def test_a_placeholder_never_tells_a_person_s_shift(day):
    """9999-12-31 that became 9999-11-03 is a shift of 58 days, for every date of the person."""
    at = dt.date.fromisoformat(day)
    for storage, values in (
        (S.DATE, pa.array([at])),
        (S.TIMESTAMP, pa.array([at]).cast(pa.timestamp("us"))),
        (S.STRING, pa.array([f"{at:%d.%m.%Y}"])),
    ):
        context = context_for(shift_dates, {}, storage)
        assert made(shift_dates, values, context, ["kari"]).to_pylist() == [None]
        assert context.counts["placeholder"] == 1


def test_an_error_of_a_transform_never_quotes_a_value():
    """Pandas and DuckDB quote the cell they could not cast."""
    secret = "Kari Nordmann 01019012345"
    for name, transform in REGISTRY.items():
        for parameters in ({}, {"scale": 1}, {"to": 10}, {"most": 3}, {"width": 2}):
            known = {p.name for p in transform.SPEC.parameters}
            if not set(parameters) <= known or transform.SPEC.drops:
                continue
            for values in (pa.array([[secret]]), pa.array([{"a": secret}]), pa.array([secret])):
                context = context_for(transform, parameters, S.STRING)
                assert secret not in _fault(partial(made, transform, values, context)), name


def _fault(work: Callable[[], object]) -> str:
    """What an error says, if there is one."""
    try:
        work()
    except Exception as fault:
        return str(fault)
    return ""


def test_the_shipped_keyring_never_prints_a_key(key):
    """Secrets in logs: repr and str of everything that holds one say nothing of it."""
    from sladd.config import KeyConfig

    ring = Keyring({"main": KeyConfig(file=str(key))}, root=Path())
    master = ring.master("main")
    derived = master.derive("d", "email")
    context = replace(context_for(pseudonym, {}, S.STRING), key=derived, fresh=b"\x01" * 32)
    shown = repr(master) + repr(derived) + repr(context) + repr(ring)
    assert master.reveal().hex() not in shown
    assert repr(master.reveal())[2:-1] not in shown
    assert "\\x01\\x01" not in shown
