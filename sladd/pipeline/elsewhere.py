"""One partition worked in another process, which may stand on another machine.

What travels there is an order: names, numbers and paths. The process opens the same
`sladd.yaml`, the same source and its own copy of the key, makes the same plan and writes the
part where all processes can read it. Counts travel back. No row, no value and no key does.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sladd
from sladd.errors import KeyringError, PlanError, SladdError, SourceError
from sladd.model import Partition, Receipt

if TYPE_CHECKING:
    from sladd.pipeline.columns import TableWork
    from sladd.pipeline.empties import Empties
    from sladd.sources.files.typing import TypeGuess


@dataclass(frozen=True, slots=True)
class Run:
    """One publish, by reference.

    Attributes:
        config: path of sladd.yaml, the same for every process.
        release: its name.
        at: the clock of the publish; plans depend on its date.
        policy_sha256: of the plan that the publish made.
        key_id: public name of the key, not the key.
        snapshots: source → id of the state that is read.
        sladd: version of the program.
    """

    config: str
    release: str
    at: datetime
    policy_sha256: str
    key_id: str
    snapshots: tuple[tuple[str, str], ...]
    sladd: str = sladd.__version__


@dataclass(frozen=True, slots=True)
class PartOrder:
    """One partition to work: references only, fit to be seen by a scheduler.

    Attributes:
        table: name in the release.
        path: where the part belongs.
    """

    run: Run
    table: str
    partition: Partition
    path: str


@dataclass(frozen=True, slots=True)
class PartDone:
    """What became of an order: counts.

    Attributes:
        guesses: output column → which types its texts could have.
        empties: output column → cells without a value and with an empty text.
    """

    receipt: Receipt
    guesses: Mapping[str, TypeGuess]
    empties: Mapping[str, Empties]


def work_order(order: PartOrder) -> PartDone:
    """Work one partition in this process.

    Raises:
        SladdError: what publishing here would say; another state, plan, key or program than
            those of the publish (SLADD-298, 335, 440, 336, 337). Nothing else: the message of a
            foreign exception could quote a value.
    """
    from sladd.pipeline.columns import work_partition

    try:
        with _lock:
            bench = _bench(order.run)
        work = bench.work(order.table)
        receipt = work_partition(work, order.partition, Path(order.path))
    except SladdError as fault:
        raise fault from None
    except Exception as fault:
        raise PlanError(
            f"a worker of the cluster failed over a partition ({type(fault).__name__})",
            code=337,
            where=order.table,
            mend="publish with runner: inline and --debug",
        ) from None
    return PartDone(receipt, dict(work.guesses), dict(work.empties))


def forget() -> None:
    """Close what this process holds of the last publish: sources, plan and key."""
    with _lock:
        for bench in _benches.values():
            bench.close()
        _benches.clear()


class _Bench:
    """A publish as it stands in this process. Holds keys: never printed or pickled."""

    def __init__(self, run: Run) -> None:
        from sladd.pipeline.bind import bind
        from sladd.pipeline.links import apply_links, decided_links
        from sladd.pipeline.making import Making
        from sladd.pipeline.planning import make_plan

        _same(run.sladd, sladd.__version__, "another version of sladd runs here", 336)
        bound = bind(Path(run.config))
        release = bound.config.releases[run.release]
        made = make_plan(bound, run.release, now=run.at)
        _same(run.policy_sha256, made.policy_sha256, "the plan is another one here", 335)
        master = bound.keyring.master(release.key)
        if master.key_id != run.key_id:
            raise KeyringError(
                f"the key '{release.key}' is another one here",
                code=440,
                where="a worker of the cluster",
                mend="give every worker the key file that sladd.yaml names",
            )
        self._stack = ExitStack()
        try:
            sources = {
                n: self._stack.enter_context(closing(bound.open_source(n))) for n in release.from_
            }
            tables = apply_links(
                [t for source in sources.values() for t in source.tables()], decided_links(bound)
            )
            snapshots = {}
            for name, identity in run.snapshots:
                snapshots[name] = self._stack.enter_context(sources[name].snapshot())
                if snapshots[name].id != identity:
                    raise SourceError(
                        "a worker of the cluster sees other files than the publish",
                        code=298,
                        where=name,
                        mend="let every worker reach the same files, and publish again",
                    )
            self._making = Making(bound, made, release, master, None, tables, snapshots)
            self._left_out = self._making.left_out()
        except BaseException:
            self.close()
            raise

    def work(self, table: str) -> TableWork:
        """The work on one table, with counts of its own for one partition."""
        planned = next(p for p in self._making.planned if p.output == table)
        # Keys are counted by the publish itself: they do not travel.
        made = self._making.work(planned, self._left_out)
        return replace(made, counted=(), empties={})

    def close(self) -> None:
        """Close the sources."""
        self._stack.pop_all().close()

    def __repr__(self) -> str:
        return "<Bench>"


def _same(wanted: str, found: str, what: str, code: int) -> None:
    if wanted != found:
        raise PlanError(
            what,
            code=code,
            where="a worker of the cluster",
            mend="give every worker the same sladd, sladd.yaml and catalog",
        )


# A process works many partitions of one publish: it plans and opens the sources once. That is
# state of the process because a cluster calls a function and hands it nothing but its order.
_benches: dict[Run, _Bench] = {}
_lock = threading.Lock()


def _bench(run: Run) -> _Bench:
    if run not in _benches:
        for old in _benches.values():
            old.close()
        _benches.clear()
        _benches[run] = _Bench(run)
    return _benches[run]
