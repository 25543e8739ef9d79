"""A vault in a new SQLite file, or in a PostgreSQL database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sladd.keyring import MasterKey
from sladd.vault import Store, Tokens, open_store

Opener = Callable[[], Store]
MASTER = MasterKey(bytes(range(32)), name="main", version=1)
NEWER = MasterKey(bytes(range(1, 33)), name="main", version=2)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same store again and again, as other processes would."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'vault' / 'v.db'}"
    else:
        address = request.getfixturevalue("postgresql").new_database()
    with ExitStack() as stack:

        def new() -> Store:
            store = open_store(address, root=tmp_path)
            stack.callback(store.close)
            return store

        yield new


def tokens(store: Store, *masters: MasterKey, domain: str = "d") -> Tokens:
    """The tokens of a domain, under the first version of the key unless others are given."""
    return Tokens(store, domain, masters or (MASTER,))
