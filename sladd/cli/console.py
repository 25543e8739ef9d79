"""What the commands share towards the terminal: tables, progress, faults as one line."""

from __future__ import annotations

import errno
import gc
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from sladd.model import NotScanned
    from sladd.pipeline.bind import Bound

EXIT_INTERNAL = 70  # sysexits(3) EX_SOFTWARE: a fault of ours
MOST_LINES = 20  # errors shown at once: a screen
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def quiet_libraries() -> None:
    """Keep libraries from writing to the terminal, or to the network."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    for name in ("presidio-analyzer", "presidio-anonymizer", "tldextract", "filelock"):
        # They log patterns and decisions; nothing of theirs is for a reader of ours.
        logging.getLogger(name).setLevel(logging.CRITICAL)


def bound_config(context: typer.Context) -> Bound:
    """The configuration that the command line names, checked."""
    from sladd.pipeline.bind import bind

    return bind(Path(context.obj["config"]))


def fault_lines(fault: Exception, *, debug: bool) -> tuple[str, int]:
    """A fault as text and exit code. The message of a foreign exception is never shown.

    Several errors are a line each, and no more than twenty.
    """
    from sladd.errors import SladdError, SourceError

    if isinstance(fault, SladdError):
        told = [one_line(str(error)) for error in _parts(fault)]
        lines = list(dict.fromkeys(told))
        code = fault.exit_code
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more"]
    elif isinstance(fault, OSError) and fault.errno in _FULL:
        full = SourceError(
            "the disk is full, or the output takes no more", code=171, mend="free some space"
        )
        lines, code = [str(full)], full.exit_code
    else:
        kind = type(fault).__name__
        lines = [f"SLADD-999: a fault in sladd itself ({kind}) · run it with --debug and report it"]
        code = EXIT_INTERNAL
    if debug:
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(fault.__traceback__)
        ]
    return "\n".join(lines), code


def _parts(fault: Exception) -> Iterator[Exception]:
    """The errors that were raised together, or the one."""
    several = getattr(fault, "errors", ())
    for error in several:
        yield from _parts(error)
    if not several:
        yield fault


def one_line(text: str) -> str:
    """Text that a terminal shows as one line, whatever names stand in it."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def missed_line(missed: NotScanned) -> str:
    """What could not be read, as one line with its code."""
    return one_line(f"SLADD-{missed.code}: not scanned · {missed.where} · {missed.reason}")


def say(text: str, *, style: str = "", err: bool = False) -> None:
    """Print a line, in colour (`red`, `yellow`) or `bold` where a terminal wants that."""
    stream = sys.stderr if err else sys.stdout
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" or not stream.isatty()
    if style and not plain:
        text = typer.style(text, bold=True) if style == "bold" else typer.style(text, fg=style)
    typer.echo(text, err=err)


def print_json(data: Any) -> None:
    """JSON on standard output, stable and readable."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_table(
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    *,
    title: str = "",
    whole: Collection[str] = (),
) -> None:
    """A table on a terminal; tab-separated text in a pipe.

    Args:
        rows: texts.
        headers: of the columns.
        title: above it, on a terminal.
        whole: headers of columns that are not broken: the others give way.
    """
    if not sys.stdout.isatty():
        for row in [headers, *rows]:
            typer.echo("\t".join(one_line(str(cell)) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for header in headers:
        table.add_column(header, overflow="fold", no_wrap=header in whole)
    for row in rows:
        table.add_row(*(Text(one_line(str(cell))) for cell in row))
    Console(highlight=False).print(table)


def print_by_table(
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    *,
    tables: Mapping[str, str],
    whole: Collection[str] = (),
) -> None:
    """Rows that begin with a field's address: in a pipe as they are, on a terminal by table.

    Args:
        rows: texts; the first is the address of a field.
        headers: of the columns.
        tables: address of a table → what to write above it.
        whole: headers of columns that are not broken.
    """
    if not sys.stdout.isatty():
        print_table(rows, headers)
        return
    longest = sorted(tables, key=len, reverse=True)

    def home(row: Sequence[str]) -> str:
        return next((table for table in longest if row[0].startswith(f"{table}.")), "")

    for table, group in groupby(rows, home):
        typer.echo()
        say(one_line(tables.get(table, "")), style="bold")
        short = [[row[0].removeprefix(f"{table}."), *row[1:]] for row in group]
        print_table(short, ["column", *headers[1:]], whole=whole)


@contextmanager
def garbage_later() -> Iterator[None]:
    """Collect no garbage meanwhile: a report is millions of small objects that all live to its end.

    The collector walks them again and again: over 20,000 fields collecting and writing the page
    take 5.2 s with it and 3.4 s without, and no more memory.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on a terminal, silence in a pipe."""
    if not sys.stderr.isatty():
        from sladd.pipeline.discover import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        Elapsed(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None)

        def tell(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=what[-60:], completed=done, total=total)

        yield tell


def actor() -> str:
    """Who runs this command, for the audit trail."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a passwd entry
        return f"uid {os.getuid()}"
