"""A key beside what it leads back from is refused, wherever it is kept and whoever brings it."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from sladd.config import KeyConfig, load_config
from sladd.errors import ConfigError, KeyringError
from sladd.keyring import Keyring, check_place, create_key_file, providers

SECRET = bytes(range(32))


def from_store(options: dict[str, str]) -> dict[int, bytes]:
    """A provider that would give the key."""
    return {1: SECRET}


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is installed."""
    point = EntryPoint("store", f"{__name__}:from_store", providers.ENTRY_POINTS)
    monkeypatch.setattr(providers, "entry_points", lambda group: [point])


def _keyring(root: Path, options: dict[str, str]) -> Keyring:
    return Keyring(
        {"main": KeyConfig(provider="store", options=options)},
        root=root,
        targets=[root / "releases"],
        stores=["s3://analyse-data/releases", "az://lake@konto/out"],
    )


@pytest.mark.parametrize(
    "options",
    [
        {"url": "s3://analyse-data/keys/main"},
        {"url": "S3://analyse-data"},
        {"bucket": "analyse-data"},
        {"where": "analyse-data/keys"},
        {"container": "az://konto/keys"},
    ],
)
@pytest.mark.usefixtures("offered")
def test_a_provider_that_reads_from_the_store_of_a_release_is_refused(
    tmp_path: Path, options: dict[str, str]
) -> None:
    """Who may read the release could read the key."""
    with pytest.raises(KeyringError) as caught:
        _keyring(tmp_path, options).master("main")
    assert caught.value.code == 419


@pytest.mark.usefixtures("offered")
def test_a_provider_that_reads_from_elsewhere_is_asked(tmp_path: Path) -> None:
    """Another bucket, a name with slashes, and no option at all."""
    for options in (
        {"url": "s3://keys/analyse-data"},
        {"name": "projects/analyse/secrets/main/versions/1"},
        {"region": "eu-north-1"},
        {},
    ):
        assert _keyring(tmp_path, options).master("main").reveal() == SECRET


@pytest.mark.parametrize(("folder", "code"), [("releases/a", 405), ("git", 406), ("open", 407)])
@pytest.mark.usefixtures("offered")
def test_a_provider_that_reads_a_file_in_an_unsafe_place_is_refused(
    tmp_path: Path, folder: str, code: int
) -> None:
    """In a release, in a git work tree, or where others can write."""
    place = tmp_path / folder
    place.mkdir(parents=True)
    if folder == "git":
        (place / ".git").mkdir()
    (place / "main.key").write_text("x")
    place.chmod(0o777 if folder == "open" else 0o755)
    for spelled in (str(place / "main.key"), f"{folder}/main.key", f"file://{place}/main.key"):
        with pytest.raises(KeyringError) as caught:
            _keyring(tmp_path, {"path": spelled}).master("main")
        assert caught.value.code == code


@pytest.mark.parametrize("url", ["s3://analyse-data/main.key", "https://h/k", "file:///k"])
def test_a_key_file_in_an_object_store_is_no_configuration(tmp_path: Path, url: str) -> None:
    """A key file lies on this machine."""
    path = tmp_path / "sladd.yaml"
    path.write_text(f"keys: {{main: {{file: '{url}'}}}}\n")
    with pytest.raises(ConfigError, match="object store") as caught:
        load_config(path)
    assert caught.value.code == 107


def test_what_is_kept_like_a_key_is_named_in_the_line(tmp_path: Path) -> None:
    """The same rule for a vault and a table, told in their own words."""
    with pytest.raises(KeyringError, match="the vault lies inside a release"):
        check_place(tmp_path / "r" / "v.db", [tmp_path / "r"], what="vault")


def test_a_new_key_in_a_folder_that_others_write_is_not_made(tmp_path: Path) -> None:
    """Nothing is left there."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(KeyringError) as caught:
        create_key_file(tmp_path / "open" / "main.key")
    assert caught.value.code == 407
    assert list((tmp_path / "open").iterdir()) == []
