"""The discovery report as JSON (format 1), for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sladd.model import NotScanned
from sladd.reports.documents import document_rows
from sladd.reports.facts import Discovery, FieldFacts, SourceFacts, TableFacts
from sladd.reports.graph import LinkFacts, OverlapFacts, overlap_sentence
from sladd.reports.missed import fault
from sladd.reports.telling import link_reasons, reasons, upper_bound
from sladd.taxonomy import load
from sladd.writing import Language

FORMAT = 1


def plain(data: Discovery, lang: Language) -> bytes:
    """The report as UTF-8 JSON; sentences in the language asked for."""
    told = {
        "format": FORMAT,
        "language": lang.code,
        "organisation": data.organisation,
        "begun": _at(data.begun),
        "ended": _at(data.ended),
        "version": data.version,
        "figures": asdict(data.figures),
        "highlights": [
            {
                "topic": item.topic,
                "fields": list(item.places),
                "categories": [category.key for category in item.categories],
                "count": item.count,
            }
            for item in data.highlights
        ],
        "links": [_link(link, lang) for link in data.graph.links],
        "overlaps": [_overlap(each, lang) for each in data.graph.overlaps],
        "without_person": [node.address for node in data.graph.loose],
        "sources": [_source(source, lang) for source in data.sources],
        "documents": document_rows(data.documents),
        "not_scanned": [_missed(item, lang) for item in data.missed],
        "changes": [
            {"source": c.source, "first": c.first, **{k: list(v) for k, v in c.changes.items()}}
            for c in data.changes
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _link(link: LinkFacts, lang: Language) -> dict[str, Any]:
    return {
        "from": link.start,
        "to": link.end,
        "kind": link.kind.value,
        "state": link.state.value,
        "confidence": link.confidence,
        "decided_by": link.verdict.by if link.verdict else "",
        "decided_at": _at(link.verdict.at) if link.verdict else None,
        "evidence": [reason.text for reason in link_reasons(link, lang)],
    }


def _overlap(each: OverlapFacts, lang: Language) -> dict[str, Any]:
    found = each.overlap
    return {
        "field": each.field,
        "other": each.other,
        "by": found.by,
        "persons": found.persons,
        "other_persons": found.other_persons,
        "shared": found.shared,
        "share": round(found.share, 4),
        "read": found.read,
        "text": overlap_sentence(each, load(), lang),
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _missed(item: NotScanned, lang: Language) -> dict[str, Any]:
    reason, mend = fault(item, lang)
    return {"where": item.where, "code": item.code, "reason": reason, "mend": mend}


def _source(source: SourceFacts, lang: Language) -> dict[str, Any]:
    return {
        "name": source.name,
        "scanned": _at(source.scanned),
        "by": source.by,
        "kinds": dict(source.by_kind),
        "tables": [_table(table, lang) for table in source.tables],
    }


def _table(table: TableFacts, lang: Language) -> dict[str, Any]:
    return {
        "table": table.address,
        "rows_read": table.rows,
        "rows": table.total,
        "drawn": table.drawn,
        "upper_bound": upper_bound(table),
        "person_path": list(table.person_path),
        "fields": [_field(field, lang) for field in table.fields],
    }


def _field(field: FieldFacts, lang: Language) -> dict[str, Any]:
    category = field.category
    return {
        "field": field.address,
        "column": field.name,
        "storage_type": field.storage.value,
        "how": field.how.value,
        "kind": field.kind,
        "type": field.type,
        "category": category.key if category else "",
        "label": lang.label(category) if category else "",
        "also": [held.key for held in field.also],
        "identifiability": category.identifiability.value if category else "",
        "legal_class": category.legal_class if category else "",
        "confidence": field.confidence,
        "shapes": list(field.shapes),
        "state": field.state,
        "decided_by": field.verdict.by if field.verdict else "",
        "decided_at": _at(field.verdict.at) if field.verdict else None,
        "evidence": [reason.text for reason in reasons(field, lang)],
    }
