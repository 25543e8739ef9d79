"""`publish_flow` against a real server: a release that verifies, its partitions as tasks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.flows.project import events, eventually, make_project, task_runs

pytestmark = pytest.mark.prefect


def test_a_release_that_verifies_with_a_task_for_each_partition(prefect, tmp_path):
    """The three daily files are three partitions, hence three tasks of one table."""
    from prefect.artifacts import Artifact

    from flows.publish import EVENT_PUBLISHED, publish_flow
    from sladd.pipeline.bind import bind
    from sladd.pipeline.discover import discover
    from sladd.pipeline.verify import verify

    config = make_project(tmp_path / "publish")
    discover(bind(config))
    state = publish_flow(config=str(config), release="analytics", return_state=True)
    outcome = state.result()
    release = Path(outcome["path"])
    checked = verify(release)
    assert checked.passed, [check for check in checked.checks if not check.passed]
    assert len(checked.checks) > 20
    names = {
        "publish-shop/customers-0",
        "publish-shop/orders-0",
        *(f"publish-exports/visits-{day}" for day in range(3)),
    }
    runs = eventually(lambda: len(task_runs(state)) == len(names) and task_runs(state))
    assert runs == dict.fromkeys(names, "Completed")
    artifact = Artifact.get("sladd-release-analytics")
    assert artifact is not None
    (row,) = json.loads(artifact.data)
    assert row["version"] == outcome["version"]
    assert row["rows"] == 120 + 300 + 120
    assert "path" not in row
    # Other tests of this server have published, too: wait for this version's event.
    expected = {"version": outcome["version"], "rows": 540}
    assert eventually(
        lambda: expected in [told for _, told in events(EVENT_PUBLISHED, "sladd.release.analytics")]
    )


def test_the_flow_writes_the_bytes_that_the_command_line_writes(prefect, tmp_path):
    """Same input, key and policy: the engine that maps the partitions leaves no trace."""
    import hashlib

    from flows.publish import publish_flow
    from sladd.pipeline.bind import bind
    from sladd.pipeline.discover import discover
    from sladd.pipeline.publish import publish

    config = make_project(tmp_path / "bytes")
    discover(bind(config))
    by_flow = Path(publish_flow(config=str(config), release="analytics")["path"])
    by_hand = publish(bind(config), "analytics").path
    assert by_flow != by_hand

    def data(folder: Path) -> dict[str, str]:
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*.parquet")
        }

    assert data(by_flow) == data(by_hand)
    assert len(data(by_flow)) >= 3


def test_an_unknown_release_ends_in_one_line(prefect, tmp_path):
    """The state's message is the error of sladd."""
    from flows.publish import publish_flow

    config = make_project(tmp_path / "unknown")
    state = publish_flow(config=str(config), release="analytic", return_state=True)
    assert state.is_failed()
    assert state.message is not None
    assert "SLADD-136: there is no release" in state.message
    assert "analytics" in state.message
    assert "\n" not in state.message
