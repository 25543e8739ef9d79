"""What an incremental publish remembers of the one before. All of it is sealed.

`<place>/<version>/` (0700) holds `state`, and for each partition that had rows its rows as they
went out (`0001.part`) and digests of its keys (`0001.keys`): nothing there can be read without
the key that made the pseudonyms.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sladd.pipeline.incremental.sealed import Broken, seal, unseal

FORMAT = 3
STATE = "state"
_NEW = ".new-"


@dataclass(frozen=True, slots=True)
class PartState:
    """One partition as it was. Sealed: `id` may hold keys of rows.

    Attributes:
        id: of the range or file.
        digest: of its content, or of its keys and watermarks.
        file: number of its sealed files; "" where no row came out.
        guesses: types that columns of text could have.
        empties: NULL and empty texts, by column.
        keys: counted keys, and how many rows had a whole one, before and after.
    """

    id: str
    digest: str
    file: str
    rows_in: int
    rows_out: int
    counts: Mapping[str, int] = field(default_factory=dict)
    guesses: Mapping[str, Any] = field(default_factory=dict)
    empties: Mapping[str, list[int]] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileState:
    """One Parquet file of the release that stands."""

    path: str
    sha256: str
    rows: int
    nulls: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TableState:
    """One table as it went out.

    Attributes:
        fingerprint: of its shape in the source and of what its rows depend on elsewhere.
        cuts: keys at which the partitions of a database table begin.
        buckets: files it was cut into.
        schema: of the Parquet files, in Arrow's own serialisation, hexadecimal.
    """

    fingerprint: str
    cuts: list[int]
    buckets: int
    schema: str
    parts: list[PartState]
    files: list[FileState]


@dataclass(slots=True)
class State:
    """Of one version of one release."""

    fingerprint: str
    left_out: str
    expires: str = ""
    tables: dict[str, TableState] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<State of {len(self.tables)} tables>"


def load(place: Path, version: str, key: bytes) -> State | None:
    """The state that belongs to a version; None when there is none that can be read."""
    held = io.BytesIO()
    try:
        unseal(place / version / STATE, held, key)
        raw = json.loads(held.getvalue())
        if raw.pop("format") != FORMAT:
            return None
        tables = {name: _table(table) for name, table in raw.pop("tables").items()}
        return State(**raw, tables=tables)
    except (OSError, Broken, ValueError, KeyError, TypeError):
        return None


def _table(raw: dict[str, Any]) -> TableState:
    parts = [PartState(**part) for part in raw.pop("parts")]
    files = [FileState(**file) for file in raw.pop("files")]
    return TableState(**raw, parts=parts, files=files)


def begin(place: Path, version: str) -> Path:
    """A folder for the next state; what a dead publish left goes."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for entry in place.glob(f"{_NEW}*"):
        shutil.rmtree(entry, ignore_errors=True)
    new = place / f"{_NEW}{version}"
    new.mkdir(mode=0o700)
    return new


def commit(new: Path, state: State, key: bytes) -> None:
    """Seal the state, and delete the ones before it: their version stands no more."""
    data = {"format": FORMAT, **asdict(state)}
    seal(io.BytesIO(json.dumps(data).encode()), new / STATE, key)
    final = new.with_name(new.name.removeprefix(_NEW))
    new.rename(final)
    for entry in final.parent.iterdir():
        if entry != final:
            shutil.rmtree(entry, ignore_errors=True)


def link_or_copy(source: Path, goal: Path) -> None:
    """The same file under another name, without a second copy where the disk can do that."""
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):
        goal.unlink()
    try:
        os.link(source, goal)
    except OSError:
        shutil.copyfile(source, goal)
        goal.chmod(0o600)
