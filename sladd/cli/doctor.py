"""`sladd doctor`: is everything there that the other commands need?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer."""

    what: str
    ok: bool
    detail: str
    warns: bool = False  # it works today, and should be mended all the same


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Keep")(doctor)


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Check the installation, the configuration, the keys, the catalog and every source.

    Example:  sladd doctor
    """
    answers = list(_ask(context))
    if as_json:
        console.print_json(
            [{"what": a.what, "ok": a.ok, "warns": a.warns, "detail": a.detail} for a in answers]
        )
    else:
        for answer in answers:
            mark = "FAIL" if not answer.ok else "warn" if answer.warns else "ok  "
            style = "red" if not answer.ok else "yellow" if answer.warns else ""
            console.say(f"{mark} {answer.what}: {answer.detail}", style=style)
    if not all(answer.ok for answer in answers):
        raise typer.Exit(1)


def _passwords(bound: Bound) -> Iterator[Answer]:
    """Addresses with a password in them: it belongs into the environment."""
    from sladd.config.passwords import passwords_in

    file = bound.config.file
    for key, line in passwords_in(file):
        detail = (
            f"{key} holds a password · {file.name}, line {line} · write ${{NAME}} in its place, "
            "export NAME, and change the password if others have the file"
        )
        yield Answer("configuration", ok=True, detail=detail, warns=True)


def _ask(context: typer.Context) -> Iterator[Answer]:
    import platform
    from importlib.metadata import version

    from sladd.errors import SladdError

    parts = ("presidio-analyzer", "prefect", "pyarrow", "duckdb", "sqlalchemy")
    yield Answer(
        "installation",
        ok=True,
        detail=f"Python {platform.python_version()}, "
        + ", ".join(f"{part} {version(part)}" for part in parts),
    )
    try:
        bound = console.bound_config(context)
    except SladdError as error:
        yield Answer("configuration", ok=False, detail=str(error))
        return
    yield Answer("configuration", ok=True, detail=str(context.obj["config"]))
    yield from _passwords(bound)
    try:
        many = len(bound.detectors.declarations)
        yield Answer(
            "recognisers", ok=True, detail=f"{many}, for {', '.join(bound.config.languages)}"
        )
        bound.find_spans([""])
        yield Answer("names in free text", ok=True, detail=_models(bound))
    except SladdError as error:
        yield Answer("recognisers", ok=False, detail=str(error))
    for name in bound.config.keys:
        try:
            master = bound.keyring.master(name)
            yield Answer(f"key {name}", ok=True, detail=f"id {master.key_id}, v{master.version}")
            yield from _copy(bound, name)
        except SladdError as error:
            yield Answer(f"key {name}", ok=False, detail=str(error))
    try:
        scans = bound.catalog.scans.all()
        yield Answer("catalog", ok=True, detail=f"{len(scans)} scans")
    except SladdError as error:
        yield Answer("catalog", ok=False, detail=str(error))
    yield from _vaults(bound)
    try:
        yield from _translations(bound)
    except SladdError as error:
        yield Answer("translation tables", ok=False, detail=str(error))
    for name in bound.config.sources:
        try:
            source = bound.open_source(name)
            try:
                tables = source.tables()
                failed = len(source.not_scanned)
                detail = f"{len(tables)} tables" + (f", {failed} unreadable" if failed else "")
                yield Answer(f"source {name}", ok=True, detail=detail)
            finally:
                source.close()
        except SladdError as error:
            yield Answer(f"source {name}", ok=False, detail=str(error))


def _models(bound: Bound) -> str:
    """Which model reads the names of each language."""
    from detectors.language_models import OFF, OWN, model_of

    models = {
        language: model_of(language, bound.config.detection.spacy)
        for language in bound.config.languages
    }
    told = {OWN: "sladd's own model", OFF: "by rules only"}
    return ", ".join(f"{language}: {told.get(name, name)}" for language, name in models.items())


def _vaults(bound: Bound) -> Iterator[Answer]:
    """Whether the vault of each release opens."""
    from sladd.errors import SladdError
    from sladd.pipeline.vault import store_of

    for name, release in bound.config.releases.items():
        if release.vault is None:
            continue
        try:
            with store_of(bound, name) as store:
                held = sum(each.tokens for each in store.held()) if store else 0
            yield Answer(f"vault of {name}", ok=True, detail=f"{held:,} tokens")
        except SladdError as error:
            yield Answer(f"vault of {name}", ok=False, detail=str(error))


def _translations(bound: Bound) -> Iterator[Answer]:
    """Tables between key versions that should be gone by now."""
    from datetime import UTC, datetime

    from sladd.pipeline.translation import open_translations

    for each in open_translations(bound):
        if each.overdue(datetime.now(UTC)):
            yield Answer(
                f"translation table of {each.release}",
                ok=True,
                detail=f"was to be destroyed by {each.expires[:10]}"
                f" · sladd keys translate --destroy {each.path}",
                warns=True,
            )


def _copy(bound: Bound, name: str) -> Iterator[Answer]:
    """Whether a copy of the key was seen; a lost key is lost for good."""
    from sladd.cli.keys import copy_of

    known = copy_of(bound, name)
    if known == "not confirmed" or known.endswith("older than the key"):
        mend = f"copy it to a safe place, then sladd keys confirm-backup {name} COPY"
        yield Answer(f"copy of the key {name}", ok=True, detail=f"{known} · {mend}", warns=True)
