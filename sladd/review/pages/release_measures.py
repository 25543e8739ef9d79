"""What was measured of a published version: risk, loss, gate, with plots beside the tables."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sladd.release import Manifest
from sladd.reports.bars import Bar, bars
from sladd.targets.anonymity import drawn
from sladd.targets.anonymity.cards import cards
from sladd.targets.anonymity.facts import facts_of
from sladd.targets.anonymity.page import language as anonymity_texts
from sladd.writing import Language, in_a_sentence

SHOWN_CHECKS = 30


@dataclass(frozen=True, slots=True)
class RiskRow:
    """How well a table hides its persons. Written out for the reader."""

    table: str
    persons: str
    k: str
    highest: str
    mean: str
    left_out: str
    loss: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three tests of WP216: its state, and what was found."""

    test: str
    state: str  # passed, failed, told
    said: str


@dataclass(frozen=True, slots=True)
class MeasuresView:
    """What a page shows of a version.

    Attributes:
        risk: one row a table of persons; of an anonymised release.
        answers: to the three tests.
        plots: sizes of groups and risk against loss, for each table.
        left: what is left of the columns, of a pseudonymised release.
        residual: what remains in redacted texts; "" for nothing.
        rows_in: rows of the sources.
        rows_out: rows of the version.
        checks: how many the gate made.
        failed: those that did not pass.
        not_checked: what it could not check.
    """

    risk: tuple[RiskRow, ...]
    answers: tuple[Answer, ...]
    plots: tuple[tuple[str, Markup], ...]
    left: Markup | None
    residual: str
    rows_in: int
    rows_out: int
    checks: int
    failed: tuple[str, ...]
    not_checked: tuple[str, ...]


def measures_view(manifest: Manifest, lang: Language) -> MeasuresView:
    """What the manifest tells, in words. Opens no other file."""
    gate = manifest.gate
    risk = manifest.risk
    tables = risk.get("anonymity", {}).get("tables", {})
    facts = facts_of(manifest)
    texts = anonymity_texts(lang.code)
    plots: list[tuple[str, Markup]] = []
    for table in facts.tables if facts and tables else ():
        told = f"{table.name}: {in_a_sentence(texts.say('singling_out.sizes'))}"
        plots.append((told, drawn.sizes(table.alone, table.number, texts)))
        if (scatter := drawn.scatter(table, texts)) is not None:
            told = f"{table.name}: {in_a_sentence(texts.say('heading.risk_loss'))}"
            plots.append((told, scatter))
    return MeasuresView(
        risk=tuple(
            _risk(name, told, lang) for name, told in tables.items() if told.get("unit") != "nobody"
        ),
        answers=tuple(
            Answer(
                texts.say(f"test.{card.test}"),
                {True: "passed", False: "failed", None: "told"}[card.passed],
                card.said,
            )
            for card in (cards(facts, texts) if facts and tables else ())
        ),
        plots=tuple(plots),
        left=None if tables else _left(manifest, lang),
        residual=risk.get("free_text", {}).get("statement", {}).get(lang.code, ""),
        rows_in=sum(table.rows_in for table in manifest.tables),
        rows_out=sum(table.rows_out for table in manifest.tables),
        checks=len(gate.checks) if gate else 0,
        failed=tuple(c.name for c in gate.checks if not c.passed)[:SHOWN_CHECKS] if gate else (),
        not_checked=gate.not_checked if gate else (),
    )


def _risk(name: str, told: dict[str, object], lang: Language) -> RiskRow:
    def number(key: str) -> str:
        value = told.get(key)
        return lang.number(value) if isinstance(value, int) else "–"

    def share(key: str) -> str:
        value = told.get(key)
        return lang.percent(round(value, 4)) if isinstance(value, int | float) else "–"

    return RiskRow(
        name,
        number("persons"),
        number("k"),
        share("highest_risk"),
        share("mean_risk"),
        number("rows_suppressed"),
        share("loss"),
    )


_LEFT = ("all", "equality", "classes", "shape", "text", "parts", "nothing")


def _left(manifest: Manifest, lang: Language) -> Markup | None:
    """What is left of the columns: as they were, only equality, classes and so on."""
    treated = manifest.risk.get("utility", {}).get("treated", ())
    counts = dict.fromkeys(_LEFT, 0)
    for table in treated:
        for column in table.get("columns", ()):
            if column.get("left") in counts:
                counts[column["left"]] += 1
    counts["nothing"] += sum(table.get("dropped", 0) for table in treated)
    if not any(counts.values()):
        return None
    return bars(
        [Bar(lang.say(f"releases.left_{kind}"), n) for kind, n in counts.items() if n],
        lang,
        ident="left",
        title=lang.say("releases.left_title"),
    )
