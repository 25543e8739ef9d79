"""Entry points of other packages are read once, and seen wherever Python looks for packages."""

from __future__ import annotations

from importlib import metadata

from sladd.plugins import entry_points


def _install(folder, name: str) -> str:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[sladd.sample]\n{name} = {name}\n")
    return str(folder)


def test_packages_of_a_new_place_are_seen(tmp_path, monkeypatch):
    """By name, whatever order the places stand in; and no longer when the place is gone."""
    assert entry_points(group="sladd.sample") == ()
    with monkeypatch.context() as within:
        within.syspath_prepend(_install(tmp_path / "one", "beta"))
        within.syspath_prepend(_install(tmp_path / "two", "alfa"))
        assert [point.name for point in entry_points(group="sladd.sample")] == ["alfa", "beta"]
    assert entry_points(group="sladd.sample") == ()


def test_metadata_is_read_once(monkeypatch):
    """A command binds its configuration more than once; the environment is looked at once."""
    read = []
    real = metadata.entry_points
    monkeypatch.setattr(
        metadata, "entry_points", lambda **asked: read.append(asked) or real(**asked)
    )
    for _ in range(3):
        entry_points(group="sladd.read_once")
    assert read == [{"group": "sladd.read_once"}]
