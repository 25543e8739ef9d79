"""The flows that tell: the weekly digest, and again what a channel has missed."""

from __future__ import annotations

from pathlib import Path

from flows.surroundings import border, prepare, secret

prepare()

from prefect import flow, get_run_logger  # noqa: E402 - the settings above must stand first
from prefect.events import emit_event  # noqa: E402

from sladd.pipeline import telling  # noqa: E402
from sladd.pipeline.bind import bind  # noqa: E402

EVENT_TOLD = "sladd.notice.delivered"
EVENT_UNDELIVERED = "sladd.notice.undelivered"
EVENT_LAPSING = "sladd.assessment.lapsing"


@flow(
    name="digest",
    description="Send the weekly digest, and tell what still waits.",
    persist_result=False,
    log_prints=False,
)
def digest_flow(config: str = "sladd.yaml") -> dict[str, int]:
    """Send the weekly digest; a second run in a week sends only what still waits.

    Args:
        config: path of sladd.yaml, seen from the worker.
    """
    with border():
        bound = bind(Path(config), secret)
        return emit_told(telling.tell_digest(bound, by="prefect"))


@flow(
    name="tell",
    description="Tell what a channel that could not be reached has missed.",
    persist_result=False,
    log_prints=False,
)
def tell_flow(config: str = "sladd.yaml") -> dict[str, int]:
    """Tell what still waits in the outbox.

    Args:
        config: path of sladd.yaml, seen from the worker.
    """
    with border():
        bound = bind(Path(config), secret)
        telling.require_channels(bound)
        telling.begin(bound)
        return emit_told(telling.tell(bound, by="prefect"))


def emit_told(told: telling.Told) -> dict[str, int]:
    """Events of what was told and what was not: names of channels and counts."""
    for notice in told.notices:
        if notice.topic == "lapsing":
            emit_event(
                EVENT_LAPSING,
                resource={"prefect.resource.id": f"sladd.release.{notice.subject}"},
                payload={"review_by": notice.facts["review_by"], "ended": notice.facts["ended"]},
            )
    done = [each for each in told.deliveries if each.fault is None]
    for each in done:
        emit_event(
            EVENT_TOLD,
            resource={"prefect.resource.id": f"sladd.channel.{each.channel}"},
            payload={"notices": each.notices},
        )
    if told.failed:
        for each in told.failed:
            get_run_logger().warning("%s; told at the next run", each.fault)
        # One event for all channels: one run of `tell/again` follows from it.
        emit_event(
            EVENT_UNDELIVERED,
            resource={"prefect.resource.id": "sladd.outbox"},
            payload={each.channel: each.fault.code for each in told.failed if each.fault},
        )
    return {"told": len(done), "failed": len(told.failed)}
