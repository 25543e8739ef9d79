"""`sladd audit`: whether the trail of who did what is whole, and heads to keep elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

audit = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="Check the audit trail, and export its head to where the catalog's owner cannot write.\n\n"
    "Example:  sladd audit verify",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(audit, name="audit", rich_help_panel="Decide")


@audit.command("verify")
def verify(
    context: typer.Context,
    heads: Annotated[
        Path | None, typer.Option("--heads", help="A file of `sladd audit export`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Check that no entry of the audit trail was altered, removed or put in; exit 1 if one was.

    The chain alone shows what was done behind the catalog's back. Who owns the database could
    write a whole new chain: a file of heads that was kept elsewhere shows that too.

    Example:  sladd audit verify --heads /media/safe/heads.jsonl
    """
    bound = console.bound_config(context)
    from sladd.pipeline.heads import read_heads

    kept = read_heads(heads) if heads is not None else {}
    problems = bound.catalog.audit.verify(heads=kept)
    number, head = bound.catalog.audit.head()
    if as_json:
        console.print_json(
            {"entries": number, "head": head, "heads_checked": len(kept), "problems": problems}
        )
    else:
        for problem in problems:
            typer.echo(problem)
        if not problems:
            heads_are = "exported head is" if len(kept) == 1 else "exported heads are"
            checked = f", and {len(kept)} {heads_are} in it" if kept else ""
            typer.echo(f"the trail of {number} entries is whole{checked}")
    if problems:
        raise typer.Exit(1)


@audit.command("export")
def export(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="The file; a head is added to what it holds.")],
) -> None:
    """Add number and hash of the last entry to a file, to be kept where you alone can write.

    What the file holds already is checked first: nothing is added to a trail that was rewritten.

    Example:  sladd audit export /media/safe/heads.jsonl
    """
    bound = console.bound_config(context)
    from sladd.pipeline.heads import add_head

    number, head = add_head(bound.catalog, path)
    typer.echo(
        f"entry {number} with hash {head[:16]}… is in {path} · keep it where you alone write"
    )
