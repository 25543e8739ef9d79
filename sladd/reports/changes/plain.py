"""The change report as JSON (format 1), for programs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sladd.reports.changes.facts import Changes, FieldChange, Held
from sladd.writing import Language

FORMAT = 1


def plain(data: Changes, lang: Language) -> bytes:
    """The report as UTF-8 JSON."""
    told = {
        "format": FORMAT,
        "language": lang.code,
        "organisation": data.organisation,
        "version": data.version,
        "sources": [
            {
                "source": span.source,
                "from": _at(span.begun),
                "to": _at(span.ended),
                "scans": span.scans,
                "fields": span.fields,
                "personal": span.personal,
                "new_fields_without_finding": span.came,
                "gone_fields_without_finding": span.went,
            }
            for span in data.spans
        ],
        "counts": dict(data.counts),
        "waiting": data.waiting,
        "changes": [_change(change, lang) for change in data.fields],
        "decisions": [
            {
                "field": each.field,
                "decision": each.verdict.decision.value,
                "category": each.category.key if each.category else "",
                "by": each.verdict.by,
                "at": each.verdict.at.isoformat(),
                "reason": each.verdict.reason,
            }
            for each in data.decisions
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _change(change: FieldChange, lang: Language) -> dict[str, Any]:
    return {
        "field": change.field,
        "source": change.source,
        "kind": change.kind,
        "before": _held(change.before, lang),
        "after": _held(change.after, lang),
        "confidence_before": change.sure_before,
        "confidence_after": change.sure_after,
        "gone": change.gone,
        "verdict": change.verdict.decision.value if change.verdict else "",
        "reopened": bool(change.verdict and change.verdict.reopened),
    }


def _held(held: Held | None, lang: Language) -> dict[str, str] | None:
    if held is None:
        return None
    return {
        "how": held.how.value,
        "category": held.category.key if held.category else "",
        "label": lang.label(held.category) if held.category else "",
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
