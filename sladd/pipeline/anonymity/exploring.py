"""Risk against loss for some thresholds. Reads the sources, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime

from sladd.errors import PlanError
from sladd.model import Progress, TablePlan
from sladd.pipeline.anonymity.searching import Asked, ask, budget_of, refuse_nothing
from sladd.pipeline.bind import Bound
from sladd.pipeline.discover import silent
from sladd.pipeline.links import apply_links, decided_links
from sladd.pipeline.making import Making
from sladd.pipeline.planning import make_plan, release_named
from sladd.reports.frontier import NO_QUASI, FrontierPoint, TableFrontier
from transforms.anonymity import Answer, Setting, frontier

KS = (2, 5, 11, 25, 100)
SHARES = (0.0, 0.05)
"""What may be left out; with the configured limit as a third."""


def explore(
    bound: Bound, name: str, *, tell: Progress = silent, now: datetime | None = None
) -> list[TableFrontier]:
    """The best answer for each of some thresholds, table by table.

    Args:
        bound: the configuration.
        name: of an anonymised release.
        tell: progress.
        now: the clock; default: the real one.

    Raises:
        PlanError: the release is not anonymised (SLADD-383), or its plan has faults.
        SourceError: a source failed.
        KeyringError: the key cannot be used.
    """
    release = release_named(bound, name)
    if release.kind != "anonymised":
        raise PlanError(
            "there is no frontier of risk and loss for a pseudonymised release",
            code=383,
            where=f"sladd.yaml, releases.{name}",
            mend="kind: anonymised",
        )
    at = now or datetime.now(UTC)
    made = make_plan(bound, name, now=at)
    with ExitStack() as stack:
        sources = {n: stack.enter_context(closing(bound.open_source(n))) for n in release.from_}
        found = [table for source in sources.values() for table in source.tables()]
        tables = apply_links(found, decided_links(bound))
        snapshots = {n: stack.enter_context(s.snapshot()) for n, s in sources.items()}
        master = bound.keyring.master(release.key)
        making = Making(bound, made, release, master, None, tables, snapshots, at=at)
        refuse_nothing(making)
        left_out = making.left_out()
        explored = []
        for number, planned in enumerate(making.planned):
            tell(planned.output, number, len(making.planned))
            try:
                asked = ask(making, making.work(planned, left_out))
            except PlanError as fault:
                explored.append(TableFrontier(planned.output, 0, 0, (), str(fault)))
                continue
            explored.append(_explored(making, planned, asked))
        tell("explored", len(making.planned), len(making.planned))
    return explored


def _explored(made: Making, planned: TablePlan, asked: Asked) -> TableFrontier:
    rows = asked.read.table.num_rows
    persons = 0 if asked.unit == "nobody" else asked.read.persons
    if asked.problem is None:
        return TableFrontier(planned.output, rows, persons, (), NO_QUASI)
    problem = asked.problem
    chosen = Setting(problem.k, problem.max_suppression)
    settings = sorted(
        {*(Setting(k, share) for k in KS for share in SHARES), chosen},
        key=lambda one: (one.max_suppression, one.k),
    )
    possible = [one for one in settings if one.k <= persons]
    answers = frontier(asked.read.table, problem, possible, budget_of(made))
    return TableFrontier(planned.output, rows, persons, tuple(_points(answers, chosen)), note="")


def _points(answers: Iterator[Answer], chosen: Setting) -> Iterator[FrontierPoint]:
    for answer in answers:
        asked = Setting(answer.problem.k, answer.problem.max_suppression)
        yield FrontierPoint(
            k=asked.k,
            max_suppression=asked.max_suppression,
            loss=answer.loss,
            suppressed=answer.rows_suppressed / answer.rows,
            classes=answer.classes,
            smallest=answer.smallest,
            mean_risk=answer.mean_risk,
            levels=dict(answer.labels),
            optimal=answer.optimal,
            chosen=asked == chosen,
        )
