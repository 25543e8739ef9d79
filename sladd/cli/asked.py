"""Identifiers and pseudonyms that a command is given: by prompt, file or pipe, never as arguments.

An argument stands in the shell's history and in the list of processes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from sladd.errors import ConfigError

MOST = 100_000  # lines; more is no list of single persons


def lines(from_file: Path | None, what: str) -> list[str]:
    """What was given, each once, in its order.

    Args:
        from_file: a file with one a line; `-`, or a pipe, for standard input.
        what: is asked for, in a word.

    Raises:
        ConfigError: the file cannot be read (SLADD-173), or nothing, or too much, was given (174).
    """
    if from_file is not None and str(from_file) != "-":
        try:
            found = _kept(from_file.read_text(encoding="utf-8-sig").splitlines())
        except (OSError, UnicodeDecodeError):
            raise ConfigError(
                "the file cannot be read as UTF-8 text", code=173, where=str(from_file)
            ) from None
    elif from_file is not None or not sys.stdin.isatty():
        found = _kept(sys.stdin.read().splitlines())
    else:
        found = _kept(_asked(what))
    if not found or len(found) > MOST:
        raise ConfigError(
            f"no {what} was given" if not found else f"more than {MOST:,} were given",
            code=174,
            where="--from-file or standard input",
            mend=f"give one {what} a line",
        )
    return found


def _asked(what: str) -> Iterable[str]:
    typer.echo(f"One {what} a line; an empty line ends.", err=True)
    while given := typer.prompt(what, default="", show_default=False, err=True):
        yield given


def _kept(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(line for each in given if (line := each.strip())))
