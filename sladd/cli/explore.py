"""`sladd plan RELEASE --explore`: risk against loss, as a table or a page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sladd.cli import console

if TYPE_CHECKING:
    from sladd.pipeline.bind import Bound
    from sladd.reports.frontier import FrontierPoint, TableFrontier


def explore(
    bound: Bound, release: str, *, as_json: bool, output: Path | None, language: str
) -> None:
    """Search for some thresholds and print what each would cost; write a page where asked."""
    from sladd.pipeline.anonymity.exploring import explore as run

    with console.progress("explore") as tell:
        tables = run(bound, release, tell=tell)
    if as_json:
        console.print_json(
            [
                {
                    **asdict(table),
                    "points": [{**asdict(p), "highest_risk": p.highest_risk} for p in table.points],
                }
                for table in tables
            ]
        )
    else:
        for table in tables:
            _print(table)
    if output is not None:
        from sladd.cli.report import write_whole
        from sladd.reports.frontier_page import frontier_html
        from sladd.reports.language import language as texts

        write_whole(output, frontier_html(release, tables, texts(language)))
        typer.echo(f"wrote {output}", err=as_json)


def _print(table: TableFrontier) -> None:
    about = f" about {table.persons:,} persons" if table.persons else ""
    console.say(f"{table.name}: {table.rows:,} rows{about}", style="bold")
    if table.note:
        console.say(f"  {table.note}", style="yellow")
        return
    console.print_table(
        [_row(point) for point in table.points],
        ["k", "may be left out", "loss", "left out", "highest risk", "mean risk", "levels"],
        whole=["may be left out", "highest risk"],
    )
    typer.echo()


def _row(point: FrontierPoint) -> list[str]:
    levels = ", ".join(f"{name}: {level}" for name, level in point.levels.items())
    return [
        f"{point.k}{' <' if point.chosen else ''}",
        f"{point.max_suppression:.1%}",
        f"{point.loss:.1%}",
        f"{point.suppressed:.1%}",
        f"{point.highest_risk:.1%}",
        f"{point.mean_risk:.1%}",
        levels + ("" if point.optimal else " (best found)"),
    ]
