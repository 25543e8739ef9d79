"""The officer's desk as a process of its own, and how one logs in to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.services import free_port

START_S = 120.0
PASSPHRASE = "en lang setning uten mening"
_PROGRAM = "import sys; from sladd.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Desk:
    """A served desk.

    Attributes:
        address: its root, without a slash at the end.
        project: the folder of its `sladd.yaml`.
    """

    address: str
    project: Path

    def sladd(self, *words: str) -> str:
        """What a command of the project prints; it must succeed."""
        done = run(self.project, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def first_login(self, name: str, role: str) -> str:
        """The address at which a new account chooses its passphrase."""
        printed = self.sladd("review", "user", "add", name, "--role", role)
        found = re.search(r"/first/\S+", printed)
        assert found, printed
        return self.address + found.group()


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of sladd in a project."""
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "HOME": str(project.parent), "COLUMNS": "200"},
    )


@contextmanager
def served(project: Path) -> Iterator[Desk]:
    """`sladd review` on a free port, until the block ends."""
    port = free_port()
    log = project.parent / "desk.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, "review", "--port", str(port)],
            cwd=project,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": str(project.parent)},
        )
        try:
            desk = Desk(f"http://127.0.0.1:{port}", project)
            _wait(desk, process, log)
            yield desk
        finally:
            process.terminate()
            process.wait(20)


def _wait(desk: Desk, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{desk.address}/login", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the desk did not start:\n{log.read_text()}")


def sign_in(page: Page, desk: Desk, name: str, role: str, passphrase: str = PASSPHRASE) -> None:
    """Make an account, choose its passphrase with the link, and log in where that is asked."""
    page.goto(desk.first_login(name, role))
    page.fill("input[name=passphrase]", passphrase)
    page.fill("input[name=again]", passphrase)
    page.click("main form button")
    page.wait_for_load_state()
    if page.locator("form[action='/login']").count():
        page.fill("input[name=name]", name)
        page.fill("input[name=passphrase]", passphrase)
        page.click("form[action='/login'] button.main")
        page.wait_for_load_state()
    assert page.locator("nav.menu").count() == 1
