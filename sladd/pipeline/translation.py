"""A table from the pseudonyms of one key version to those of another, made once and destroyed.

It is for those who have to carry on what they built on the old pseudonyms. Whoever has it and
one of the releases links both, so it is kept like a key.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sladd.errors import KeyringError, PlanError
from sladd.keyring import check_place
from sladd.keyring.places import check_directory
from sladd.model import FieldPlan, Needs, Plan, Progress, StorageType
from sladd.pipeline.bind import Bound
from sladd.pipeline.discover import silent
from sladd.pipeline.planning import make_plan
from sladd.pipeline.rederive import fields_of, streamed

MADE, DESTROYED = "translation made", "translation destroyed"
SCHEMA = pa.schema([(name, pa.string()) for name in ("columns", "type", "transform", "old", "new")])
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Translation:
    """A table that was made and not yet destroyed. Names and counts."""

    release: str
    path: str
    old: int
    new: int
    rows: int
    expires: str

    def overdue(self, now: datetime) -> bool:
        """Whether it should be gone by now, and is not."""
        return now >= datetime.fromisoformat(self.expires) and Path(self.path).exists()


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One way in which pseudonyms of the release are made."""

    planned: FieldPlan
    columns: str


def translate(
    bound: Bound,
    name: str,
    *,
    old: int,
    new: int,
    path: Path,
    by: str,
    reason: str,
    days: int = 30,
    tell: Progress = silent,
    now: datetime | None = None,
) -> Translation:
    """Write the table: read the source, and make each value's pseudonym under both versions.

    Args:
        bound: the configuration.
        name: of the release.
        old: version of the key that made the pseudonyms which are there.
        new: version that makes the next ones.
        path: a new file; it is made with mode 0600.
        by: who makes it.
        reason: why, without personal data.
        days: after which it has to be destroyed.
        tell: progress.
        now: the clock; default: the real one.

    Raises:
        KeyringError: a version is not there (SLADD-411), the place is unsafe (405…407), or there
            is such a table already (420).
        PlanError: no column of the release changes with the key (SLADD-345).
    """
    check_place(path, _targets(bound), what="translation table")
    check_directory(path, what="translation table")
    for known in open_translations(bound):
        if (known.release, known.old, known.new) == (name, old, new):
            raise KeyringError(
                "there is such a table already",
                code=420,
                where=known.path,
                mend=f"sladd keys translate --destroy {known.path}",
            )
    plan = make_plan(bound, name)
    ways = _ways(bound, plan)
    if not ways:
        raise PlanError(
            "no column of the release changes with the key",
            code=345,
            where=f"sladd.yaml, releases.{name}",
            mend="nothing has to be translated; tokens of a vault stay as they are",
        )
    with _folder(path) as folder:
        _write_pairs(bound, plan, ways, (old, new), folder, tell)
        rows = _without_repeats(folder, path)
    made = Translation(
        release=name,
        path=str(path.resolve()),
        old=old,
        new=new,
        rows=rows,
        expires=((now or datetime.now(UTC)) + timedelta(days=days)).isoformat(timespec="seconds"),
    )
    detail = {
        "path": made.path, "from": old, "to": new, "rows": rows, "expires": made.expires,
        "reason": reason,
    }  # fmt: skip
    try:
        bound.catalog.audit.append(MADE, name, by, detail)
    except BaseException:
        shred(path)  # what is not written down is not kept
        raise
    return made


def destroy(bound: Bound, path: Path, *, by: str) -> str:
    """Overwrite and remove a table; the release it was of, "" where the trail does not know it.

    Raises:
        KeyringError: the file is no translation table (SLADD-421).
    """
    try:
        fits = pq.read_schema(path).names == SCHEMA.names and not path.is_symlink()
    except (OSError, pa.ArrowException):
        fits = False
    if not fits:
        raise KeyringError(
            "the file is no translation table, or is gone",
            code=421,
            where=str(path),
            mend="name the file that sladd keys translate wrote",
        )
    whole = str(path.resolve())
    release = next((each.release for each in open_translations(bound) if each.path == whole), "")
    shred(path)
    bound.catalog.audit.append(DESTROYED, release or "translation", by, {"path": whole})
    return release


def open_translations(bound: Bound) -> list[Translation]:
    """Tables that were made and, as far as the audit trail knows, not destroyed."""
    found: dict[str, Translation] = {}
    for entry in bound.catalog.audit.entries():
        if entry.action == MADE:
            found[str(entry.detail["path"])] = Translation(
                release=entry.subject,
                path=str(entry.detail["path"]),
                old=int(entry.detail["from"]),
                new=int(entry.detail["to"]),
                rows=int(entry.detail["rows"]),
                expires=str(entry.detail["expires"]),
            )
        elif entry.action == DESTROYED:
            found.pop(str(entry.detail["path"]), None)
    return [each for each in found.values() if Path(each.path).exists()]


def shred(path: Path) -> None:
    """Overwrite a file with random bytes, and remove it.

    Copies that a file system or a disk keeps of its own accord (snapshots, wear levelling) are
    out of reach from here.
    """
    with path.open("r+b", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(secrets.token_bytes(min(left, _BLOCK)))
        os.fsync(file.fileno())
        file.truncate(0)
    path.unlink()


def _targets(bound: Bound) -> list[Path]:
    return [bound.config.folder_of(release) for release in bound.config.releases]


def _ways(bound: Bound, plan: Plan) -> list[_Way]:
    """The columns whose values change with the key, by how they are made."""
    groups: dict[str, list[tuple[FieldPlan, str]]] = {}
    for table in plan.tables:
        for top, planned in ((t, one) for t in table.fields for one in t.each()):
            spec = bound.transforms[planned.transform].SPEC
            column = spec.keyed and spec.joinable and spec.needs is Needs.COLUMN
            if planned.output and column and planned.parameters.get("tokens") != "vault":
                same = [planned.transform, planned.key_type, dict(planned.parameters)]
                key = json.dumps(same, sort_keys=True, default=str)
                name = planned.output if planned is top else f"{top.output}.{planned.output}"
                groups.setdefault(key, []).append((planned, f"{table.output}.{name}"))
    return [
        _Way(group[0][0], ", ".join(sorted(name for _, name in group))) for group in groups.values()
    ]


def _write_pairs(
    bound: Bound,
    plan: Plan,
    ways: Sequence[_Way],
    versions: tuple[int, int],
    folder: Path,
    tell: Progress,
) -> None:
    """Parts with repeats, in the folder."""
    both = [{way: _worker(bound, plan, way, version) for way in ways} for version in versions]
    by_field: dict[str, list[_Way]] = {}
    fields: dict[str, FieldPlan] = {}
    for way in ways:
        for found in fields_of(plan, way.planned.key_type):
            fields[str(found.field)] = found
            by_field.setdefault(str(found.field), []).append(way)
    with pq.ParquetWriter(folder / "pairs.parquet", SCHEMA) as writer:
        for planned, texts in streamed(bound, list(fields.values()), tell=tell):
            for way in by_field[str(planned.field)]:
                old, new = both[0][way](texts), both[1][way](texts)
                same = [way.columns, way.planned.key_type, way.planned.transform]
                constant = [pa.repeat(pa.scalar(text), len(texts)) for text in same]
                pairs = pa.RecordBatch.from_arrays([*constant, old, new], schema=SCHEMA)
                writer.write_batch(pairs.filter(pc.is_valid(old)))


def _worker(bound: Bound, plan: Plan, way: _Way, version: int) -> Any:
    """What makes pseudonyms of texts under one version of the key."""
    from transforms.contract import context_of

    master = bound.keyring.master(bound.config.releases[plan.release].key, version)
    context = context_of(replace(plan, key_version=version), way.planned, master=master)
    context = replace(context, storage=StorageType.STRING)
    transform = bound.transforms[way.planned.transform]
    return lambda texts: transform.apply(texts, context).cast(pa.string())


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """A folder beside the table that only we can read; nothing of it is left behind."""
    folder = Path(tempfile.mkdtemp(dir=path.resolve().parent, prefix=".translation-"))
    try:
        yield folder
    finally:
        for part in folder.iterdir():
            shred(part)
        shutil.rmtree(folder)


def _without_repeats(folder: Path, path: Path) -> int:
    """The pairs, each once and in order, as the new file; how many there are."""
    import duckdb

    whole = folder / "table.parquet"
    # Its directory is closed to others; so is the file, once it stands outside.
    with duckdb.connect(config={"temp_directory": str(folder), "threads": 1}) as opened:
        opened.execute(
            "COPY (SELECT DISTINCT * FROM read_parquet($1) ORDER BY ALL) TO "
            f"'{str(whole).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)",
            [str(folder / "pairs.parquet")],
        )
    whole.chmod(0o600)
    try:
        os.link(whole, path)  # unlike a rename, it never replaces what is there
    except OSError as fault:
        raise KeyringError(
            f"the translation table cannot be written: {fault.strerror}",
            code=422,
            where=str(path),
            mend="name a new file with -o",
        ) from None
    whole.unlink()
    return int(pq.read_metadata(path).num_rows)
