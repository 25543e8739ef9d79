"""One real Prefect server for the tests of the flows, with its scheduler and a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services import free_port

START_SECONDS = 120  # on a busy machine; it takes some 15 on an idle one


@dataclass(frozen=True)
class Server:
    """A running server and everything that it writes."""

    api: str
    home: Path
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to talk to it, and to write nowhere else."""
        return {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own process; everything of it is gone afterwards."""
    folder = tmp_path_factory.mktemp("prefect")
    port = free_port()
    one = Server(f"http://127.0.0.1:{port}/api", folder / "home", folder / "server.log")
    one.home.mkdir(mode=0o700)
    address = ["--host", "127.0.0.1", "--port", str(port)]
    with one.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--no-ui", *address],
            env=os.environ | one.environment | {"PREFECT_SERVER_LOGGING_LEVEL": "INFO"},
            stdout=log,
            stderr=subprocess.STDOUT,
            umask=0o077,
            start_new_session=True,  # so that it can be stopped with what it starts
        )
        try:
            _wait(process, one)
            yield one
        finally:
            _flush()
            _stop(process)


def _wait(process: subprocess.Popen[bytes], one: Server) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{one.api}/health", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    pytest.fail(f"the Prefect server did not start:\n{one.log.read_text('utf-8')[-2000:]}")


def _flush() -> None:
    """Let this process send what it still has to say, before there is nobody to hear it."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (APILogWorker, EventsWorker):
        worker.drain_all(timeout=10)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, word)
        except ProcessLookupError:
            return
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue


@pytest.fixture
def prefect(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """This process, and those it starts, talk to the server."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    with temporary_settings({PREFECT_API_URL: server.api, PREFECT_HOME: server.home}):
        yield server
