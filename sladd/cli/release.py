"""`sladd verify`: is a published release what it was?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sladd.cli import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Publish")(verify)


def verify(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="Folder or URL of a release, or the name of one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Check a release from its files alone: hashes, signature, counts, joins, and a re-scan.

    Says at the end what cannot be checked without the source.

    Example:  sladd verify releases/analytics
    """
    from sladd.pipeline.verify import verify as run

    result = run(release_place(context, path))
    if as_json:
        console.print_json(
            {
                "passed": result.passed,
                "checks": [
                    {"name": c.name, "passed": c.passed, "detail": c.detail, "column": c.column}
                    for c in result.checks
                ],
                "not_checked": list(result.not_checked),
            }
        )
    else:
        for check in result.checks:
            mark = "ok  " if check.passed else "FAIL"
            about = f" {check.column}" if check.column else ""
            console.say(
                f"{mark} {check.name}{about}: {check.detail}", style="" if check.passed else "red"
            )
        for line in result.not_checked:
            typer.echo(f"not checked here: {line}")
        failed = sum(not check.passed for check in result.checks)
        typer.echo(
            "the release is as it was published" if not failed else f"{failed} checks failed"
        )
    if not result.passed:
        raise typer.Exit(1)


def release_place(context: typer.Context, text: str) -> Path | str:
    """Where a release lies that is named in the configuration, or given as a path or URL.

    Raises:
        ConfigError: there is neither (SLADD-162).
    """
    from sladd.errors import ConfigError

    if "://" in text:
        return text
    if Path(text).is_dir():
        return Path(text)
    config = Path(context.obj["config"])
    if config.exists():
        from sladd.config import load_config

        # Whoever reads a release need not have the passwords of its sources.
        loaded = load_config(config, lambda name: os.environ.get(name) or "unset")
        if text in loaded.releases:
            return loaded.place_of(text)
    raise ConfigError(
        f"there is no release '{text}', neither in the configuration nor as a folder",
        code=162,
        where=str(config),
        mend="sladd publish NAME",
    )
