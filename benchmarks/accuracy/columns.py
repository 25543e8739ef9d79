"""The labelled columns: filled, scanned, judged, and told as measures and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import presidio
from benchmarks.accuracy import filling, peers, reliability, scanning, schemas, scores
from benchmarks.accuracy.judging import Judged
from benchmarks.accuracy.scanning import Put
from benchmarks.result import Goal, Measure
from sladd import taxonomy
from sladd.model import Identifiability
from sladd.taxonomy import Taxonomy

GROUPS = (
    "clear", "obscured", "other", "third", "third obscured", "fourth", "fourth obscured",
    "fifth", "fifth obscured", "sixth", "sixth obscured", "seventh", "seventh obscured",
    "eighth", "eighth obscured", "ninth", "ninth obscured",
)  # fmt: skip
_GROUPS_OF = {
    "shop": ("clear", "obscured"),
    "other": ("other",),
    "third": ("third", "third obscured"),
    "fourth": ("fourth", "fourth obscured"),
    "fifth": ("fifth", "fifth obscured"),
    "sixth": ("sixth", "sixth obscured"),
    "seventh": ("seventh", "seventh obscured"),
    "eighth": ("eighth", "eighth obscured"),
    "ninth": ("ninth", "ninth obscured"),
}
UNREAD: tuple[str, ...] = ("ninth", "ninth obscured")
"""Groups whose errors are counted, and never listed."""
MOST_ROWS = 2000
QUICK = ("Chinook", "Fiken", "Tripletex", "WooCommerce")
QUICK_ROWS = 60
WORST = 10
_TITLES = {
    "clear": "shop and accounting systems",
    "obscured": "the same, obscured headers",
    "other": "other schemas",
    "third": "eight further systems",
    "third obscured": "eight further systems, obscured headers",
    "fourth": "ten more systems",
    "fourth obscured": "ten more systems, obscured headers",
    "fifth": "ten systems of payroll, CRM and identity",
    "fifth obscured": "ten systems of payroll, CRM and identity, obscured headers",
    "sixth": "ten neighbours: German and Swedish shops, leads, help desk",
    "sixth obscured": "ten neighbours: German and Swedish shops, leads, help desk, obscured headers",
    "seventh": "ten systems of forms, chat, equipment and settlements",
    "seventh obscured": "ten systems of forms, chat, equipment and settlements, obscured headers",
    "eighth": "ten systems of logs, parcels, shifts, a clinic and codes",
    "eighth obscured": "ten systems of logs, parcels, shifts, a clinic and codes, obscured headers",
    "ninth": "ten systems of equipment, subscriptions, a forum, a club and a festival",
    "ninth obscured": "ten systems of equipment, subscriptions, a forum, a club and a festival, obscured headers",
}
_GOALS: Mapping[tuple[str, str, str], float] = {
    ("clear", "direct", "precision"): 0.97,
    ("clear", "direct", "recall"): 0.98,
    ("clear", "quasi", "precision"): 0.90,
    ("clear", "quasi", "recall"): 0.90,
    ("obscured", "direct", "recall"): 0.93,
}
_ECE = 0.05


def run(
    folder: Path, engines: presidio.Engines | None, *, quick: bool
) -> tuple[tuple[Measure, ...], dict[str, Any]]:
    """Scan every system, and Presidio the same cells.

    Args:
        folder: for the databases; removed by the caller.
        engines: of Presidio; None leaves it out.
        quick: few systems, few rows.
    """
    known = taxonomy.load()
    put = _put(quick=quick)
    ours = scanning.scan(put, folder)
    others = peers.judged(put, engines) if engines is not None else {}
    details = {
        "sizes": _sizes(put),
        "groups": {
            name: _groups(judged, known) for name, judged in {"sladd": ours, **others}.items()
        },
        "categories": {
            group: _plain(scores.by_category(_of(ours, group), known)) for group in GROUPS
        },
        "confusion": {
            group: [[*pair, n] for pair, n in scores.confusion(_of(ours, group), known).items()]
            for group in GROUPS
        },
        **_reliability(ours, known),
        "worst": worst([c for c in ours if c.asked.group not in UNREAD], known),
    }
    return _measures(ours, others, known, quick=quick), details


def worst(columns: Sequence[Judged], known: Taxonomy) -> dict[str, list[str]]:
    """The false claims that were stated most surely, and the misses, direct identifiers first."""

    def direct(column: Judged) -> bool:
        label = column.asked.truth.label.category
        return bool(label) and known[label].identifiability is Identifiability.DIRECT

    claims = [c for c in columns if c.false(known)]
    claims.sort(key=lambda c: (-(c.answer.confidence or 0.0), str(c)))
    missed = [c for c in columns if c.said and not c.right and not c.false(known)]
    missed.sort(key=lambda c: (not direct(c), str(c)))
    return {
        "claims": [str(c) for c in claims[:WORST]],
        "missed": [str(c) for c in missed[:WORST]],
    }


def errors(columns: Sequence[Judged], known: Taxonomy) -> list[Judged]:
    """Every column that was missed, or taken for what it is not."""
    return [c for c in columns if (c.said and not c.right) or c.false(known)]


def _put(*, quick: bool) -> list[Put]:
    put: list[Put] = []
    for system in schemas.load():
        if quick and system.name not in QUICK:
            continue
        filled = filling.fill(system, QUICK_ROWS if quick else MOST_ROWS)
        for group in _GROUPS_OF[system.group]:
            put.append((system, filled, filling.asked(system, filled, group)))
    return put


def _sizes(put: Sequence[Put]) -> list[list[Any]]:
    """System, group, tables, columns, labelled personal, decidable of them, rows."""
    return [
        [
            system.name,
            columns[0].group,
            len(filled),
            sum(c.judged for c in columns),
            sum(c.judged and c.truth.label.said for c in columns),
            sum(c.judged and c.decided and c.truth.label.said for c in columns),
            sum(one.rows for one in filled),
        ]
        for system, filled, columns in put
    ]


def _of(columns: Sequence[Judged], group: str) -> list[Judged]:
    return [c for c in columns if c.asked.group == group]


def _plain(found: Mapping[str, scores.Score]) -> dict[str, list[int]]:
    return {key: [s.wanted, s.found, s.right] for key, s in found.items()}


def _groups(columns: Sequence[Judged], known: Taxonomy) -> dict[str, dict[str, list[int]]]:
    result = {}
    for group in GROUPS:
        inside = _of(columns, group)
        score = scores.personal(inside, known)
        result[group] = {
            **_plain(scores.by_group(inside, known)),
            "personal or not": [score.wanted, score.found, score.right],
        }
    return result


def _reliability(columns: Sequence[Judged], known: Taxonomy) -> dict[str, Any]:
    told = {}
    for group in ("all", *GROUPS):
        inside = columns if group == "all" else _of(columns, group)
        table = reliability.bins(reliability.stated(inside, known))
        told[group] = {
            "error": reliability.expected_error(table),
            "bins": [[b.low, b.count, b.stated, b.right] for b in table],
        }
    return {"reliability": told}


def _measures(
    ours: Sequence[Judged],
    others: Mapping[str, Sequence[Judged]],
    known: Taxonomy,
    *,
    quick: bool,
) -> tuple[Measure, ...]:
    measures = []
    for group in GROUPS:
        found = scores.by_group(_of(ours, group), known)
        peer = {name: scores.by_group(_of(judged, group), known) for name, judged in others.items()}
        for kind in ("direct", "quasi"):
            for what in ("precision", "recall"):
                limit = _GOALS.get((group, kind, what))
                floor = _share(peer[peers.PEERS[0]][kind], what) if peer else None
                measures.append(
                    Measure(
                        what=f"columns, {_TITLES[group]}: {what} of {kind} identifiers",
                        value=_share(found[kind], what) or 0.0,
                        unit="of 1",
                        floor=floor,
                        floor_is=peers.PEERS[0] if floor is not None else "",
                        goal=_at_least(limit) if limit else None,
                        notes=_not_run(quick) if not others and not measures else (),
                    )
                )
    table = reliability.bins(reliability.stated(ours, known))
    measures.append(
        Measure(
            what=f"columns: expected calibration error of {sum(b.count for b in table)} findings",
            value=reliability.expected_error(table),
            unit="of 1",
            goal=Goal(_ECE, on="value", exact=True, full_only=True),
        )
    )
    return tuple(measures)


def _share(score: scores.Score, what: str) -> float | None:
    return score.precision if what == "precision" else score.recall


def _at_least(limit: float) -> Goal:
    return Goal(limit, on="value", kind="at least", exact=True, full_only=True)


def _not_run(quick: bool) -> tuple[str, ...]:
    return ("Presidio: not part of a quick run" if quick else f"Presidio: {presidio.NOT_RUN}",)
