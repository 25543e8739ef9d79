"""Keys get new versions, lose old ones, and have copies; providers bring them from elsewhere."""

from __future__ import annotations

import shutil
import stat
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from sladd.config import KeyConfig
from sladd.errors import KeyringError
from sladd.keyring import (
    Keyring,
    add_version,
    backup,
    confirm,
    create_key_file,
    providers,
    retire_version,
)

TODAY = date(2026, 11, 26)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A new key file."""
    path = tmp_path / "keys" / "main.key"
    create_key_file(path)
    return path


def _keyring(path: Path) -> Keyring:
    return Keyring({"main": KeyConfig(file=str(path))}, root=path.parent)


def test_a_rotated_key_has_a_new_version_and_keeps_the_old_one(key):
    """The newest is used; what was made by the old one can still be led back."""
    old = _keyring(key).master("main")
    assert add_version(key) == 2
    assert _keyring(key).versions("main") == (1, 2)
    assert _keyring(key).master("main").version == 2
    assert _keyring(key).master("main").key_id != old.key_id
    assert _keyring(key).master("main", 1).reveal() == old.reveal()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [p.name for p in key.parent.iterdir()] == ["main.key"]


def test_a_retired_version_is_gone_and_its_number_is_not_used_again(key):
    """Its secret stands nowhere in the file; a later version gets a number of its own."""
    secret = key.read_text().splitlines()[-1].split()[1]
    add_version(key)
    retire_version(key, 1)
    assert secret not in key.read_text()
    assert _keyring(key).versions("main") == (2,)
    retire_after = add_version(key)
    assert retire_after == 3
    retire_version(key, 2)
    assert add_version(key) == 4


@pytest.mark.parametrize(("version", "code"), [(1, 413), (7, 411)])
def test_the_newest_and_the_unknown_version_are_not_retired(key, version, code):
    """Releases are made by the newest."""
    before = key.read_bytes()
    with pytest.raises(KeyringError) as caught:
        retire_version(key, version)
    assert caught.value.code == code
    assert key.read_bytes() == before


def test_a_copy_counts_until_the_key_is_rotated(key, tmp_path):
    """Only a copy that holds every version is a copy."""
    assert backup(key) is None
    copy = tmp_path / "safe.key"
    shutil.copy(key, copy)
    confirm(key, copy, TODAY)
    known = backup(key)
    assert known is not None
    assert (known.confirmed, known.current) == (TODAY, True)
    add_version(key)
    known = backup(key)
    assert known is not None
    assert not known.current
    with pytest.raises(KeyringError) as caught:
        confirm(key, copy, TODAY)
    assert caught.value.code == 417


def test_the_note_of_a_copy_holds_nothing_secret(key, tmp_path):
    """It lies beside the key, and may be read by others."""
    copy = tmp_path / "safe.key"
    shutil.copy(key, copy)
    confirm(key, copy, TODAY)
    note = (key.parent / "main.key.backup.json").read_text()
    assert key.read_text().splitlines()[-1].split()[1] not in note


@pytest.mark.parametrize("make", ["missing", "same", "hard link", "another"])
def test_what_is_no_copy_is_not_confirmed(key, tmp_path, make):
    """The key itself under another name is lost together with the key."""
    copy = tmp_path / "copy.key"
    if make == "same":
        copy.symlink_to(key)
    elif make == "hard link":
        copy.hardlink_to(key)
    elif make == "another":
        create_key_file(tmp_path / "other" / "x.key")
        copy = tmp_path / "other" / "x.key"
    with pytest.raises(KeyringError) as caught:
        confirm(key, copy, TODAY)
    assert caught.value.code in {408, 416, 417}
    assert not (key.parent / "main.key.backup.json").exists()


def _offer(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = EntryPoint("vault", value, providers.ENTRY_POINTS)
    monkeypatch.setattr(providers, "entry_points", lambda group: [point])


def two_versions(options: dict[str, str]) -> dict[int, bytes]:
    """A key management system with two versions of a key."""
    assert options == {"path": "sladd/main"}
    return {1: bytes(range(32)), 2: bytes(range(1, 33))}


def refusing(options: dict[str, str]) -> dict[int, bytes]:
    """One that says no, quoting a token."""
    raise RuntimeError(f"token-4711 {options}")


def short(options: dict[str, str]) -> dict[int, bytes]:
    """One whose key is a password."""
    return {1: b"password"}


def _from_provider() -> Keyring:
    place = KeyConfig(provider="vault", options={"path": "sladd/main"})
    return Keyring({"main": place}, root=Path())


def test_a_provider_brings_the_versions_of_a_key(monkeypatch):
    """A key management system is asked for all versions, by an entry point."""
    _offer(monkeypatch, f"{__name__}:two_versions")
    monkeypatch.setattr(EntryPoint, "load", lambda _: two_versions)
    assert _from_provider().versions("main") == (1, 2)
    assert _from_provider().master("main").reveal() == bytes(range(1, 33))


@pytest.mark.parametrize(("function", "code"), [(refusing, 415), (short, 412), (None, 414)])
def test_a_provider_that_fails_says_nothing_secret(monkeypatch, function, code):
    """Its own message could quote a token; the key it gives must be one."""
    if function is not None:
        _offer(monkeypatch, "nowhere:at_all")
        monkeypatch.setattr(EntryPoint, "load", lambda _: function)
    with pytest.raises(KeyringError) as caught:
        _from_provider().master("main")
    assert caught.value.code == code
    assert "4711" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_in_an_object_store_is_refused():
    """A bucket is a place where releases go."""
    with pytest.raises(ValueError, match="object store"):
        KeyConfig(file="s3://bucket/main.key")
