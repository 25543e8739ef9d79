"""Keys are derived as RFC 5869 says, kept where nobody else reads them, and never shown."""

from __future__ import annotations

import base64
import copy
import json
import os
import pickle
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sladd.config import KeyConfig
from sladd.errors import KeyringError
from sladd.keyring import Keyring, MasterKey, check_place, create_key_file

SECRET = bytes(range(32))
ENCODED = base64.b64encode(SECRET).decode()


def _keyring(path: Path, targets: tuple[Path, ...] = ()) -> Keyring:
    return Keyring({"main": KeyConfig(file=str(path))}, root=path.parent, targets=targets)


def _written(path: Path, text: str = f"v1 {ENCODED}\n", mode: int = 0o600) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_new_key_file_is_closed_to_others(tmp_path):
    """File 0600, directory 0700, 32 bytes, whatever the umask."""
    path = tmp_path / "keys" / "main.key"
    before = os.umask(0)
    try:
        create_key_file(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(_keyring(path).master("main").reveal()) == 32


def test_two_new_keys_differ(tmp_path):
    """Keys are random."""
    for name in ("a", "b"):
        create_key_file(tmp_path / "keys" / name)
    keys = [_keyring(tmp_path / "keys" / name).master("main") for name in ("a", "b")]
    assert keys[0].reveal() != keys[1].reveal()
    assert keys[0].key_id != keys[1].key_id


def test_a_key_file_is_never_overwritten(tmp_path):
    """A second creation is refused and leaves the first key."""
    path = tmp_path / "keys" / "main.key"
    create_key_file(path)
    before = path.read_bytes()
    with pytest.raises(KeyringError) as caught:
        create_key_file(path)
    assert caught.value.code == 402
    assert path.read_bytes() == before


def test_derivation_is_hkdf_over_canonical_json():
    """The info is the JSON that DESIGN §7 prescribes, computed here on its own."""
    master = MasterKey(SECRET, name="main", version=3)
    info = json.dumps(
        ["sladd", 1, "produktanalyse ÆØÅ", "email", 3], ensure_ascii=False, separators=(",", ":")
    ).encode()
    expected = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(SECRET)
    assert master.derive("produktanalyse ÆØÅ", "email").reveal() == expected


def test_every_part_of_the_derivation_matters():
    """Another domain, type, version or master gives another key; nothing slips between parts."""
    one, other = (MasterKey(s, name="main", version=1) for s in (SECRET, SECRET[::-1]))
    derived = [
        one.derive("a", "b", 1),
        one.derive("a", "b", 2),
        one.derive("b", "a", 1),
        one.derive("ab", "", 1),
        one.derive("", "ab", 1),
        one.derive('a","b', "", 1),
        other.derive("a", "b", 1),
    ]
    assert len({key.reveal() for key in derived}) == len(derived)


def test_a_domain_typed_in_nfd_is_the_same_domain():
    """An editor that decomposes å must not change every pseudonym."""
    master = MasterKey(SECRET, name="main", version=1)
    assert master.derive("p\u00e5", "email").reveal() == master.derive("pa\u030a", "email").reveal()


def test_the_signing_key_is_stable_and_apart():
    """The same master signs alike; the seed is neither the master nor a data key."""
    master = MasterKey(SECRET, name="main", version=1)
    seed = master.signing_key().private_bytes_raw()
    assert seed == MasterKey(SECRET, name="x", version=9).signing_key().private_bytes_raw()
    assert seed not in {SECRET, master.derive("", "signing-key").reveal()}
    signature = master.signing_key().sign(b"manifest")
    master.signing_key().public_key().verify(signature, b"manifest")


def test_keys_are_neither_shown_copied_nor_pickled():
    """repr, copy and pickle give nothing away."""
    master = MasterKey(SECRET, name="main", version=1)
    for key in (master, master.derive("d", "email")):
        assert SECRET.hex() not in repr(key)
        assert ENCODED not in repr(key)
        assert repr(key.reveal()) not in f"{key} {key!r}"
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                attempt(key)
    assert ENCODED not in repr(Keyring({"main": KeyConfig(env="X")}, root=Path()))


def test_a_file_holds_several_versions(tmp_path):
    """The newest is used unless another is asked for; hexadecimal digits are read as well."""
    text = f"# old\nv1 {SECRET.hex()}\n\nv12 {base64.b64encode(SECRET[::-1]).decode()}\n"
    keyring = _keyring(_written(tmp_path / "keys" / "k", text))
    assert keyring.versions("main") == (1, 12)
    assert keyring.master("main").reveal() == SECRET[::-1]
    assert keyring.master("main").version == 12
    assert keyring.master("main", 1).reveal() == SECRET
    with pytest.raises(KeyringError) as caught:
        keyring.master("main", 2)
    assert caught.value.code == 411


def test_a_key_from_the_environment(tmp_path, monkeypatch):
    """A variable holds base64 of 32 bytes; without it there is one clear line."""
    keyring = Keyring({"main": KeyConfig(env="SLADD_TEST_KEY")}, root=tmp_path)
    monkeypatch.setenv("SLADD_TEST_KEY", ENCODED + "\n")
    assert keyring.master("main").reveal() == SECRET
    monkeypatch.delenv("SLADD_TEST_KEY")
    with pytest.raises(KeyringError, match="SLADD_TEST_KEY") as caught:
        keyring.master("main")
    assert caught.value.code == 403


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o700, 0o610])
def test_a_key_file_open_to_others_is_refused(tmp_path, mode):
    """The message holds the command that mends it."""
    path = _written(tmp_path / "keys" / "k", mode=mode)
    with pytest.raises(KeyringError) as caught:
        _keyring(path).master("main")
    assert caught.value.code == 409
    assert caught.value.mend == f"chmod 600 {path}"
    path.chmod(0o600)
    assert _keyring(path).master("main").reveal() == SECRET


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_directory_that_others_write_is_refused(tmp_path, mode):
    """Whoever writes there can put another key in the place of this one."""
    path = _written(tmp_path / "keys" / "k")
    path.parent.chmod(mode)
    with pytest.raises(KeyringError) as caught:
        _keyring(path).master("main")
    assert caught.value.code == 407


def test_a_key_in_a_git_work_tree_is_refused(tmp_path):
    """Also in a worktree, where .git is a file, and before the key is made."""
    (tmp_path / "project" / "deep").mkdir(parents=True)
    (tmp_path / "project" / ".git").write_text("gitdir: elsewhere")
    path = tmp_path / "project" / "deep" / "main.key"
    with pytest.raises(KeyringError) as caught:
        create_key_file(path)
    assert caught.value.code == 406
    assert not path.exists()
    with pytest.raises(KeyringError) as caught:
        _keyring(_written(path)).master("main")
    assert caught.value.code == 406


def test_a_key_inside_a_release_is_refused(tmp_path):
    """As it is written, and where a linked directory leads."""
    target = tmp_path / "releases"
    path = _written(target / "v=1" / "main.key")
    link = tmp_path / "elsewhere"
    link.symlink_to(target)
    for spelled in (path, link / "v=1" / "main.key", target / ".." / "releases" / "x"):
        with pytest.raises(KeyringError) as caught:
            check_place(spelled, [target])
        assert caught.value.code == 405
    with pytest.raises(KeyringError):
        _keyring(path, (target,)).master("main")
    check_place(tmp_path / "releases-keys" / "main.key", [target])


def test_links_to_keys_are_refused(tmp_path):
    """A symbolic link, one that leads nowhere, a second name, a directory, a pipe."""
    path = _written(tmp_path / "keys" / "k")
    link = tmp_path / "keys" / "link"
    link.symlink_to(path)
    with pytest.raises(KeyringError) as caught:
        _keyring(link).master("main")
    assert caught.value.code == 408
    dangling = tmp_path / "keys" / "dangling"
    dangling.symlink_to(tmp_path / "keys" / "not-there")
    with pytest.raises(KeyringError):
        create_key_file(dangling)
    assert not (tmp_path / "keys" / "not-there").exists()
    os.mkfifo(tmp_path / "keys" / "pipe", 0o600)
    with pytest.raises(KeyringError):
        _keyring(tmp_path / "keys" / "pipe").master("main")
    os.link(path, tmp_path / "keys" / "second")
    with pytest.raises(KeyringError) as caught:
        _keyring(path).master("main")
    assert caught.value.code == 408


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 410),
        ("# only a comment\n", 410),
        (f"{ENCODED}\n", 410),
        (f"v1 {ENCODED}\nv1 {ENCODED}\n", 410),
        ("v1 not-base64!\n", 410),
        ("v0 " + ENCODED, 410),
        ("v1 " + base64.b64encode(SECRET[:31]).decode(), 412),
        ("v1 " + base64.b64encode(SECRET * 2).decode(), 412),
    ],
)
def test_a_malformed_key_is_refused_without_showing_it(tmp_path, text, code):
    """The line number is told, the line is not."""
    path = _written(tmp_path / "keys" / "k", text)
    with pytest.raises(KeyringError) as caught:
        _keyring(path).master("main")
    assert caught.value.code == code
    for piece in (ENCODED[:12], SECRET.hex()[:12], "not-base64"):
        assert piece not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_key_says_how_to_make_one(tmp_path):
    """No file, no such name, and a relative path starts at the configuration."""
    with pytest.raises(KeyringError, match="sladd keys init") as caught:
        _keyring(tmp_path / "keys" / "none").master("main")
    assert caught.value.code == 404
    with pytest.raises(KeyringError) as caught:
        _keyring(tmp_path / "none").master("other")
    assert caught.value.code == 401
    _written(tmp_path / "keys" / "k")
    keyring = Keyring({"main": KeyConfig(file="keys/k")}, root=tmp_path)
    assert keyring.master("main").reveal() == SECRET
