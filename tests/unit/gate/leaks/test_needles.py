"""Digests of originals: keyed, bounded, forgotten; windows that find them again."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.gate.leaks.control import Distinct, beyond_chance
from sladd.gate.leaks.finding import Finder, Tokens
from sladd.gate.leaks.folding import decoded, fold
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.shapes import Kind, Original, Originals, kind_of
from sladd.gate.leaks.store import Store, among
from sladd.gate.leaks.words import Hasher, Page, digest, windows

WORD = st.text("abcdefghijklmnopqrstuvwxyzæøå0123456789", min_size=1, max_size=12)
EMAIL = Original("shop/customers.email", "email", "user.contact.email")


def collected(values: list[str], field: Original = EMAIL, **more: object) -> Needles:
    needles = Needles(**more)
    needles.table(Originals((field,))).add(pa.record_batch({field.column: pa.array(values)}))
    return needles


def hits(needles: Needles, text: str) -> int:
    places, digests = Finder(needles).find(pa.array([text]), Tokens())
    return len(needles.store.matching(np.unique(digests))) if len(places) else 0


@given(st.lists(WORD, min_size=1, max_size=8), st.lists(WORD, max_size=5), st.data())
def test_a_window_has_the_digest_of_its_words_alone(words, others, data):
    """Wherever it stands: prefix sums forget what came before."""
    hasher = Hasher()
    alone = Page(fold(pa.array([" ".join(words)])), hasher).words()
    whole = digest(alone, np.array([0]), len(alone), hasher)
    before = data.draw(st.integers(0, len(others)))
    text = " ".join([*others[:before], *words, *others[before:]])
    page = Page(fold(pa.array(["x y", text, "z"])), hasher)
    runs = page.words()
    found = digest(runs, windows(runs, len(words)), len(words), hasher)
    assert whole[0] in found


@given(st.lists(st.text(max_size=12), min_size=2, max_size=20, unique=True))
def test_different_texts_have_different_digests(texts):
    """Texts that fold to the same words aside."""
    hasher = Hasher()
    page = Page(fold(pa.array(texts)), hasher)
    runs = page.words()
    spelt = {page.bytes[a:b].tobytes() for a, b in zip(runs.at, runs.until, strict=True)}
    each = digest(runs, np.arange(len(runs)), 1, hasher)
    assert len(set(each.tolist())) == len(spelt)


def test_two_runs_give_different_digests():
    """The key is drawn anew, and destroyed at the end."""
    one, two = collected(["kari@example.no"]), collected(["kari@example.no"])
    (first,), (second,) = (list(n.store.chunks()) for n in (one, two))
    assert not np.isin(first["digest"], second["digest"]).any()


def test_what_was_collected_is_forgotten_at_the_end():
    """Nothing can be asked of closed needles."""
    with collected(["kari@example.no"]) as needles:
        assert hits(needles, "til kari@example.no")
    assert list(needles.store.chunks()) == []
    assert not needles.hasher.salts.any()


def test_needles_are_never_printed_or_pickled():
    """They are digests of originals, and the key to them."""
    needles = collected(["kari@example.no"])
    assert "kari" not in repr(needles)
    for holder in (needles.hasher, needles.store):
        with pytest.raises(TypeError, match="never serialised"):
            pickle.dumps(holder)


def test_what_does_not_fit_in_memory_is_sealed_on_disk(tmp_path):
    """Neither values nor digests can be read from the file; the originals are found all the same."""
    values = [f"kunde{n}.nordmann@example.no" for n in range(20_000)]
    needles = collected(values, folder=tmp_path, memory_bytes=50_000)
    assert needles.store._held == []
    (records,) = [c for c in needles.store.chunks() if len(c)][:1]
    file = needles.store._file
    assert file is not None
    file.seek(0)
    body = file.read()
    assert len(body) >= 20 * 20_000
    assert records["digest"][:1].tobytes() not in body
    assert b"nordmann" not in body
    assert hits(needles, "Faktura til KUNDE777.nordmann@example.no") >= 1
    assert hits(needles, "Faktura til kunde20001.nordmann@example.no") == 0
    needles.close()
    assert list(tmp_path.iterdir()) == []


def test_equal_records_are_kept_once():
    """An order a day for a year is one original."""
    store = Store(memory_bytes=10**6)
    for _ in range(30):
        digests = np.arange(10_000, dtype=np.uint64)
        store.add(digests, np.zeros(10_000, np.uint64), 1)
    assert store.count < 60_000


@given(st.lists(st.integers(0, 2**64 - 1), max_size=200), st.integers(0, 2**64 - 1))
def test_the_filter_never_misses(values, other):
    """It may let too much pass."""
    store = Store()
    store.add(np.array(values, np.uint64), np.zeros(len(values), np.uint64), 1)
    asked = np.array([*values, other], np.uint64)
    assert set(range(len(values))) <= set(store.filter().passing(asked).tolist())


def test_the_filter_lets_little_pass():
    """At most one in a thousand windows is looked at twice."""
    rng = np.random.default_rng(1)
    store = Store()
    store.add(rng.integers(0, 2**63, 200_000).astype(np.uint64), np.zeros(200_000, np.uint64), 1)
    others = rng.integers(0, 2**63, 1_000_000).astype(np.uint64)
    assert len(store.filter().passing(others)) < 2_000


@given(st.lists(st.integers(0, 100), max_size=30), st.lists(st.integers(0, 100), max_size=30))
def test_membership_is_that_of_sets(values, known):
    """Also of nothing in nothing."""
    given_ = np.array(values, np.uint64)
    found = among(given_, np.unique(np.array(known, np.uint64)))
    assert found.tolist() == [v in set(known) for v in values]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ÅSE Økland", "åse økland"),
        ("\uff11\uff12\uff13", "123"),
        ("ka\u200bri", "kari"),
        ("A\u030ase", "åse"),
        ("a\u00a0b\u2013c", "a b c"),
        ("ﬁrma", "firma"),
    ],
)
def test_texts_fold_to_one_spelling(text, plain):
    """NFKC, case, what cannot be seen, and signs beyond ASCII."""
    assert fold(pa.array([text, None, "X"])).to_pylist() == [plain, None, "x"]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    """Needles and cells meet whatever was folded before."""
    once = fold(pa.array([text]))
    assert fold(once).to_pylist() == once.to_pylist()


@given(st.binary(min_size=8, max_size=60))
def test_what_cannot_be_decoded_is_no_fault(raw):
    """Cells hold anything."""
    text = raw.decode("latin-1")
    places, plain = decoded(pa.array([text, None]))
    assert len(places) == len(plain)


def test_words_are_not_taken_for_codes():
    """Norwegian compounds are long."""
    assert decoded(pa.array(["Personopplysningsloven gjelder kundeopplysninger"])) == ([], [])


def test_counts_of_distinct_digests_are_close():
    """From the smallest of them alone."""
    rng = np.random.default_rng(3)
    counted = Distinct()
    digests = rng.integers(0, 2**63, 300_000).astype(np.uint64) * np.uint64(2)
    for part in np.array_split(np.concatenate([digests, digests]), 20):
        counted.add(part)
    assert counted.count == pytest.approx(300_000, rel=0.1)


@pytest.mark.parametrize(
    ("found", "chance", "more"),
    [(0, 0.0, False), (1, 0.0, True), (1, 0.5, False), (1, 1e-5, True), (12, 3.0, True),
     (8, 3.0, False), (1_000, 990.0, False), (1_200, 990.0, True)],
)  # fmt: skip
def test_more_than_chance_is_one_in_a_thousand(found, chance, more):
    """Poisson, one-sided."""
    assert beyond_chance(found, chance) is more


@pytest.mark.parametrize(
    ("category", "kind"),
    [("user.contact.email", Kind.EMAIL), ("user.government_id.passport_number", Kind.IDENTIFIER),
     ("user.name", Kind.NAME), ("user.name.first", Kind.CELL), ("user.financial.salary", Kind.CELL),
     ("user.contact.address.postal_code", Kind.CELL), ("user.contact.address", Kind.ADDRESS)],
)  # fmt: skip
def test_categories_are_strong_or_weak(category, kind):
    """As the design says."""
    assert kind_of(category) is kind


def test_short_identifiers_are_weak():
    """Under eight characters anything stands in a text by chance."""
    field = Original("shop/customers.nr", "nr", "user.unique_id")
    needles = collected(["K10023"], field)
    assert hits(needles, "kunde K10023") == 0
    assert hits(collected(["K1002345"], field), "kunde k-1002345") == 0
    assert hits(collected(["K1002345"], field), "kunde (k1002345)") == 1


VALUE = st.sampled_from(
    [
        *(None, "", "Kari Nordmann", "kari  nordmann", "Ola Bakke", "Per Åse Li"),
        *("91234567", "+47 912 34 567", "kari@example.no", "A-1234-5678", "01019012345"),
    ]
)
KEY = st.sampled_from([None, "", "1", "2", "3"])
ROWS = st.lists(st.tuples(KEY, VALUE, VALUE, VALUE), min_size=1, max_size=12)
TAKEN = Originals(
    (
        Original("s/t.name", "name", "user.name"),
        Original("s/t.first", "first", "user.name.first"),
        Original("s/t.last", "last", "user.name.last"),
        Original("s/t.phone", "last", "user.contact.phone_number"),
        Original("s/t.key", "first", "user.unique_id"),
    ),
    names=(("first", "last"),),
    person="person",
    entity="s/t.person",
)


@given(st.lists(ROWS, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_what_was_taken_before_need_not_be_taken_again(batches, persons, encoded):
    """With and without memory of earlier batches the same originals of the same persons are kept."""
    names = ("person", "name", "first", "last")
    given_ = TAKEN if persons else replace(TAKEN, person="", entity="")
    needles = [Needles(), Needles()]
    needles[1].hasher = needles[0].hasher
    remembering, forgetful = needles[0].table(given_), needles[1].table(given_)
    for rows in batches:
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        if encoded:
            columns = [column.dictionary_encode() for column in columns]
        batch = pa.record_batch(columns, names=list(names))
        # Fifty of each row: what repeats in the first batch is remembered.
        remembering.add(batch.take(pa.array([*range(len(rows))] * 50)))
        fresh = needles[1].table(given_)
        fresh._first = forgetful._first
        fresh.add(batch)
    kept = [_records(one) for one in needles]
    assert kept[0] == kept[1]
    assert needles[0].sizes == needles[1].sizes


def _records(needles: Needles) -> set[tuple[int, int, int]]:
    """Digests, persons and tags of the originals; controls are drawn anew each time."""
    drawn = {Kind.DIGITS_BY_CHANCE, Kind.NAME_BY_CHANCE}
    return {
        (int(r["digest"]), int(r["owner"]), int(r["tag"]))
        for records in needles.store.chunks()
        for r in records
        if Kind(int(r["tag"]) % 16) not in drawn
    }


def test_a_long_column_is_forgotten_and_taken_again(monkeypatch):
    """Memory is bounded; what is taken twice is kept once."""
    monkeypatch.setattr("sladd.gate.leaks.seen.LIMIT", 40)
    needles = Needles()
    table = needles.table(Originals((EMAIL,)))
    for batch in range(10):
        mails = [f"kari{n // 4}@example.no" for n in range(batch * 80, batch * 80 + 120)]
        table.add(pa.record_batch({"email": pa.array(mails)}))
    assert len({int(r["digest"]) for c in needles.store.chunks() for r in c}) == 210


def test_a_batch_that_failed_is_taken_whole_when_it_comes_again(monkeypatch):
    """What counts as seen was kept."""
    needles = Needles()
    table = needles.table(Originals((EMAIL,)))
    batch = pa.record_batch({"email": pa.array(["kari@example.no"] * 4)})
    with monkeypatch.context() as broken:
        broken.setattr(needles.store, "add", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            table.add(batch)
    table.add(batch)
    assert hits(needles, "til kari@example.no")
