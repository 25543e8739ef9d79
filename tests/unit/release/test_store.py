"""Object stores: one version after the other, one switch, and no state in between."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from sladd import gate
from sladd.errors import ConfigError, GateError, SourceError
from sladd.frames import open_release
from sladd.gate.query import query
from sladd.release import Store, at_hand, label
from sladd.targets import Staging
from sladd.targets.store import publish_to, refuse_foreign

FIRST, SECOND, THIRD = (f"2026112{n}T101112Z-ab12" for n in range(2, 5))


class Death(BaseException):
    """A kill: no handler of ours may need it to be an `Exception`."""


@pytest.fixture(params=["memory", "dir"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place in the store of the process, and one in a chained file system."""
    if request.param == "memory":
        return f"memory://bucket-{uuid.uuid4().hex}/analytics"
    return f"dir::file://{tmp_path}/store"


def publish(builder, tmp_path: Path, url: str, version: str, **more) -> str:
    """Publish the small release into a store."""
    with Staging.begin(tmp_path / "staged", version) as staging:
        manifest = staging.write_documents(builder.draft(staging))
        return publish_to(Store(url), staging, manifest, key=builder.KEY, **more)


def test_release_in_a_store_is_read_as_one_in_a_folder(builder, tmp_path, url):
    """Verify, query and frames take the URL; nothing stays on this machine."""
    place = publish(builder, tmp_path, url, FIRST)
    assert place == f"{url}/v={FIRST}"
    with at_hand(url) as folder:
        assert gate.files(folder, rescan=None).passed
    assert not folder.exists()
    assert query(url, "SELECT count(*) AS n FROM orders").to_pylist() == [{"n": 100}]
    opened = open_release(url)
    assert len(opened["customers"]) == 40
    assert opened["orders"].attrs["label"] == label("pseudonymised")
    assert len(open_release(place)["orders"]) == 100
    assert [p.name for p in (tmp_path / "staged").iterdir()] == [".lock"]


def test_old_versions_go_after_the_switch(builder, tmp_path, url):
    """Two stay by default; wrecks of old uploads go, too."""
    Store(url).put(Path(__file__), "v=20200101T000000Z-dead/orders/part-00.parquet")
    for version in (FIRST, SECOND, THIRD):
        publish(builder, tmp_path, url, version)
    assert Store(url).entries() == ["latest.json", f"v={SECOND}", f"v={THIRD}"]


def test_foreign_folder_is_refused(url):
    """A bucket of something else is not taken for a target."""
    Store(url).put(Path(__file__), "notes/readme.txt")
    with pytest.raises(SourceError) as error:
        refuse_foreign(Store(url))
    assert error.value.code == 283


STEPS = ("manifest", "upload REPORT.html", "upload manifest.json", "switch", "clear")


@pytest.mark.parametrize("step", STEPS)
def test_death_at_any_step_leaves_old_or_new(builder, tmp_path, url, step, monkeypatch):
    """Whatever `latest.json` names is whole at every moment, and the next publish goes through."""
    publish(builder, tmp_path, url, FIRST)
    # A kill runs no handler: what would clear up is made to do nothing.
    monkeypatch.setattr(Store, "remove", lambda *_: None)
    monkeypatch.setattr(Staging, "abort", lambda self: self._lock.release())

    def die(at: str) -> None:
        if at == step:
            raise Death

    with pytest.raises(Death):
        publish(builder, tmp_path, url, SECOND, step=die)
    monkeypatch.undo()
    assert Store(url).current() == f"v={SECOND if step == 'clear' else FIRST}"
    with at_hand(url) as folder:
        assert gate.files(folder, rescan=None).passed
    publish(builder, tmp_path, url, THIRD)
    with at_hand(url) as folder:
        assert folder.name == f"v={THIRD}"


def test_failed_upload_is_taken_back(builder, tmp_path, url, monkeypatch):
    """A store that fails half-way: one line, and nothing of the new version is left."""
    publish(builder, tmp_path, url, FIRST)
    whole = Store.put

    def failing(self: Store, source: Path, name: str) -> None:
        if name.endswith("REPORT.html"):
            with self.faults():
                raise OSError(5, "secret text of the driver")
        whole(self, source, name)

    monkeypatch.setattr(Store, "put", failing)
    with pytest.raises(SourceError) as error:
        publish(builder, tmp_path, url, SECOND)
    assert error.value.code == 291
    assert "secret" not in str(error.value)
    assert Store(url).entries() == ["latest.json", f"v={FIRST}"]


def test_half_a_file_is_noticed(builder, tmp_path, monkeypatch):
    """What arrived shorter than it was is not switched to."""
    url = f"memory://bucket-{uuid.uuid4().hex}/a"
    store = Store(url)
    file_system = type(store._fs)

    def short(self, source: str, goal: str, **_: object) -> None:
        self.pipe_file(goal, Path(source).read_bytes()[:-1])

    monkeypatch.setattr(file_system, "put_file", short)
    with pytest.raises(SourceError) as error:
        publish(builder, tmp_path, url, FIRST)
    assert error.value.code == 294
    assert store.current() is None


def test_login_in_the_address_is_refused():
    """Credentials come from the environment; the error does not show them."""
    with pytest.raises(ConfigError) as error:
        Store("s3://AKIA:hemmelig@bucket/x")
    assert error.value.code == 157
    assert "hemmelig" not in str(error.value)


def test_missing_file_system_is_told_with_its_package():
    """The mend is the command that installs it."""
    with pytest.raises(ConfigError) as error:
        Store("gs://bucket/x")
    assert (error.value.code, error.value.mend) == (158, "pip install gcsfs")


def test_hostile_latest_is_no_way_out(url, tmp_path):
    """`latest.json` may only name a version beside it."""
    (tmp_path / "l").write_text(json.dumps({"format": 1, "version": "../../etc"}))
    Store(url).put(tmp_path / "l", "latest.json")
    with pytest.raises(GateError) as error, at_hand(url):
        pass
    assert error.value.code == 603


def test_empty_store_has_no_release(url):
    """The error says how to get one."""
    with pytest.raises(GateError) as error, at_hand(url):
        pass
    assert (error.value.code, error.value.mend) == (600, "sladd publish")
