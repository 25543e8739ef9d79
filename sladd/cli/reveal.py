"""`sladd reveal`: authorised re-identification of single pseudonyms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound
    from sladd.pipeline.requests import Request
    from sladd.pipeline.reveal import Outcome


class _ShowFirst(Panels):
    """`sladd reveal RELEASE` is `sladd reveal show RELEASE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where a release stands in its place."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


reveal = typer.Typer(
    cls=_ShowFirst,
    no_args_is_help=True,
    help="Lead single pseudonyms back to persons: with a reason, an approver, and a trace.\n\n"
    "`sladd reveal RELEASE …` is short for `sladd reveal show RELEASE …`.\n\n"
    'Example:  sladd reveal analytics --reason "sak 2026/114" --approver "personvernombudet"',
)

_AS_JSON = typer.Option("--json", help="Print as JSON.")
_FROM_FILE = typer.Option("--from-file", help="Pseudonyms, one a line; - for standard input.")
_RELEASE = typer.Argument(help="Name of the release in sladd.yaml.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(reveal, name="reveal", rich_help_panel="Keep")


@reveal.command("show")
def show(
    context: typer.Context,
    release: Annotated[str, _RELEASE],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")] = "",
    approver: Annotated[
        str, typer.Option("--approver", help="Who allowed it; kept in the audit trail.")
    ] = "",
    request: Annotated[
        str, typer.Option("--request", help="Id of an approved request, in place of both.")
    ] = "",
    from_file: Annotated[Path | None, _FROM_FILE] = None,
    column: Annotated[
        str | None, typer.Option("--column", help="table.column of the release they stand in.")
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", help="Of the release; default: the latest.")
    ] = None,
    key_version: Annotated[
        int | None,
        typer.Option("--key-version", min=1, help="That made them; default: the release's."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write JSON to a new file (0600).")
    ] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Print what pseudonyms of a release were made of. Asks for them; never pass one as argument.

    What was encrypted is opened with the key. Other pseudonyms hold nothing of their value: the
    source is read again, and each value made into its pseudonym, until the same one comes out.
    That takes as long as reading the columns, and finds nobody whom the source no longer has.
    Values go to a terminal or to a file that only you can read.

    Example:  sladd reveal show analytics --reason "sak 2026/114" --approver "personvernombudet"
    """
    from sladd.cli import asked
    from sladd.pipeline.planning import release_named
    from sladd.pipeline.requests import DONE, approved, system_user
    from sladd.pipeline.reveal import reveal as run

    bound = console.bound_config(context)
    chosen = release_named(bound, release)
    _may_begin(chosen.reveal.approval, reason, approver, request)
    _check_output(bound, output)
    if reason:
        _refuse(reason, bound)
    pseudonyms = asked.lines(from_file, "pseudonym")
    detail: dict[str, Any] = {"reason": reason, "approver": approver}
    if request:
        given = approved(bound, request, release, pseudonyms)
        detail = {"reason": given.reason, "approver": given.approved_by, "request": request}
    with console.progress("reading the source") as tell:
        outcome = run(
            bound, release, pseudonyms, column=column, version=version, key_version=key_version,
            tell=tell,
        )  # fmt: skip
    # Written down before anything is shown: what cannot be recorded is not revealed.
    detail |= {"asked": len(pseudonyms), "found": len(outcome.found)}
    bound.catalog.audit.append(DONE, release, system_user(), detail)
    plain = _plain(release, outcome)
    if output is not None:
        _write(output, plain)
        typer.echo(f"wrote {output} (0600): {len(outcome.found)} led back")
    elif as_json:
        console.print_json(plain)
    else:
        rows = [[each.pseudonym, each.value, each.place] for each in outcome.found]
        console.print_table(rows, ["pseudonym", "value", "found in"])
    _tell_rest(bound, release, version, outcome)
    if len(outcome.found) < len(pseudonyms):
        raise typer.Exit(1)


@reveal.command("request")
def request_(
    context: typer.Context,
    release: Annotated[str, _RELEASE],
    reason: Annotated[str, typer.Option("--reason", help="Why; the approver reads it.")],
    from_file: Annotated[Path | None, _FROM_FILE] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Ask for pseudonyms to be led back; another person has to approve it.

    Example:  sladd reveal request analytics --reason "sak 2026/114" --from-file pseudonyms.txt
    """
    from sladd.cli import asked
    from sladd.pipeline.planning import release_named
    from sladd.pipeline.requests import ask, system_user

    bound = console.bound_config(context)
    release_named(bound, release)
    _refuse(reason, bound)
    pseudonyms = asked.lines(from_file, "pseudonym")
    made = ask(bound, release, pseudonyms, reason=reason, by=system_user())
    if as_json:
        console.print_json(_request(made))
        return
    typer.echo(
        f"request {made.id}: {made.count} pseudonyms of {release}, until {made.expires}\n"
        f"another person, as another user, runs:  sladd reveal approve {made.id}\n"
        f"then, with the same pseudonyms:  sladd reveal {release} --request {made.id}"
    )


@reveal.command("approve")
def approve_(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="ID", help="As `sladd reveal list` shows it.")],
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Approve a request of another person. Whoever asked is refused.

    Example:  sladd reveal approve 3f9a01bc
    """
    from sladd.pipeline.requests import approve, system_user

    made = approve(console.bound_config(context), number, by=system_user())
    if as_json:
        console.print_json(_request(made))
        return
    typer.echo(
        f"request {made.id} of {made.by} is approved: {made.count} pseudonyms of {made.release}, "
        f"once, until {made.expires}"
    )


@reveal.command("list")
def list_(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those used or expired.")] = False,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """List requests: who asked, why, for how many pseudonyms, and who approved.

    Example:  sladd reveal list
    """
    from sladd.pipeline.requests import requests

    found = [_request(each) for each in requests(console.bound_config(context)).values()]
    shown = [each for each in found if every or each["state"] in {"waiting", "approved"}]
    if as_json:
        console.print_json(shown)
        return
    keys = ["id", "state", "release", "count", "by", "reason", "approved_by", "expires"]
    console.print_table([[str(each[key]) for key in keys] for each in shown], keys)


def _may_begin(approval: str, reason: str, approver: str, request: str) -> None:
    from sladd.errors import ConfigError, RevealError

    if request:
        return
    if approval == "two_persons":
        raise RevealError(
            "a second person has to approve this",
            code=450,
            where="sladd.yaml, reveal",
            mend="sladd reveal request, then --request ID",
        )
    if not reason.strip() or not approver.strip():
        raise ConfigError(
            "a reason and an approver are needed",
            code=172,
            where="sladd reveal",
            mend="add --reason … --approver …",
        )


def _refuse(reason: str, bound: Bound) -> None:
    from sladd.cli.decide import refuse_personal

    refuse_personal(reason, bound)


def _check_output(bound: Bound, output: Path | None) -> None:
    """Values go to a terminal, or to a new file in a safe place."""
    from sladd.errors import RevealError

    if output is None:
        if not sys.stdout.isatty():
            raise RevealError(
                "values are shown on a terminal or written to a file, not into a pipe",
                code=458,
                where="sladd reveal",
                mend="add -o PATH",
            )
        return
    from sladd.keyring import check_place

    targets = [bound.config.folder_of(name) for name in bound.config.releases]
    check_place(output.expanduser(), targets, what="output")


def _write(output: Path, plain: Any) -> None:
    import json

    from sladd.cli.private import new_private

    text = json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
    with new_private(output.expanduser()) as file:
        file.write(text.encode())


def _plain(release: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "format": 1,
        "release": release,
        "found": [
            {"pseudonym": e.pseudonym, "value": e.value, "type": e.type, "place": e.place}
            for e in outcome.found
        ],
        "forgotten": outcome.forgotten,
        "lost": outcome.lost,
        "unknown": outcome.unknown,
    }


def _tell_rest(bound: Bound, release: str, version: str | None, outcome: Outcome) -> None:
    """One line for each way in which pseudonyms were not led back."""
    from sladd.pipeline.reveal import manifest_of
    from sladd.pipeline.reversible import irreversible

    if outcome.forgotten:
        typer.echo(
            f"{len(outcome.forgotten)} without a row in the vault: the way back was deleted",
            err=True,
        )
    if outcome.lost:
        typer.echo(
            f"{len(outcome.lost)} not found: the source no longer has the value, or another key "
            "version made it (--key-version)",
            err=True,
        )
    if outcome.unknown:
        columns = irreversible(manifest_of(bound, release, version)[0])
        never = f"; nothing leads back from {', '.join(columns)}" if columns else ""
        typer.echo(
            f"{len(outcome.unknown)} are no pseudonyms of this release{never}",
            err=True,
        )


def _request(made: Request) -> dict[str, Any]:
    from dataclasses import asdict
    from datetime import UTC, datetime

    plain = asdict(made) | {"state": made.state(datetime.now(UTC))}
    del plain["digest"]
    return plain
