"""Tokens are random, the same for equal values, and survive neither deletion nor guessing."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.keyring import MasterKey
from sladd.vault import Store, Tokens, open_store
from tests.unit.vault.conftest import MASTER, NEWER, Opener, tokens
from transforms.pseudonym import Pseudonymiser
from transforms.vault import VaultPseudonymiser

PEOPLE = pa.array([f"kunde{n}@example.no" for n in range(500)])


def _worker(store: Store, *masters: MasterKey, domain: str = "d") -> VaultPseudonymiser:
    return VaultPseudonymiser(tokens(store, *masters, domain=domain), "email", "email")


def test_equal_values_have_one_token_in_every_publish(opened: Opener) -> None:
    """Another process, another order, another spelling: the same token; 26 characters each."""
    first = _worker(opened())(PEOPLE)
    again = _worker(opened())(pa.array([f" Kunde{n}@Example.NO" for n in reversed(range(500))]))
    assert again.to_pylist()[::-1] == first.to_pylist()
    assert len(set(first.to_pylist())) == 500
    assert {len(each) for each in first.to_pylist()} == {26}


def test_null_and_empty_stay_as_they_are(opened: Opener) -> None:
    """Neither gets a row in the store."""
    store = opened()
    assert _worker(store)(pa.array([None, "", "a@example.no", None])).to_pylist()[:2] == [None, ""]
    assert [held.tokens for held in store.held()] == [1]
    assert _worker(store)(pa.array([], pa.string())).to_pylist() == []


def test_no_key_leads_to_a_token(opened: Opener, tmp_path: Path) -> None:
    """The same key and value in another vault gives another token, and no pseudonym equals it."""
    one = _worker(opened()).one("kari@example.no")
    other = open_store(f"sqlite:///{tmp_path / 'other' / 'v.db'}", root=tmp_path)
    assert _worker(other).one("kari@example.no") != one
    other.close()
    for key in (MASTER.derive("d", "email"), MASTER.lookup_key("d", "email")):
        assert Pseudonymiser(key, "email").one("kari@example.no") != one


def test_another_domain_or_type_has_other_tokens(opened: Opener) -> None:
    """Releases of two domains cannot be linked through one vault."""
    store = opened()
    of_type = VaultPseudonymiser(tokens(store), "username", "username")
    made = {
        _worker(store).one("kari@example.no"),
        _worker(store, domain="e").one("kari@example.no"),
        of_type.one("kari@example.no"),
    }
    assert len(made) == 3


def test_the_store_holds_no_value(opened: Opener, tmp_path: Path) -> None:
    """Neither the value nor its plain hash stands in the file or in the tables."""
    store = opened()
    _worker(store)(PEOPLE)
    written = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"kunde" not in written
    assert b"example" not in written
    assert "kunde" not in repr(store.held())


def test_rotating_the_key_keeps_the_tokens(opened: Opener) -> None:
    """Rows are carried over to the newest version; then the old one is no longer needed."""
    store = opened()
    before = _worker(store, MASTER)(PEOPLE)
    some = pa.array([*PEOPLE.to_pylist()[:300], "ny@example.no"])
    after = _worker(store, NEWER, MASTER)(some).to_pylist()
    assert after[:300] == before.to_pylist()[:300]
    assert {h.space.version: h.tokens for h in store.held()} == {1: 200, 2: 301}
    assert _worker(store, NEWER)(some).to_pylist() == after


def test_a_deleted_row_gives_a_new_token(opened: Opener) -> None:
    """Of that value alone."""
    store = opened()
    before = _worker(store)(PEOPLE).to_pylist()
    (space,) = tokens(store).spaces("email", "email")
    lookup = Pseudonymiser(MASTER.lookup_key("d", "email"), "email").one(PEOPLE[7].as_py())
    assert store.delete(space, [lookup, "no such"]) == 1
    assert store.forget() is True
    assert store.deletions() == 1
    after = _worker(opened())(PEOPLE).to_pylist()
    assert [n for n in range(500) if before[n] != after[n]] == [7]
    assert store.lookups(space, [before[7]]) == {}


def test_two_publishes_at_once_agree(opened: Opener) -> None:
    """Whoever writes first wins; nobody fails, and nobody hands out a token that is not kept."""
    stores = [opened() for _ in range(4)]
    start = threading.Barrier(4)
    made: list[list[str]] = [[] for _ in stores]
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            worker = _worker(stores[number])
            start.wait()
            for part in range(0, 500, 50):
                made[number] += worker(PEOPLE.slice(part, 50)).to_pylist()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert made[0] == made[1] == made[2] == made[3]
    assert len(set(made[0])) == 500
    assert sum(held.tokens for held in opened().held()) == 500


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """One SQLite vault for many examples."""
    folder = tmp_path_factory.mktemp("v")
    return tokens(open_store(f"sqlite:///{folder / 'x' / 'v.db'}", root=folder))


@settings(max_examples=50)
@given(values=st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=30))
def test_tokens_are_equal_exactly_where_pseudonyms_are(
    shared: Tokens, values: list[str | None]
) -> None:
    """Whatever the text: nulls, empty texts, white space, any alphabet."""
    given_ = pa.array(values, pa.string())
    made = VaultPseudonymiser(shared, "name", "name")(given_).to_pylist()
    by_key = Pseudonymiser(MASTER.derive("d", "name"), "name")(given_).to_pylist()
    pairs = set(zip(made, by_key, strict=True))
    assert len(pairs) == len(set(made)) == len(set(by_key))
    assert [m is None for m in made] == [v is None for v in values]


def test_whoever_prints_tokens_sees_no_key(opened: Opener) -> None:
    """Repr of all that is in scope of a transform."""
    store = opened()
    for each in (tokens(store), _worker(store), store):
        assert MASTER.reveal().hex() not in repr(each)
        assert str(MASTER.reveal()) not in repr(each)
