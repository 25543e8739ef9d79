"""`sladd query`: SQL over a release."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console
from sladd.cli.release import release_place

if TYPE_CHECKING:
    import pyarrow as pa


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    csv = "csv"
    parquet = "parquet"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Use")(query)


def query(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of a release, its folder, or its URL.")],
    sql: Annotated[str, typer.Argument(help="SQL of DuckDB; - reads it from standard input.")],
    style: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to a file: .csv, .parquet or .json."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows to print as a table.")] = 50,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.001, help="Seconds after which it is stopped.")
    ] = 60,
    max_rows: Annotated[
        int,
        typer.Option("--max-rows", min=1, help="More rows than that are refused, not cut off."),
    ] = 1_000_000,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Ask a release in SQL. Nothing outside the release can be read or written.

    Example:  sladd query analytics "SELECT postnr, count(*) FROM addresses GROUP BY ALL"
    """
    from sladd.gate.query import query as run

    style = _style(style, output, as_json=as_json)
    text = sys.stdin.read() if sql == "-" else sql
    place = release_place(context, release)
    table = run(place, text, timeout_s=timeout, max_rows=max_rows)
    if style is Format.table:
        _print(table, limit)
        _say_label(place)
        return
    content = _encode(table, style)
    if output is None:
        typer.get_binary_stream("stdout").write(content)
        return
    from sladd.cli.report import write_whole

    write_whole(output, content)
    typer.echo(f"wrote {output}: {table.num_rows:,} row{'' if table.num_rows == 1 else 's'}")


def _style(asked: Format, output: Path | None, *, as_json: bool) -> Format:
    """The format asked for, or that of the file's ending.

    Raises:
        ConfigError: the file's ending says nothing (SLADD-167).
    """
    from sladd.errors import ConfigError

    if as_json:
        return Format.json
    if output is None or asked is not Format.table:
        return asked
    ending = output.suffix.removeprefix(".").lower()
    if ending not in {"csv", "parquet", "json"}:
        raise ConfigError(
            "the ending of the file does not say its format",
            code=167,
            where="--output",
            mend="end it in .csv, .parquet or .json, or give --format",
        )
    return Format(ending)


def _print(table: pa.Table, limit: int) -> None:
    shown = table.slice(0, limit).to_pylist()
    console.print_table(
        [[_cell(value) for value in row.values()] for row in shown], table.column_names
    )
    if table.num_rows > limit:
        typer.echo(f"… {table.num_rows - limit:,} more rows: --limit, or -o FILE", err=True)


def _cell(value: object) -> str:
    """A value as SQL writes it."""
    if value is None:
        return "∅"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _say_label(place: Path | str) -> None:
    """What an anonymised release may be called today; a pseudonymised one says it in its comments."""
    from datetime import UTC, datetime

    from sladd.release import current_label, loads, papers_of

    papers = papers_of(place)
    if loads(papers.manifest).kind == "anonymised":
        current = current_label(papers, datetime.now(UTC).date())
        typer.echo(current.en + (f" ({current.why})" if current.why else ""), err=True)


def _encode(table: pa.Table, style: Format) -> bytes:
    import io
    import json

    import pyarrow.csv
    import pyarrow.parquet

    buffer = io.BytesIO()
    if style is Format.parquet:
        pyarrow.parquet.write_table(table, buffer, compression="zstd")
    elif style is Format.csv:
        pyarrow.csv.write_csv(table, buffer)
    else:
        text = json.dumps(table.to_pylist(), ensure_ascii=False, indent=1, default=_plain)
        buffer.write(text.encode() + b"\n")
    return buffer.getvalue()


def _plain(value: object) -> int | float | str:
    """What JSON has no word for: sums of integers come as decimals, and stay numbers."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.hex() if isinstance(value, bytes) else str(value)
