"""`sladd decide`, `sladd verdicts`, `sladd check`: the officer's decisions from the shell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound

verdicts = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="Write and read decisions as YAML, for review in git and for another catalog.\n\n"
    "Example:  sladd verdicts export -o verdicts.yaml",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Decide")(decide)
    app.add_typer(verdicts, name="verdicts", rich_help_panel="Decide")
    app.command(rich_help_panel="Decide")(check)


def decide(
    context: typer.Context,
    field: Annotated[str, typer.Argument(help="Address, as `sladd findings` prints it.")],
    decision: Annotated[
        str, typer.Argument(help="confirm, reject, or the category that it really is.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    by: Annotated[str | None, typer.Option("--by", help="Who decides; default: you.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Confirm or reject a finding, or say what the field really is.

    The decision survives later scans; new and stronger evidence marks it reopened.

    Example:  sladd decide shop/tomter.fnr reject --reason "festenummer, ikke fødselsnummer"
    """
    bound = console.bound_config(context)
    from sladd.model import Decision

    refuse_personal(reason, bound)
    address, shown = address_of(field, bound)
    words = {"confirm": Decision.CONFIRMED, "reject": Decision.REJECTED}
    category = "" if decision in words else decision
    verdict = bound.catalog.verdicts.decide(
        address,
        words.get(decision, Decision.CHANGED),
        category=category,
        reason=reason,
        by=by or console.actor(),
    )
    joined = "to" if verdict.decision is Decision.CHANGED else "as"
    said = verdict.decision.value + (f" {joined} {verdict.category}" if verdict.category else "")
    if as_json:
        console.print_json(
            {
                "field": shown,
                "decision": verdict.decision.value,
                "category": verdict.category,
                "by": verdict.by,
                "at": verdict.at.isoformat(),
            }
        )
        return
    typer.echo(f"{shown}: {said}, by {verdict.by}")


def address_of(field: str, bound: Bound) -> tuple[str, str]:
    """The field's own address, and the one to show: `sladd findings` masks personal names.

    Raises:
        ConfigError: no field is called that (SLADD-168), or several are (SLADD-169).
    """
    from difflib import get_close_matches

    from sladd.errors import ConfigError
    from sladd.reports.names import names

    fields = bound.catalog.fields.all(gone=True)
    known = names(fields)
    if any(each.address == field for each in fields):
        return field, known.address(field)
    shown = [(each.address, known.address(each.address)) for each in fields]
    meant = [pair for pair in shown if pair[1] == field]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ConfigError(
            f"{len(meant)} fields are shown by that name, as their own names are personal data",
            code=169,
            where=field,
            mend="sladd review, or rename them in the source",
        )
    addresses = [pair[1] for pair in shown]
    # The end of an address is what people type; spelling comes second.
    close = [each for each in addresses if each.endswith((f".{field}", f"/{field}"))]
    close = (close or get_close_matches(field, addresses, n=3))[:3]
    if not close:
        ends = {each.rsplit(".", 1)[-1]: each for each in addresses}
        close = [ends[end] for end in get_close_matches(field.rsplit(".", 1)[-1], ends, n=3)]
    raise ConfigError(
        "the catalog knows no such field",
        code=168,
        where=field,
        mend=f"did you mean {' or '.join(close)}?" if close else "sladd findings --all lists them",
    )


def refuse_personal(reason: str, bound: Bound) -> None:
    """A reason is stored and shown: it must not hold an identifier.

    Raises:
        ConfigError: the reason holds one (SLADD-160).
    """
    from sladd.errors import ConfigError
    from sladd.pipeline.reasons import personal_category

    found = personal_category(reason, bound)
    if found is not None:
        raise ConfigError(
            f"the reason holds what looks like personal data ({found.label_en.lower()})",
            code=160,
            where="--reason",
            mend="say it without the value",
        )


@verdicts.command("export")
def export(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; standard output without.")
    ] = None,
) -> None:
    """Write every decision as YAML.

    Example:  sladd verdicts export -o verdicts.yaml
    """
    text = console.bound_config(context).catalog.verdicts.export()
    if output is None:
        typer.echo(text, nl=False)
        return
    from sladd.cli.report import write_whole

    write_whole(output, text.encode())
    typer.echo(f"wrote {output}")


@verdicts.command("import")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A file of `sladd verdicts export`; - for stdin.")],
    by: Annotated[str | None, typer.Option("--by", help="Who vouches; default: you.")] = None,
) -> None:
    """Take decisions from YAML; all of them or, on a fault, none.

    Example:  sladd verdicts import verdicts.yaml
    """
    from sladd.errors import ConfigError

    bound = console.bound_config(context)
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "the file of verdicts cannot be read as UTF-8 text",
            code=161,
            where=str(path),
            mend="sladd verdicts export -o verdicts.yaml writes one",
        ) from None
    outcome = bound.catalog.verdicts.take_over(text, by=by or console.actor())
    typer.echo(
        f"{len(outcome.applied)} applied, {len(outcome.unchanged)} already so, "
        f"{len(outcome.older)} older than what holds, {len(outcome.unknown)} of unknown fields"
    )
    for field in outcome.unknown[:20]:
        typer.echo(f"  unknown: {field}", err=True)


def check(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not look at the sources for schema drift.")
    ] = False,
) -> None:
    """For CI: exit 1 when a personal field has neither decision nor rule, or a schema drifted.

    Example:  sladd check && sladd publish analytics
    """
    bound = console.bound_config(context)
    from sladd.pipeline.check import check as run

    problems = run(bound, look=not offline)
    if as_json:
        console.print_json([{"what": p.what, "where": p.where, "mend": p.mend} for p in problems])
    else:
        for problem in problems:
            typer.echo(f"{problem.where}: {problem.what} · {problem.mend}")
        typer.echo("nothing to decide" if not problems else f"{len(problems)} to mend")
    if problems:
        raise typer.Exit(1)
