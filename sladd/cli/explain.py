"""`sladd explain`: why a field is what the scan says."""

from __future__ import annotations

from typing import Annotated

import typer

from sladd.cli import console
from sladd.cli.report import Language


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Find")(explain)


def explain(
    context: typer.Context,
    field: Annotated[str, typer.Argument(help="Address, as `sladd findings --all` prints it.")],
    lang: Annotated[Language, typer.Option("--lang", "--language", help="Language.")] = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say why a field is what the last scan says: every sign, its weight, and their sum.

    Weights are log-odds: +0.7 doubles the odds, −0.7 halves them. Works for fields without a
    finding too.

    Example:  sladd explain shop/customers.fdato --lang nb
    """
    bound = console.bound_config(context)
    from sladd.cli.decide import address_of
    from sladd.pipeline.explain import explain as run
    from sladd.reports.explanation import as_data, lines
    from sladd.reports.names import names

    fields = bound.catalog.fields.all(gone=True)
    address, _ = address_of(field, bound)
    known = names(fields)
    told = run(next(each for each in fields if each.address == address), known)
    if as_json:
        console.print_json(as_data(told, bound.taxonomy, known, lang.value))
        return
    for line in lines(told, bound.taxonomy, known, lang.value):
        typer.echo(console.one_line(line))
