"""A release in a directory: staging, the switch, and what is cleared away.

`<to>/.staging-<version>/` is filled, renamed to `<to>/v=<version>/` and then named by the link
`<to>/latest`. The link is the only switch: whoever dies at whatever moment leaves the old
version or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sladd.errors import SladdError, SourceError
from sladd.release import (
    Manifest,
    ReleaseFile,
    current_version,
    dump_public_key,
    dumps,
    fingerprint,
    loads,
    sign,
    version_folder,
)
from sladd.release.paths import (
    DATABASE,
    DICTIONARY,
    LATEST,
    LATEST_FILE,
    MANIFEST,
    PUBLIC_KEY,
    REPORT,
    SIGNATURE,
    is_version_folder,
    table_folder,
)
from sladd.targets.csv_files import write_csv
from sladd.targets.database import build_database
from sladd.targets.dictionary import dictionary_csv
from sladd.targets.faults import full, target_faults
from sladd.targets.lock import Lock
from sladd.targets.parquet import FinishedTable, write_table
from sladd.targets.parts import write_part
from sladd.targets.report import report_html

_STAGING = ".staging-"
_PARTS = ".parts"
_RUN = ".run.json"
_MIN_FREE_BYTES = 16 * 1024 * 1024  # less than that and not even an empty database fits

Step = Callable[[str], None]
"""Told before each step of `Staging.publish`, by name."""


def no_step(_: str) -> None:
    """For callers that want to be told nothing."""


class Staging:
    """The one writer of a target, from `begin` to `publish` or `abort`.

    As a context manager: an error removes what was staged. An interruption (Ctrl-C, a kill)
    leaves it, so that `begin` with the same version goes on with the parts that were finished.
    """

    def __init__(self, to: Path, version: str, lock: Lock) -> None:
        self.to = to
        self.version = version
        self.path = to / f"{_STAGING}{version}"
        self._lock = lock

    @classmethod
    def begin(
        cls,
        to: Path,
        version: str,
        *,
        run: Mapping[str, str] | None = None,
        expected_bytes: int = 0,
    ) -> Self:
        """Lock a target and open staging for one version.

        Args:
            to: the target folder; made when missing.
            version: from `release.version_id`. Staging of another version is of a dead process
                and is removed; staging of this one is taken up again.
            run: what `unfinished` tells of this run later: hashes and ids, never values.
            expected_bytes: rough size of what will be written.

        Raises:
            SourceError: another publish is running (SLADD-280), the disk is full (SLADD-281),
                the folder cannot be written (SLADD-282) or holds something else (SLADD-283).
        """
        with target_faults(to):
            to.mkdir(parents=True, exist_ok=True)
            _refuse_foreign(to)
            lock = Lock(to)
            try:
                staging = cls(to, version, lock)
                for entry in to.glob(f"{_STAGING}*"):
                    if entry != staging.path:
                        _remove(entry)
                if shutil.disk_usage(to).free < max(expected_bytes, _MIN_FREE_BYTES):
                    raise full(to)
                staging.path.mkdir(mode=0o700, exist_ok=True)
                (staging.path / _RUN).write_text(json.dumps(dict(run or {}), sort_keys=True))
            except BaseException:
                lock.release()
                raise
        return staging

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, Exception):
            self.abort()
        else:
            self._lock.release()

    def abort(self) -> None:
        """Remove what was staged and let the next publish in. After `publish`: nothing."""
        _remove(self.path)
        self._lock.release()

    # ----------------------------------------------------------------------- tables

    def part_path(self, table: str, partition: int) -> Path:
        """Where the part of one partition belongs; workers in other processes write there."""
        return self.path / _PARTS / table_folder(table) / f"{partition:06d}.arrow"

    def write_part(
        self, path: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema
    ) -> tuple[int, int]:
        """`parts.write_part`, with the faults of the disk as one line."""
        with target_faults(self.to):
            return write_part(path, batches, schema)

    def finish_table(
        self,
        name: str,
        parts: Sequence[Path],
        schema: pa.Schema,
        *,
        key_columns: Sequence[str] = (),
        casts: Mapping[str, pa.DataType] | None = None,
        buckets: int | None = None,
        only: frozenset[int] | None = None,
    ) -> FinishedTable:
        """Put the parts of a table in order and write its files; see `parquet.write_table`."""
        with target_faults(self.to):
            finished = write_table(
                self.path,
                name,
                parts,
                schema,
                key_columns=key_columns,
                casts=casts,
                buckets=buckets,
                only=only,
            )
            shutil.rmtree(self.path / _PARTS / table_folder(name), ignore_errors=True)
        return finished

    # ----------------------------------------------------------------------- documents

    def write_csv(self, draft: Manifest) -> Manifest:
        """Write a CSV file for each table; returns the draft with them."""
        with target_faults(self.to):
            return write_csv(self.path, draft)

    def write_documents(self, draft: Manifest) -> Manifest:
        """Write database, dictionary and report.

        Args:
            draft: complete but for these files and `gate`.

        Returns:
            The draft with the hashes of these three beside the files that it names already.
        """
        with target_faults(self.to):
            build_database(self.path, draft)
            (self.path / DICTIONARY).write_bytes(dictionary_csv(draft))
            files = tuple(_hashed(self.path, name) for name in (DATABASE, DICTIONARY))
        named = (*files, *draft.files)
        return self.write_report(draft.model_copy(update={"files": named}))

    def write_report(self, manifest: Manifest) -> Manifest:
        """Write the report anew, for what the gate has said meanwhile; returns its hash with it."""
        with target_faults(self.to):
            page = report_html(manifest)
            (self.path / REPORT).write_text(page, encoding="utf-8", newline="\n")
            others = tuple(file for file in manifest.files if file.path != REPORT)
            files = (*others, _hashed(self.path, REPORT))
        return manifest.model_copy(update={"files": files})

    def write_manifest(self, manifest: Manifest, key: Ed25519PrivateKey) -> None:
        """Write manifest, signature and public key; the gate can read the folder from here on."""
        manifest = manifest.model_copy(update={"signed_by": fingerprint(key.public_key())})
        data = dumps(manifest)
        loads(data)  # what we could not read again must not be published
        with target_faults(self.to):
            # Only what the manifest answers for goes out.
            _remove(self.path / _PARTS)
            _remove(self.path / _RUN)
            (self.path / PUBLIC_KEY).write_bytes(dump_public_key(key.public_key()))
            (self.path / SIGNATURE).write_bytes(sign(data, key))
            (self.path / MANIFEST).write_bytes(data)

    # ----------------------------------------------------------------------- switch

    def publish(
        self,
        manifest: Manifest,
        *,
        key: Ed25519PrivateKey,
        keep_versions: int = 2,
        step: Step = no_step,
    ) -> Path:
        """Sign, switch `latest`, delete versions beyond `keep_versions`, unlock.

        Args:
            manifest: from `write_documents`, with what the gate said.
            key: signs it.
            keep_versions: versions that stay, the new one included.
            step: told before each step.

        Returns:
            The folder of the new version.

        Raises:
            SourceError: the disk is full or cannot be written (SLADD-281, 282). The old version
                stands and staging is removed.
        """
        final = self.to / version_folder(self.version)
        try:
            with target_faults(self.to):
                step("manifest")
                self.write_manifest(self.write_report(manifest), key)
                step("sync")
                # Staging was for us alone; the release is for whoever may read the target.
                mode = self.to.stat().st_mode & 0o777
                for entry in (self.path, *self.path.rglob("*")):
                    entry.chmod(mode if entry.is_dir() else mode & 0o666)
                    _sync(entry)
                step("rename")
                self.path.rename(final)
                _sync(self.to)
                step("switch")
                try:
                    _switch(self.to, final.name)
                except OSError:
                    _remove(final)
                    raise
                step("clear")
        except Exception:
            self.abort()
            raise
        # The switch is done: what fails from here on is cleaned up by the next publish.
        _clear(self.to, manifest.release, keep=keep_versions, published=final.name)
        step("unlock")
        self._lock.release()
        return final


def unfinished(to: Path) -> Mapping[str, Mapping[str, str]]:
    """Versions that were interrupted, with the `run` they began with; newest last."""
    found: dict[str, Mapping[str, str]] = {}
    for entry in sorted(to.glob(f"{_STAGING}*")):
        with suppress(OSError, ValueError):
            run = json.loads((entry / _RUN).read_bytes())
            if isinstance(run, dict):
                found[entry.name.removeprefix(_STAGING)] = {k: str(v) for k, v in run.items()}
    return found


def _refuse_foreign(to: Path) -> None:
    """Stop when the folder is something else than a target: a project, a home directory."""
    entries = {entry.name for entry in to.iterdir() if not entry.name.startswith(".")}
    ours = {name for name in entries if is_version_folder(name)} | {LATEST, LATEST_FILE}
    if entries and not entries & ours:
        raise SourceError(
            "the folder holds other things than releases",
            code=283,
            where=to.name,
            mend="name an empty or a new folder in `to:` of the release",
        )


def _hashed(folder: Path, name: str) -> ReleaseFile:
    with (folder / name).open("rb") as file:
        return ReleaseFile(path=name, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _switch(to: Path, folder: str) -> None:
    """Let `latest` name `folder`, in one rename."""
    temporary = to / f".{LATEST}.new"
    _remove(temporary)
    try:
        temporary.symlink_to(folder, target_is_directory=True)
    except (OSError, NotImplementedError):
        # FAT, some network shares, Windows without the right: a file says the same.
        temporary.write_text(json.dumps({"format": 1, "version": folder}) + "\n")
        _sync(temporary)
        temporary.replace(to / LATEST_FILE)
    else:
        temporary.replace(to / LATEST)
        _remove(to / LATEST_FILE)
    _sync(to)


def _clear(to: Path, release: str, *, keep: int, published: str) -> None:
    """Delete old versions: of this release, readable as such, and never the published one."""
    try:
        current = current_version(to)
    except SladdError:
        return
    ours = []
    for entry in to.iterdir():
        if not is_version_folder(entry.name) or entry.is_symlink() or not entry.is_dir():
            continue
        with suppress(OSError, SladdError):
            if loads((entry / MANIFEST).read_bytes()).release == release:
                ours.append(entry)
    old = sorted(
        (entry for entry in ours if entry.name not in {published, current}),
        key=lambda entry: entry.name,
        reverse=True,
    )
    for entry in old[max(keep, 1) - 1 :]:
        # Without its manifest it is no release any more, even if the deletion is interrupted.
        with suppress(OSError):
            (entry / MANIFEST).unlink()
        _remove(entry)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        with suppress(OSError):
            path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
