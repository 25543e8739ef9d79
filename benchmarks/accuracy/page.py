"""`docs/accuracy.md`: rules, scores, confusion, reliability, and what is not covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import presidio
from benchmarks.accuracy import makers, peers, reliability
from benchmarks.accuracy.columns import GROUPS, UNREAD
from benchmarks.accuracy.rules import COVERAGE, RULES
from benchmarks.accuracy.scores import Score, wilson
from benchmarks.result import Result

_PLOT = "accuracy-reliability.svg"
_HEADINGS = {
    "clear": "Shop and accounting systems, their own headers",
    "obscured": "The same columns, obscured headers",
    "other": "Other schemas: sample databases, a clinic, a club, a German shop",
    "third": "Eight further systems, their own headers",
    "third obscured": "Eight further systems, obscured headers",
    "fourth": "Ten more systems, their own headers",
    "fourth obscured": "Ten more systems, obscured headers",
    "fifth": "Ten systems of payroll, CRM and identity, their own headers",
    "fifth obscured": "Ten systems of payroll, CRM and identity, obscured headers",
    "sixth": "Ten neighbours: German and Swedish shops, leads, help desk, their own headers",
    "sixth obscured": "Ten neighbours: German and Swedish shops, leads, help desk, obscured headers",
    "seventh": "Ten systems of forms, chat, equipment and settlements, their own headers",
    "seventh obscured": "Ten systems of forms, chat, equipment and settlements, obscured headers",
    "eighth": "Ten systems of logs, parcels, shifts, a clinic and codes, their own headers",
    "eighth obscured": "Ten systems of logs, parcels, shifts, a clinic and codes, obscured headers",
    "ninth": "Ten systems of equipment, subscriptions, a forum, a club and a festival, their own headers",
    "ninth obscured": "Ten systems of equipment, subscriptions, a forum, a club and a festival, obscured headers",
}
_LEVELS = ("direct", "quasi", "attribute", "all personal", "personal or not")


def pages(result: Result) -> Mapping[str, str]:
    """The page and its plot, by path."""
    told = result.details["reliability"]["all"]
    table = [reliability.Bin(*values) for values in told["bins"]]
    return {
        "docs/accuracy.md": "\n".join(_page(result)) + "\n",
        f"docs/{_PLOT}": reliability.plot(table, "Reliability of stated confidence, all columns"),
    }


def _page(result: Result) -> Iterator[str]:
    details = result.details
    yield "# Accuracy\n"
    yield "Written by `python -m benchmarks accuracy --write`; do not edit.\n"
    yield RULES
    yield "## Goals\n"
    yield from _table(
        ("what", "measured", "peer", "goal", "ok"),
        [
            (
                m.what,
                f"{m.value:.3f}",
                "" if m.floor is None else f"{m.floor_is}: {m.floor:.3f}",
                m.goal.text(result.rows, m.unit) if m.goal else "reported",
                "yes" if m.ok(result.rows) else "**NO**",
            )
            for m in result.measures
        ],
    )
    yield "## What was scanned\n"
    yield from _table(
        ("system", "headers", "tables", "columns judged", "hold personal data",
         "of them decidable", "rows"),
        [tuple(map(str, size)) for size in details["sizes"]],
    )  # fmt: skip
    for group in GROUPS:
        yield from _group(group, details)
    yield from _reliability(details["reliability"])
    yield "## The worst errors\n"
    yield "False claims that were stated most surely:\n"
    yield "\n".join(f"- {line}" for line in details["worst"]["claims"]) + "\n"
    yield "Misses, direct identifiers first:\n"
    yield "\n".join(f"- {line}" for line in details["worst"]["missed"]) + "\n"
    if "messages" in details:
        yield from _messages(details["messages"])
    yield from _meanings()
    yield COVERAGE


def _group(group: str, details: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {_HEADINGS[group]}\n"
    rows = []
    for scanner, groups in details["groups"].items():
        for level in _LEVELS:
            score = Score(*groups[group][level])
            rows.append((scanner, level, *_numbers(score)))
    yield from _table(("scanner", "of", *_NUMBERS), rows)
    yield "Each category, sladd:\n"
    found = {key: Score(*values) for key, values in details["categories"][group].items()}
    yield from _table(
        ("category", *_NUMBERS), [(f"`{key}`", *_numbers(score)) for key, score in found.items()]
    )
    if group in UNREAD:
        yield "Its errors are counted and not listed, so that nobody mends the scanner after them.\n"
        return
    yield "Where label and answer differ, most often first:\n"
    yield from _table(
        ("label", "answer", "columns"),
        [(truth, found, str(n)) for truth, found, n in details["confusion"][group]],
    )


_NUMBERS = ("to find", "found", "right", "precision", "recall", "F1", "F2")


def _numbers(score: Score) -> tuple[str, ...]:
    return (
        str(score.wanted),
        str(score.found),
        str(score.right),
        _share(score.right, score.found),
        _share(score.right, score.wanted),
        _f(score.f(1)),
        _f(score.f(2)),
    )


def _share(right: int, of: int) -> str:
    if not of:
        return "–"
    low, high = wilson(right, of)
    return f"{right / of:.3f} ({low:.2f}–{high:.2f})"


def _f(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _reliability(told: Mapping[str, Any]) -> Iterator[str]:
    yield "## Calibration\n"
    yield (
        "Every finding that says what a column is or contains, by its stated confidence. Points "
        "on the broken line hold as often as they are stated; the bars are 95 % intervals.\n"
    )
    yield f"![reliability plot]({_PLOT})\n"
    rows = []
    for low, count, stated, right in told["all"]["bins"]:
        rows.append((f"{low:.1f}–{low + 0.1:.1f}", str(count), f"{stated:.3f}",
                     _share(right, count)))  # fmt: skip
    yield from _table(("stated", "findings", "mean stated", "hold"), rows)
    errors = " · ".join(f"{name} {part['error']:.3f}" for name, part in told.items())
    yield f"Expected calibration error: {errors}.\n"


def _messages(told: Mapping[str, Any]) -> Iterator[str]:
    yield "## Customer messages\n"
    yield (
        "Annotated messages of the sets that nobody who mends the finder has read, with the rules of "
        "annotation beside them in `benchmarks/accuracy/texts`. Shares of annotated or found spans, with 95 % intervals by "
        "bootstrap over messages. Relaxed: the same group, and half of the span; covering: every "
        "letter would be masked. For NorNE and the names model alone: `python -m benchmarks "
        "ner`.\n"
    )
    for which, part in told.items():
        yield f"### The {which} set, {part['count']} messages\n"
        yield from _table(
            ("scanner", "of", "recall, relaxed", "precision, relaxed", "recall, covering",
             "recall, exact", "precision, exact"),
            [tuple(row) for row in part["rows"]],
        )  # fmt: skip


def _meanings() -> Iterator[str]:
    yield "## What Presidio's entities are taken to mean\n"
    yield (
        f"Presidio reads {peers.CELLS} rows of each table, as text, empty for null. It does not "
        "look at headers, so clear and obscured differ for it only in what is counted. An entity "
        "is right for any of the categories beside it and claims the first; `DATE_TIME` is right "
        "for a date of birth and claims nothing elsewhere; others claim nothing. "
        "presidio-structured runs by its own defaults (most common entity, English, "
        "`en_core_web_sm`); the majority is Presidio with every predefined recogniser for "
        "English and telephone numbers of "
        f"{', '.join(presidio.REGIONS)}, and an entity in more than half of the filled cells.\n"
    )
    yield from _table(
        ("entity", "categories"),
        [(e, ", ".join(f"`{c}`" for c in means)) for e, means in presidio.MEANS.items()],
    )
    yield "## Makers whose cells alone tell what they are\n"
    yield ", ".join(f"`{name}`" for name in sorted(makers.TELLS)) + ".\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _line(head)
    yield _line(["---"] * len(head))
    yield from (_line(row) for row in rows)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
