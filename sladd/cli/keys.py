"""`sladd keys`: the master keys that pseudonyms are derived from. A key is never printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound

keys = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="Make, list, rotate and retire master keys. A key is never printed.\n\n"
    "Example:  sladd keys list",
)

DEFAULT_KEY = "~/.config/sladd/keys/main.key"
_AS_JSON = typer.Option("--json", help="Print as JSON.")


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
def list_(context: typer.Context, as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """List the configured keys: their place, versions, public id, copy, and who uses them.

    Example:  sladd keys list
    """
    from sladd.errors import KeyringError

    bound = console.bound_config(context)
    rows: list[dict[str, Any]] = []
    for name, place in bound.config.keys.items():
        where = place.file or place.provider or f"environment variable {place.env}"
        users = [r for r, release in bound.config.releases.items() if release.key == name]
        row: dict[str, Any] = {"name": name, "where": where, "versions": [], "key_id": "", "copy": "",
               "releases": users, "state": "ready"}  # fmt: skip
        try:
            row["versions"] = list(bound.keyring.versions(name))
            row["key_id"] = bound.keyring.master(name).key_id
            row["copy"] = copy_of(bound, name)
        except KeyringError as error:
            row["state"] = str(error)
        rows.append(row)
    if as_json:
        console.print_json(rows)
        return
    table = [
        [
            ", ".join(f"v{v}" for v in value) if key == "versions"
            else ", ".join(value) if key == "releases" else value
            for key, value in row.items()
        ]
        for row in rows
    ]  # fmt: skip
    console.print_table(table, ["name", "where", "versions", "id", "copy", "releases", "state"])


@keys.command("rotate")
def rotate(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the key in sladd.yaml.")] = "main",
) -> None:
    """Add a new version to a key file. The next publish uses it; old versions stay readable.

    Every pseudonym of the releases that use the key changes with the next publish, so what
    analysts have kept of earlier versions joins no longer.

    Example:  sladd keys rotate main
    """
    from sladd.keyring import add_version

    bound = console.bound_config(context)
    path = _file(bound, name)
    version = add_version(path)
    bound.catalog.audit.append("key rotated", f"key {name}", console.actor(), {"version": version})
    users = [r for r, release in bound.config.releases.items() if release.key == name]
    typer.echo(f"key {name} has version {version} · its copy is old now: sladd keys confirm-backup")
    for release in users:
        typer.echo(f"pseudonyms of {release} change with the next: sladd publish {release}")


@keys.command("retire")
def retire(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the key in sladd.yaml.")],
    version: Annotated[int, typer.Argument(help="The version to destroy.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy an old version of a key: what it pseudonymised cannot be led back through it.

    Copies of the key file have it still; destroy it there as well. What identifies a person
    without the key stays: the release is not anonymous by this.

    Example:  sladd keys retire main 1
    """
    from sladd.keyring import retire_version

    bound = console.bound_config(context)
    path = _file(bound, name)
    if held := _looked_up(bound, name, version):
        typer.echo(
            f"{held:,} tokens of a vault are looked up by version {version} and are lost with it:"
            " a publish carries over those whose value is still in the source",
            err=True,
        )
    if not yes:
        typer.confirm(f"Destroy version {version} of the key {name} for good?", abort=True)
    retire_version(path, version)
    bound.catalog.audit.append("key retired", f"key {name}", console.actor(), {"version": version})
    typer.echo(
        f"version {version} of the key {name} is gone from {path}"
        " · destroy it in every copy of the file, too"
    )


@keys.command("translate")
def translate(
    context: typer.Context,
    release: Annotated[
        str | None, typer.Argument(help="Name of the release in sladd.yaml.")
    ] = None,
    old: Annotated[
        int | None, typer.Option("--from", min=1, help="Version of the pseudonyms that are there.")
    ] = None,
    new: Annotated[
        int | None, typer.Option("--to", min=1, help="Version of the next ones.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new Parquet file (0600).")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, help="Until it is to be destroyed; doctor reminds.")
    ] = 30,
    remove: Annotated[
        Path | None,
        typer.Option("--destroy", help="Overwrite and remove a table, when it is used."),
    ] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Write a table from the pseudonyms of one key version to those of another, once.

    It is for those who must carry on what they built on the old ones. The source is read and
    every value pseudonymised under both versions. Keep the table like a key, hand it to nobody
    who should not link both, and destroy it when it is used.

    Example:  sladd keys translate analytics --from 1 --to 2 --reason "ny nøkkel" -o ~/t.parquet
    """
    from dataclasses import asdict

    from sladd.errors import ConfigError
    from sladd.pipeline import translation

    bound = console.bound_config(context)
    if remove is not None:
        if release or old or new or output:
            raise ConfigError(
                "--destroy stands alone", code=176, where="sladd keys translate", mend="see --help"
            )
        gone = translation.destroy(bound, remove.expanduser(), by=console.actor())
        if as_json:
            console.print_json({"destroyed": str(remove), "release": gone})
            return
        typer.echo(
            f"{remove} is overwritten and removed · copies and snapshots of it, if any, are not"
        )
        return
    if release is None or old is None or new is None or output is None or not reason.strip():
        raise ConfigError(
            "a release, --from, --to, --reason and -o are needed",
            code=177,
            where="sladd keys translate",
            mend="see --help",
        )
    if old == new:
        raise ConfigError(
            "--from and --to are the same version", code=176, where="sladd keys translate",
            mend="sladd keys list",
        )  # fmt: skip
    from sladd.cli.decide import refuse_personal

    refuse_personal(reason, bound)
    with console.progress("reading the source") as tell:
        made = translation.translate(
            bound, release, old=old, new=new, path=output.expanduser(), by=console.actor(),
            reason=reason, days=days, tell=tell,
        )  # fmt: skip
    if as_json:
        console.print_json(asdict(made))
        return
    typer.echo(
        f"wrote {made.path} (0600): {made.rows:,} pseudonyms of v{old} and what they are in v{new}\n"
        f"keep it apart from releases, and by {made.expires[:10]}:  "
        f"sladd keys translate --destroy {made.path}"
    )


@keys.command("confirm-backup")
def confirm_backup(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the key in sladd.yaml.")],
    copy: Annotated[Path, typer.Argument(help="The copy of the key file, where it is kept.")],
) -> None:
    """Compare a copy of a key with the key, and note that it is there.

    Example:  sladd keys confirm-backup main /media/safe/main.key
    """
    from datetime import date

    from sladd.keyring import confirm

    bound = console.bound_config(context)
    confirm(_file(bound, name), copy.expanduser(), date.today())
    bound.catalog.audit.append("key copy confirmed", f"key {name}", console.actor())
    typer.echo(f"the copy of the key {name} holds every version")


@keys.command("export-public-facts")
def export_public_facts(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to a file instead.")
    ] = None,
) -> None:
    """Print what others may know of the keys: ids, versions, and the public signing keys.

    Whoever gets a release checks its signature with the public key from here.

    Example:  sladd keys export-public-facts -o keys.json
    """
    import json

    bound = console.bound_config(context)
    facts = [
        {
            "name": name,
            "version": version,
            "key_id": bound.keyring.master(name, version).key_id,
            "signing_key": _public(bound, name, version),
        }
        for name in bound.keyring.names
        for version in bound.keyring.versions(name)
    ]
    text = json.dumps({"format": 1, "keys": facts}, indent=2)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        many = "1 version" if len(facts) == 1 else f"{len(facts)} versions"
        typer.echo(f"wrote {output}: {many}, nothing secret")


def copy_of(bound: Bound, name: str) -> str:
    """What is known of a key's copy, in a few words; "" where a provider keeps it."""
    from sladd.keyring import backup

    path = bound.keyring.path(name)
    if path is None:
        return ""
    known = backup(path)
    if known is None:
        return "not confirmed"
    return f"{known.confirmed}" if known.current else f"{known.confirmed}, older than the key"


def _file(bound: Bound, name: str) -> Path:
    from sladd.errors import KeyringError

    path = bound.keyring.path(name)
    if path is None:
        raise KeyringError(
            f"the key '{name}' lies in no file",
            code=418,
            where="sladd.yaml, keys",
            mend="rotate, retire and copy it where it is kept",
        )
    bound.keyring.versions(name)  # refuses a file in an unsafe place before anything is written
    return path


def _looked_up(bound: Bound, name: str, version: int) -> int:
    """Tokens of vaults that only this version of a key leads to."""
    from sladd.pipeline.vault import store_of

    found = 0
    seen: set[str] = set()
    for release, chosen in bound.config.releases.items():
        if chosen.vault is None or chosen.key != name or chosen.vault.store in seen:
            continue
        seen.add(chosen.vault.store)
        with store_of(bound, release) as store:
            if store is not None:
                found += sum(
                    held.tokens
                    for held in store.held()
                    if (held.space.key, held.space.version) == (name, version)
                )
    return found


def _public(bound: Bound, name: str, version: int) -> str:
    """The public half of the signing key, as PEM."""
    from sladd.release.signature import dump_public_key

    return dump_public_key(bound.keyring.signing_key(name, version).public_key()).decode()
