"""The evidence sum of a stored finding, added up again as the scanner adds it."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from sladd.catalog import CatalogField
from sladd.model import Evidence, How
from sladd.reports.explanation import Explanation, Family, Sum, of_family
from sladd.reports.names import Names

_SAME = 0.0002  # confidences are stored with four decimals


def explain(field: CatalogField, known: Names) -> Explanation:
    """Why the last scan says of a field what it says.

    Args:
        field: of the catalog.
        known: masks names that are personal data.
    """
    finding = field.scan.finding
    evidence, key = finding.evidence, finding.category
    if finding.how is How.LINKED:
        evidence, key = evidence[1:], ""
    if finding.how is How.NONE and finding.rivals:
        # What came nearest: its evidence is the finding's, its category stands with the rivals.
        key = next((r.category for r in finding.rivals if r.evidence == evidence), "")
    added = add_up(evidence)
    return Explanation(field, known.address(field.address), key, added, _basis(field, added))


def _basis(field: CatalogField, added: Sum) -> str:
    finding = field.scan.finding
    if finding.how is How.LINKED:
        return "linked"
    if not finding.evidence:
        return "empty"
    if finding.type == "NESTED":
        return "nested"
    if abs(added.confidence - finding.confidence) <= _SAME:
        return "sum"
    if finding.how is How.NONE:
        return "barred"
    nested = any("nested" in e.facts for e in finding.evidence)
    return "nested" if nested else "part"


def add_up(evidence: Sequence[Evidence]) -> Sum:
    """The sum of some evidence under the calibration that ships."""
    from detectors.columns.weighing import FAMILY, calibration, sums

    chosen = calibration()
    known = [item for item in evidence if item.signal in FAMILY]
    held = sums(known, chosen)
    grouped = of_family(evidence, FAMILY)
    families = tuple(
        Family(
            name,
            grouped.get(name, ()),
            sum(item.weight for item in grouped.get(name, ())),
            held[name],
            chosen.slopes[name],
        )
        for name in chosen.slopes
    )

    def odds(items: Sequence[Evidence]) -> float:
        total = sums(items, chosen)
        return chosen.intercept + sum(chosen.slopes[name] * total[name] for name in total)

    def probability(items: Sequence[Evidence]) -> float:
        return round(1.0 / (1.0 + exp(-odds(items))), 4)

    # Left out one by one: a bounded family hides what one of its signals is worth.
    fallen = [
        (probability([other for other in known if other is not item]), place)
        for place, item in enumerate(known)
        if item.weight > 0
    ]
    without, place = min(fallen, default=(probability(known), -1))
    return Sum(
        intercept=chosen.intercept,
        families=families,
        log_odds=odds(known),
        confidence=probability(known),
        threshold=chosen.threshold,
        strongest=known[place] if place >= 0 else None,
        without=without,
        name_most=chosen.slopes["name"] * chosen.ceilings["name"],
    )
