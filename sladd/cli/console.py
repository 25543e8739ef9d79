"""What the commands share towards the terminal: tables, progress, faults as one line."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound

EXIT_INTERNAL = 70  # sysexits(3) EX_SOFTWARE: a fault of ours


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


def fault_line(fault: Exception, *, debug: bool) -> tuple[str, int]:
    """A fault as text and exit code. The message of a foreign exception is never shown."""
    from sladd.errors import SladdError

    if isinstance(fault, SladdError):
        text, code = str(fault), fault.exit_code
    else:
        text = (
            f"SLADD-999: a fault in sladd itself ({type(fault).__name__})"
            " · run again with --debug and report it"
        )
        code = EXIT_INTERNAL
    if debug:
        frames = traceback.extract_tb(fault.__traceback__)
        text += "\n" + "".join(
            f"  {frame.filename}:{frame.lineno} in {frame.name}\n" for frame in frames
        )
    return text.rstrip(), code


def print_json(data: Any) -> None:
    """JSON on standard output, stable and readable."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_table(rows: Sequence[Sequence[str]], headers: Sequence[str], *, title: str = "") -> None:
    """A table on a terminal; tab-separated text in a pipe."""
    if not sys.stdout.isatty():
        for row in [headers, *rows]:
            typer.echo("\t".join(str(cell).replace("\t", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)


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
