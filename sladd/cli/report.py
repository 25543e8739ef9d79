"""`sladd report`: what was found, for people."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sladd.cli import console


class Format(StrEnum):
    """File formats of the discovery report."""

    html = "html"
    xlsx = "xlsx"
    md = "md"
    json = "json"


class Language(StrEnum):
    """Languages of the reports."""

    nb = "nb"
    en = "en"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Find")(report)


def report(
    context: typer.Context,
    style: Annotated[Format, typer.Option("--format", help="File format.")] = Format.html,
    lang: Annotated[Language, typer.Option("--lang", help="Language.")] = Language.nb,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File; '-' for standard output."),
    ] = None,
) -> None:
    """Write the discovery report: what personal data there is, where, and how sure that is.

    It holds names, counts and reasons, never values.

    Example:  sladd report --lang nb -o rapport.html
    """
    bound = console.bound_config(context)
    from sladd.reports.discovery import gather, render

    content = render(gather(bound.catalog, bound.taxonomy, bound.config), style.value, lang.value)
    if output is None:
        if style in {Format.md, Format.json}:
            typer.echo(content.decode(), nl=False)
            return
        output = Path(f"sladd-report.{style.value}")
    if str(output) == "-":
        typer.get_binary_stream("stdout").write(content)
        return
    write_whole(output, content)
    typer.echo(f"wrote {output} ({len(content) / 1024:.0f} KiB)")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one.

    Raises:
        SourceError: the folder cannot be written to (SLADD-295).
    """
    import os

    from sladd.errors import SourceError

    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as fault:
        unfinished.unlink(missing_ok=True)
        raise SourceError(
            f"the file cannot be written: {fault.strerror}",
            code=295,
            where=str(path),
            mend="choose another place with -o",
        ) from None
