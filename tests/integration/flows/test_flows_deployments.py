"""`prefect.yaml` on a real server: deployed, scheduled, checked parameters, worked by a worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.flows.project import ROOT, eventually, make_project

pytestmark = pytest.mark.prefect

POOL = "sladd"
SCHEDULED = {"nightly", "full-monthly", "analytics-weekly", "weekly"}
DEPLOYMENTS = SCHEDULED | {"again"}


def command(*words: str, folder: Path) -> str:
    """Run `prefect`; what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", *words],
        cwd=folder,
        env=os.environ | {"SLADD_PROJECT": str(folder)},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def deployed(server, tmp_path_factory) -> Path:
    """A project whose deployments the server knows."""
    config = make_project(tmp_path_factory.mktemp("deployed") / "project")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        command("work-pool", "create", "--type", "process", POOL, folder=config.parent)
        # The file says what to run by module, so it is deployed from the project's own folder.
        told = command(
            "deploy", "--all", "--prefect-file", str(ROOT / "prefect.yaml"), folder=config.parent
        )
    assert told.count("successfully created") == len(DEPLOYMENTS)
    return config.parent


def test_cron_and_rrule_yield_scheduled_runs(prefect, deployed):
    """With a wrong version of SQLAlchemy everything is accepted, and never runs (0003)."""
    from prefect.client.orchestration import get_client

    def scheduled() -> set[str]:
        with get_client(sync_client=True) as client:
            names = {each.id: each.name for each in client.read_deployments()}
            runs = client.read_flow_runs(limit=200)
        return {
            names[run.deployment_id]
            for run in runs
            if run.deployment_id in names and run.state and run.state.is_scheduled()
        }

    eventually(lambda: scheduled() >= SCHEDULED, seconds=90)
    assert scheduled() >= SCHEDULED


def test_a_wrong_parameter_is_refused_at_creation(prefect, deployed):
    """Nobody waits for a nightly run to learn that 0 is no sample."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import PrefectHTTPStatusError

    cases = {
        "options.sample_rows": {"options": {"sample_rows": 0}},
        "options": {"options": {"sample_row": 10}},
        "sources": {"sources": "shop"},
    }
    with get_client(sync_client=True) as client:
        nightly = client.read_deployment_by_name("discover/nightly")
        for field, parameters in cases.items():
            with pytest.raises(PrefectHTTPStatusError) as refused:
                client.create_flow_run_from_deployment(nightly.id, parameters=parameters)
            told = refused.value.response.json()["detail"]
            assert "Validation failed" in told, field
        assert "0 is less than the minimum of 1" in _refusal(client, nightly.id, cases)


def _refusal(client: object, deployment: object, cases: dict[str, dict[str, object]]) -> str:
    from prefect.exceptions import PrefectHTTPStatusError

    try:
        client.create_flow_run_from_deployment(deployment, parameters=cases["options.sample_rows"])
    except PrefectHTTPStatusError as refused:
        return str(refused.response.json()["detail"])
    return ""


@pytest.mark.timeout(240)
def test_a_worker_runs_a_deployment(prefect, deployed):
    """The worker finds the flow in the installed package, and sladd.yaml in SLADD_PROJECT."""
    from prefect.client.orchestration import get_client

    from sladd.pipeline.bind import bind

    with get_client(sync_client=True) as client:
        nightly = client.read_deployment_by_name("discover/nightly")
        asked = client.create_flow_run_from_deployment(nightly.id)
    elsewhere = deployed.parent / "worker"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--run-once"],
        cwd=elsewhere,
        env=os.environ | {"SLADD_PROJECT": str(deployed)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    with get_client(sync_client=True) as client:
        run = eventually(
            lambda: (found := client.read_flow_run(asked.id)).state.is_final() and found
        )
    assert run, done.stdout + done.stderr
    assert run.state.is_completed(), run.state.message
    assert {scan.source for scan in bind(deployed / "sladd.yaml").catalog.scans.all()} == {
        "shop",
        "exports",
    }


def test_the_deployments_bring_an_automation_that_tells_again(prefect, deployed):
    """An undelivered message starts `tell/again`, half an hour later."""
    from datetime import UTC, datetime, timedelta

    from prefect.client.orchestration import get_client
    from prefect.events import emit_event

    from flows.notify import EVENT_UNDELIVERED

    with get_client(sync_client=True) as client:
        again = client.read_deployment_by_name("tell/again")
        (made,) = client.read_automations_by_name("sladd: tell again")
        assert made.enabled
        begun = datetime.now(UTC)
        emit_event(
            EVENT_UNDELIVERED,
            resource={"prefect.resource.id": "sladd.outbox"},
            payload={"vakt": 947},
        )

        def planned() -> list[datetime]:
            runs = client.read_flow_runs(limit=200)
            return [
                run.expected_start_time
                for run in runs
                if run.deployment_id == again.id and run.expected_start_time is not None
            ]

        assert eventually(planned)
        assert min(planned()) - begun > timedelta(minutes=25)
