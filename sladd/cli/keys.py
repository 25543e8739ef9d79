"""`sladd keys`: the master keys that pseudonyms are derived from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

keys = typer.Typer(
    cls=Panels, no_args_is_help=True, help="Make and list master keys. A key is never printed."
)

DEFAULT_KEY = "~/.config/sladd/keys/main.key"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(keys, name="keys", rich_help_panel="Keep")


@keys.command("init")
def init(
    path: Annotated[Path, typer.Argument(help="Where the key file goes.")] = Path(DEFAULT_KEY),
) -> None:
    """Make a new 256-bit key in a file that only you can read. Never overwrites.

    Example:  sladd keys init ~/.config/sladd/keys/main.key
    """
    from sladd.keyring import create_key_file

    made = path.expanduser()
    create_key_file(made)
    typer.echo(f"wrote {made} (0600) · keep a copy in a safe: without it nothing joins again")


@keys.command("list")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the configured keys, their place and public id.

    Example:  sladd keys list
    """
    from sladd.errors import KeyringError

    bound = console.bound_config(context)
    rows = []
    for name, place in bound.config.keys.items():
        where = place.file or f"environment variable {place.env}"
        try:
            state, key_id = "ready", bound.keyring.master(name).key_id
        except KeyringError as error:
            state, key_id = str(error), ""
        rows.append({"name": name, "where": where, "key_id": key_id, "state": state})
    if as_json:
        console.print_json(rows)
    else:
        console.print_table([list(row.values()) for row in rows], ["name", "where", "id", "state"])
