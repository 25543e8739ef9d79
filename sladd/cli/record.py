"""`sladd record` and `sladd gaps`: the record of art. 30, and what it and the notice lack."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console
from sladd.cli.report import Language, write_whole

if TYPE_CHECKING:
    from sladd.reports.record.facts import Gap


class Format(StrEnum):
    """File formats of the record."""

    xlsx = "xlsx"
    html = "html"
    jsonld = "jsonld"
    md = "md"


_NAMES = {"nb": ("behandlingsprotokoll", "dpia-underlag"), "en": ("record", "dpia-inputs")}
_TEXTS = {Format.md, Format.jsonld}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Find")(record)
    app.command(rich_help_panel="Find")(gaps)


def record(
    context: typer.Context,
    style: Annotated[Format, typer.Option("--format", help="File format.")] = Format.xlsx,
    lang: Annotated[
        Language, typer.Option("--lang", "--language", help="Language of headings and words.")
    ] = Language.nb,
    output: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "--output",
            "-o",
            help="File; '-' for standard output. Without it, behandlingsprotokoll.FORMAT or record.FORMAT; md and jsonld to standard output.",
        ),
    ] = None,
    dpia: Annotated[
        bool,
        typer.Option(
            "--dpia", help="Inputs to an impact assessment (art. 35) instead, as html or md."
        ),
    ] = False,
) -> None:
    """Write the record of processing activities of GDPR art. 30 (behandlingsprotokoll).

    The workbook has the columns of Datatilsynet's template; jsonld uses the terms of the W3C Data
    Privacy Vocabulary. Activities are filled in under `sladd review`; what is only suggested is
    not in the record.

    Example:  sladd record --format xlsx --lang nb -o behandlingsprotokoll.xlsx

    Example:  sladd record --dpia --format html
    """
    from sladd.reports.record.gathering import gather
    from sladd.reports.record.rendering import render, render_assessment

    bound = console.bound_config(context)
    collected = gather(bound.catalog, bound.taxonomy, bound.config)
    if dpia:
        content = render_assessment(collected, bound.taxonomy, style.value, lang.value)
    else:
        content = render(collected, bound.taxonomy, style.value, lang.value)
    if output is None and style in _TEXTS:
        typer.echo(content.decode(), nl=False)
        return
    if str(output) == "-":
        typer.get_binary_stream("stdout").write(content)
        return
    place = output or Path(f"{_NAMES[lang.value][dpia]}.{style.value}")
    write_whole(place, content)
    typer.echo(f"wrote {place} ({len(content) / 1024:.0f} KiB)")


def gaps(
    context: typer.Context,
    lang: Annotated[
        Language, typer.Option("--lang", "--language", help="Language of the sentences.")
    ] = Language.nb,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List where what was found goes with neither privacy notice, record nor law.

    `privacy_notice` in sladd.yaml says what the notice mentions. The exit code is 1 when a gap
    breaks a rule as things stand, 0 when there is none or only such as should be looked at.

    Example:  sladd gaps --lang en

    Example:  sladd gaps --json
    """
    from sladd.reports.record.gaps import gaps as find
    from sladd.reports.record.gathering import gather
    from sladd.reports.record.telling import language, lead

    bound = console.bound_config(context)
    words = language(lang.value)
    found = find(gather(bound.catalog, bound.taxonomy, bound.config), bound.taxonomy)
    if as_json:
        console.print_json([_object(gap, lang.value) for gap in found])
    else:
        for gap in found:
            _print(gap, lang.value)
        console.say(lead(found, words))
    if any(gap.grave for gap in found):
        raise typer.Exit(1)


def _object(gap: Gap, lang: str) -> dict[str, Any]:
    from sladd.reports.record.telling import language, told

    words = told(gap, language(lang))
    return {
        "kind": gap.kind,
        "breaks_a_rule": gap.grave,
        "title": words.title,
        "what": words.what,
        "why": words.why,
        "do": words.do,
        "where": list(gap.places),
        "categories": [category.key for category in gap.categories],
    }


def _print(gap: Gap, lang: str) -> None:
    from sladd.reports.record.telling import SHOWN, language, told

    words = language(lang)
    text = told(gap, words)
    console.say(console.one_line(text.title), style="red" if gap.grave else "yellow")
    typer.echo(f"  {console.one_line(text.what)}")
    for place in text.places[:SHOWN]:
        typer.echo(f"    {console.one_line(place)}")
    if len(text.places) > SHOWN:
        typer.echo(f"    {words.say('gaps.more', n=len(text.places) - SHOWN)}")
    typer.echo(f"  {text.why}")
    typer.echo(f"  → {text.do}\n")
