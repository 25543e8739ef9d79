"""The fields of a table of documents, by all that was found in them and was known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sladd.model import FieldScan, Finding, How, TableScan
from sladd.pipeline.documents.finder import SURE, Finder
from sladd.sources.documents.table import OWN

_EMAIL = "user.contact.email"


def completed(each: FieldScan, finder: Finder) -> FieldScan:
    """A field with what stands in any of its texts, not only in those drawn."""
    name = each.field.ref.column
    if name in OWN:
        # Digests, words of a list of ours and numbers say nothing, whatever they look like.
        nothing = Finding(each.finding.field, How.NONE, "", "", 0.0)
        return replace(each, finding=nothing, few_values=name == "part")
    if name in {"from", "to"} and each.finding.how is not How.IS:
        return replace(each, finding=_address(each.finding, finder, name))
    if name not in {"subject", "request", "text"} or not finder.read[name]:
        return each
    finding = each.finding
    inside = {category for category, texts in finder.texts[name].items() if texts}
    told = {finding.category, *finding.also}
    if finding.how is How.NONE and inside:
        return replace(each, finding=_contains(finding, finder, name))
    if finding.how is How.CONTAINS and inside - told:
        also = tuple(sorted((set(finding.also) | inside) - {finding.category}))
        return replace(each, finding=replace(finding, also=also))
    return each


def _address(finding: Finding, finder: Finder, name: str) -> Finding:
    """A header of addresses is that, also where it has too few values for statistics."""
    from detectors.columns.weighing import Candidate

    matched, read = finder.texts[name][_EMAIL], finder.read[name]
    if not read or matched < read / 2:
        return finding
    candidate = Candidate(_EMAIL, "EMAIL_ADDRESS")
    candidate.add("pattern", 4.5, matched=matched, distinct=read, chance=0.01)
    candidate.add("header", 2.0, token=name)
    return replace(
        finding,
        how=How.IS,
        type=candidate.type,
        category=candidate.category,
        confidence=candidate.confidence,
        evidence=tuple(candidate.evidence),
        also=(),
    )


def _contains(finding: Finding, finder: Finder, name: str) -> Finding:
    """The finding for texts in which spans were found, weighed as the column scanner does."""
    from detectors.columns.weighing import Candidate

    candidate = Candidate("user.content.private", "FREE_TEXT", How.CONTAINS)
    read = finder.read[name]
    candidate.add("text", 1.3, distinct=read)
    for category, texts in sorted(finder.texts[name].items()):
        candidate.add("text", 3.0, category=category, texts=texts, read=read, score=SURE)
    return Finding(
        field=finding.field,
        how=How.CONTAINS,
        type=candidate.type,
        category=candidate.category,
        confidence=candidate.confidence,
        evidence=tuple(candidate.evidence),
        also=tuple(sorted(finder.texts[name])),
    )


def merged(known: TableScan, fields: Sequence[FieldScan]) -> tuple[FieldScan, ...]:
    """What was known, and what the new documents add; only a full scan takes anything back."""
    fresh = {str(each.field.ref): each for each in fields}
    merged = []
    for before in known.fields:
        now = fresh.pop(str(before.field.ref), None)
        merged.append(before if now is None else _both(before, now))
    return (*merged, *fresh.values())


def _both(before: FieldScan, now: FieldScan) -> FieldScan:
    one, other = before.finding, now.finding
    total = replace(
        before,
        rows=before.rows + now.rows,
        nulls=before.nulls + now.nulls,
        distinct=None,
        few_values=before.few_values and now.few_values,
        written_as=before.written_as if before.written_as is now.written_as else None,
    )
    if one.how is How.NONE:
        return replace(total, finding=other)
    told = {one.category, *one.also}
    more = {other.category, *other.also} - told - {""}
    if other.how is How.CONTAINS and more:
        return replace(total, finding=replace(one, also=tuple(sorted({*one.also, *more}))))
    return total
