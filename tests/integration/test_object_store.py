"""The whole way into an object store: S3's protocol, and the command line."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from sladd.frames import open_release
from sladd.release import Store
from tests import shop


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server that speaks S3, for as long as the module runs; its address."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["s3", "memory"])
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket; the login stands in the environment."""
    bucket = f"bucket-{uuid.uuid4().hex}"
    if request.param == "memory":
        return f"memory://{bucket}/analytics"
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir(bucket)
    return f"s3://{bucket}/releases/analytics"


def test_publish_verify_query_and_open(tmp_path: Path, url: str) -> None:
    """Two publishes into a store; the release is read by name and by URL, and old ones go."""
    project = shop.scanned(tmp_path / "p")
    project.configure(
        shop.CONFIG.replace("to: releases/analytics", f"to: {url}\n    keep_versions: 1")
    )
    versions = []
    for _ in range(2):
        done = project.run("publish", "analytics", "--json")
        assert done.code == 0, done.err
        versions.append(json.loads(done.out)["version"])
        assert json.loads(done.out)["path"] == f"{url}/v={versions[-1]}"
    assert Store(url).entries() == ["latest.json", f"v={versions[1]}"]
    for place in ("analytics", url):
        verified = project.run("verify", place)
        assert verified.code == 0, verified.out
        asked = project.run("query", place, "SELECT count(*) AS n FROM orders", "--json")
        assert json.loads(asked.out) == [{"n": 120}]
    assert len(open_release(url)["customers"]) == 60
    staged = project.folder / ".sladd" / "releases" / "analytics"
    assert [entry.name for entry in staged.iterdir()] == [".lock"]


def test_changed_file_in_a_store_is_seen(tmp_path: Path, url: str) -> None:
    """Verify reads what stands there."""
    project = shop.scanned(tmp_path / "p")
    project.configure(shop.CONFIG.replace("releases/analytics", url))
    assert project.run("publish", "analytics").code == 0
    store = Store(url)
    (tmp_path / "other").write_text("x")
    store.put(tmp_path / "other", f"{store.current()}/dictionary.csv")
    verified = project.run("verify", url)
    assert verified.code == 1
    assert "dictionary.csv was changed" in verified.out
