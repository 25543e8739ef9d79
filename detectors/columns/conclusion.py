"""What a judged column is said to be, with the evidence, and what else it might have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from detectors.columns.judgement import Judged
from detectors.columns.shapes import shapes
from detectors.columns.weighing import Candidate, calibration
from sladd.model import Evidence, FieldScan, Finding, How, Rival

_MAILBOX = "user.contact.email"
_ROLE_MAILBOX = "organization.contact.email"
_RIVALS = 2  # candidates kept beside the best


def finding(judged: Judged) -> Finding:
    """What a judged column is, contains, or neither; and what else it might have been."""
    found = _finding(judged)
    others = sorted(
        (c for c in judged.candidates if c.category != found.category),
        key=lambda c: (-c.confidence, c.rank, c.category, c.type),
    )
    seen: dict[str, Rival] = {}
    for candidate in others:
        evidence = tuple(_ordered(candidate.evidence))
        if any(e.weight > 0 for e in evidence):
            seen.setdefault(
                candidate.category, Rival(candidate.category, candidate.confidence, evidence)
            )
    return replace(found, rivals=tuple(seen.values())[:_RIVALS])


# One in ten of these passes the check of those, whose digit is the same (MOD10, Luhn).
_SAME_DIGIT: Mapping[str, frozenset[str]] = {
    "user.payment.kid": frozenset({"user.financial.credit_card"}),
}


def _finding(judged: Judged) -> Finding:
    threshold = calibration().threshold
    best = judged.best
    ref = judged.field.ref
    inside = {i.category for i in judged.inside}
    if best is not None and best.confidence >= threshold:
        also = (inside | set(judged.nested) if best.how is How.CONTAINS else
                {i.category for i in judged.inside if i.checksum}) - {best.category}  # fmt: skip
        also |= set(best.also)
        if best.how is How.IS:
            also -= {c.category for c in judged.candidates if c.rank >= best.rank}
            also -= _SAME_DIGIT.get(best.category, frozenset())
        return Finding(
            ref, best.how, _type(best), best.category, best.confidence,
            tuple(_ordered(best.evidence)), tuple(sorted(also)),
            () if judged.texts else shapes(judged.profile, best.category),
        )  # fmt: skip
    if judged.nested:
        category, *also_nested = judged.nested
        evidence = (Evidence("text", 3.0, {"nested": len(judged.nested)}),)
        return Finding(
            ref, How.CONTAINS, "NESTED", category, judged.nested_confidence, evidence,
            tuple(also_nested),
        )  # fmt: skip
    if judged.inside and not judged.texts:
        return _sparse(judged, threshold)
    rejected = tuple(_ordered(best.evidence)) if best is not None else ()
    odds = best.confidence if best is not None else 0.0
    return Finding(ref, How.NONE, "", "", odds, rejected)


def _sparse(judged: Judged, threshold: float) -> Finding:
    """A column of something else in which a few values are, or hold, personal data."""
    inside = judged.inside
    if any(c.category == _ROLE_MAILBOX for c in judged.candidates):
        inside = [
            replace(i, category=_ROLE_MAILBOX) if i.category == _MAILBOX else i for i in inside
        ]
    ranked = sorted(inside, key=lambda i: (not i.checksum, -i.texts, i.category))
    first = ranked[0]
    candidate = Candidate(first.category, first.type, How.CONTAINS)
    for item in ranked:
        candidate.add(
            "checksum" if item.checksum else "pattern", 4.5,
            category=item.category, matched=item.texts, distinct=item.read,
        )  # fmt: skip
    certain = max(candidate.confidence, threshold)
    also = tuple(sorted({i.category for i in ranked} - {first.category}))
    return Finding(
        judged.field.ref, How.CONTAINS, first.type, first.category, certain,
        tuple(candidate.evidence), also,
    )  # fmt: skip


def _ordered(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda e: (-abs(e.weight), e.signal, str(sorted(e.facts.items()))))


_TYPES: Mapping[str, str] = {
    "user.name": "PERSON",
    "user.name.first": "PERSON",
    "user.name.last": "PERSON",
    "user.contact.email": "EMAIL_ADDRESS",
    "user.contact.phone_number": "PHONE_NUMBER",
    "organization.contact.phone_number": "PHONE_NUMBER",
    "organization.contact.email": "EMAIL_ADDRESS",
    "user.contact.address.postal_code": "NO_POSTAL_CODE",
    "user.contact.address.street": "NO_STREET_ADDRESS",
    "user.government_id.national_identification_number": "NO_FODSELSNUMMER",
    "user.financial.bank_account": "NO_KONTONUMMER",
    "organization.registration_number": "NO_ORGANISASJONSNUMMER",
    "user.content.private": "FREE_TEXT",
}


def _type(candidate: Candidate) -> str:
    """The recogniser's entity, or a word for what only name and values told."""
    if candidate.type:
        return candidate.type
    return _TYPES.get(candidate.category) or candidate.category.rsplit(".", 1)[-1].upper()


def field_scan(judged: Judged, *, shown: str = "") -> FieldScan:
    """The scan of one column."""
    return FieldScan(
        field=judged.field,
        finding=finding(judged),
        rows=judged.profile.rows,
        nulls=judged.profile.nulls,
        distinct=judged.profile.distinct,
        few_values=judged.profile.few_values,
        name_shown=shown or ".".join((judged.field.ref.column, *judged.field.ref.path)),
    )
