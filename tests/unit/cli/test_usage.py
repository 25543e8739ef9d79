"""The command line before any command runs: help, wrong words, start-up."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from sladd.cli import app, console, main
from sladd.cli.usage import options_first
from sladd.errors import ConfigError, ManyErrors
from tests.commands import Project

COMMANDS = (
    "init", "demo", "discover", "findings", "report", "decide", "verdicts export",
    "verdicts import", "check", "plan", "publish", "verify", "query", "keys init", "keys list",
    "doctor", "keys translate", "vault status", "vault forget", "reveal show", "reveal request",
    "reveal approve", "reveal list",
)  # fmt: skip
HEAVY = {
    "pyarrow", "presidio_analyzer", "presidio_anonymizer", "sqlalchemy", "pandas", "pydantic",
    "duckdb", "prefect", "spacy", "rich", "numpy", "yaml",
}  # fmt: skip
GOAL_S = 0.3  # DESIGN §10


@pytest.fixture
def here(tmp_path: Path) -> Project:
    """An empty folder."""
    return Project(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(here: Project, command: str) -> None:
    """On standard output, exit code 0, no line wider than a terminal of 100 columns."""
    done = here.run(*command.split(), "--help", COLUMNS="100")
    assert (done.code, done.err) == (0, "")
    assert f"Example:  sladd {command}" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


WRONG = {
    "discovr": "did you mean 'discover'?",
    "verdicts exprt": "did you mean 'export'?",
    "findings --formt csv": "did you mean --format?",
    "findings --format xml": "'table', 'json', 'csv'",
    "plan": "missing argument 'release'",
    "discover --sample many": "--sample",
    "discover --sample 0": "it has to be 1 or more",
    "decide a/b.c confirm": "--reason",
    "query": "missing argument",
    "--config": "requires an argument",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_command_line_is_one_line(here: Project, words: str) -> None:
    """Exit code 2, what is wrong, and what to type instead."""
    here.run(*words.split()).one_line(2, 170, WRONG[words])


def test_a_query_without_quotes_is_not_repeated(here: Project) -> None:
    """What stands where it should not may be a value."""
    done = here.run("query", "analytics", "SELECT", "*", "kari@example.no")
    line = done.one_line(2, 170, "quote what has spaces in it")
    assert "kari" not in line


def test_no_command_shows_the_help(here: Project) -> None:
    """On standard error, as nothing was done; exit code 2."""
    done = here.run()
    assert (done.code, done.out) == (2, "")
    assert "sladd demo" in done.err
    assert here.run("--version").out.startswith("sladd ")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("publish x --debug", "--debug publish x"),
        ("publish x -c other.yaml", "-c other.yaml publish x"),
        ("check --config=o.yaml", "--config=o.yaml check"),
        ("query r -- --debug", "query r -- --debug"),
        ("check -c", "-c check"),
    ],
)
def test_options_of_sladd_may_stand_anywhere(given: str, expected: str) -> None:
    """But not behind `--`."""
    assert options_first(given.split()) == expected.split()


def test_debug_adds_the_trace_and_no_more(here: Project) -> None:
    """Files and lines of code beneath the one line."""
    plain = here.run("check")
    plain.one_line(2, 101, "sladd init")
    traced = here.run("check", "--debug")
    assert traced.lines[0] == plain.lines[0]
    assert all(re.fullmatch(r"  .+:\d+ in .+", line) for line in traced.lines[1:])
    assert len(traced.lines) > 3


def test_a_name_cannot_break_a_line() -> None:
    """Line breaks become spaces, control characters a mark."""
    assert console.one_line("a\nb\x1b[31mæ\u202e") == "a b\ufffd[31mæ\ufffd"


def test_equal_errors_are_said_once_and_many_are_counted() -> None:
    """Twenty lines and a count; errors inside errors are taken apart."""
    errors = [ConfigError(f"fault {n}", code=107) for n in range(30)]
    text, code = console.fault_lines(ManyErrors([ManyErrors(errors), *errors]), debug=False)
    lines = text.splitlines()
    assert (code, len(lines), lines[-1]) == (2, 21, "… and 10 more")


def test_a_foreign_fault_never_shows_its_text() -> None:
    """Its type is told; its message could quote a row."""
    text, code = console.fault_lines(ValueError("kari@example.no"), debug=True)
    assert "kari" not in text
    assert (code, text[:9]) == (70, "SLADD-999")


def _help(cache: Path) -> float:
    """Seconds of processor time for `sladd --help`, as a process."""
    code = (
        "import sys; sys.argv = ['sladd', '--help']\n"
        "from sladd.cli import main\n"
        "main()\n"
        f"heavy = {sorted(HEAVY)!r}\n"
        "print('LOADED', [name for name in heavy if name in sys.modules])\n"
        "import resource; print('CPU', sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))\n"
    )
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "PYTHONPYCACHEPREFIX": str(cache),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "LOADED []" in done.stdout, done.stdout
    return float(done.stdout.rsplit("CPU", 1)[1])


def test_help_starts_at_once(tmp_path: Path) -> None:
    """Nothing heavy is imported, and the processor time stays within the goal."""
    _help(tmp_path)  # compiles, as an installation has done
    assert min(_help(tmp_path) for _ in range(4)) <= GOAL_S


def test_a_reader_who_leaves_is_no_fault() -> None:
    """`sladd --help | head -1` ends quietly."""
    command = f"'{sys.executable}' -c 'from sladd.cli import main; main()' --help | head -1"
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path}, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: sladd")


def _commands() -> Iterator[tuple[str, Any]]:
    """Every command with its words, groups too."""
    waiting: list[tuple[str, Any]] = [("sladd", typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        below = getattr(command, "commands", {})
        waiting += [(f"{words} {name}", each) for name, each in below.items()]


def test_every_example_of_a_help_can_be_typed() -> None:
    """Each command has one, its words are commands, and its options are options of theirs."""
    known = dict(_commands())
    for words, command in known.items():
        told = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
        examples = [part.removeprefix("Example: ") for part in told if "Example:" in part]
        assert examples or words == "sladd", words
        for example in examples:
            typed = shlex.split(example.split("&&")[0].split(">")[0])
            called = max(
                (name for name in known if typed[: len(name.split())] == name.split()), key=len
            )
            options = {opt for param in known[called].params for opt in param.opts}
            if called == "sladd reveal":  # short for `sladd reveal show`
                options = {opt for param in known[f"{called} show"].params for opt in param.opts}
            given = {word for word in typed if word.startswith("--") or word == "-o"}
            assert given <= options, (words, example)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["discover", "--sample", "0"], "it has to be 1 or more"),
        (["discover", "--sample", "mange"], "it has to be a whole number"),
        (["review", "--port", "99999"], "it has to be 65535 or less"),
        (["discover", "--full", "--sample", "5"], "SLADD-652"),
    ],
)
def test_a_number_out_of_bounds_is_told_in_words(
    words: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in those of the library that checks it."""
    monkeypatch.setattr(sys, "argv", ["sladd", *words])
    with pytest.raises(SystemExit) as end:
        main()
    line = capsys.readouterr().err
    assert end.value.code == 2
    assert told in line
    assert "Input should" not in line
