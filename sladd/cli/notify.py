"""`sladd notify`: try the channels, send the weekly digest, tell what still waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound
    from sladd.pipeline.telling import Told

notify = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    help="Tell people and systems what is new.\n\nExample:  sladd notify test",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(notify, name="notify", rich_help_panel="Decide")


def print_told(told: Told, *, quiet: bool = False) -> None:
    """One line for each channel; a failure goes to standard error and ends nothing."""
    for each in told.deliveries:
        if each.fault is not None:
            line = console.one_line(str(each.fault))
            console.say(f"{line} · told at the next run", style="yellow", err=True)
            continue
        if not quiet:
            notices = "1 notice" if each.notices == 1 else f"{each.notices} notices"
            typer.echo(f"told {each.channel}: {notices}")
        if each.refused:
            console.say(
                f"channel {each.channel}: the mail server refused {each.refused} of its recipients",
                style="yellow",
                err=True,
            )


@notify.command("test")
def send_tests(
    context: typer.Context,
    channel: Annotated[
        str | None, typer.Argument(help="Name under notify.channels; none means all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Send a test message, and say whether it was taken.

    Example:  sladd notify test ombud
    """
    bound = console.bound_config(context)
    from sladd.errors import SladdError, raise_all
    from sladd.notify import send_test
    from sladd.pipeline.telling import require_channels

    require_channels(bound)
    faults: list[SladdError] = []
    outcome = []
    for name in _asked(bound, channel):
        try:
            send_test(bound.config, name)
        except SladdError as fault:
            faults.append(fault)
            outcome.append({"channel": name, "sent": False, "code": fault.code})
        else:
            outcome.append({"channel": name, "sent": True, "code": 0})
            if not as_json:
                typer.echo(f"sent a test message to {name}")
    if as_json:
        console.print_json(outcome)
    raise_all(faults)


def _asked(bound: Bound, channel: str | None) -> list[str]:
    """The channels to try.

    Raises:
        ConfigError: there is none of that name (SLADD-950).
    """
    from difflib import get_close_matches

    from sladd.errors import ConfigError

    known = list(bound.config.notify.channels)
    if channel is None:
        return known
    if channel not in known:
        close = get_close_matches(channel, known, n=1)
        raise ConfigError(
            f"there is no channel '{channel}'",
            code=950,
            where="sladd.yaml, notify.channels",
            mend=f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}",
        )
    return [channel]


@notify.command("digest")
def digest(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print it; send nothing and remember nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Send it although this week's has been sent.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Send the weekly digest: what was found, published and decided, and what waits.

    It is sent once a week, however often this runs. Prefect's deployment `digest/weekly` sends it
    on Monday morning.

    Example:  sladd notify digest --dry-run
    """
    bound = console.bound_config(context)
    from sladd.pipeline import telling

    if dry_run:
        _print_digest(bound, as_json=as_json)
        return
    told = telling.tell_digest(bound, by=console.actor(), again=again)
    new = any(n.topic == "digest" for n in told.notices)
    if as_json:
        console.print_json({"new": new, "deliveries": _plain(told)})
    elif not new and not told.deliveries:
        typer.echo("this week's digest has been sent: sladd notify digest --again")
    print_told(told, quiet=as_json)
    if told.failed:
        raise typer.Exit(3)


def _plain(told: Told) -> list[dict[str, object]]:
    return [
        {
            "channel": each.channel,
            "notices": each.notices,
            "told": each.fault is None,
            "code": each.fault.code if each.fault else 0,
        }
        for each in told.deliveries
    ]


def _print_digest(bound: Bound, *, as_json: bool) -> None:
    from datetime import UTC, datetime

    from sladd.notify import digest_notice
    from sladd.notify.message import compose

    now = datetime.now(UTC)
    notice = digest_notice(bound.catalog, bound.config, bound.taxonomy, now=now)
    if as_json:
        console.print_json(dict(notice.facts))
        return
    config = bound.config
    message = compose(
        [notice],
        config.notify.language,
        organisation=config.organisation,
        link=config.notify.link,
    )
    typer.echo(f"{message.subject}\n\n{message.text}", nl=False)


@notify.command("send")
def send(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Tell what still waits because a channel could not be reached.

    Every scan, publish and digest does the same.

    Example:  sladd notify send
    """
    bound = console.bound_config(context)
    from sladd.pipeline import telling

    telling.require_channels(bound)
    telling.begin(bound)
    told = telling.tell(bound, by=console.actor())
    if as_json:
        console.print_json({"deliveries": _plain(told)})
    elif not told.deliveries:
        typer.echo("nothing waits to be told")
    print_told(told, quiet=as_json)
    if told.failed:
        raise typer.Exit(3)
