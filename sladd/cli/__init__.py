"""The command line: `sladd`. Commands import what they need when they run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import typer

from sladd.cli import (
    approve,
    assess,
    audit,
    decide,
    demo,
    discover,
    doctor,
    explain,
    export,
    init,
    keys,
    links,
    notify,
    publish,
    query,
    record,
    release,
    report,
    reveal,
    review,
    roles,
    vault,
)
from sladd.cli.usage import Panels

EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

app = typer.Typer(
    name="sladd",
    cls=Panels,
    no_args_is_help=True,
    add_completion=False,
    # Rich takes longer to import than all of `sladd --help` may (`usage.Panels`).
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=(
        "Find personal data in databases and files, tag it, decide, and publish "
        "pseudonymised copies.\n\n"
        "A first look:  sladd demo\n\n"
        "Your own data:  sladd init, edit sladd.yaml, sladd discover"
    ),
    epilog="Exit codes: 0 done · 1 a check or gate says no · 2 usage or configuration · "
    "3 a source, target or key could not be used",
)


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    config: Annotated[
        str, typer.Option("--config", "-c", envvar="SLADD_CONFIG", help="The configuration.")
    ] = "sladd.yaml",
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where a fault arose; still no values.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    context.obj = {"config": config, "debug": debug}
    if version:
        from sladd import __version__

        typer.echo(f"sladd {__version__}")
        raise typer.Exit


init.register(app)
demo.register(app)
discover.register(app)
explain.register(app)
report.register(app)
record.register(app)
decide.register(app)
review.register(app)
audit.register(app)
links.register(app)
roles.register(app)
notify.register(app)
publish.register(app)
approve.register(app)
release.register(app)
assess.register(app)
query.register(app)
export.register(app)
keys.register(app)
vault.register(app)
reveal.register(app)
doctor.register(app)


def main() -> None:
    """Run the command line; every fault ends as one line and an exit code."""
    from sladd.cli.console import fault_lines, quiet_libraries
    from sladd.cli.usage import options_first

    arguments = options_first(sys.argv[1:])
    debug = "--debug" in arguments
    quiet_libraries()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe (`| head`) left: not a fault. Nothing may be flushed to it later.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as fault:
        text, code = fault_lines(fault, debug=debug)
        typer.echo(text, err=True)
    if code == EXIT_INTERRUPTED:
        typer.echo("interrupted; nothing half-written is left, run it again", err=True)
    if code:
        raise SystemExit(code)


@cache
def _entry() -> Callable[..., Any]:
    """Where every command begins; their options are put together once a process."""
    return typer.main.get_command(app).main


def _run(arguments: list[str]) -> int:
    """Run one command; its exit code.

    Raises:
        ConfigError: the command line is wrong (SLADD-170).
    """
    from sladd.cli.usage import is_request_for_help, usage_error

    try:
        outcome = _entry()(args=arguments, prog_name="sladd", standalone_mode=False)
    except typer.TyperException as fault:
        if is_request_for_help(fault):
            typer.echo(str(fault), err=True)
            return 2
        raise usage_error(fault) from None
    except typer.Abort:
        return EXIT_INTERRUPTED
    except SystemExit as end:
        # Typer ends the process by itself when a pipe breaks.
        if isinstance(end.__context__, BrokenPipeError):
            raise BrokenPipeError from None
        raise
    return outcome if isinstance(outcome, int) else 0
