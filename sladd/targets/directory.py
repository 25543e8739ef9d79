"""A release in a directory: staging, the switch, and what is cleared away.

`<to>/.staging-<version>/` is filled, renamed to `<to>/v=<version>/` and then named by the link
`<to>/latest`. The link is the only switch: whoever dies at whatever moment leaves the old
version or the new one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sladd.release import (
    Manifest,
    ReleaseFile,
    dump_public_key,
    dumps,
    fingerprint,
    loads,
    sign,
    version_folder,
)
from sladd.release.paths import (
    ANONYMISATION,
    DATABASE,
    DICTIONARY,
    MANIFEST,
    PUBLIC_KEY,
    REPORT,
    SIGNATURE,
    table_folder,
)
from sladd.targets.anonymity import anonymisation_html
from sladd.targets.csv_files import write_csv
from sladd.targets.database import build_database
from sladd.targets.dictionary import dictionary_csv
from sladd.targets.faults import full, target_faults
from sladd.targets.lock import Lock
from sladd.targets.parquet import FinishedTable, write_table
from sladd.targets.parts import write_part
from sladd.targets.report import report_html
from sladd.targets.versions import RUN, STAGING, clear, refuse_foreign, remove, switch, sync

_PARTS = ".parts"
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
        self.path = to / f"{STAGING}{version}"
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
            refuse_foreign(to)
            lock = Lock(to)
            try:
                staging = cls(to, version, lock)
                for entry in to.glob(f"{STAGING}*"):
                    if entry != staging.path:
                        remove(entry)
                if shutil.disk_usage(to).free < max(expected_bytes, _MIN_FREE_BYTES):
                    raise full(to)
                staging.path.mkdir(mode=0o700, exist_ok=True)
                (staging.path / RUN).write_text(json.dumps(dict(run or {}), sort_keys=True))
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
        remove(self.path)
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
        """Write the reports anew, for what the gate has said meanwhile; returns their hashes with it.

        That of the anonymisation is written where the manifest holds the three tests.
        """
        with target_faults(self.to):
            pages = {REPORT: report_html(manifest), ANONYMISATION: anonymisation_html(manifest)}
            written = {name: page for name, page in pages.items() if page is not None}
            for name, page in written.items():
                (self.path / name).write_text(page, encoding="utf-8", newline="\n")
            others = tuple(file for file in manifest.files if file.path not in pages)
            files = (*others, *(_hashed(self.path, name) for name in written))
        return manifest.model_copy(update={"files": files})

    def write_manifest(self, manifest: Manifest, key: Ed25519PrivateKey) -> None:
        """Write manifest, signature and public key; the gate can read the folder from here on."""
        manifest = manifest.model_copy(update={"signed_by": fingerprint(key.public_key())})
        data = dumps(manifest)
        loads(data)  # what we could not read again must not be published
        with target_faults(self.to):
            # Only what the manifest answers for goes out.
            remove(self.path / _PARTS)
            remove(self.path / RUN)
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
                    sync(entry)
                step("rename")
                self.path.rename(final)
                sync(self.to)
                step("switch")
                try:
                    switch(self.to, final.name)
                except OSError:
                    remove(final)
                    raise
                step("clear")
        except Exception:
            self.abort()
            raise
        # The switch is done: what fails from here on is cleaned up by the next publish.
        clear(self.to, manifest.release, keep=keep_versions, published=final.name)
        step("unlock")
        self._lock.release()
        return final


def _hashed(folder: Path, name: str) -> ReleaseFile:
    with (folder / name).open("rb") as file:
        return ReleaseFile(path=name, sha256=hashlib.file_digest(file, "sha256").hexdigest())
