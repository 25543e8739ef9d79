"""`sladd assess`: the officer's assessment of an anonymised release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sladd.cli import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Publish")(assess)


def assess(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of an anonymised release in sladd.yaml.")],
    signed: Annotated[
        Path | None,
        typer.Option("--sign", help="The filled-in form: check it, sign it, put it in place."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write the form; '-' for standard output."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Write the assessment of an anonymised release as a form; sign it once it is filled in.

    Only a release whose gate passed and whose assessment is signed is called anonymised, and only
    until the review date in it.

    Example:  sladd assess open -o assessment.yaml

    Example:  sladd assess open --sign assessment.yaml
    """
    bound = console.bound_config(context)
    from sladd.pipeline.assess import form, sign_assessment

    if signed is not None:
        label = sign_assessment(bound, release, _content(signed), by=console.actor())
        if as_json:
            console.print_json(
                {
                    "release": release,
                    "label": label.en,
                    "anonymised": label.anonymised,
                    "why": label.why,
                }
            )
            return
        why = f" ({label.why})" if label.why else ""
        typer.echo(f"signed the assessment of {release}\n  {label.en}{why}")
        return
    text = form(bound, release)
    target = output or Path(f"assessment-{release}.yaml")
    if str(target) == "-":
        typer.echo(text, nl=False)
        return
    _refuse_existing(target)
    from sladd.cli.report import write_whole

    write_whole(target, text.encode())
    if as_json:
        console.print_json({"release": release, "form": str(target)})
        return
    typer.echo(f"wrote {target}: fill it in, then sladd assess {release} --sign {target}")


def _content(path: Path) -> bytes:
    """The filled-in form.

    Raises:
        ConfigError: it cannot be read (SLADD-178).
    """
    from sladd.errors import ConfigError

    try:
        return path.read_bytes()
    except OSError:
        raise ConfigError(
            "the assessment cannot be read", code=178, where=str(path), mend="name the file"
        ) from None


def _refuse_existing(path: Path) -> None:
    """A form that somebody filled in is not overwritten.

    Raises:
        ConfigError: the file is there (SLADD-179).
    """
    from sladd.errors import ConfigError

    if path.exists():
        raise ConfigError(
            "the file is there already, and may be filled in",
            code=179,
            where=str(path),
            mend="choose another name with -o, or sign it with --sign",
        )
