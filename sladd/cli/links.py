"""`sladd links`: which column leads to which table, and which tables hold the same persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console
from sladd.cli.usage import Panels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sladd.model import Link, Overlap
    from sladd.pipeline.bind import Bound
    from sladd.reports.names import Names

links = typer.Typer(
    cls=Panels,
    invoke_without_command=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(links, name="links", rich_help_panel="Decide")


@links.callback()
def list_links(
    context: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Also keys that the sources declare, and rejected ones.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Keys between tables, and tables that hold the same persons; confirm or reject them.

    A suggested key was measured by `sladd discover`; no release is built on it before it is
    confirmed. From one source to another keys are measured when all sources are scanned.

    Example:  sladd links

    Example:  sladd links confirm shop/web_sessions.kunde shop/customers.id --reason "sjekket"
    """
    if context.invoked_subcommand is not None:
        return
    bound = console.bound_config(context)
    from sladd.model import LinkState
    from sladd.pipeline.links import entity_lines
    from sladd.reports.names import names

    shown = {LinkState.SUGGESTED, LinkState.CONFIRMED}
    found = [link for link in bound.catalog.links.all() if every or link.state in shown]
    found.sort(key=lambda link: (_ORDER.index(link.state), -link.confidence, link.name))
    shared = bound.catalog.links.overlaps()
    known = names(bound.catalog.fields.all())
    # A name that is personal data is not written out, so no line can hold it.
    plain = [
        o for o in shared if known.address(o.field) + known.address(o.other) == o.field + o.other
    ]
    lines = entity_lines(plain)
    if as_json:
        console.print_json(
            {
                "format": 1,
                "links": [_plain(link, known) for link in found],
                "overlaps": [_plain_overlap(each, known) for each in shared],
                "entities": lines,
            }
        )
        return
    if not found and not shared:
        typer.echo(_nothing(bound))
        return
    _print_links(found, known)
    _print_overlaps(shared, known, lines, bound)


_ORDER = ("suggested", "confirmed", "declared", "rejected")


def _nothing(bound: Bound) -> str:
    if not bound.catalog.fields.all():
        return "no table is known yet: sladd discover"
    return "no key is suggested, and no two tables were seen to hold the same persons"


def _print_links(found: Sequence[Link], known: Names) -> None:
    if not found:
        return
    from sladd.reports.facts import two_digits

    console.print_table(
        [
            [
                end_shown(link.start, known),
                ("holds " if link.kind == "embedded" else "→ ") + end_shown(link.end, known),
                link.state.value,
                two_digits(link.confidence) if link.state == "suggested" else "",
                _why(link),
            ]
            for link in found
        ],
        ["column", "leads to", "state", "confidence", "why"],
        whole=["state", "confidence"],
    )
    if any(link.state == "suggested" for link in found):
        console.say("\nto decide: sladd links confirm|reject COLUMN TARGET --reason …")


def _why(link: Link) -> str:
    if link.verdict is not None:
        return f"{link.verdict.by}: {link.verdict.reason}"
    return ". ".join(_reasons(link)) or "the source says so"


def _reasons(link: Link) -> list[str]:
    from sladd.reports.words import evidence_text

    return [evidence_text(term, "en") for term in link.evidence]


def _print_overlaps(
    shared: Sequence[Overlap], known: Names, lines: Sequence[str], bound: Bound
) -> None:
    if not shared:
        return
    from sladd.reports.graph import overlap_text
    from sladd.reports.language import language

    typer.echo("\nTables that hold the same persons:")
    for each in shared:
        typer.echo(
            "  " + console.one_line(overlap_text(each, known, bound.taxonomy, language("en")))
        )
    if not lines:
        return
    typer.echo(
        "\nThese values join by their pseudonyms as they are, however they are written. To have a "
        "person who\nis left out of one table left out of the other too, declare them in "
        "sladd.yaml; then they are\ncompared letter by letter:"
    )
    for line in lines:
        typer.echo(f"  {line}")


def end_shown(end: str, known: Names) -> str:
    """One end of a link, with masked names."""
    source = end.split("/", 1)[0]
    first, *rest = end.split(f"+{source}/")
    parts = [first, *(f"{source}/{part}" for part in rest)]
    return "+".join(known.address(part) for part in parts)


def _plain(link: Link, known: Names) -> dict[str, Any]:
    return {
        "from": end_shown(link.start, known),
        "to": end_shown(link.end, known),
        "kind": link.kind.value,
        "state": link.state.value,
        "confidence": link.confidence,
        "decided_by": link.verdict.by if link.verdict else "",
        "decided_at": link.verdict.at.isoformat() if link.verdict else None,
        "reason": link.verdict.reason if link.verdict else "",
        "evidence": [
            {
                "signal": term.signal,
                "weight": round(term.weight, 3),
                "facts": dict(term.facts),
                "text": text,
            }
            for term, text in zip(link.evidence, _reasons(link), strict=True)
        ],
    }


def _plain_overlap(each: Overlap, known: Names) -> dict[str, Any]:
    return {
        "field": known.address(each.field),
        "other": known.address(each.other),
        "by": each.by,
        "persons": each.persons,
        "other_persons": each.other_persons,
        "shared": each.shared,
        "share": round(each.share, 4),
        "compared": each.compared,
        "read": each.read,
    }


@links.command("confirm")
def confirm(
    context: typer.Context,
    column: Annotated[
        str, typer.Argument(help="The column that leads, as `sladd links` prints it.")
    ],
    target: Annotated[str, typer.Argument(help="The column that it leads to.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    by: Annotated[str | None, typer.Option("--by", help="Who decides; default: you.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Say that a column is a key of another table, as if the source declared it.

    It need not have been suggested. Plans and releases use it from now on.

    Example:  sladd links confirm shop/web_sessions.kunde shop/customers.id --reason "innlogget kunde"
    """
    _decide(context, column, target, reason, by, confirmed=True, as_json=as_json)


@links.command("reject")
def reject(
    context: typer.Context,
    column: Annotated[str, typer.Argument(help="The column, as `sladd links` prints it.")],
    target: Annotated[str, typer.Argument(help="The column that it does not lead to.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    by: Annotated[str | None, typer.Option("--by", help="Who decides; default: you.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Say that a column is no key of another table; it is not suggested again.

    Example:  sladd links reject shop/invoices.kid shop/invoices.invoice_no --reason "tilfeldig likhet"
    """
    _decide(context, column, target, reason, by, confirmed=False, as_json=as_json)


def _decide(
    context: typer.Context,
    column: str,
    target: str,
    reason: str,
    by: str | None,
    *,
    confirmed: bool,
    as_json: bool,
) -> None:
    bound = console.bound_config(context)
    from sladd.cli.decide import refuse_personal
    from sladd.reports.names import names

    refuse_personal(reason, bound)
    known = names(bound.catalog.fields.all())
    start, end = _meant(column, known), _meant(target, known)
    link = bound.catalog.links.decide(
        start, end, confirmed=confirmed, reason=reason, by=by or console.actor()
    )
    if as_json:
        console.print_json(_plain(link, known))
        return
    typer.echo(
        f"{end_shown(link.start, known)} → {end_shown(link.end, known)}: "
        f"{link.state.value}, by {link.verdict.by if link.verdict else ''}"
    )
    if link.kind == "embedded":
        return  # that a number holds another changes no plan
    typer.echo(
        "plans and releases go by this from now on; findings and person paths follow at the next "
        "sladd discover"
    )


def _meant(end: str, known: Names) -> str:
    """The address behind a shown one: names that are personal data are shown masked."""
    if end in known.addresses:
        return end
    meant = [address for address, shown in known.addresses.items() if shown == end]
    return meant[0] if len(meant) == 1 else end
