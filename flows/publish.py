"""The publish flow: one task a partition, an artifact of counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from flows.surroundings import artifact_key, border, prepare, secret

prepare()

from prefect import flow, task  # noqa: E402 - the settings above must stand first
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.events import emit_event  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows.notify import emit_told  # noqa: E402
from sladd.config import ClusterConfig, Config  # noqa: E402
from sladd.errors import SladdError  # noqa: E402
from sladd.model import Partition, Receipt  # noqa: E402
from sladd.pipeline import telling  # noqa: E402
from sladd.pipeline.approval import publisher  # noqa: E402
from sladd.pipeline.bind import Bound, bind  # noqa: E402
from sladd.pipeline.making import Mapper  # noqa: E402
from sladd.pipeline.publish import publish  # noqa: E402

EVENT_PUBLISHED = "sladd.release.published"
EVENT_REFUSED = "sladd.release.refused"

Work = Callable[[Partition], Receipt]


@task(
    task_run_name="publish-{item.table}-{item.index}",
    persist_result=False,
    cache_policy=NO_CACHE,
    log_prints=False,
)
def transform_partition(work: Work, item: Partition) -> Receipt:
    """Read, transform and write one partition. Counts come back, never values."""
    with border():
        return work(item)


def _mapped(work: Work, partitions: Sequence[Partition]) -> Iterator[Receipt]:
    futures = [transform_partition.submit(work, each) for each in partitions]
    for future in futures:
        yield future.result()


def _mapper(config: Config) -> AbstractContextManager[Mapper]:
    """Tasks of this flow, or the cluster that the configuration names."""
    if isinstance(config.runner, ClusterConfig):
        from flows.cluster import cluster

        return cluster(config.runner.dask)
    return nullcontext(_mapped)


@flow(
    name="publish",
    description="Transform, check and publish a release; the switch is atomic.",
    persist_result=False,
    log_prints=False,
    # One snapshot is one connection: its partitions are read one after another.
    task_runner=ThreadPoolTaskRunner(max_workers=1),  # type: ignore[arg-type]
)
def publish_flow(
    release: str, config: str = "sladd.yaml", incremental: bool = False
) -> dict[str, Any]:
    """Publish one release.

    Args:
        release: its name in sladd.yaml.
        config: path of sladd.yaml, seen from the worker.
        incremental: read again only what changed since the version that stands.
    """
    with border():
        bound = bind(Path(config), secret)
        with _refusal_told(bound, release), _mapper(bound.config) as mapper:
            # Prefect itself knows no persons: it is the worker, or who called this flow, that counts.
            by = publisher(bound, release, "prefect")
            outcome = publish(bound, release, by=by, mapper=mapper, incremental=incremental)
        summary = outcome.summary()
    create_table_artifact(
        key=artifact_key("release", release),
        table=[{k: v for k, v in summary.items() if k not in {"path", "reused"}}],
        description=f"Release {release}: counts only.",
    )
    emit_event(
        EVENT_PUBLISHED,
        resource={"prefect.resource.id": f"sladd.release.{release}"},
        payload={"version": summary["version"], "rows": summary["rows"]},
    )
    emit_told(telling.tell(bound, by="prefect"))
    return summary


@contextmanager
def _refusal_told(bound: Bound, release: str) -> Iterator[None]:
    """When a check says no: an event, and word to the channels; then the error goes on."""
    with telling.refusals_told(bound, release, by="prefect", show=emit_told):
        try:
            yield
        except SladdError as fault:
            if fault.exit_code == telling.CHECK_SAID_NO:
                emit_event(
                    EVENT_REFUSED,
                    resource={"prefect.resource.id": f"sladd.release.{release}"},
                    payload={"code": fault.code},
                )
            raise


def run_publish(config: str, release: str, *, incremental: bool = False) -> dict[str, Any]:
    """Run the flow from the command line, with Prefect's embedded server if none is set."""
    with border():
        outcome: dict[str, Any] = publish_flow(
            release=release, config=config, incremental=incremental
        )
    return outcome
