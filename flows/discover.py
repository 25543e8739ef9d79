"""The discover flow: one task a table, an artifact of counts, events for what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.surroundings import artifact_key, border, prepare, secret

prepare()

from prefect import State, flow, task  # noqa: E402 - the settings above must stand first
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.events import emit_event  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402
from pydantic import BaseModel, ConfigDict, Field  # noqa: E402

from flows.notify import emit_told  # noqa: E402
from sladd.model import NotScanned, TableScan  # noqa: E402
from sladd.pipeline import telling  # noqa: E402
from sladd.pipeline.bind import Bound, bind  # noqa: E402
from sladd.pipeline.discover import SourceResult, discover, outcome, summary  # noqa: E402
from sladd.pipeline.jobs import Job  # noqa: E402

EVENT_NEW = "sladd.personal-data.new-field"
EVENT_CHANGED = "sladd.personal-data.changed-field"
EVENT_REOPENED = "sladd.verdict.reopened"
EVENT_FAILED = "sladd.source.not-scanned"
EVENT_DIGEST = "sladd.personal-data.first-scan"
CONNECTIONS = 2  # at most, to one source (docs/architecture.md)


class DiscoverOptions(BaseModel):
    """How much to read."""

    # hide_input_in_errors: Prefect keeps the text of an error, which would quote its input.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

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
def scan_table(work: Work, job: Job) -> State[TableScan | NotScanned]:
    """Read and judge one table. The state's name says what became of it; its data stays here."""
    with border():
        result = work(job)
    if isinstance(result, NotScanned):
        message = f"SLADD-{result.code}: {result.reason}"
        return Completed(name="NotScanned", message=message, data=result)
    return Completed(name="Unchanged" if job.carried else "Scanned", data=result)


def _mapped(work: Work, jobs: Sequence[Job]) -> Iterator[TableScan | NotScanned]:
    futures = [scan_table.submit(work, job) for job in jobs]
    for future in futures:
        result = future.result()
        assert isinstance(result, TableScan | NotScanned)  # noqa: S101 - Prefect's types are wide
        yield result


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
) -> list[dict[str, Any]] | State[list[dict[str, Any]]]:
    """Scan the named sources, or all. The run fails when one of them could not be read at all.

    What the others hold is stored all the same, and is the result of the failed run as well.

    Args:
        config: path of sladd.yaml, seen from the worker.
        sources: names; none means all.
        options: how much to read.
    """
    chosen = options or DiscoverOptions()
    with border():
        bound = bind(Path(config), secret)
        telling.begin(bound)
        known = _scanned_before(bound)
        results = discover(
            bound,
            sources or [],
            full=chosen.full,
            sample_rows=chosen.sample_rows,
            by="prefect",
            mapper=_mapped,
        )
        for result in results:
            _tell(result, first=result.source not in known)
        emit_told(telling.tell(bound, by="prefect"))
        said = [outcome(result) for result in results]
        failed = [result.source for result in results if _unread(result)]
        if not failed:
            return said
        message = f"{len(failed)} of {len(said)} sources could not be read: {', '.join(failed)}"
        return Failed(name="NotScanned", message=message, data=said)


def _unread(result: SourceResult) -> list[NotScanned]:
    """Why nothing of a source could be read; empty when something was."""
    return [missed for missed in result.not_scanned if missed.where == result.source]


def _scanned_before(bound: Bound) -> set[str]:
    """Sources of which a scan has read a table; one that failed has told nobody anything."""
    return {scan.source for scan in bound.catalog.scans.all() if scan.finished and scan.tables}


def _tell(result: SourceResult, *, first: bool) -> None:
    """An artifact of counts, and one event per new personal field (a first scan: one digest)."""
    counts = {k: v for k, v in summary(result).items() if not isinstance(v, list)}
    create_table_artifact(
        key=artifact_key("source", result.source),
        table=[counts],
        description=f"Scan of {result.source}: counts only.",
    )
    for missed in _unread(result):  # the others went on
        emit_event(
            EVENT_FAILED,
            resource={"prefect.resource.id": f"sladd.source.{result.source}"},
            payload={"code": missed.code},
        )
    if first:
        if counts["fields"]:
            emit_event(
                EVENT_DIGEST,
                resource={"prefect.resource.id": f"sladd.source.{result.source}"},
                payload={"personal": counts["personal"], "fields": counts["fields"]},
            )
        return
    fields = [field for table in result.tables for field in table.fields]
    findings = {str(field.field.ref): field.finding for field in fields}
    for address in result.drift.new_findings:
        emit_event(
            EVENT_NEW,
            resource=_field(address),
            payload={"category": findings[address].category, "how": str(findings[address].how)},
        )
    for change in result.drift.changed:
        before, after = change.before, change.after
        if change.field not in result.drift.new_findings and (
            (before.how, before.category) != (after.how, after.category)
        ):
            emit_event(
                EVENT_CHANGED,
                resource=_field(change.field),
                payload={
                    "before": before.category,
                    "category": after.category,
                    "how": str(after.how),
                },
            )
    for address in result.drift.reopened:
        emit_event(EVENT_REOPENED, resource=_field(address), payload={})


def _field(address: str) -> dict[str, str]:
    return {"prefect.resource.id": f"sladd.field.{address}", "prefect.resource.name": address}


def run_discover(
    config: str, sources: list[str], *, full: bool, sample_rows: int | None
) -> list[dict[str, Any]]:
    """Run the flow from the command line, with Prefect's embedded server if none is set."""
    with border():
        state = discover_flow(
            config=config,
            sources=sources,
            options=DiscoverOptions(full=full, sample_rows=sample_rows),
            return_state=True,
        )
        # A failed run has a result too, where one source failed and the others did not.
        said: Any = state.result(raise_on_failure=False)
        if isinstance(said, BaseException):
            raise said
        outcomes: list[dict[str, Any]] = said
    return outcomes
