"""`runner: {dask: …}`: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import hashlib
import pickle
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.dask_processes import cluster
from sladd.keyring import create_key_file
from tests.commands import Project

pytest.importorskip("distributed")
pytestmark = pytest.mark.timeout(240)

CONFIG = """\
catalog: sqlite:///catalog.db
sources:
  shop: {{files: "data/*"}}
keys:
  main: {{file: ../keys/main.key}}
releases:
  analytics:
    domain: test
    from: [shop]
    rules:
      - {{field: shop/kunder.epost, transform: pseudonym}}
      - {{field: shop/kunder.poststed, transform: keep}}
      - {{field: shop/kunder.belop, transform: keep}}
      - {{field: shop/varer.pris, transform: keep}}
    to: releases/analytics
{more}"""
ROWS, FILES = 3_000, 6


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Six files that are one table: six partitions."""
    made = Project(tmp_path / "project")
    (made / "data").mkdir(parents=True)
    create_key_file(tmp_path / "keys" / "main.key")
    for number in range(FILES):
        rows = range(number * ROWS, (number + 1) * ROWS)
        table = pa.table(
            {
                "epost": [f"kunde{n % 7_000}@example.no" for n in rows],
                "poststed": [("Bergen", "Oslo", None, "Bodø")[n % 4] for n in rows],
                "belop": [n % 91 for n in rows],
            }
        )
        pq.write_table(table, made / f"data/kunder_2024-0{number + 1}.parquet")
    for number in range(2):
        lines = "".join(f"{n * 1.25 + number:.2f};{n % 7}\n" for n in range(200))
        (made / f"data/varer_2024-0{number + 1}.csv").write_text(f"pris;antall\n{lines}")
    made.configure(CONFIG.format(more=""))
    assert made.run("discover").code == 0
    return made


def files_of(project: Project) -> dict[str, str]:
    """Hashes of the data of the release that stands."""
    folder = project / "releases/analytics/latest/"
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }
    assert found
    return found


def test_two_workers_make_the_same_bytes_also_when_one_dies(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release of one process, of a cluster, and of a cluster that loses a worker half-way."""
    assert project.run("publish", "analytics").code == 0
    alone = files_of(project)
    scratch = tmp_path / "dask"
    scratch.mkdir()
    with cluster(scratch, 2) as (address, workers):
        project.configure(CONFIG.format(more=f"runner: {{dask: {address}}}\n"))
        # This process works no partition: it could not.
        monkeypatch.setattr("sladd.pipeline.making.parts.work_partition", None)
        done = project.run("publish", "analytics")
        assert done.code == 0, done.err
        assert files_of(project) == alone

        killer = threading.Thread(target=_kill_at_first_part, args=(project, workers[0]))
        killer.start()
        done = project.run("publish", "analytics")
        killer.join()
        assert workers[0].poll() is not None
        assert done.code == 0, done.err
        assert files_of(project) == alone

        workers[1].kill()
        workers[1].wait()
        time.sleep(1)
        done = project.run("publish", "analytics")
        assert done.code == 3
        assert done.lines[-1].startswith("SLADD-299: the Dask scheduler has no worker")
    logs = b"".join(path.read_bytes() for path in scratch.glob("*.log"))
    key = (tmp_path / "keys" / "main.key").read_bytes()
    assert b"@example.no" not in logs and key.split()[-1] not in logs


def _kill_at_first_part(project: Project, worker: object) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if any((project / "releases/analytics").glob(".staging-*/.parts/*/*.arrow")):
            break
        time.sleep(0.002)
    worker.kill()  # type: ignore[attr-defined]
    worker.wait()  # type: ignore[attr-defined]


def test_an_order_holds_neither_key_nor_value(project: Project) -> None:
    """What a scheduler is handed names the key and the rows, and has none of them."""
    from sladd.pipeline.bind import bind
    from sladd.pipeline.publish import publish

    orders = []

    def noting(work, partitions):
        orders.extend(work.order(item) for item in partitions)
        return map(work, partitions)

    publish(bind(project / "sladd.yaml"), "analytics", mapper=noting)
    sent = pickle.dumps(orders)
    secret = (project / "../keys/main.key").read_bytes().split()[-1]
    assert len(orders) == FILES + 2
    assert secret not in sent
    assert b"example.no" not in sent and "Bodø".encode() not in sent


def test_without_a_scheduler_it_is_one_line(project: Project) -> None:
    """Nothing is published, and the line names the command that starts one."""
    project.configure(CONFIG.format(more="runner: {dask: tcp://127.0.0.1:9}\n"))
    done = project.run("publish", "analytics")
    assert done.code == 3
    assert done.lines == [
        "SLADD-299: no Dask scheduler answers · tcp://127.0.0.1:9 · dask scheduler, then dask worker ADDRESS"
    ]


def test_without_the_extra_it_is_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    project.configure(CONFIG.format(more="runner: {dask: tcp://127.0.0.1:9}\n"))
    done = project.run("publish", "analytics")
    assert done.code == 2
    assert done.lines == [
        "SLADD-181: Dask is not installed · sladd.yaml, runner · pip install 'sladd[dask]'"
    ]
