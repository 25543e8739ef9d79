"""What of the version that stands can be taken over, for a release and for each of its tables."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import ConfigError, GateError
from sladd.model import Needs
from sladd.pipeline.columns import TableWork, columns_read, each_giver
from sladd.pipeline.exclusions import Exclusions
from sladd.pipeline.incremental import state as states
from sladd.pipeline.incremental.digests import keys_digest, rows_digest
from sladd.pipeline.incremental.state import State, TableState
from sladd.pipeline.incremental.table import TableReuse
from sladd.pipeline.persons import Known
from sladd.policy.fingerprint import policy_sha256

if TYPE_CHECKING:
    from sladd.config import ReleaseConfig
    from sladd.keyring import MasterKey
    from sladd.model import Plan
    from sladd.pipeline.bind import Bound
    from sladd.release import Manifest, Store

Fetch = Callable[[str, Path], None]
"""Puts a file of the version that stands, by its name in the release, at a path."""

# What these make of a value does not depend on the day; of others it is not known.
_TIMELESS = frozenset(
    ("keep", "drop", "replace", "mask", "redact_text", "pseudonym", "encrypt", "format_preserving",
     "fake", "truncate_date", "bucket", "round", "top_code")
)  # fmt: skip


class Reuse:
    """One incremental publish. Holds keys: never printed."""

    def __init__(
        self, place: Path, version: str, key: bytes, digest_key: bytes, state: State, fetch: Fetch
    ) -> None:
        self._place, self._key = place, key
        self.digest_key = digest_key
        self.fetch = fetch
        self.new = states.begin(place, version)
        self.former: State | None = None
        self.former_folder = Path()
        self.state = state
        self.notes: list[str] = []
        self.tables: dict[str, TableReuse] = {}

    def __repr__(self) -> str:
        return f"<Reuse of {len(self.tables)} tables>"

    def start(self, standing: str | None, left_out: Exclusions, now: datetime) -> None:
        """Decide whether the version that stands is of use; if not, a note says why.

        Args:
            standing: folder name of that version; None when there is none.
            left_out: whose rows stay out of the new one.
            now: for a version that has outlived its date.
        """
        self.state.left_out = keys_digest(left_out.keys(), self.digest_key)
        folder = (standing or "").removeprefix("v=")
        former = states.load(self._place, folder, self._key) if folder else None
        if former is None:
            self.notes.append(
                "nothing that this key reads is known of the version that stands: everything is read"
            )
        elif former.expires and datetime.fromisoformat(former.expires) <= now:
            self.notes.append("the version that stands has expired: everything is read")
        elif former.fingerprint != self.state.fingerprint:
            self.notes.append(
                "rules, key, settings or version of sladd changed: everything is read"
            )
        elif former.left_out != self.state.left_out:
            self.notes.append("other persons are left out than before: everything is read")
        else:
            self.former, self.former_folder = former, self._place / folder

    def table(self, work: TableWork, by: str) -> TableReuse | None:
        """What of one table can be taken over; None where its rows depend on each other.

        Args:
            work: of the table.
            by: its watermark's column; "" for the content.
        """
        name = work.plan.output
        if reason := _whole(work):
            self.notes.append(f"{name}: {reason}: read whole")
            return None
        if by and not work.table.primary_key:
            self.notes.append(
                f"{name}: no primary key to go with the watermark: its content counts"
            )
            by = ""
        if not work.table.primary_key and work.rows.snapshot.partitions(work.table)[1:] == []:
            self.notes.append(f"{name}: one partition: read whole when anything in it changed")
        fingerprint = self._fingerprint(work, by)
        former = self.former.tables.get(name) if self.former else None
        if former is not None and former.fingerprint != fingerprint:
            self.notes.append(f"{name}: its columns, or names looked for in its texts, changed")
            former = None
        made = TableReuse(
            work, by, fingerprint, former, self.former_folder, self.new, self._key, self.digest_key
        )
        self.tables[name] = made
        return made

    def _fingerprint(self, work: TableWork, by: str) -> str:
        told = [
            [f.ref.column, str(f.type), f.native_type or "", f.nullable]
            for f in work.table.fields
            if f.ref.column in set(columns_read(work))
        ]
        keys = [work.table.primary_key, work.table.unique_keys, work.counted]
        text = json.dumps([told, keys, by], default=str)
        known = [
            values
            for giver in each_giver(work.givers.values())
            if isinstance(giver, Known)
            for values in (giver.keys, *(held for _, held in giver.values))
        ]
        return rows_digest([k for k in known if k is not None], self.digest_key) + text

    def remember(self, name: str, table: TableState) -> None:
        """Keep what is known of a finished table, for the next time."""
        self.state.tables[name] = table

    def commit(self, manifest: Manifest) -> None:
        """Keep the state of the version that was just switched to."""
        self.state.expires = manifest.expires.isoformat() if manifest.expires else ""
        states.commit(self.new, self.state, self._key)

    def clear(self) -> None:
        """Remove what was not committed."""
        shutil.rmtree(self.new, ignore_errors=True)

    def summary(self) -> dict[str, object]:
        """Counts, and why something was read anew."""
        tables = self.tables.values()
        return {
            "partitions": sum(t.kept for t in tables),
            "of_partitions": sum(t.partitions for t in tables),
            "files": sum(t.linked for t in tables),
            "of_files": sum(t.files for t in tables),
            "notes": list(self.notes),
        }


def _whole(work: TableWork) -> str:
    """Why a table has to be read whole; "" when its rows can be taken one by one."""
    if work.rows.sample is not None:
        return "who is in the sample is known from other tables"
    for planned in (one for f in work.plan.fields for one in (f, *f.parts)):
        if not planned.output:
            continue
        transform = work.transforms[planned.transform]
        spec = transform.SPEC
        alone = spec.needs in {Needs.COLUMN, Needs.ROW} and not hasattr(transform, "fit")
        if not spec.deterministic or not alone:
            return f"{planned.transform} of {planned.field.column} looks beyond the row"
    return ""


def open_reuse(
    bound: Bound,
    made: Plan,
    release: ReleaseConfig,
    master: MasterKey,
    *,
    version: str,
    store: Store | None,
) -> tuple[Reuse | None, str | None, str]:
    """Prepare an incremental publish.

    Returns:
        It, the folder name of the version that stands, and "" or why it is impossible.

    Raises:
        ConfigError: `incremental` names a table or column that is not there (SLADD-159).
    """
    _check(made, release)
    if getattr(release, "vault", None) is not None:
        return None, None, "tokens of the vault may have been deleted: everything is read"
    key = master.derive(made.domain, "sladd/incremental/state").reveal()
    digest_key = master.derive(made.domain, "sladd/incremental/digest").reveal()
    target = bound.config.folder_of(made.release)
    standing = store.current() if store is not None else _standing(target)

    def fetch(path: str, goal: Path) -> None:
        if store is None:
            states.link_or_copy(target / str(standing) / path, goal)
        else:
            store.fetch(f"{standing}/{path.rpartition('/')[0]}", goal.parent, only=[goal.name])

    state = State(_release_fingerprint(bound, made, release, master), "")
    place = bound.config.path(f".sladd/incremental/{made.release}")
    return Reuse(place, version, key, digest_key, state, fetch), standing, ""


def _standing(target: Path) -> str | None:
    from sladd.release import current_version

    try:
        return current_version(target) if target.is_dir() else None
    except GateError:
        return None


def _check(made: Plan, release: ReleaseConfig) -> None:
    """The watermarks of the configuration name columns of the plan."""
    known = {str(t.table): {f.field.column for f in t.fields} for t in made.tables}
    for address, one in release.incremental.items():
        if one.by not in known.get(address, ()):
            raise ConfigError(
                f"incremental names a column that is not there: {address}.{one.by}",
                code=159,
                where=f"sladd.yaml, releases.{made.release}",
                mend="sladd findings --all",
            )


def _release_fingerprint(
    bound: Bound, made: Plan, release: ReleaseConfig, master: MasterKey
) -> str:
    """All but the source that decides what a row becomes."""
    fields = [one for t in made.tables for f in t.fields for one in (f, *f.parts) if one.output]
    used = {field.transform for field in fields}
    policy = policy_sha256(
        kind=made.kind,
        domain=made.domain,
        key_version=made.key_version,
        as_of="" if used <= _TIMELESS else made.as_of.isoformat(),
        buckets=release.buckets,
        tables=made.tables,
        entities=made.entities,
        specs={name: transform.SPEC for name, transform in bound.transforms.items()},
    )
    written_by = [
        bound.ruleset,
        pa.__version__,
    ]  # sladd's version, what finds texts; the files
    return json.dumps([policy, master.key_id, written_by, release.leave_out])
