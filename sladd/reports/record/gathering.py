"""The record collected: what was filled in, beside what the scans know now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sladd.catalog import Catalog
from sladd.config import Config
from sladd.model import Activity, Basis, Category, SavedActivity
from sladd.reports.discovery import gather as gather_discovery
from sladd.reports.facts import Discovery, FieldFacts, Outline
from sladd.reports.record.facts import (
    ACTIVITY_PARTS,
    VAGUE,
    ActivityFacts,
    Record,
    RecordOutline,
    Uncovered,
    categories_of,
)
from sladd.reports.record.notice import read_notice
from sladd.reports.record.suggestions import dpv_purposes
from sladd.taxonomy import Taxonomy


def gather(
    catalog: Catalog, taxonomy: Taxonomy, config: Config, discovery: Discovery | None = None
) -> Record:
    """Collect what was filled in and what is known.

    Args:
        catalog: of the sources.
        taxonomy: for what categories mean.
        config: names the organisation, its notice and its sources.
        discovery: what is known of the sources, where it was collected already.

    Raises:
        ConfigError: the privacy notice cannot be read (SLADD-922), or names a category that
            there is not (SLADD-110).
    """
    discovery = discovery or gather_discovery(catalog, taxonomy, config)
    return Record(discovery=discovery, **_filled_in(catalog, taxonomy, config, discovery))


def gather_narrowly(
    catalog: Catalog, taxonomy: Taxonomy, config: Config, outline: Outline
) -> RecordOutline:
    """As `gather`, beside an outline of what is known."""
    return RecordOutline(discovery=outline, **_filled_in(catalog, taxonomy, config, outline))


def _filled_in(
    catalog: Catalog, taxonomy: Taxonomy, config: Config, outline: Outline
) -> dict[str, Any]:
    saved = catalog.activities.all()
    notice = read_notice(config, taxonomy)
    return {
        "organisation": config.organisation,
        "controller": config.controller,
        "activities": tuple(facts_of(each, outline, taxonomy) for each in saved),
        "uncovered": uncovered(outline, [each.activity for each in saved]),
        "notice": notice,
        "child_age": (notice.minimum_age if notice else None) or config.detection.child_age,
        "releases": tuple(catalog.releases.all()),
        "offered": config.releases,
        "subjects": config.data_subjects,
        "dpv": dpv_purposes(),
    }


def facts_of(saved: SavedActivity, discovery: Outline, taxonomy: Taxonomy) -> ActivityFacts:
    """One activity beside what is known of what it uses."""
    activity = saved.activity
    there: set[str] = set()
    tables: list[str] = []
    fields: list[FieldFacts] = []
    wanted = set(activity.covers)
    # Few activities name single fields: only of tables that one is in are the fields looked at.
    single = wanted - {t.address for source in discovery.sources for t in source.tables}
    for source in discovery.sources:
        for table in source.tables:
            whole = table.address in wanted
            begin = f"{table.address}."
            if not whole and not any(each.startswith(begin) for each in single):
                continue
            own = [f for f in table.fields if whole or f.address in wanted]
            fields += own
            there |= {table.address} if whole else {f.address for f in own}
            if whole or own:
                tables.append(table.address)
    found = tuple(c for c in categories_of(fields) if c.key not in VAGUE)
    named = activity.categories
    return ActivityFacts(
        saved=saved,
        missing=missing_parts(activity, found, taxonomy),
        asked=len(asked_parts(activity, found, taxonomy)),
        gone=tuple(each for each in activity.covers if each not in there),
        found=found,
        unsaid=tuple(c for c in found if not any(taxonomy.covers(key, c.key) for key in named)),
        tables=tuple(tables),
    )


def asked_parts(
    activity: Activity, found: Sequence[Category], taxonomy: Taxonomy
) -> tuple[str, ...]:
    """What this activity has to say: some parts are only asked for where others make them due."""
    named = [taxonomy[key] for key in activity.categories if key in taxonomy]
    classes = {category.legal_class for category in (*found, *named)}
    due = {
        "basis_note": bool(
            {Basis.LEGAL_OBLIGATION, Basis.PUBLIC_TASK, Basis.LEGITIMATE_INTERESTS}
            & set(activity.bases)
        ),
        "conditions": "art9" in classes,
        "condition_note": "art10" in classes,
        "national_id_ground": "national_id" in classes,
        "transfer_note": activity.transfer.leaves,
        "agreement": bool(activity.processor.strip()),
    }
    return (*ACTIVITY_PARTS, *(part for part, asked in due.items() if asked))


def missing_parts(
    activity: Activity, found: Sequence[Category], taxonomy: Taxonomy
) -> tuple[str, ...]:
    """Keys of the parts that are asked for and empty."""
    return tuple(
        part for part in asked_parts(activity, found, taxonomy) if not _filled(activity, part)
    )


def _filled(activity: Activity, part: str) -> bool:
    if part == "persons":
        return bool(activity.persons or activity.other_persons.strip())
    value = getattr(activity, part)
    return bool(value.strip() if isinstance(value, str) else value)


def uncovered(discovery: Outline, activities: Sequence[Activity]) -> tuple[Uncovered, ...]:
    """Tables with personal data that belong to no activity, those with most fields first."""
    used = {address for activity in activities for address in activity.covers}
    left = []
    for source in discovery.sources:
        for table in source.tables:
            if table.address in used:
                continue
            fields = tuple(f for f in table.fields if f.personal and f.address not in used)
            if fields:
                left.append(Uncovered(table, source.name, fields))
    return tuple(sorted(left, key=lambda each: (-len(each.fields), each.table.address)))
