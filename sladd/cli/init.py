"""`sladd init`: a commented configuration, a key, and what git must not see."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Start")(init)


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the project.")] = Path(),
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Key file, outside the project. Default: a new one at home."),
    ] = None,
) -> None:
    """Write a commented sladd.yaml, a key (0600, outside the project) and .gitignore.

    Nothing that exists is overwritten.

    Example:  sladd init personvern
    """
    from sladd.errors import ConfigError
    from sladd.keyring import create_key_file

    place = (key or Path("~/.config/sladd/keys/main.key")).expanduser()
    if folder.resolve() in place.resolve().parents:
        raise ConfigError(
            "the key must not lie in the project",
            code=163,
            where=str(place),
            mend="sladd init --key PATH, outside the project",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        template = files("sladd.cli").joinpath("template.yaml").read_text(encoding="utf-8")
        shown = str(key.expanduser().resolve()) if key else "~/.config/sladd/keys/main.key"
        _write_new(folder / "sladd.yaml", template.replace("@KEY@", shown))
        _write_new(folder / ".gitignore", ".sladd/\nreleases/\n*.key\nsladd-report.*\n")
    except OSError as fault:
        raise ConfigError(
            f"the folder cannot be written to: {fault.strerror}", code=164, where=str(folder)
        ) from None
    if place.exists():
        typer.echo(f"kept   {place}")
    else:
        create_key_file(place)
        typer.echo(f"wrote  {place} (0600) · keep a copy in a safe: without it nothing joins again")
    typer.echo(f"next: edit {folder / 'sladd.yaml'}, then  sladd doctor  and  sladd discover")


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        typer.echo(f"kept   {path}")
        return
    path.write_text(text, encoding="utf-8")
    typer.echo(f"wrote  {path}")
