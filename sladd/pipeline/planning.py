"""From the catalog to a plan: what was found and decided, put to the policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from sladd import policy
from sladd.config import ReleaseConfig
from sladd.errors import (
    ConfigError,
    KeyringError,
    PlanError,
    SladdError,
    SourceError,
    raise_all,
)
from sladd.model import Entity, Plan, TableScan
from sladd.pipeline.bind import Bound
from sladd.pipeline.entities import entities, person_paths
from sladd.pipeline.links import applied, decided_links
from sladd.pipeline.reach import reach_notes, with_reach
from sladd.pipeline.residual import residual_risk


def release_named(bound: Bound, name: str) -> ReleaseConfig:
    """The configuration of a release.

    Raises:
        ConfigError: there is no such release (SLADD-136).
    """
    release = bound.config.releases.get(name)
    if release is None:
        known = list(bound.config.releases)
        close = get_close_matches(name, known, n=1)
        raise ConfigError(
            f"there is no release '{name}'",
            code=136,
            where="sladd.yaml, releases",
            mend=f"did you mean '{close[0]}'?"
            if close
            else f"known: {', '.join(known) or 'none yet'}",
        )
    return release


def make_plan(bound: Bound, name: str, *, now: datetime | None = None) -> Plan:
    """The plan of one release, from the last scans. Opens no source and moves nothing.

    Raises:
        ConfigError: there is no such release (SLADD-136).
        PlanError: a source was never scanned (SLADD-309), or the rules have faults (31x).
    """
    release = release_named(bound, name)
    tables, known = _known(bound, release)
    as_of = release.as_of
    if not isinstance(as_of, date):
        as_of = (now or datetime.now(UTC)).date()
    made = policy.plan(
        release=name,
        config=release,
        tables=tables,
        entities=known,
        specs={name: transform.SPEC for name, transform in bound.transforms.items()},
        taxonomy=bound.taxonomy,
        as_of=as_of,
        key_version=_key_version(bound, release.key),
        # Where every plan is approved as a whole, a new field is read with the rest of it.
        approved=None if release.approval else bound.catalog.plans.approved_fields(name),
    )
    return with_reach(bound, made, [table.table for table in tables])


def role_rows(bound: Bound, name: str, *, language: str = "en") -> list[dict[str, Any]]:
    """The role of every column of a release: proposed, decided, and why.

    Raises:
        ConfigError: there is no such release (SLADD-136), or it is not anonymised (SLADD-182).
        PlanError: a source was never scanned (SLADD-309).
    """
    release = release_named(bound, name)
    if release.kind != "anonymised":
        raise ConfigError(
            "columns have roles in anonymised releases alone",
            code=182,
            where=f"sladd.yaml, releases.{name}",
            mend="kind: anonymised",
        )
    tables, known = _known(bound, release)
    return policy.role_rows(tables, known, bound.taxonomy, release.roles, language)


def _known(
    bound: Bound, release: ReleaseConfig
) -> tuple[list[policy.PolicyTable], tuple[Entity, ...]]:
    """The tables of a release with scans and verdicts, and what their keys identify."""
    decided = decided_links(bound)
    scans = [
        replace(scan, table=applied(scan.table, decided)) for scan in _scans(bound, release.from_)
    ]
    verdicts = {f.address: f.verdict for f in bound.catalog.fields.all() if f.verdict is not None}
    paths = _person_paths(bound, scans)
    # A nested field of a JSON text goes with its column, which is what can be written.
    tables = [
        policy.policy_table(
            scan.table,
            scan,
            verdicts,
            person_path=paths.get(str(scan.table.ref), scan.person_path),
            parts=False,
        )
        for scan in scans
    ]
    return tables, entities([scan.table for scan in scans], bound.config.entities)


def _person_paths(bound: Bound, scans: Sequence[TableScan]) -> dict[str, tuple[str, ...]]:
    """The ways to the persons over all sources of the release; a scan knows those of its own."""
    from detectors.columns.linked import is_person_table, unlinked

    sources = {scan.table.ref.source for scan in scans}
    persons = {scan.table.ref for scan in scans if is_person_table(unlinked(scan))}
    configured = {t: c for t, c in bound.person_links().items() if t.split("/", 1)[0] in sources}
    tables = [scan.table for scan in scans]
    return person_paths(tables, persons, configured, bound.config.entities)


def _scans(bound: Bound, sources: Sequence[str]) -> list[TableScan]:
    found: list[TableScan] = []
    errors: list[SladdError] = []
    for source in sources:
        scans = bound.catalog.tables.all(source)
        if not scans:
            errors.append(
                PlanError(
                    "the source was never scanned",
                    code=309,
                    where=source,
                    mend=f"sladd discover {source}",
                )
            )
        found += scans
    raise_all(errors)
    return found


def _key_version(bound: Bound, name: str) -> int:
    """The newest version of the key; 1 before there is a key, so that a plan can be read."""
    try:
        return max(bound.keyring.versions(name))
    except KeyringError:
        return 1


def notes(bound: Bound, made: Plan) -> list[str]:
    """What a reader of the plan should know beside the fields."""
    release = bound.config.releases[made.release]
    found = list(made.warnings)
    for source in release.from_:
        missed = [m for m in bound.catalog.scans.not_scanned(source) if " · " not in m.where]
        if missed:
            found.append(
                f"{source}: {len(missed)} tables or files were not scanned and stay out"
                " · sladd discover"
            )
    found += reach_notes(bound, made)
    if risk := residual_risk(bound, made):
        found.append(risk["statement"]["en"])
    found += _hanging(made.release, release)
    return found


def _hanging(name: str, release: ReleaseConfig) -> list[str]:
    """What hangs on the schema that the release would replace, or that it cannot be asked."""
    if release.schema_ is None:
        return []
    from sladd.targets.schemas import open_schema

    try:
        with open_schema(
            release.to, release.schema_, where=f"sladd.yaml, releases.{name}"
        ) as schema:
            return [f"publishing would break {what}; drop it first" for what in schema.obstacles()]
    except SourceError as fault:
        return [f"the target could not be asked what hangs on it: {fault}"]
