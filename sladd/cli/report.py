"""`sladd report`: what was found, for people."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound


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
    lang: Annotated[Language, typer.Option("--lang", "--language", help="Language.")] = Language.nb,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File; '-' for standard output. Without it, sladd-report.FORMAT; md and json to standard output.",
        ),
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="What is new, gone, otherwise and decided since.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", help="With --changes or --summary: number of a scan, or a date."),
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="One page of A4 for management, as HTML.")
    ] = False,
) -> None:
    """Write the discovery report: what personal data there is, where, and how sure that is.

    It holds names, counts and reasons, never values.

    Example:  sladd report --lang nb -o rapport.html

    Example:  sladd report --changes --since 2026-11-01 --format md

    Example:  sladd report --summary -o ledelsen.html
    """
    _refuse_at_odds(style, since, changes=changes, summary=summary)
    bound = console.bound_config(context)
    with console.garbage_later():
        name, content = _made(
            bound, style.value, lang.value, since, changes=changes, summary=summary
        )
    if output is None:
        if style in {Format.md, Format.json}:
            typer.echo(content.decode(), nl=False)
            return
        output = Path(f"{name}.{style.value}")
    if str(output) == "-":
        typer.get_binary_stream("stdout").write(content)
        return
    write_whole(output, content)
    typer.echo(f"wrote {output} ({len(content) / 1024:.0f} KiB)")


def _made(
    bound: Bound, style: str, lang: str, since: str | None, *, changes: bool, summary: bool
) -> tuple[str, bytes]:
    """The name of the report's file, and what is in it."""
    if summary:
        from sladd.pipeline.summary import summary_page

        return "sladd-summary", summary_page(bound, lang, since=since)
    if changes:
        from sladd.reports.changes import gather_changes, render_changes

        found = gather_changes(bound.catalog, bound.taxonomy, bound.config, since=since)
        return "sladd-changes", render_changes(found, style, lang)
    from sladd.reports.discovery import gather, render

    data = gather(bound.catalog, bound.taxonomy, bound.config)
    return "sladd-report", render(data, style, lang)


def _refuse_at_odds(style: Format, since: str | None, *, changes: bool, summary: bool) -> None:
    """Options that do not go together.

    Raises:
        ConfigError: they do not (SLADD-938, 939).
    """
    from sladd.errors import ConfigError

    if changes and summary:
        raise ConfigError(
            "the change report and the summary are two reports",
            code=938,
            where="--changes, --summary",
            mend="ask for one of them",
        )
    if summary and style is not Format.html:
        raise ConfigError(
            "the summary is a page",
            code=938,
            where=f"--format {style.value}",
            mend="sladd report --summary -o summary.html, and print it",
        )
    if since is not None and not (changes or summary):
        raise ConfigError(
            "the discovery report says what is known now",
            code=939,
            where="--since",
            mend="sladd report --changes --since …",
        )


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
