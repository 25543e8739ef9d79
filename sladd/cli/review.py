"""`sladd review`: the officer's web application, and who may use it."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound

review = typer.Typer(cls=Panels, invoke_without_command=True)
user = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="Who may use `sladd review`.\n\nExample:  sladd review user add kari --role dpo",
)
review.add_typer(user, name="user", rich_help_panel="Accounts")


class RoleChoice(enum.StrEnum):
    """What an account may do; as in `sladd.review.context`, which is slow to import."""

    DPO = "dpo"
    ENGINEER = "engineer"
    ANALYST = "analyst"
    READER = "reader"


_NAME = typer.Argument(help="Name of the account.")
_ROLE = typer.Option("--role", help="dpo decides; the others read.")
_PORT = typer.Option("--port", help="Port.", min=1, max=65_535)
_AT = typer.Option("--url", help="Where people open the desk; for the link.")
_JSON = typer.Option("--json", help="Print as JSON.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(review, name="review", rich_help_panel="Decide")


@review.callback()
def open_desk(
    context: typer.Context,
    port: Annotated[int, _PORT] = 8400,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open the data protection officer's desk in the browser. Ctrl-C closes it.

    The first time it prints a link with which the officer logs in and sets a passphrase.

    Example:  sladd review --port 8400

    Example:  sladd review user add kari --role dpo
    """
    if context.invoked_subcommand is not None:
        return
    bound = console.bound_config(context)
    from sladd.review import serving

    listening = serving.listen(bound.config, host, port)
    at = serving.address(bound.config, host, port)
    with listening:
        first = _first_login(bound, at)
        typer.echo(f"the desk is open at {at} (Ctrl-C closes it)")
        if first:
            typer.echo(f"nobody can log in yet; {first}")
        serving.serve(bound, listening, Path(context.obj["config"]))
    typer.echo("the desk is closed")


def _first_login(bound: Bound, at: str) -> str:
    """How an officer gets in, where nobody could log in otherwise; "" where somebody can."""
    accounts = bound.catalog.accounts
    known = accounts.all()
    if bound.config.review.proxy is not None or any(each.active for each in known):
        return ""
    officers = [each.name for each in known if each.role == "dpo"]
    by = console.actor()
    invited = [each.name for each in known if each.role == "dpo" and each.invited]
    if invited:  # that link is on its way to somebody, and a new one would end it
        name = invited[0]
        return f"the link made for {name} still opens · a new one: sladd review user reset {name}"
    said = "the officer's first login, within 24 hours:\n "
    if officers:
        return f"{said} {at}/first/{accounts.reset(officers[0], by=by)}"
    taken = {each.name.casefold() for each in known}
    name = "personvernombud" if by.casefold() in taken else by
    return f"{said} {at}/first/{accounts.add(name, 'dpo', by=by)}"


@user.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, _NAME],
    role: Annotated[RoleChoice, _ROLE],
    url: Annotated[str | None, _AT] = None,
) -> None:
    """Make an account, and print the link of its first login: it works once, for 24 hours.

    Example:  sladd review user add kari --role dpo
    """
    bound = console.bound_config(context)
    token = bound.catalog.accounts.add(name, role.value, by=console.actor())
    typer.echo(f"{name} may log in as {role.value}; first login, within 24 hours:")
    typer.echo(f"  {_at(bound, url)}/first/{token}")


@user.command("list")
def list_(context: typer.Context, as_json: Annotated[bool, _JSON] = False) -> None:
    """List the accounts.

    Example:  sladd review user list
    """
    accounts = console.bound_config(context).catalog.accounts.all()
    rows = [
        {
            "name": each.name,
            "role": each.role,
            "state": "active" if each.active else "invited" if each.invited else "no passphrase",
            "last_login": f"{each.seen:%Y-%m-%d %H:%M}" if each.seen else "",
        }
        for each in accounts
    ]
    if as_json:
        console.print_json(rows)
    elif rows:
        console.print_table([list(row.values()) for row in rows], list(rows[0]))
    else:
        typer.echo("nobody yet · sladd review user add NAME --role dpo")


@user.command("role")
def role(
    context: typer.Context,
    name: Annotated[str, _NAME],
    role: Annotated[RoleChoice, typer.Argument(help="The new role.")],
) -> None:
    """Give an account another role; who is logged in has to log in again.

    Example:  sladd review user role ola reader
    """
    bound = console.bound_config(context)
    bound.catalog.accounts.change_role(name, role.value, by=console.actor())
    typer.echo(f"{name} is {role.value} now")


@user.command("remove")
def remove(context: typer.Context, name: Annotated[str, _NAME]) -> None:
    """Take an account away and end its sessions. What the person decided stays.

    Example:  sladd review user remove ola
    """
    console.bound_config(context).catalog.accounts.remove(name, by=console.actor())
    typer.echo(f"{name} can no longer log in")


@user.command("reset")
def reset(
    context: typer.Context,
    name: Annotated[str, _NAME],
    url: Annotated[str | None, _AT] = None,
) -> None:
    """Forget a passphrase, end the sessions, and print a new link for a first login.

    Example:  sladd review user reset kari
    """
    bound = console.bound_config(context)
    token = bound.catalog.accounts.reset(name, by=console.actor())
    typer.echo(f"the passphrase of {name} is forgotten; first login, within 24 hours:")
    typer.echo(f"  {_at(bound, url)}/first/{token}")


def _at(bound: Bound, url: str | None) -> str:
    hosts = bound.config.review.hosts
    return (url or (f"https://{hosts[0]}" if hosts else "http://127.0.0.1:8400")).rstrip("/")
