"""`sladd vault`: the random tokens of releases; deleting what leads back to a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.pipeline.forget import Receipt

vault = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="The vault of releases: random tokens, and deleting what leads back to a person.\n\n"
    "Example:  sladd vault status",
)

_AS_JSON = typer.Option("--json", help="Print as JSON.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(vault, name="vault", rich_help_panel="Keep")


@vault.command("status")
def status(context: typer.Context, as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """List the vaults: where each is, and how many tokens it holds of which type.

    Example:  sladd vault status
    """
    from sladd.pipeline.vault import store_of
    from sladd.reports.names import names

    bound = console.bound_config(context)
    known = names(bound.catalog.fields.all())
    found: dict[str, dict[str, Any]] = {}
    for name, release in bound.config.releases.items():
        if release.vault is None:
            continue
        if release.vault.store in found:
            found[release.vault.store]["releases"].append(name)
            continue
        with store_of(bound, name) as store:
            if store is None:
                continue
            found[release.vault.store] = {
                "store": store.where,
                "releases": [name],
                "deletions": store.deletions(),
                "spaces": [
                    {
                        "domain": held.space.domain,
                        "type": known.address(held.space.type),
                        "key": held.space.key,
                        "version": held.space.version,
                        "key_id": held.space.key_id,
                        "tokens": held.tokens,
                    }
                    for held in store.held()
                ],
            }
    if as_json:
        console.print_json(list(found.values()))
        return
    if not found:
        typer.echo("no release has a vault: add vault: to one in sladd.yaml")
        return
    for each in found.values():
        typer.echo(
            f"{each['store']} · releases: {', '.join(each['releases'])}"
            f" · {each['deletions']} deletions so far"
        )
        console.print_table(
            [
                [s["domain"], s["type"], f"{s['key']} v{s['version']}", f"{s['tokens']:,}"]
                for s in each["spaces"]
            ],
            ["domain", "type", "looked up by", "tokens"],
        )


@vault.command("forget")
def forget(
    context: typer.Context,
    domain: Annotated[str, typer.Argument(help="The pseudonym domain, as in sladd.yaml.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")],
    from_file: Annotated[
        Path | None,
        typer.Option("--from-file", help="Identifiers, one a line; - for standard input."),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="Only this type (sladd vault status); may be repeated."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, delete nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the receipt as JSON, too.")
    ] = None,
    lang: Annotated[
        Literal["nb", "en"], typer.Option("--lang", "--language", help="Language of the receipt.")
    ] = "en",
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Delete the tokens of a person, and print a receipt of what that ends and what stays.

    Give every identifier that the sources hold of the person: e-mail addresses, telephone
    numbers, names, customer numbers. They are asked for, or read from a file or a pipe; never
    write one on the command line. Each is looked up in all types of the domain; a bare number
    may be an order's as well as a customer's, which --dry-run shows and --type sorts out.

    Example:  sladd vault forget produktanalyse --reason "krav om sletting, sak 2026/114"
    """
    from sladd.cli import asked
    from sladd.cli.decide import refuse_personal
    from sladd.errors import ConfigError
    from sladd.pipeline.forget import forget as run

    bound = console.bound_config(context)
    refuse_personal(reason, bound)
    identifiers = asked.lines(from_file, "identifier")
    if not yes and not dry_run:
        import sys

        if not sys.stdin.isatty():
            raise ConfigError(
                "there is no terminal to ask whether to delete",
                code=175,
                where="sladd vault forget",
                mend="try it with --dry-run, then add --yes",
            )
        typer.confirm(f"Delete the tokens of {len(identifiers)} identifiers for good?", abort=True)
    receipt = run(
        bound,
        domain,
        identifiers,
        types=types or (),
        by=console.actor(),
        reason=reason,
        dry_run=dry_run,
    )
    plain = _shown(receipt, bound.catalog.fields.all())
    if output is not None:
        import json

        from sladd.cli.report import write_whole

        write_whole(output, (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode())
    if as_json:
        console.print_json(plain)
        return
    from sladd.reports.receipt import receipt_text

    typer.echo(receipt_text(plain, lang))


def _shown(receipt: Receipt, fields: Any) -> dict[str, Any]:
    """The receipt with names of fields that are personal data masked."""
    from sladd.reports.names import names

    known = names(fields)
    plain = receipt.plain()
    plain["deleted"] = {known.address(kind): n for kind, n in receipt.deleted.items()}
    plain["without"] = [known.address(kind) for kind in receipt.without]
    return plain
