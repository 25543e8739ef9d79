"""Tokens of a vault a second, drawn and found again, against pseudonyms by the key alone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from benchmarks.measure import in_turns
from benchmarks.result import Measure
from sladd.keyring import DerivedKey, MasterKey
from sladd.vault import Store, Tokens, open_store
from transforms.pseudonym import Pseudonymiser
from transforms.vault import VaultPseudonymiser

MOST = 300_000  # a shop with that many customers is a large one
BATCH = 65_536  # rows of a batch of a publish
SECRET = bytes(range(32))


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Distinct e-mail addresses: the first publish, which draws, and each one after it."""
    count = min(rows, MOST)
    values = pa.array([f"person.{n}@example.no" for n in range(count)])
    measures: list[Measure] = []
    with _stores(folder) as stores:
        for name, new in stores.items():
            measures += _speeds(name, values, new)
    return tuple(measures)


def _speeds(name: str, values: pa.Array, new: Callable[[], Store]) -> list[Measure]:
    by_key = Pseudonymiser(DerivedKey(SECRET, domain="b", type="email", version=1), "email")
    number = iter(range(1_000))

    def first() -> float:
        """Of a domain of its own, so that every value is new."""
        return _seconds(_worker(new(), f"d{next(number)}"), values)

    kept = _worker(new(), "kept")
    _seconds(kept, values)
    floor, drawn, found = in_turns(
        3, lambda: _seconds(by_key, values), first, lambda: _seconds(kept, values)
    )
    million = len(values) / 1e6
    peer = "pseudonyms by the key"
    return [
        Measure(
            f"{len(values):,} new tokens, {name}", million / drawn, "M/s", million / floor, peer
        ),
        Measure("the same, found again", million / found, "M/s", million / floor, peer),
    ]


def _worker(store: Store, domain: str) -> VaultPseudonymiser:
    tokens = Tokens(store, domain, [MasterKey(SECRET, name="main", version=1)])
    return VaultPseudonymiser(tokens, "email", "email")


def _seconds(work: Callable[[pa.Array], object], values: pa.Array) -> float:
    """By the clock: most of it may be spent in another process."""
    begun = time.perf_counter()
    for start in range(0, len(values), BATCH):
        work(values.slice(start, BATCH))
    return time.perf_counter() - begun


@contextlib.contextmanager
def _stores(folder: Path) -> Iterator[dict[str, Callable[[], Store]]]:
    """A file, and a real PostgreSQL where this machine has one."""
    from tests import services

    with contextlib.ExitStack() as stack:

        def opened(address: str) -> Callable[[], Store]:
            store = stack.enter_context(contextlib.closing(open_store(address, root=folder)))
            return lambda: store

        stores = {"SQLite": opened("sqlite:///vault/v.db")}
        with contextlib.suppress(services.ServiceMissing):
            server = stack.enter_context(services.postgresql())
            stores["PostgreSQL"] = opened(server.new_database())
        yield stores
