"""Encrypted values join like pseudonyms and come back for whoever has the key."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd import canonical
from sladd.errors import TransformError
from sladd.keyring import MasterKey
from sladd.model import StorageType
from transforms import Context, encrypt, format_preserving
from transforms.encrypt import Encrypter
from transforms.format_preserving import DigitEncrypter

MASTER = MasterKey(bytes(range(32)), name="main", version=1)
KINDS = st.sampled_from(sorted(canonical.CANONICALISERS))
TEXTS = st.lists(
    st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=20
)


def _worker(kind: str, domain: str = "d", master: MasterKey = MASTER) -> Encrypter:
    return Encrypter(master.derive(domain, kind), kind)


@settings(deadline=None)
@given(TEXTS, KINDS)
def test_what_was_encrypted_is_read_again(values, kind):
    """Every value but null and '' comes back in its canonical spelling."""
    worker = _worker(kind)
    made = worker(pa.array(values, pa.string())).to_pylist()
    for value, text in zip(values, made, strict=True):
        if not value:
            assert text == value
        else:
            spelling = canonical.canonical(value, kind)[0] or value
            assert worker.read([text]) == [spelling]


@settings(deadline=None)
@given(TEXTS, KINDS)
def test_equal_spellings_are_equal_and_no_others(values, kind):
    """The join over ciphertexts is the join over canonical values."""
    made = _worker(kind)(pa.array(values, pa.string())).to_pylist()
    pairs = [(canonical.canonical(v, kind), m) for v, m in zip(values, made, strict=True) if v]
    for spelling, one in pairs:
        for other, two in pairs:
            if spelling[0] and other[0]:
                assert (spelling == other) == (one == two)


def test_short_values_have_one_length():
    """Ciphertexts of up to fifteen bytes do not tell how long the value is."""
    made = _worker("row_key")(pa.array(["1", "12345678901", "123456789012345", "x" * 16]))
    assert [len(v) for v in made.to_pylist()] == [52, 52, 52, 77]


@pytest.mark.parametrize("other", [("e", 1), ("d", 2)])
def test_another_domain_or_key_reads_nothing(other):
    """A wrong key is an error, never a plausible wrong value."""
    domain, first = other
    text = _worker("email")(pa.array(["Kari@Example.no"]))[0].as_py()
    master = MasterKey(bytes(range(first - 1, first + 31)), name="main", version=1)
    with pytest.raises(TransformError) as caught:
        _worker("email", domain, master).read([text])
    assert caught.value.code == 307
    assert "kari" not in str(caught.value).lower()


@pytest.mark.parametrize("text", ["", "a", "a" * 52, "ÅØ", "v1:" + "a" * 52, "a" * 51 + "1"])
def test_what_is_no_ciphertext_is_refused(text):
    """Any text may be handed in by hand."""
    with pytest.raises(TransformError) as caught:
        _worker("text").read([text])
    assert caught.value.code == 307


def test_the_version_of_the_key_can_be_shown():
    """`v3:` says which key reads a value after a rotation."""
    master = MasterKey(bytes(32), name="main", version=3)
    context = Context(
        parameters={"show_version": True},
        storage=StorageType.STRING,
        key=master.derive("d", "text"),
    )
    made = encrypt.apply(pa.array(["a", "", None]), context).to_pylist()
    assert made[0].startswith("v3:")
    assert made[1:] == ["", None]
    assert encrypt.encrypter(context).read([made[0]]) == ["a"]


def _digits(kind: str) -> DigitEncrypter:
    return DigitEncrypter(MASTER.derive("d", kind), kind)


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("phone", "+47 912 34 567", "91234567"),
        ("national_id", "010190 12345", "1019012345"),
        ("text", "12.345-678", "12.345-678"),
    ],
)
def test_the_form_stays_and_equal_values_stay_equal(kind, one, two):
    """Digits become digits; everything between them stays; it comes back."""
    made = _digits(kind)(pa.array([one, two])).to_pylist()
    spelling = canonical.canonical(one, kind)[0]
    assert made[0] == made[1] != spelling
    assert [c.isdigit() for c in made[0]] == [c.isdigit() for c in spelling]
    assert [c for c in made[0] if not c.isdigit()] == [c for c in spelling if not c.isdigit()]
    assert _digits(kind).read(pa.array(made)).to_pylist() == [spelling] * 2


def test_a_norwegian_telephone_number_stays_one():
    """The country code is no secret; eight other digits follow it."""
    made = _digits("phone")(pa.array(["91234567"]))[0].as_py()
    assert made.startswith("+47")
    assert len(made) == 11


def test_few_digits_and_letters_are_never_passed_on():
    """What cannot be encrypted safely is null and counted, not left as it was."""
    values = pa.array(["12345", "EK12345", "123456", "", None, "٣٣٣٣٣٣٣", "1" * 57])
    context = Context(parameters={}, storage=StorageType.STRING, key=MASTER.derive("d", "text"))
    made = format_preserving.apply(values, context).to_pylist()
    assert made[:2] == [None, None]
    assert made[2] not in {None, "123456"}
    assert made[3:] == ["", None, None, None]
    assert context.counts["too_short"] == 4


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[0-9 .\-]{0,24}", fullmatch=True), max_size=20))
def test_a_column_is_encrypted_like_each_of_its_values(values):
    """The way over arrays and the way of single texts say the same."""
    whole = _digits("text")(pa.array(values, pa.string())).to_pylist()
    single = [_digits("text")(pa.array([v], pa.string()))[0].as_py() for v in values]
    assert whole == single
