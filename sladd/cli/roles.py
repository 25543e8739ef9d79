"""`sladd roles`: what each column of an anonymised release is, proposed and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from sladd.cli import console


class Format(StrEnum):
    """How the roles are printed."""

    table = "table"
    yaml = "yaml"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Publish")(roles)


def roles(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of an anonymised release in sladd.yaml.")],
    style: Annotated[
        Format, typer.Option("--format", help="yaml: to paste under the release.")
    ] = Format.table,
    everything: Annotated[
        bool, typer.Option("--all", help="Also keys and columns that lead to a person.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Propose a role for each column of an anonymised release, with the reason.

    Direct and key columns stay out. Quasi-identifiers are made coarser, sensitive columns are
    protected by diversity (l) and closeness (t), insensitive ones say nothing about anybody. What nobody decides in
    sladd.yaml stays out.

    Example:  sladd roles open --format yaml
    """
    bound = console.bound_config(context)
    from sladd.pipeline.planning import role_rows

    rows = [
        row
        for row in role_rows(bound, release)
        if everything or row["decided"] or row["proposed"] not in {"direct", "key", ""}
    ]
    if as_json or style is Format.json:
        console.print_json(rows)
    elif style is Format.yaml:
        typer.echo(_yaml(rows), nl=False)
    else:
        _print(rows)
        undecided = sum(not row["decided"] for row in rows)
        if undecided:
            console.say(
                f"{undecided} columns wait for a decision and stay out: "
                f"sladd roles {release} --format yaml",
                style="yellow",
                err=True,
            )


def _print(rows: Sequence[Mapping[str, Any]]) -> None:
    console.print_by_table(
        [
            [
                row["field"],
                row["decided"] or "–",
                row["proposed"] or "–",
                row["category"] or "–",
                row["reason_text"],
            ]
            for row in rows
        ],
        ["field", "decided", "proposed", "category", "why"],
        tables={row["table"]: row["table"] for row in rows},
        whole=["decided", "proposed"],
    )


def _yaml(rows: Sequence[Mapping[str, Any]]) -> str:
    """A block for `sladd.yaml`; a proposal is a proposal until somebody has read it."""
    lines = ["roles:"]
    table = ""
    for row in rows:
        if row["table"] != table:
            table = row["table"]
            lines.append(f"  # {table}")
        role = row["decided"] or row["proposed"] or "direct"
        mark = "decided" if row["decided"] else "proposed"
        lines.append(f"  {_key(row['field'])}: {role}  # {mark}: {row['reason_text']}")
    return "\n".join(lines) + "\n"


def _key(address: str) -> str:
    plain = all(c.isalnum() or c in "_/.-%" for c in address)
    return address if plain else '"' + address.replace("\\", "\\\\").replace('"', '\\"') + '"'
