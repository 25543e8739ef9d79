"""The discover flow: one task a table, an artifact of counts, events for what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.surroundings import border, prepare, secret

prepare()

from prefect import flow, task  # noqa: E402 - the settings above must stand first
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.events import emit_event  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402
from pydantic import BaseModel, Field  # noqa: E402

from sladd.model import NotScanned, TableScan  # noqa: E402
from sladd.pipeline.bind import bind  # noqa: E402
from sladd.pipeline.discover import Job, discover, summary  # noqa: E402

EVENT_NEW = "sladd.personal-data.new-field"
EVENT_DIGEST = "sladd.personal-data.first-scan"
CONNECTIONS = 2  # at most, to one source (DESIGN: two connections a source)


class DiscoverOptions(BaseModel):
    """How much to read."""

    full: bool = Field(default=False, description="Read every row, also of unchanged tables.")
    sample_rows: int | None = Field(
        default=None, ge=1, description="Rows a table; empty: as sladd.yaml says."
    )


Work = Callable[[Job], TableScan | NotScanned]


@task(
    task_run_name="scan-{job.table.ref}",
    persist_result=False,
    cache_policy=NO_CACHE,
    log_prints=False,
)
def scan_table(work: Work, job: Job) -> TableScan | NotScanned:
    """Read and judge one table. Names and counts come back, never values."""
    with border():
        return work(job)


def _mapped(work: Work, jobs: Sequence[Job]) -> Iterator[TableScan | NotScanned]:
    futures = [scan_table.submit(work, job) for job in jobs]
    for future in futures:
        yield future.result()


@flow(
    name="discover",
    description="Scan sources for personal data and store what is found.",
    persist_result=False,
    log_prints=False,
    validate_parameters=True,
    task_runner=ThreadPoolTaskRunner(max_workers=CONNECTIONS),  # type: ignore[arg-type]
)
def discover_flow(
    config: str = "sladd.yaml",
    sources: list[str] | None = None,
    options: DiscoverOptions | None = None,
) -> list[dict[str, Any]]:
    """Scan the named sources, or all.

    Args:
        config: path of sladd.yaml, seen from the worker.
        sources: names; none means all.
        options: how much to read.
    """
    chosen = options or DiscoverOptions()
    with border():
        bound = bind(Path(config), secret)
        first = {
            name
            for name in bound.source_names(sources or [])
            if not any(s.source == name and s.finished for s in bound.catalog.scans())
        }
        results = discover(
            bound,
            sources or [],
            full=chosen.full,
            sample_rows=chosen.sample_rows,
            by="prefect",
            mapper=_mapped,
        )
        outcome = [summary(result) for result in results]
    for each in outcome:
        _tell(each, first=str(each["source"]) in first)
    return outcome


def _tell(outcome: dict[str, Any], *, first: bool) -> None:
    """An artifact of counts, and one event per new personal field (a first scan: one digest)."""
    source = str(outcome["source"])
    create_table_artifact(
        key=f"sladd-{_slug(source)}",
        table=[{k: v for k, v in outcome.items() if not isinstance(v, list)}],
        description=f"Scan of {source}: counts only.",
    )
    if first:
        emit_event(
            EVENT_DIGEST,
            resource={"prefect.resource.id": f"sladd.source.{source}"},
            payload={"personal": outcome["personal"], "fields": outcome["fields"]},
        )
        return
    for line in outcome["new"]:
        emit_event(EVENT_NEW, resource={"prefect.resource.id": f"sladd.field.{line}"})


def _slug(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower())


def run_discover(
    config: str, sources: list[str], *, full: bool, sample_rows: int | None
) -> list[dict[str, Any]]:
    """Run the flow from the command line, with Prefect's embedded server if none is set."""
    with border():
        outcome: list[dict[str, Any]] = discover_flow(
            config=config,
            sources=sources,
            options=DiscoverOptions(full=full, sample_rows=sample_rows),
        )
    return outcome
