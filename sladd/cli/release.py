"""`sladd verify`, `sladd query`: a release that was published."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console

if TYPE_CHECKING:
    import pyarrow as pa


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    csv = "csv"
    parquet = "parquet"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Publish")(verify)
    app.command(rich_help_panel="Use")(query)


def verify(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="Folder of a release, or the name of one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Check a release from its files alone: hashes, signature, counts, joins, and a re-scan.

    Says at the end what cannot be checked without the source.

    Example:  sladd verify releases/analytics
    """
    from sladd.pipeline.verify import verify as run

    result = run(_folder(context, str(path)))
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
            typer.secho(
                f"{mark} {check.name}{about}: {check.detail}", fg=None if check.passed else "red"
            )
        for line in result.not_checked:
            typer.echo(f"not checked here: {line}")
        failed = sum(not check.passed for check in result.checks)
        typer.echo(
            "the release is as it was published" if not failed else f"{failed} checks failed"
        )
    if not result.passed:
        raise typer.Exit(1)


def query(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of a release, or its folder.")],
    sql: Annotated[str, typer.Argument(help="SQL of DuckDB; - reads it from standard input.")],
    style: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write CSV or Parquet to a file.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows to print as a table.")] = 50,
) -> None:
    """Ask a release in SQL. Nothing outside the release can be read or written.

    Example:  sladd query analytics "SELECT postal_code, count(*) FROM customers GROUP BY ALL"
    """
    import sys

    from sladd.gate.query import query as run

    text = sys.stdin.read() if sql == "-" else sql
    table = run(_folder(context, release), text)
    if output is not None and style is Format.table:
        style = Format.parquet if output.suffix == ".parquet" else Format.csv
    if style is Format.table:
        _print(table, limit)
        return
    content = _encode(table, style)
    if output is None:
        typer.get_binary_stream("stdout").write(content)
        return
    from sladd.cli.report import write_whole

    write_whole(output, content)
    typer.echo(f"wrote {output}: {table.num_rows:,} rows")


def _folder(context: typer.Context, text: str) -> Path:
    """The folder of a release that is named in the configuration, or given as a path.

    Raises:
        ConfigError: there is neither (SLADD-162).
    """
    from sladd.errors import ConfigError

    if Path(text).is_dir():
        return Path(text)
    config = Path(context.obj["config"])
    if config.exists():
        loaded = console.bound_config(context).config
        if text in loaded.releases:
            return loaded.path(loaded.releases[text].to)
    raise ConfigError(
        f"there is no release '{text}', neither in the configuration nor as a folder",
        code=162,
        where=str(config),
        mend="sladd publish NAME",
    )


def _print(table: pa.Table, limit: int) -> None:
    shown = table.slice(0, limit).to_pylist()
    console.print_table(
        [["∅" if v is None else str(v) for v in row.values()] for row in shown], table.column_names
    )
    if table.num_rows > limit:
        typer.echo(f"… {table.num_rows - limit:,} more rows: --limit, or -o FILE", err=True)


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
        text = json.dumps(table.to_pylist(), ensure_ascii=False, indent=1, default=str)
        buffer.write(text.encode() + b"\n")
    return buffer.getvalue()
