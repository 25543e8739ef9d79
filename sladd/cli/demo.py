"""`sladd demo`: the whole journey on a small synthetic web shop."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Start")(demo)


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to work in; made if missing.")] = Path(
        "sladd-demo"
    ),
    prefect: Annotated[
        bool, typer.Option("--prefect/--no-prefect", help="End with a real Prefect flow run.")
    ] = True,
) -> None:
    """Scan, report and publish a small Norwegian web shop with synthetic persons.

    Example:  sladd demo /some/empty/folder
    """
    from sladd.pipeline.bind import bind

    begun = time.monotonic()
    prepare(folder)
    bound = bind(folder / "sladd.yaml")
    _discover(bound)
    _report(bound, folder)
    version = _publish(bound)
    _use(folder / "releases" / "analytics")
    if prefect:
        _prefect(folder)
    typer.echo(
        f"\nDone in {time.monotonic() - begun:.0f} s. Look at:\n"
        f"  {folder}/rapport.html    the officer's report (rapport.en.html in English)\n"
        f"  {folder}/releases/analytics/latest/REPORT.html    what was published ({version})\n"
        f"Then, in {folder}:  sladd review · sladd findings · sladd plan analytics · sladd --help"
    )


def samples() -> Path:
    """Where the samples lie: in the installed package, or in the checkout.

    Raises:
        ConfigError: the installation has none (SLADD-165).
    """
    from sladd.errors import ConfigError

    packaged = Path(str(files("sladd"))) / "samples"
    checkout = Path(str(files("sladd"))).parent / "data" / "samples"
    for place in (packaged, checkout):
        if (place / "shop.db").is_file():
            return place
    raise ConfigError(
        "the installation has no samples", code=165, mend="install sladd again, from its wheel"
    )


def prepare(folder: Path) -> None:
    """Copy the samples and write a configuration and a key.

    Raises:
        ConfigError: the folder holds something else, or cannot be written (SLADD-164, 166).
    """
    from sladd.errors import ConfigError
    from sladd.keyring import create_key_file

    marker = folder / ".sladd-demo"
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise ConfigError(
            "the folder is not empty", code=166, where=str(folder), mend="sladd demo NEW-FOLDER"
        )
    _step("1 of 5  a web shop with synthetic customers")
    origin = samples()
    key = Path("~/.config/sladd/keys/demo.key").expanduser()
    try:
        for old in ("files", "documents", ".sladd", "releases"):
            shutil.rmtree(folder / old, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        marker.touch()
        shutil.copy2(origin / "shop.db", folder / "shop.db")
        for name in ("files", "documents"):
            shutil.copytree(origin / name, folder / name)
        text = (origin / "sladd.yaml").read_text(encoding="utf-8")
        # A key of its own: the demo never touches the key of real pseudonyms.
        (folder / "sladd.yaml").write_text(text.replace("main.key", key.name), encoding="utf-8")
    except OSError as fault:
        raise ConfigError(
            f"the folder cannot be written to: {fault.strerror}", code=164, where=str(folder)
        ) from None
    if not key.exists():
        create_key_file(key)
    many = [sum(p.is_file() for p in (folder / n).rglob("*")) for n in ("files", "documents")]
    typer.echo(
        f"   {folder}: an SQLite database, {many[0]} files and {many[1]} documents · key {key}"
    )


def _discover(bound: Bound) -> None:
    from sladd.pipeline.discover import discover, summary

    _step("2 of 5  sladd discover")
    with console.progress("discover") as tell:
        results = discover(bound, by=console.actor(), tell=tell)
    for result in results:
        data = summary(result)
        typer.echo(
            f"   {data['source']}: {data['scanned']} tables, {data['personal']} of "
            f"{data['fields']} fields hold personal data, {result.seconds:.1f} s"
        )
        for failed in result.not_scanned:
            console.say(f"   {console.missed_line(failed)}", err=True)


def _report(bound: Bound, folder: Path) -> None:
    from sladd.reports.discovery import gather, render

    _step("3 of 5  sladd report")
    data = gather(bound.catalog, bound.taxonomy, bound.config)
    for name, language in (("rapport.html", "nb"), ("rapport.en.html", "en")):
        (folder / name).write_bytes(render(data, "html", language))
        typer.echo(f"   {folder / name}")


def _publish(bound: Bound) -> str:
    from sladd.pipeline.publish import publish

    _step("4 of 5  sladd publish analytics")
    with console.progress("publish") as tell:
        outcome = publish(bound, "analytics", by=console.actor(), tell=tell).summary()
    typer.echo(
        f"   {outcome['tables']} tables, {outcome['rows']:,} rows, "
        f"{outcome['checks']} checks passed\n   {outcome['label']}"
    )
    return str(outcome["version"])


def _use(release: Path) -> None:
    from sladd.pipeline.verify import verify

    result = verify(release)
    passed = sum(check.passed for check in result.checks)
    typer.echo(f"   sladd verify: {passed} of {len(result.checks)} checks hold")
    if not result.passed:
        raise typer.Exit(1)


def _prefect(folder: Path) -> None:
    """One real flow run, with Prefect's embedded server and a home of its own."""
    _step("5 of 5  the same scan as a Prefect flow (its embedded server takes some 20 s to start)")
    home = folder / ".prefect"
    home.mkdir(mode=0o700, exist_ok=True)
    with _environment(PREFECT_HOME=str(home.resolve())):
        from flows.discover import run_discover

        outcome = run_discover(str(folder / "sladd.yaml"), [], full=False, sample_rows=None)
    typer.echo(
        "   flow run completed: "
        + ", ".join(f"{o['source']} {o['unchanged']} tables unchanged" for o in outcome)
    )


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    former = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _step(text: str) -> None:
    console.say(f"\n{text}", style="bold")
