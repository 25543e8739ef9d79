"""Telling what a scan or a publish came to, when it is over. What fails here fails nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sladd.errors import ConfigError, NotifyError, SladdError
from sladd.pipeline.bind import Bound

if TYPE_CHECKING:
    from sladd.catalog import Notice
    from sladd.notify import Delivery

CHECK_SAID_NO = 1
"""Exit code of an error that a check or gate raised; others are no refusal but a fault."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is new, and what became of telling it.

    Attributes:
        notices: that nobody had heard of.
        deliveries: one for each channel that had something to hear.
    """

    notices: tuple[Notice, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    @property
    def failed(self) -> tuple[Delivery, ...]:
        """The channels that could not be reached."""
        return tuple(d for d in self.deliveries if d.fault is not None)


def begin(bound: Bound) -> None:
    """Before a scan: what earlier scans found is no news, the first time somebody is to be told."""
    if bound.config.notify.channels:
        bound.catalog.outbox.begin()


def tell(bound: Bound, *, by: str) -> Told:
    """Tell every channel what is new, and what it missed. Raises nothing."""
    return _told(bound, lambda: (), by)


def tell_refusal(bound: Bound, release: str, fault: SladdError, *, by: str) -> Told:
    """Tell that a check refused a publish. Raises nothing."""

    def refused() -> Sequence[Notice]:
        from sladd.notify import refusal

        return refusal(bound.catalog, bound.config, release, fault)

    return _told(bound, refused, by)


def tell_digest(bound: Bound, *, by: str, again: bool = False) -> Told:
    """Tell the weekly digest, once a week unless asked again.

    Raises:
        ConfigError: there is no channel (SLADD-940).
    """
    require_channels(bound)

    def digest() -> Sequence[Notice]:
        from sladd.notify import digest_notice

        now = datetime.now(UTC)
        made = digest_notice(bound.catalog, bound.config, bound.taxonomy, now=now, again=again)
        wanted = {name: c.tell for name, c in bound.config.notify.channels.items()}
        return bound.catalog.outbox.put([made], wanted)

    return _told(bound, digest, by)


def require_channels(bound: Bound) -> None:
    """Make sure that there is somebody to tell.

    Raises:
        ConfigError: there is no channel (SLADD-940).
    """
    if not bound.config.notify.channels:
        raise ConfigError(
            "nobody is to be told: there is no channel",
            code=940,
            where="sladd.yaml, notify",
            mend="add one under notify.channels; docs/guide-engineer.md has an example",
        )


@contextmanager
def refusals_told(
    bound: Bound, release: str, *, by: str, show: Callable[[Told], object]
) -> Iterator[None]:
    """Around a publish: when a check says no, tell it, then let the error go on."""
    try:
        yield
    except SladdError as fault:
        if fault.exit_code == CHECK_SAID_NO and release in bound.config.releases:
            show(tell_refusal(bound, release, fault, by=by))
        raise


def _told(bound: Bound, more: Callable[[], Sequence[Notice]], by: str) -> Told:
    if not bound.config.notify.channels:
        return Told()
    from sladd.notify import Delivery, deliver, gather

    try:
        today = datetime.now(UTC).date()
        fresh = [*gather(bound.catalog, bound.config, bound.taxonomy, today=today), *more()]
        return Told(tuple(fresh), deliver(bound.catalog, bound.config, by=by))
    except SladdError as error:
        fault: SladdError = error
    except Exception as error:
        # A fault of telling is no fault of the scan; its message could hold anything.
        fault = NotifyError(
            f"nothing could be told ({type(error).__name__})",
            code=957,
            where="sladd.yaml, notify",
            mend="sladd --debug notify test",
        )
    return Told((), (Delivery("notify", 0, fault),))
