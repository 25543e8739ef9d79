"""The command line: `sladd`. Commands import what they need when they run."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sladd.cli import decide, demo, discover, doctor, init, keys, publish, release, report

app = typer.Typer(
    name="sladd",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Find personal data in databases and files, tag it, decide, and publish "
        "pseudonymised copies.\n\n"
        "A first look:  [bold]sladd demo[/bold]      "
        "Your own data:  [bold]sladd init[/bold], edit sladd.yaml, [bold]sladd discover[/bold]"
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
report.register(app)
decide.register(app)
publish.register(app)
release.register(app)
keys.register(app)
doctor.register(app)


def main() -> None:
    """Run the command line; every fault ends as one line and an exit code."""
    debug = "--debug" in sys.argv
    # `sladd publish x --debug` should work as `sladd --debug publish x` does.
    arguments = (["--debug"] if debug else []) + [a for a in sys.argv[1:] if a != "--debug"]
    from sladd.cli.console import fault_line, quiet_libraries

    quiet_libraries()
    try:
        app(args=arguments, prog_name="sladd")
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing half-written is left, run it again", err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:
        # The reader of a pipe (`| head`) left: not a fault.
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as fault:
        text, code = fault_line(fault, debug=debug)
        typer.echo(text, err=True)
        raise SystemExit(code) from None
