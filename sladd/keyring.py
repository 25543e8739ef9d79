"""Named, versioned master keys by reference, and the keys derived from them.

A master key is 32 random bytes in a file (mode 0600) or an environment variable. What is used
on data is never the master but a key that HKDF derives from it for one domain, one type and
one version, so pseudonyms of two domains have nothing in common.

Source: RFC 5869 (HKDF); RFC 2104 (HMAC); EDPB Guidelines 01/2025 on pseudonymisation domains.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import json
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sladd.errors import KeyringError

KEY_BYTES = 32
_LINE = re.compile(r"v([1-9][0-9]{0,5})\s+(\S+)")
_HEADER = """\
# A key of sladd. Whoever holds it can lead pseudonyms back to persons.
# Keep it apart from the releases, out of git, and keep a copy: without it no pseudonym
# can be made again. A new version is a new line; old lines stay as long as they are used.
"""


class KeyPlace(Protocol):
    """Where one master key is; `sladd.config.KeyConfig` is one."""

    @property
    def file(self) -> str | None:
        """Path of a key file."""

    @property
    def env(self) -> str | None:
        """Name of an environment variable."""


class _Secret:
    """Bytes that are neither printed, copied nor pickled."""

    __slots__ = ("_bytes",)

    def __init__(self, secret: bytes) -> None:
        self._bytes = secret

    def reveal(self) -> bytes:
        """The bytes themselves, for a caller who must hand them on."""
        return self._bytes

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised; open the keyring again instead")


class DerivedKey(_Secret):
    """A key for one domain, one type and one version."""

    __slots__ = ("domain", "type", "version")

    def __init__(self, secret: bytes, *, domain: str, type: str, version: int) -> None:  # noqa: A002
        super().__init__(secret)
        self.domain = domain
        self.type = type
        self.version = version

    def __repr__(self) -> str:
        return f"<DerivedKey {self.domain} {self.type} v{self.version}>"


class MasterKey(_Secret):
    """One version of a named key. `key_id` is public; it says which key, not what it is."""

    __slots__ = ("key_id", "name", "version")

    def __init__(self, secret: bytes, *, name: str, version: int) -> None:
        super().__init__(secret)
        self.name = name
        self.version = version
        self.key_id = hashlib.sha256(self._expand(b"key-id")).hexdigest()[:16]

    def derive(self, domain: str, type: str, version: int | None = None) -> DerivedKey:  # noqa: A002
        """The key for one domain and one entity or canonical type.

        Args:
            domain: the pseudonymisation domain, as spelled in `sladd.yaml` (NFC).
            type: entity name or canonical type.
            version: of the derivation; the version of this master key where not given.
        """
        number = self.version if version is None else version
        info = _info(domain, type, number)
        return DerivedKey(self._expand(info), domain=domain, type=type, version=number)

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs manifests, apart from every key used on data."""
        return Ed25519PrivateKey.from_private_bytes(self._expand(b"signing-key"))

    def _expand(self, info: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._bytes)

    def __repr__(self) -> str:
        return f"<MasterKey {self.name} v{self.version} id {self.key_id}>"


def _info(domain: str, kind: str, version: int) -> bytes:
    """Canonical JSON: no two different triples share a spelling."""
    parts = ["sladd", 1, _nfc(domain), _nfc(kind), version]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class Keyring:
    """The keys of a configuration; each is read when it is asked for, and not kept.

    Args:
        keys: name → place.
        root: where relative paths start.
        targets: directories that receive releases; a key inside one is refused.
    """

    def __init__(
        self, keys: Mapping[str, KeyPlace], *, root: Path, targets: Sequence[Path] = ()
    ) -> None:
        self._keys = dict(keys)
        self._root = root
        self._targets = tuple(targets)

    def __repr__(self) -> str:
        return f"<Keyring: {', '.join(sorted(self._keys)) or 'empty'}>"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the configured keys."""
        return tuple(sorted(self._keys))

    def path(self, name: str) -> Path | None:
        """The file of a key; None for one from the environment."""
        file = self._place(name).file
        if file is None:
            return None
        given = Path(file).expanduser()
        return given if given.is_absolute() else self._root / given

    def versions(self, name: str) -> tuple[int, ...]:
        """Versions of a key, oldest first."""
        return tuple(sorted(self._secrets(name)))

    def master(self, name: str, version: int | None = None) -> MasterKey:
        """One version of a key, the newest where not said.

        Raises:
            KeyringError: the key is missing, malformed, or kept in an unsafe place
                (SLADD-401…412).
        """
        found = self._secrets(name)
        number = max(found) if version is None else version
        if number not in found:
            raise KeyringError(
                f"the key '{name}' has no version {number}",
                code=411,
                where=f"versions: {', '.join(map(str, sorted(found)))}",
                mend="restore the key file from its copy",
            )
        return MasterKey(found[number], name=name, version=number)

    def signing_key(self, name: str, version: int | None = None) -> Ed25519PrivateKey:
        """The key that signs manifests of releases made with this master key."""
        return self.master(name, version).signing_key()

    def _place(self, name: str) -> KeyPlace:
        if name not in self._keys:
            known = ", ".join(sorted(self._keys)) or "none"
            raise KeyringError(
                f"there is no key '{name}'",
                code=401,
                where=f"sladd.yaml, keys (known: {known})",
                mend="sladd keys init, then name the file under keys:",
            )
        return self._keys[name]

    def _secrets(self, name: str) -> dict[int, bytes]:
        place = self._place(name)
        path = self.path(name)
        if path is None:
            variable = place.env or ""
            value = os.environ.get(variable)
            if not value:
                raise KeyringError(
                    f"the environment has no variable {variable}",
                    code=403,
                    where=f"key '{name}'",
                    mend=f'export {variable}="$(openssl rand -base64 32)"',
                )
            return {1: _decode(value.strip(), f"key '{name}', variable {variable}")}
        check_place(path, self._targets)
        return _parse(_read_private(path), f"key '{name}', {path}")


def create_key_file(path: Path) -> None:
    """Write a new key: mode 0600, in a directory of mode 0700 if it has to be made.

    Raises:
        KeyringError: the file exists (SLADD-402; it is never overwritten), or the place is
            unsafe (SLADD-405…408).
    """
    check_place(path, ())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_directory(path)
        # O_EXCL also refuses a symbolic link, even one that points nowhere.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyringError(
            "there is a key already, and a key is never overwritten",
            code=402,
            where=str(path),
            mend="choose another file",
        ) from None
    except OSError as fault:
        raise KeyringError(
            f"the key cannot be written: {fault.strerror}", code=404, where=str(path)
        ) from None
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        key = base64.b64encode(secrets.token_bytes(KEY_BYTES))
        file.write(_HEADER.encode() + b"v1 " + key + b"\n")
        file.flush()
        os.fsync(file.fileno())


def check_place(path: Path, targets: Sequence[Path]) -> None:
    """Refuse a key that would travel with data or code.

    Args:
        path: of the key; it need not exist yet.
        targets: directories that receive releases.

    Raises:
        KeyringError: inside a target (SLADD-405) or a git work tree (SLADD-406).
    """
    # Both ways to the file count: as it is written, and where its links lead.
    for spelled in {Path(os.path.abspath(path)), path.resolve()}:
        for target in targets:
            if spelled.is_relative_to(target.resolve()):
                raise KeyringError(
                    "the key lies inside a release",
                    code=405,
                    where=str(path),
                    mend=f"mv {path} ~/.config/sladd/keys/",
                )
        for parent in spelled.parents:
            if (parent / ".git").exists():
                raise KeyringError(
                    "the key lies inside a git work tree",
                    code=406,
                    where=str(path),
                    mend=f"mv {path} ~/.config/sladd/keys/",
                )


def _check_directory(path: Path) -> None:
    """Refuse a directory in which others could swap the key for theirs."""
    if os.name != "posix":
        return
    directory = path.resolve().parent
    for number, parent in enumerate((directory, *directory.parents)):
        mode = parent.stat().st_mode
        # Further up, the sticky bit (as on /tmp) keeps others from renaming what is not theirs.
        shared = mode & 0o022 if number == 0 else mode & 0o002 and not mode & stat.S_ISVTX
        if shared:
            raise KeyringError(
                "others can write in the directory of the key",
                code=407,
                where=str(parent),
                mend=f"chmod go-w {parent}",
            )


def _read_private(path: Path) -> str:
    """The text of a file that is regular, ours, and closed to others."""
    try:
        # Checks are made on the opened file, so that nobody can swap it in between.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise KeyringError(
            "there is no key file",
            code=404,
            where=str(path),
            mend=f"sladd keys init {path}, or restore it from its copy",
        ) from None
    except OSError as fault:
        linked = fault.errno == errno.ELOOP
        what = "the key file is a symbolic link" if linked else "the key file cannot be read"
        raise KeyringError(
            what,
            code=408 if linked else 404,
            where=str(path),
            mend="name the file itself in sladd.yaml" if linked else "",
        ) from None
    with os.fdopen(handle, "rb") as file:
        _check_directory(path)
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_nlink != 1:
            raise KeyringError(
                "the key is no plain file, or has a second name (hard link)",
                code=408,
                where=str(path),
                mend="copy it to a file of its own",
            )
        if os.name == "posix":
            if state.st_mode & 0o177:
                raise KeyringError(
                    f"the key file is open to others (mode {stat.S_IMODE(state.st_mode):04o})",
                    code=409,
                    where=str(path),
                    mend=f"chmod 600 {path}",
                )
            if os.geteuid() not in {state.st_uid, 0}:
                raise KeyringError(
                    "the key file belongs to someone else", code=409, where=str(path)
                )
        try:
            return file.read(65_536).decode()
        except UnicodeDecodeError:
            raise _malformed(str(path)) from None


def _parse(text: str, where: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or int(match[1]) in found:
            raise _malformed(f"{where}, line {number}")
        found[int(match[1])] = _decode(match[2], f"{where}, line {number}")
    if not found:
        raise _malformed(where)
    return found


def _decode(value: str, where: str) -> bytes:
    """32 bytes from base64 or 64 hexadecimal digits."""
    try:
        if re.fullmatch(r"[0-9a-fA-F]{64}", value):
            secret = bytes.fromhex(value)
        else:
            secret = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _malformed(where) from None
    if len(secret) != KEY_BYTES:
        raise KeyringError(
            f"the key has {len(secret)} bytes instead of {KEY_BYTES}",
            code=412,
            where=where,
            mend="openssl rand -base64 32",
        )
    return secret


def _malformed(where: str) -> KeyringError:
    return KeyringError(
        "the key is not written as base64 or hexadecimal digits",
        code=410,
        where=where,
        mend="restore it from its copy, or make a new one: sladd keys init",
    )
