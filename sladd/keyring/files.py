"""Key files: one line for each version, read and written by their owner alone."""

from __future__ import annotations

import base64
import binascii
import errno
import os
import re
import secrets
import stat
from pathlib import Path

from sladd.errors import KeyringError
from sladd.keyring.keys import KEY_BYTES, Secret
from sladd.keyring.places import check_directory, check_place
from sladd.keyring.shield import shielded

_LINE = re.compile(r"v([1-9][0-9]{0,5})\s+(\S+)")
_RETIRED = re.compile(r"# v([1-9][0-9]{0,5}) is retired")
_HEADER = """\
# A key of sladd. Whoever holds it can lead pseudonyms back to persons.
# Keep it apart from the releases, out of git, and keep a copy: without it no pseudonym
# can be made again. A new version is a new line; old lines stay as long as they are used.
"""


@shielded
def create_key_file(path: Path) -> None:
    """Write a new key: mode 0600, in a directory of mode 0700 if it has to be made.

    Raises:
        KeyringError: the file exists (SLADD-402; it is never overwritten), or the place is
            unsafe (SLADD-405…408).
    """
    check_place(path, ())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_directory(path)
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


@shielded
def read_private(path: Path) -> str:
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
        check_directory(path)
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


@shielded
def add_version(path: Path) -> int:
    """Write a new version behind the old ones; returns its number.

    The file is replaced in one step, so that a crash leaves the old one or the new one.

    Raises:
        KeyringError: the file cannot be read or written, or lies in an unsafe place
            (SLADD-404…412).
    """
    text = read_private(path)
    used = [int(number) for number in _RETIRED.findall(text)]
    number = max([*parse(text, str(path)), *used]) + 1
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    _replace(path, text.rstrip("\n") + f"\nv{number} {key}\n")
    return number


@shielded
def retire_version(path: Path, version: int) -> None:
    """Destroy one version: its secret leaves the file, its number is never used again.

    Raises:
        KeyringError: there is no such version (SLADD-411), or it is the newest (SLADD-413).
    """
    text = read_private(path)
    known = parse(text, str(path))
    if version not in known:
        raise KeyringError(
            f"the key has no version {version}",
            code=411,
            where=f"{path}, versions: {', '.join(map(str, sorted(known)))}",
            mend="sladd keys list",
        )
    if version == max(known):
        raise KeyringError(
            f"version {version} is the newest, by which releases are made",
            code=413,
            where=str(path),
            mend="sladd keys rotate first",
        )
    lines = [
        f"# v{version} is retired"
        if (match := _LINE.fullmatch(line.strip())) and int(match[1]) == version
        else line
        for line in text.splitlines()
    ]
    _replace(path, "\n".join(lines) + "\n")


def _replace(path: Path, text: str) -> None:
    check_place(path, ())
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError as fault:
        fresh.unlink(missing_ok=True)
        raise KeyringError(
            f"the key cannot be written: {fault.strerror}", code=404, where=str(path)
        ) from None
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def parse(text: str, where: str) -> dict[int, Secret]:
    """The secrets of a key file by their version.

    Raises:
        KeyringError: a line is no key (SLADD-410, 412).
    """
    found: dict[int, Secret] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or int(match[1]) in found:
            raise _malformed(f"{where}, line {number}")
        found[int(match[1])] = decode(match[2], f"{where}, line {number}")
    if not found:
        raise _malformed(where)
    return found


def decode(value: str, where: str) -> Secret:
    """A key of 32 bytes from base64 or 64 hexadecimal digits."""
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
    return Secret(secret)


def _malformed(where: str) -> KeyringError:
    return KeyringError(
        "the key is not written as base64 or hexadecimal digits",
        code=410,
        where=where,
        mend="restore it from its copy, or make a new one: sladd keys init",
    )
