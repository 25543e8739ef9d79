"""Fixtures of every test: the servers, one of each a run."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import services

# How long an example takes says more of the machine than of the code; on CI the same examples
# are drawn every time.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")


SERVERS = {"postgresql", "mariadb"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one server share a worker (`--dist loadgroup`), so that they do not meet in it."""
    for item in items:
        wanted = SERVERS & set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("services"):
            given = getattr(getattr(item, "callspec", None), "params", {})
            wanted = SERVERS.intersection(map(str, given.values())) or wanted or {"postgresql"}
        for name in sorted(wanted)[:1]:
            item.add_marker(pytest.mark.services)
            item.add_marker(pytest.mark.xdist_group(name))


@contextlib.contextmanager
def _shared(
    name: str, start: Any, factory: pytest.TempPathFactory, worker: str
) -> Iterator[services.Server]:
    """Start a server, or use the one that another worker of this run has started."""
    if worker == "master":
        with start() as server:
            yield server
        return
    from filelock import FileLock

    board = factory.getbasetemp().parent / f"{name}.json"
    with contextlib.ExitStack() as stack:
        with FileLock(str(board) + ".lock"):
            known = json.loads(board.read_text()) if board.exists() else None
            if known is None:
                server = stack.enter_context(start())
                board.write_text(json.dumps({"users": 1, "server": asdict(server)}))
            else:
                known["users"] += 1
                board.write_text(json.dumps(known))
                server = services.Server(**known["server"])
        try:
            yield server
        finally:
            _leave(board, FileLock(str(board) + ".lock"), owner=known is None)


def _leave(board: Path, lock: Any, *, owner: bool) -> None:
    """The worker that started the server waits for the others."""
    import time

    with lock:
        known = json.loads(board.read_text())
        known["users"] -= 1
        board.write_text(json.dumps(known))
    deadline = time.monotonic() + 240
    while owner and time.monotonic() < deadline:
        with lock:
            if json.loads(board.read_text())["users"] == 0:
                board.unlink()
                return
        time.sleep(0.2)


def _or_skip(
    name: str, start: Any, factory: pytest.TempPathFactory, worker: str
) -> Iterator[services.Server]:
    try:
        with _shared(name, start, factory, worker) as server:
            yield server
    except services.ServiceMissing as missing:
        # On CI a service test that did not run is a failure.
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def run_worker(request: pytest.FixtureRequest) -> str:
    """Name of the xdist worker, or `master`."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "master"))


@pytest.fixture(scope="session")
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, run_worker: str
) -> Iterator[services.Server]:
    """A real PostgreSQL; its `postgres` database is empty."""
    yield from _or_skip("postgresql", services.postgresql, tmp_path_factory, run_worker)


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory, run_worker: str) -> Iterator[services.Server]:
    """A real MariaDB."""
    yield from _or_skip("mariadb", services.mariadb, tmp_path_factory, run_worker)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, run_worker: str) -> Path:
    """A folder that all workers of this run have in common; see `tests.once`."""
    base = tmp_path_factory.getbasetemp()
    return base if run_worker == "master" else base.parent
