"""`sladd plan`, `sladd publish`: what will happen to every field, and doing it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sladd.cli import console
from sladd.cli.report import Language

if TYPE_CHECKING:
    from sladd.errors import ConfigError
    from sladd.model import Plan
    from sladd.pipeline.bind import Bound
    from sladd.pipeline.making import Mapper


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Publish")(plan)
    app.command(rich_help_panel="Publish")(publish)


def plan(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of the release in sladd.yaml.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    only: Annotated[
        str | None, typer.Option("--only", help="Only rows whose transform or reason is this.")
    ] = None,
    explore: Annotated[
        bool,
        typer.Option(
            "--explore",
            help="Of an anonymised release: what some thresholds would cost. Reads the sources.",
        ),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="With --explore: also as a page.")
    ] = None,
    lang: Annotated[
        Language, typer.Option("--lang", "--language", help="Language of the page.")
    ] = Language.nb,
) -> None:
    """Print for every field what will happen to it, and why. Moves nothing.

    Example:  sladd plan analytics --only drop

    Example:  sladd plan open --explore -o explore.html
    """
    bound = console.bound_config(context)
    if explore:
        from sladd.cli.explore import explore as run

        run(bound, release, as_json=as_json, output=output, language=lang.value)
        return
    if output is not None:
        raise _only_explored()
    from sladd.cli.approve import standing
    from sladd.pipeline.approval import decided
    from sladd.pipeline.planning import make_plan, notes
    from sladd.pipeline.proposal import content_of, plan_sha256
    from sladd.pipeline.reach import other_persons, other_persons_lines
    from sladd.pipeline.target_facts import target_facts
    from sladd.policy import plan_rows

    made = make_plan(bound, release)
    sha256 = plan_sha256(content_of(made, bound.config.releases[release]))
    rows = [
        row for row in plan_rows(made) if only is None or only in {row["transform"], row["reason"]}
    ]
    if as_json:
        console.print_json(
            {
                "release": made.release,
                "kind": made.kind,
                "domain": made.domain,
                "as_of": made.as_of,
                "policy_sha256": made.policy_sha256,
                "plan_sha256": sha256,
                "approval": {
                    "asked": bound.config.releases[release].approval or "none",
                    "state": decided(bound, release, sha256).state,
                },
                "fields": rows,
                "target": target_facts(bound, made),
                "other_persons": other_persons(made),
                "notes": notes(bound, made),
            }
        )
        return
    _print_plan(made, rows)
    typer.echo(_sums(made))
    typer.echo(standing(bound, release, sha256))
    for line in (*other_persons_lines(made), *target_facts(bound, made)):
        console.say(line)
    for note in notes(bound, made):
        console.say(note, style="yellow", err=True)


def _only_explored() -> ConfigError:
    from sladd.errors import ConfigError

    return ConfigError(
        "the plan itself is printed, not written to a file",
        code=183,
        where="--output",
        mend="sladd plan RELEASE --explore -o FILE, or sladd plan RELEASE --json > FILE",
    )


def _print_plan(made: Plan, rows: Sequence[Mapping[str, Any]]) -> None:
    if sys.stdout.isatty():
        console.say(f"{made.release}: {made.kind}, domain {made.domain}", style="bold")
    roles = made.kind == "anonymised"
    console.print_by_table(
        [
            [
                str(row["field"]),
                str(row["transform"]) + _parameters(row["parameters"]),
                *([str(row["role"] or "–")] if roles else []),
                str(row["category"] or "–"),
                str(row["reason_text"]),
            ]
            for row in rows
        ],
        ["field", "what happens", *(["role"] if roles else []), "category", "why"],
        tables={
            str(t.table): f"{t.table} → {t.output}" if t.output else f"{t.table}: left out"
            for t in made.tables
        },
        whole=["what happens"],
    )


def _parameters(parameters: object) -> str:
    if not isinstance(parameters, dict) or not parameters:
        return ""
    return " (" + ", ".join(f"{k} {_terse(v)}" for k, v in parameters.items()) + ")"


def _terse(value: object) -> str:
    """A parameter in a few characters; `--json` has the whole of it."""
    if isinstance(value, Mapping):
        text = f"{len(value)} entries"
    elif isinstance(value, list | tuple):
        text = "/".join(str(item) for item in value)
    else:
        text = str(value)
    return text if len(text) <= 24 else f"{text[:23]}…"


def _sums(made: Plan) -> str:
    fields = [field for table in made.tables for field in table.fields]
    dropped = sum(not field.output for field in fields)
    changed = sum(
        bool(field.output) and (field.transform != "keep" or "aggregate" in field.parameters)
        for field in fields
    )
    return (
        f"{len(made.tables)} tables, {len(fields)} fields: {len(fields) - dropped - changed} kept, "
        f"{changed} transformed, {dropped} dropped · policy {made.policy_sha256[:12]}"
    )


def _reached(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What each table of an anonymised release reached, and at what loss."""
    for name, told in tables.items():
        if told["unit"] == "nobody":
            yield f"  {name}: about nobody\n"
            continue
        k = told.get("k", told["persons"])
        line = (
            f"  {name}: passes anonymity tests (k={k}), {told['rows_suppressed']:,} rows left out"
        )
        if "loss" in told:
            sure = "" if told["optimal"] else f" ({told['best_found_because']})"
            line += f", {told['loss']:.1%} of the precision lost{sure}"
        yield f"{line}\n"
        if lost := [column for column, level in told.get("levels", {}).items() if level == "*"]:
            yield f"    {', '.join(lost)}: given up (*); guarantee: weights: says what is worth more\n"


def publish(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="Name of the release in sladd.yaml.")],
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    incremental: Annotated[
        bool,
        typer.Option("--incremental", help="Read again only what changed since the last time."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Transform, check and publish a release; the switch is atomic.

    Either the new version stands complete and checked, or the old one still does. An incremental
    one gives the same data, byte for byte; where it cannot know that, it reads everything and says so.

    Example:  sladd publish analytics --incremental
    """
    bound = console.bound_config(context)
    from sladd.cli.notify import print_told
    from sladd.pipeline.telling import Told, refusals_told, tell

    told = Told()

    def show(told: Told) -> None:
        print_told(told, quiet=as_json)

    if prefect or bound.config.runner == "prefect":
        from flows.publish import run_publish

        outcome = run_publish(context.obj["config"], release, incremental=incremental)
    else:
        from sladd.pipeline.approval import publisher
        from sladd.pipeline.publish import publish as run

        with (
            refusals_told(bound, release, by=console.actor(), show=show),
            _mapper(bound) as mapper,
            console.progress("publish") as progress,
        ):
            outcome = run(
                bound,
                release,
                by=publisher(bound, release, console.actor()),
                tell=progress,
                mapper=mapper,
                incremental=incremental,
            ).summary()
        told = tell(bound, by=console.actor())
    if as_json:
        console.print_json(outcome)
        show(told)
        return
    for warning in outcome.get("warnings", ()):
        console.say(warning, style="yellow", err=True)
    reused = outcome.get("reused", {})
    for note in reused.get("notes", ()):
        console.say(note, style="yellow", err=True)
    if "partitions" in reused:
        typer.echo(
            f"taken over: {reused['partitions']} of {reused['of_partitions']} partitions not read "
            f"again, {reused['files']} of {reused['of_files']} files not written again"
        )
    typer.echo(
        f"published {outcome['release']} {outcome['version']}: {outcome['tables']} tables, "
        f"{outcome['rows']:,} rows, {outcome['checks']} checks passed\n"
        f"{''.join(_reached(outcome.get('anonymity', {})))}"
        f"  {outcome['label']}\n"
        f"  {outcome['path']}\n"
        f'  next: sladd query {outcome["release"]} "SHOW TABLES"'
    )
    show(told)


def _mapper(bound: Bound) -> AbstractContextManager[Mapper]:
    """Who works the partitions: this process, or the cluster that the configuration names."""
    from sladd.config import ClusterConfig
    from sladd.pipeline.publish import in_order

    if not isinstance(bound.config.runner, ClusterConfig):
        return nullcontext(in_order)
    from flows.cluster import cluster

    return cluster(bound.config.runner.dask)
