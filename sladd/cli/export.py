"""`sladd export`: what sladd knows, for dbt, fideslang and the database itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.catalog import CatalogField
    from sladd.exports.dbt import DbtExport
    from sladd.pipeline.bind import Bound

export = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="Give tags of columns to other tools: dbt, fideslang, comments in a database.\n\n"
    "Example:  sladd export fideslang .fides/datasets.yml",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(export, name="export", rich_help_panel="Find")


def _known(bound: Bound, source: str | None = None) -> list[CatalogField]:
    """The fields of the catalog.

    Raises:
        ExportError: there are none (SLADD-951).
    """
    from sladd.errors import ExportError

    if source is not None:
        bound.source_names([source])
    fields = list(bound.catalog.fields.all(source=source))
    if not fields:
        raise ExportError(
            "no field is known yet",
            code=951,
            where=f"source {source}" if source else "catalog",
            mend=f"sladd discover {source or ''}".strip(),
        )
    return fields


@export.command("dbt")
def dbt(
    context: typer.Context,
    project: Annotated[Path, typer.Argument(help="Folder of the dbt project.")],
    write: Annotated[
        bool, typer.Option("--write", help="Change the files; without it the change is shown.")
    ] = False,
    legacy: Annotated[
        bool, typer.Option("--legacy-meta", help="For dbt before 1.9: meta beside the name.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Write what columns hold into config.meta.sladd of a dbt project; comments and order stay.

    Sources are matched by schema and table, models, seeds and snapshots by their name. Columns
    with personal data that a file does not list are added to it.

    Example:  sladd export dbt ../warehouse --write
    """
    bound = console.bound_config(context)
    from sladd.exports.dbt import dbt as run
    from sladd.exports.tags import column_tags

    found = run(project, column_tags(_known(bound), bound.taxonomy), legacy=legacy)
    root = project.resolve()
    if write:
        from sladd.cli.report import write_whole

        for change in found.changes:
            write_whole(change.path, change.after.encode("utf-8"))
    if as_json:
        console.print_json(_plain(found, root, written=write))
        return
    for change in found.changes:
        if write:
            typer.echo(f"wrote {console.one_line(str(change.path.relative_to(root)))}")
        else:
            _print_diff(change.before, change.after, str(change.path.relative_to(root)))
    _print_left(found)
    many = len(found.changes)
    files = "1 file" if many == 1 else f"{many} files"
    last = f"{len(found.matched)} tables of the catalog are in the project; {files} "
    last += "changed" if write else "would change" + (": add --write" if many else "")
    console.say(last, err=True)


def _print_diff(before: str, after: str, name: str) -> None:
    import difflib

    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
    )
    for line in lines:
        style = {"+": "green", "-": "red"}.get(line[:1], "")
        console.say(console.one_line(line), style=style)


def _print_left(found: DbtExport) -> None:
    for name in found.ambiguous:
        told = f"{name}: several tables of the catalog bear that name; left as it is"
        console.say(console.one_line(told), style="yellow", err=True)
    for place, why in found.skipped:
        console.say(console.one_line(f"{place}: {why}"), style="yellow", err=True)
    if found.unmatched:
        some = ", ".join(str(ref) for ref in found.unmatched[:5])
        more = f" and {len(found.unmatched) - 5} more" if len(found.unmatched) > 5 else ""
        console.say(console.one_line(f"not in the project: {some}{more}"), err=True)


def _plain(found: DbtExport, root: Path, *, written: bool) -> dict[str, Any]:
    return {
        "written": written,
        "files": [str(change.path.relative_to(root)) for change in found.changes],
        "matched": sorted(str(ref) for ref in found.matched),
        "not_in_project": [str(ref) for ref in found.unmatched],
        "ambiguous": found.ambiguous,
        "skipped": [{"file": place, "why": why} for place, why in found.skipped],
    }


@export.command("fideslang")
def fideslang(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; standard output without.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
) -> None:
    """Write the sources as fideslang Datasets, with categories of its default taxonomy.

    Example:  sladd export fideslang .fides/datasets.yml
    """
    bound = console.bound_config(context)
    from sladd.exports.fideslang import fideslang as run

    text = run(_known(bound, source), bound.catalog.tables.all(source), bound.taxonomy)
    if file is None or str(file) == "-":
        typer.echo(text, nl=False)
        return
    from sladd.cli.report import write_whole

    write_whole(file, text.encode("utf-8"))
    typer.echo(f"wrote {file}")


@export.command("comments")
def comments(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="A source in PostgreSQL, MariaDB or MySQL.")],
    apply: Annotated[
        str | None,
        typer.Option(
            "--apply",
            metavar="URL",
            help="Write through this address of the same database; ${NAME} reads the environment.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Print SQL that notes in each column's comment what it holds; --apply runs it.

    Comments that are there stay: sladd's part is put behind them in brackets, and replaced the
    next time. Data is never changed.

    Example:  sladd export comments shop --apply 'postgresql://owner:${OWNER_PASSWORD}@db/shop'
    """
    bound = console.bound_config(context)
    from sladd.errors import ExportError
    from sladd.exports.comments import applied, planned
    from sladd.exports.tags import column_tags

    tags = column_tags(_known(bound, source), bound.taxonomy)
    address = bound.config.sources[source].database
    if address is None:
        raise ExportError(
            "only a database has comments",
            code=959,
            where=f"source {source}",
            mend="name a source in PostgreSQL, MariaDB or MySQL",
        )
    root = bound.config.root
    if apply is None:
        done = planned(source, address, root, tags)
    else:
        done = applied(source, address, apply, root, tags)
        detail = {"columns": done.columns}
        bound.catalog.audit.append("export.comments", source, console.actor(), detail)
    if as_json:
        listed = [
            {"table": str(s.table), "columns": list(s.columns), "sql": s.sql}
            for s in done.statements
        ]
        console.print_json({"applied": apply is not None, "statements": listed})
    elif apply is None:
        sys.stdout.write(done.script() if done.statements else "")
    for place, why in done.skipped:
        console.say(console.one_line(f"{place}: {why}"), style="yellow", err=True)
    columns = "1 column" if done.columns == 1 else f"{done.columns} columns"
    console.say(f"{columns} {'commented' if apply else 'would get another comment'}", err=True)
