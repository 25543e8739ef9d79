"""A release in an object store: `<url>/v=<id>/…`, and `latest.json`, which names the version.

Any file system of fsspec will do. Logins come from the environment, the way each store's own
library reads them; they never stand in a URL.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sladd.errors import ConfigError, GateError, SladdError, SourceError
from sladd.release.folder import resolve, version_named
from sladd.release.manifest import Manifest, loads
from sladd.release.paths import LATEST, LATEST_FILE, MANIFEST, is_safe, is_version_folder

_PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs"} | dict.fromkeys(
    ("az", "abfs", "abfss", "adl"), "adlfs"
)
_DRIVERS = {"botocore", "aiobotocore", "aiohttp", "s3fs", "gcsfs", "google", "adlfs", "azure"}
_LOGIN = re.compile(r"://[^/@]*:[^/@]*@")


def is_url(place: Path | str) -> bool:
    """Whether a place is the address of a store, and no path."""
    return "://" in str(place) and not isinstance(place, Path)


class Store:
    """The folder of all versions of one release in a store.

    Args:
        url: as fsspec takes it, such as `s3://bucket/releases/analytics`.
        where: what a fault is shown beside, when the URL is no good.

    Raises:
        ConfigError: a login stands in the URL (SLADD-157), or no file system of that kind is
            installed (SLADD-158).
    """

    def __init__(self, url: str, *, where: str = "") -> None:
        from fsspec.core import url_to_fs

        if _LOGIN.search(url):
            raise ConfigError(
                "a login stands in the address of an object store",
                code=157,
                where=where,
                mend="take it out: logins come from the environment (AWS_ACCESS_KEY_ID, …)",
            )
        self.shown = url
        scheme = url.rpartition("::")[2].partition("://")[0]
        try:
            with self.faults():
                self._fs, root = url_to_fs(url)
        except (ImportError, ValueError):
            package = _PACKAGES.get(scheme)
            raise ConfigError(
                f"no file system '{scheme}' is installed",
                code=158,
                where=where,
                mend=f"pip install {package}"
                if package
                else "write s3://, gs://, az:// or a folder",
            ) from None
        # `dir::` is at its folder already, and fsspec names the folder once more.
        self._root = "" if getattr(self._fs, "path", None) == root else str(root).rstrip("/")

    def __repr__(self) -> str:
        return f"<Store {self.shown}>"

    def at(self, name: str) -> str:
        """The path of something below the folder, as the file system spells it."""
        return f"{self._root}/{name}" if self._root else name

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what a store's library raises into one line.

        Raises:
            SourceError: the store cannot be used (SLADD-291).
        """
        try:
            yield
        except (SladdError, ImportError, ValueError):
            raise
        except Exception as fault:
            if not isinstance(fault, OSError) and _home(fault) not in _DRIVERS:
                raise
            raise SourceError(
                f"the object store could not be used ({type(fault).__name__})",
                code=291,
                where=self.shown,
                mend="check the address, and the login in the environment; "
                "it must be allowed to list, read, write and delete",
            ) from None

    # ------------------------------------------------------------------ reading

    def entries(self) -> list[str]:
        """Names right below the folder; none when there is no such folder yet."""
        with self.faults():
            self._fs.invalidate_cache()
            try:
                found = self._fs.ls(self._root, detail=False)
            except FileNotFoundError:
                return []
        names = (str(path).rstrip("/").rpartition("/")[2] for path in found)
        return sorted({name for name in names if name and name != _last(self._root)})

    def current(self) -> str | None:
        """Folder name that `latest.json` names; None when nothing is published.

        Raises:
            GateError: it names something that is no version (SLADD-603).
        """
        data = self.read(LATEST_FILE)
        return None if data is None else version_named(data, self.shown)

    def read(self, name: str) -> bytes | None:
        """The bytes of a small file; None when it is not there."""
        with self.faults():
            try:
                return bytes(self._fs.cat_file(self.at(name)))
            except FileNotFoundError:
                return None

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        with self.faults():
            opened: IO[bytes] = self._fs.open(self.at(name), "rb")
        return opened

    def version(self) -> str:
        """The folder of the version that is meant: "" when the URL itself is one.

        Raises:
            GateError: there is no release (SLADD-600).
        """
        if is_version_folder(_last(self.shown.rstrip("/"))):
            return ""
        found = self.current()
        if found is None:
            raise GateError("there is no release", code=600, where=self.shown, mend="sladd publish")
        return found

    def manifest(self, version: str) -> Manifest:
        """The manifest of a version.

        Raises:
            GateError: there is none, or it is none (SLADD-600…603).
        """
        data = self.read(f"{version}/{MANIFEST}".lstrip("/"))
        if data is None:
            raise GateError("there is no release", code=600, where=self.shown, mend="sladd publish")
        return loads(data)

    def files(self, folder: str) -> dict[str, int]:
        """Files below a folder → bytes; by their name inside it."""
        with self.faults():
            self._fs.invalidate_cache()
            top = self.at(folder).rstrip("/")
            found: dict[str, dict[str, Any]] = self._fs.find(top, detail=True)
        start = len(top.lstrip("/")) + 1
        return {
            str(path).lstrip("/")[start:]: int(info.get("size") or 0)
            for path, info in sorted(found.items())
        }

    def fetch(self, version: str, into: Path, *, only: Collection[str] | None = None) -> None:
        """Copy files of a version into a folder on this machine.

        Args:
            version: its folder name; "" where the URL is the version.
            into: made when missing.
            only: names inside the version; None for all that stand there.

        Raises:
            GateError: a name would leave the folder (SLADD-603).
        """
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in self.files(version) if only is None else only:
            if not is_safe(name):
                raise GateError(
                    "a file of the release has a name that no release has",
                    code=603,
                    where=self.shown,
                    mend="sladd publish",
                )
            goal = into / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            with self.faults():
                self._fs.get_file(self.at(f"{version}/{name}".lstrip("/")), str(goal))

    # ------------------------------------------------------------------ writing

    def put(self, source: Path, name: str) -> None:
        """Copy a file of this machine into the store, and see that all of it is there.

        Raises:
            SourceError: it did not arrive whole (SLADD-294).
        """
        with self.faults():
            goal = self.at(name)
            self._fs.makedirs(goal.rpartition("/")[0], exist_ok=True)
            self._fs.put_file(str(source), goal)
            self._fs.invalidate_cache()
            arrived = int(self._fs.info(goal)["size"])
        if arrived != source.stat().st_size:
            raise SourceError(
                "a file did not arrive whole in the object store; nothing was switched",
                code=294,
                where=self.shown,
                mend="sladd publish again",
            )

    def switch(self, version: str) -> None:
        """Let `latest.json` name a version: one write, which a store does whole or not at all."""
        from fsspec.implementations.local import LocalFileSystem

        data = (json.dumps({"format": 1, "version": version}) + "\n").encode()
        with self.faults():
            goal = self.at(LATEST_FILE)
            if isinstance(getattr(self._fs, "fs", self._fs), LocalFileSystem):
                # A file is written byte by byte; a rename is whole.
                beside = self.at(f".{LATEST}.new")
                self._fs.pipe_file(beside, data)
                self._fs.mv(beside, goal)
            else:
                self._fs.pipe_file(goal, data)

    def remove(self, version: str) -> None:
        """Delete a version; without its manifest, which goes first, it is no release any more."""
        if not is_version_folder(version):
            raise ValueError("only versions are deleted")
        with self.faults():
            self._fs.invalidate_cache()
            if self._fs.exists(self.at(f"{version}/{MANIFEST}")):
                self._fs.rm_file(self.at(f"{version}/{MANIFEST}"))
            if self._fs.exists(self.at(version)):
                self._fs.rm(self.at(version), recursive=True)


@contextmanager
def at_hand(place: Path | str, *, only: Collection[str] | None = None) -> Iterator[Path]:
    """The folder of one version on this machine.

    Args:
        place: as in `resolve`, or the URL of a release in an object store; that is fetched into
            a folder for us alone, and deleted at the end.
        only: names of files that are needed, beside the manifest; None for all.

    Raises:
        GateError: there is no release (SLADD-600).
        SourceError: the store cannot be used (SLADD-291).
    """
    if not is_url(place):
        yield resolve(place)
        return
    store = Store(str(place))
    version = store.version()
    with tempfile.TemporaryDirectory(prefix="sladd-release-") as folder:
        into = Path(folder) / (version or "release")
        store.fetch(version, into, only=None if only is None else {MANIFEST, *only})
        yield resolve(into)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _home(fault: BaseException) -> str:
    return type(fault).__module__.split(".")[0]
