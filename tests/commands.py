"""The command line for tests: in this process, or as a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

# A job that a script starts in the background ignores SIGINT, and so do its children.
HEARS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
LINE = re.compile(r"^SLADD-\d{3}: .+")


@dataclass(frozen=True)
class Outcome:
    """What a command left on the terminal, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Lines of standard error."""
        return self.err.splitlines()

    def one_line(self, code: int, number: int, *words: str) -> str:
        """The single line on standard error, after checking it.

        It has the number, three parts (what, where, mend) unless one stands for two, and the
        words; nothing stands on standard output but what came before the fault.
        """
        assert self.code == code, self
        assert "Traceback" not in self.out + self.err
        (line,) = self.lines
        assert line.startswith(f"SLADD-{number}: "), line
        assert " · " in line, f"no way out is named: {line}"
        for word in words:
            assert word in line, f"{word!r} not in {line!r}"
        return line


class Project:
    """A folder with a `sladd.yaml`, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def configure(self, text: str) -> None:
        """Write `sladd.yaml`."""
        (self.folder / "sladd.yaml").write_text(text, encoding="utf-8")

    @property
    def config(self) -> str:
        """`sladd.yaml` as it stands."""
        return (self.folder / "sladd.yaml").read_text(encoding="utf-8")

    def sql(self, *statements: str, database: str = "shop.db") -> None:
        """Change the SQLite shop."""
        with contextlib.closing(sqlite3.connect(self.folder / database)) as db, db:
            for statement in statements:
                db.execute(statement)

    def run(self, *words: str, stdin: str = "", **environment: str) -> Outcome:
        """Run a command through `main()` in this process."""
        from sladd.cli import main

        out, err = _Captured(), _Captured()
        code: Any = 0
        with contextlib.ExitStack() as stack:
            stack.enter_context(_inside(self.folder))
            stack.enter_context(patch.object(sys, "argv", ["sladd", *words]))
            stack.enter_context(patch.object(sys, "stdin", io.StringIO(stdin)))
            stack.enter_context(patch.dict(os.environ, environment))
            stack.enter_context(contextlib.redirect_stdout(out))
            stack.enter_context(contextlib.redirect_stderr(err))
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
        return Outcome(code, out.text, err.text)

    def start(self, *words: str, before: str = "", **environment: str) -> subprocess.Popen[str]:
        """Start a command as a process, which Ctrl-C reaches.

        Args:
            words: of the command line.
            before: code that runs first in that process: limits, or a place to stop at.
            environment: added to ours.
        """
        code = f"{HEARS_CTRL_C}{before}\nfrom sladd.cli import main\nmain()"
        return subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=self.folder,
            env=os.environ
            | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
            | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def versions(self, release: str = "analytics") -> list[str]:
        """Published versions, and whatever else a publish leaves beside them."""
        return sorted(p.name for p in (self.folder / "releases" / release).iterdir())

    def assert_release_stands(self, release: str = "analytics") -> None:
        """The release is whole, and nothing half-written lies beside it."""
        assert not [n for n in self.versions(release) if n.startswith(".staging")]
        checked = self.run("verify", release)
        assert checked.code == 0, checked.out + checked.err


def ended(process: subprocess.Popen[str], seconds: float = 120) -> Outcome:
    """Wait for a process."""
    out, err = process.communicate(timeout=seconds)
    return Outcome(process.returncode, out, err)


class _Captured(io.TextIOWrapper):
    """A text stream with a buffer beneath, as standard output has."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    @property
    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined]


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
