"""`sladd discover`, `sladd findings`: scan, and list what was found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console

if TYPE_CHECKING:
    from sladd.model import NotScanned
    from sladd.pipeline.bind import Bound
    from sladd.pipeline.discover import SourceResult


class Format(StrEnum):
    """How findings are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Find")(discover)
    app.command(rich_help_panel="Find")(findings)


def discover(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(help="Sources; none means all.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every row, also of tables that did not change.")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample",
            min=1,
            help="Rows to read of each table.  [default: detection.sample_rows, 10000]",
        ),
    ] = None,
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Scan sources for personal data and store what is found.

    Tables that did not change since the last scan are not read again.

    Example:  sladd discover shop --sample 20000
    """
    if full and sample is not None:
        from sladd.errors import ConfigError

        raise ConfigError(
            "every row and a sample of them are two ways to read",
            code=652,
            where="--full, --sample",
            mend="ask for one of them",
        )
    bound = console.bound_config(context)
    names = bound.source_names(source or [])
    if not as_json:
        rows = bound.config.detection.sample_rows if sample is None else sample
        many = "every row" if full or rows == 0 else f"up to {rows:,} rows a table"
        typer.echo(f"reading {', '.join(names)}: {many}; sources are opened read-only")
    if prefect or bound.config.runner == "prefect":
        from flows.discover import run_discover
        from sladd.model import NotScanned as Missed

        summary = run_discover(context.obj["config"], list(names), full=full, sample_rows=sample)
        console.print_json(summary) if as_json else typer.echo(_flow_line(summary))
        missed = {each["source"]: [Missed(**m) for m in each["missed"]] for each in summary}
        for lines in missed.values():
            _print_missed(lines)
        if any(_failed(source, lines) for source, lines in missed.items()):
            raise typer.Exit(3)
        return
    from sladd.cli.notify import print_told
    from sladd.pipeline import telling
    from sladd.pipeline.discover import discover as run
    from sladd.pipeline.discover import outcome

    telling.begin(bound)
    with console.progress("discover") as tell:
        results = run(bound, names, full=full, sample_rows=sample, by=console.actor(), tell=tell)
    if as_json:
        console.print_json([outcome(result) for result in results])
    for result in results:
        if not as_json:
            _print_result(result)
        _print_missed(result.not_scanned)
    print_told(telling.tell(bound, by=console.actor()), quiet=as_json)
    if any(_failed(result.source, result.not_scanned) for result in results):
        raise typer.Exit(3)


def _flow_line(summary: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{each['source']}: {each['scanned']} scanned, {each['unchanged']} unchanged, "
        f"{each['not_scanned']} not scanned, {each['personal']} personal fields"
        for each in summary
    )


def _failed(source: str, lines: Sequence[NotScanned]) -> bool:
    """Whether nothing of the source could be read."""
    return any(missed.where == source for missed in lines)


def _print_result(result: SourceResult) -> None:
    from sladd.pipeline.discover import summary

    data = summary(result)
    if _failed(result.source, result.not_scanned):
        typer.echo(f"\n{result.source}: not scanned; what is known of it from before stays")
        return
    missed = f", {data['not_scanned']} not scanned" if data["not_scanned"] else ""
    typer.echo(
        f"\n{result.source}: {data['scanned']} tables scanned, {data['unchanged']} unchanged"
        f"{missed}, {data['personal']} of {data['fields']} fields hold personal data "
        f"({result.seconds:.1f} s)"
    )
    for word in ("new", "changed", "gone", "reopened"):
        listed = data[word]
        if isinstance(listed, list) and listed:
            typer.echo(f"  {word}: {len(listed)}")
            for line in listed[:12]:
                typer.echo(f"    {console.one_line(str(line))}")
            if len(listed) > 12:
                typer.echo(f"    … and {len(listed) - 12} more: sladd findings")


def _print_missed(lines: Sequence[NotScanned]) -> None:
    for missed in lines[: console.MOST_LINES]:
        console.say(console.missed_line(missed), style="yellow", err=True)
    more = len(lines) - console.MOST_LINES
    if more > 0:
        console.say(f"… and {more} more: sladd report", err=True)


def findings(
    context: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Every field, also those without a finding.")
    ] = False,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    documents: Annotated[
        bool, typer.Option("--documents", help="Each document with its counts, the worst first.")
    ] = False,
    style: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """List what the last scans found.

    Example:  sladd findings --all --format csv > findings.csv
    """
    bound = console.bound_config(context)
    if source is not None:
        bound.source_names([source])
    from sladd.reports.findings import as_csv, finding_rows

    if documents:
        _documents(bound, source, Format.json if as_json else style)
        return
    fields = bound.catalog.fields.all(source=source)
    rows = finding_rows(fields, bound.taxonomy, every=every)
    if as_json or style is Format.json:
        console.print_json(rows)
    elif style is Format.csv:
        typer.echo(as_csv(rows), nl=False)
    elif not rows:
        typer.echo(
            "no field is known yet: sladd discover"
            if not fields
            else "no personal data was found in what was scanned: sladd findings --all"
        )
    else:
        _print_findings(rows, [str(field.ref.table) for field in fields])


def _category(row: dict[str, Any]) -> str:
    """The category, and what of art. 9 and 10 it or its texts may reveal."""
    own, reveals = str(row["category"] or "–"), row["may_reveal"]
    if not reveals:
        return own
    inside = [key for key in reveals if key != own]
    return f"{own} (may reveal{': ' + ', '.join(inside) if inside else ''})"


def _documents(bound: Bound, source: str | None, style: Format) -> None:
    from sladd.reports.documents import as_csv, document_facts, document_rows

    rows = document_rows(document_facts(bound.catalog.tables.documents(source), bound.taxonomy))
    if style is Format.json:
        console.print_json(rows)
    elif style is Format.csv:
        typer.echo(as_csv(rows), nl=False)
    elif not rows:
        typer.echo("no document is known yet: name some under documents in sladd.yaml")
    else:
        cells = [
            [
                str(row["document"]),
                str(row["total"]),
                ", ".join(f"{key} {count}" for key, count in row["found"].items()) or "–",
                str(row["unread"] or ""),
            ]
            for row in rows
        ]
        console.print_table(cells, ["document", "values", "found", "not read"])


def _print_findings(rows: Sequence[dict[str, Any]], tables: Sequence[str]) -> None:
    from sladd.reports.facts import two_digits

    headers = ["field", "how", "category", "confidence", "verdict"]
    cells = [
        [
            str(row["field"]),
            str(row["how"]),
            _category(row),
            two_digits(row["confidence"]),
            str(row["verdict"] or ""),
        ]
        for row in rows
    ]
    console.print_by_table(
        cells, headers, tables={t: t for t in tables}, whole=["how", "confidence", "verdict"]
    )
    if sys.stdout.isatty():
        console.say("\nto decide: sladd decide TABLE.COLUMN confirm|reject|CATEGORY --reason …")
