"""Partitions of a publish on a running Dask cluster: `runner: {dask: tcp://…}`.

Dask is asked directly and not through Prefect, so that neither Prefect's settings nor the
address of its server travel to the workers. A task is an order of names and numbers
(`sladd.pipeline.elsewhere`); a worker that dies is no loss, because another one writes the same
part again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sladd.errors import ConfigError, SourceError
from sladd.model import Partition, Receipt
from sladd.pipeline.elsewhere import forget, work_order
from sladd.pipeline.publish import in_order

if TYPE_CHECKING:
    from sladd.pipeline.making import Mapper, PartWork

CONNECT_SECONDS = 10


@contextmanager
def cluster(address: str) -> Iterator[Mapper]:
    """Connect to a scheduler for the time of one publish.

    Args:
        address: `tcp://host:port` or `tls://host:port`.

    Yields:
        A mapper over the partitions of a table. Those of databases and documents are worked in
        this process: they live in its transaction.

    Raises:
        ConfigError: the extra is not installed (SLADD-181).
        SourceError: no scheduler answers, or it has no worker (SLADD-299).
    """
    try:
        from distributed import Client
    except ImportError:
        raise ConfigError(
            "Dask is not installed",
            code=181,
            where="sladd.yaml, runner",
            mend="pip install 'sladd[dask]'",
        ) from None
    # Its errors quote what was sent; ours say it better.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError):
        raise _out_of_reach(address, "no Dask scheduler answers") from None
    try:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise _out_of_reach(address, "the Dask scheduler has no worker")

        def mapped(work: PartWork, partitions: Sequence[Partition]) -> Iterator[Receipt]:
            if not work.elsewhere:
                return in_order(work, partitions)
            return _worked(client, address, work, partitions)

        yield mapped
        client.run(forget)
    finally:
        client.close()


def _worked(
    client: Any, address: str, work: PartWork, partitions: Sequence[Partition]
) -> Iterator[Receipt]:
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    # pure=False: a part that an earlier publish wrote is not this one's.
    futures = [client.submit(work_order, work.order(p), pure=False) for p in partitions]
    try:
        for item, future in zip(partitions, futures, strict=True):
            yield work.take(item, future.result())
    except (KilledWorker, FutureCancelledError, OSError, TimeoutError):
        raise SourceError(
            "the workers of the Dask cluster died over a partition, again and again",
            code=297,
            where=address,
            mend="look at their logs and memory, and publish again",
        ) from None
    finally:
        client.cancel(futures, force=True)


def _out_of_reach(address: str, what: str) -> SourceError:
    return SourceError(
        what, code=299, where=address, mend="dask scheduler, then dask worker ADDRESS"
    )
