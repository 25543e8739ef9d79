"""The discovery report: what was scanned, what was found, how sure that is, what to do.

`gather` collects it from the catalog in no language; `render` writes it in one.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import sladd
from sladd.catalog import Catalog, CatalogField, Drift, ScanRecord
from sladd.catalog.standing import OPEN
from sladd.config import Config
from sladd.errors import ConfigError
from sladd.model import Category, Decision, How, Identifiability, NotScanned, TableRef, TableScan
from sladd.reports import FORMATS
from sladd.reports.documents import document_facts
from sladd.reports.facts import (
    Discovery,
    FieldFacts,
    Figures,
    Outline,
    SourceChanges,
    SourceFacts,
    TableFacts,
)
from sladd.reports.findings import holds, state
from sladd.reports.graph import graph
from sladd.reports.highlights import contained, highlights
from sladd.reports.language import language
from sladd.reports.names import Names, column_name, names, table_name
from sladd.reports.persons import Persons, estimate, is_root
from sladd.taxonomy import Taxonomy
from sladd.writing import Language

NEVER_SCANNED = 0
"""Code of a source that is configured and was never scanned."""

FOUND = frozenset({How.IS, How.CONTAINS})
"""How a field holds what somebody has to decide on; what it is linked to needs no decision."""

_NEAR = 0.05  # confidence from which a report tells what else a field might have been
_HEADLESS = re.compile(r"c\d+")
Renderer = Callable[[Discovery, Language], bytes]


def gather(catalog: Catalog, taxonomy: Taxonomy, config: Config) -> Discovery:
    """Collect what the catalog knows now.

    Args:
        catalog: of the sources.
        taxonomy: for what categories mean.
        config: names the organisation, the sources, and who shares an entity.
    """
    known = catalog.fields.all(gone=True)
    called = names(known)
    fields: dict[str, list[CatalogField]] = defaultdict(list)
    for field in known:
        if not field.gone:
            fields[str(field.ref.table)].append(field)
    # What a scan said of a field is read once: it is most of the work.
    tables = [
        replace(table, fields=tuple(field.scan for field in fields[str(table.table.ref)]))
        for table in catalog.tables.bare()
    ]
    told = [
        (table.table.ref.source, _table(table, fields[str(table.table.ref)], taxonomy, called))
        for table in tables
    ]
    base = outlined(catalog, config, told)
    return Discovery(
        organisation=config.organisation,
        begun=base.begun,
        ended=base.ended,
        version=base.version,
        figures=_figures(base.sources, estimate(tables, config.entities)),
        highlights=highlights(base.sources, unread=bool(base.missed)),
        sources=base.sources,
        missed=base.missed,
        changes=tuple(
            _changes(source.name, drift, called)
            for source in base.sources
            if (drift := catalog.scans.last_drift(source.name)) is not None
        ),
        graph=graph(base.sources, tables, catalog.links.all(), catalog.links.overlaps(), called),
        documents=document_facts(catalog.tables.documents(), taxonomy),
    )


def outlined(catalog: Catalog, config: Config, tables: Sequence[tuple[str, TableFacts]]) -> Outline:
    """The sources with their tables, when they were scanned, and what was not.

    Args:
        catalog: of the sources.
        config: names the sources.
        tables: name of the source and the table, by address.
    """
    missed = tuple(catalog.scans.not_scanned())
    last = {scan.source: scan for scan in catalog.scans.all() if scan.finished is not None}
    own: dict[str, list[TableFacts]] = {
        name: [] for name in (*config.sources, *last, *(source for source, _ in tables))
    }
    for name, table in tables:
        own[name].append(table)
    sources = tuple(_source(name, last.get(name), own[name], missed) for name in own)
    told = tuple(item for source in sources for item in source.missed)
    ends = [scan.finished for scan in last.values() if scan.finished is not None]
    return Outline(
        begun=min((scan.started for scan in last.values()), default=None),
        ended=max(ends, default=None),
        version=sladd.__version__,
        sources=sources,
        missed=(*told, *(item for item in missed if item not in told)),
    )


def render(data: Discovery, format: str, lang: str) -> bytes:  # noqa: A002 - the option's name
    """Write the report.

    Args:
        data: what `gather` collected.
        format: `html`, `xlsx`, `md` or `json`.
        lang: `nb` or `en`.

    Raises:
        ConfigError: there is no such format or language (SLADD-151, 152).
    """
    place = dict(FORMATS).get(format)
    if place is None:
        raise ConfigError(
            f"there is no report in the format '{format}'",
            code=152,
            mend=f"use one of {', '.join(name for name, _ in FORMATS)}",
        )
    module, _, function = place.partition(":")
    written: Renderer = getattr(importlib.import_module(module), function)
    return written(data, language(lang))


def _source(
    name: str,
    scan: ScanRecord | None,
    tables: Sequence[TableFacts],
    missed: Sequence[NotScanned],
) -> SourceFacts:
    own = tuple(m for m in missed if _of_source(m, name))
    if scan is None and not tables and not own:
        own = (NotScanned(where=name, reason="", code=NEVER_SCANNED),)
    return SourceFacts(
        name=name,
        scanned=scan.finished if scan else None,
        by=scan.by if scan else "",
        tables=tuple(tables),
        missed=own,
    )


def _of_source(missed: NotScanned, name: str) -> bool:
    return missed.where == name or missed.where.startswith(str(TableRef(name, "")))


def _table(
    table: TableScan, fields: Sequence[CatalogField], taxonomy: Taxonomy, called: Names
) -> TableFacts:
    told = tuple(_field(field, taxonomy, called) for field in fields)
    columns = [field.ref.column for field in fields if not field.ref.path]
    return TableFacts(
        address=str(table.table.ref),
        name=table_name(table.table.ref),
        rows=table.rows,
        total=table.table.rows,
        drawn=table.drawn,
        person_path=tuple(called.address(step) for step in table.person_path),
        root=is_root(table),
        fields=told,
        headless=bool(columns) and all(_HEADLESS.fullmatch(column) for column in columns),
    )


def _field(field: CatalogField, taxonomy: Taxonomy, called: Names) -> FieldFacts:
    key, how = holds(field)
    category = taxonomy.categories.get(key)
    rejected = field.verdict is not None and field.verdict.decision is Decision.REJECTED
    personal = how is not How.NONE and not rejected and (category is None or category.personal)
    finding = field.scan.finding
    found = how is not How.NONE
    told = state(field.verdict)
    if not told and personal and how is not How.LINKED:
        told = "undecided"
    return FieldFacts(
        address=called.address(field.address),
        name=column_name(field.scan),
        storage=field.scan.field.type,
        how=how,
        kind=kind_of(category, how) if found else "",
        category=category,
        also=tuple(taxonomy.categories[k] for k in finding.also if k in taxonomy) if found else (),
        type=finding.type,
        confidence=finding.confidence if finding.how is not How.NONE else 0.0,
        evidence=tuple(called.evidence(item) for item in finding.evidence),
        shapes=finding.shapes,
        state=told,
        verdict=field.verdict,
        personal=personal,
        rivals=tuple(
            (taxonomy.categories[rival.category], rival.confidence)
            for rival in finding.rivals
            if rival.category in taxonomy and rival.confidence >= _NEAR
        )
        if found and how is not How.LINKED
        else (),
    )


def kind_of(category: Category | None, how: How) -> str:
    """The one kind a finding counts as: the strictest that fits."""
    if category is not None and not category.personal:
        return "organisation"
    if how is How.LINKED:
        return "linked"
    if how is How.CONTAINS:
        return "text"
    if category is None:
        return "indirect"
    match category.legal_class:
        case "art9" | "art10":
            return "special"
        case "national_id" | "credential" | "financial" as legal:
            return legal
        case _:
            direct = category.identifiability is Identifiability.DIRECT
            return "direct" if direct else "indirect"


def _figures(sources: Sequence[SourceFacts], persons: Persons) -> Figures:
    fields = [field for source in sources for field in source.fields]
    personal = [field for field in fields if field.personal]

    def of(*legal: str) -> int:
        return sum(
            field.how is not How.LINKED
            and any(c.legal_class in legal for c in (field.category, *field.also) if c)
            for field in personal
        )

    # A rejected finding was decided on too; a name that was rejected where nothing was found is none.
    deciding = [f for f in fields if f.state in OPEN or (f.state and f.how in FOUND)]
    tables = [table for source in sources for table in source.tables]
    identifiers = {"national_id", "credential", "financial", "special", "direct"}
    direct = sum(
        f.kind in identifiers
        and f.category is not None
        and f.category.identifiability is Identifiability.DIRECT
        for f in personal
    )
    linked = sum(f.kind == "linked" for f in personal)
    return Figures(
        fields=len(fields),
        tables=len(tables),
        sources=sum(bool(source.tables) for source in sources),
        personal=len(personal),
        personal_tables=sum(table.personal > 0 for table in tables),
        direct=direct,
        indirect=len(personal) - direct - linked,
        linked=linked,
        national_id=of("national_id"),
        special=of("art9", "art10"),
        credential=of("credential"),
        text=sum(field.kind == "text" and bool(contained(field)) for field in personal),
        texts=sum(field.kind == "text" for field in personal),
        undecided=sum(f.state in OPEN for f in deciding),
        reopened=sum(f.state == "reopened" for f in deciding),
        to_decide=len(deciding),
        persons=persons.count,
        person_tables=persons.tables,
        loose_rows=persons.loose_rows,
    )


def _changes(source: str, drift: Drift, called: Names) -> SourceChanges:
    if drift.previous is None:
        return SourceChanges(source, first=True)
    told = {*drift.new_findings, *drift.gone_findings, *drift.gone, *drift.new}
    listed = {
        "new_findings": drift.new_findings,
        "new": [field for field in drift.new if field not in drift.new_findings],
        "changed": [change.field for change in drift.changed if change.field not in told],
        "gone_findings": [field for field in drift.gone_findings if field not in drift.gone],
        "gone": drift.gone,
        "reopened": drift.reopened,
    }
    return SourceChanges(
        source,
        first=False,
        changes={
            name: tuple(called.address(field) for field in fields)
            for name, fields in listed.items()
        },
    )
