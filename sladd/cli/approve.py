"""`sladd approve`: approve or refuse the plan of a release, from the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Publish")(approve)


def approve(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of the release in sladd.yaml.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Refuse the plan; it stays so until it is another.")
    ] = False,
    plan: Annotated[
        str | None,
        typer.Option("--plan", help="First characters of the hash of the plan that you read."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Approve or refuse the present plan of a release; `sladd plan RELEASE` prints it and its hash.

    With `approval: required` in sladd.yaml nothing is published before that. A plan that changes,
    in what happens to a field, in purpose, recipients or destination, needs a new approval.

    Example:  sladd approve analytics --plan 3f9c2a71 --reason "As agreed in the DPIA"
    """
    bound = console.bound_config(context)
    from sladd.cli.decide import refuse_personal
    from sladd.pipeline import approval
    from sladd.pipeline.requests import system_user

    refuse_personal(reason, bound)
    decide = approval.refuse if refuse else approval.approve
    kept = decide(bound, release, by=system_user(), reason=_said(reason), expected=plan)
    held = approval.decided(bound, release, kept.plan_sha256)
    if as_json:
        console.print_json(
            {
                "release": release,
                "plan_sha256": kept.plan_sha256,
                "state": held.state,
                "by": held.by,
                "reason": held.reason,
            }
        )
        return
    typer.echo(f"{release}: plan {kept.plan_sha256[:12]} {held.state}, by {held.by}")


def _said(reason: str) -> str:
    """The reason, of which there has to be one.

    Raises:
        ConfigError: there is none (SLADD-934).
    """
    from sladd.errors import ConfigError

    if not reason.strip():
        raise ConfigError(
            "a decision about a plan needs a reason",
            code=934,
            where="--reason",
            mend='--reason "as agreed in the DPIA"',
        )
    return reason.strip()


def standing(bound: Bound, release: str, sha256: str) -> str:
    """What was decided about a plan, in a line for the shell."""
    from sladd.pipeline.approval import decided

    held = decided(bound, release, sha256)
    asked = bound.config.releases[release].approval
    said = f"plan {sha256[:12]}"
    if held.state == "waiting":
        return f"{said}: waits for approval" if asked else f"{said}: no approval is asked for"
    return f"{said}: {held.state} by {held.by}: {held.reason}"
