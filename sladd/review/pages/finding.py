"""One finding with all that an officer needs to decide on it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from sladd.catalog import Catalog, CatalogField, Standing
from sladd.model import How, Verdict
from sladd.pipeline.explain import explain
from sladd.reports.explanation import lines, rival_text
from sladd.reports.facts import CERTAIN
from sladd.reports.findings import holds, revealed
from sladd.reports.language import language
from sladd.reports.names import Names, names_of
from sladd.reports.words import evidence_text
from sladd.review.pages.rows import Row, key_of, row_of, sureness
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, in_a_sentence
from sladd.writing.escaping import visible

NEIGHBOURS = 4
"""Columns shown on either side; who wants more opens the table."""

_NEAR = 0.05  # confidence from which a report tells what else a field might have been


@dataclass(frozen=True, slots=True)
class Reason:
    """A sign in words, and whether it speaks against the finding."""

    text: str
    against: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A decision in words."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A column that stands near."""

    row: Row
    this: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """What the page shows of a finding.

    Attributes:
        row: the field as lists show it, as decided on.
        found: label of the category that the scan says; "" for nothing.
        category: its key.
        reveal: labels of what it may reveal by art. 9 and 10.
        path: how its table leads to a person.
        sums: the evidence added up, line by line.
        held: the decision that holds; `former` those before it, the newest first.
        reopened: why it is asked again.
    """

    row: Row
    found: str
    category: str
    how: str
    share: str
    sure: str
    also: str
    reveal: str
    rows: str
    persons: int
    stored: str
    comment: str
    path: str
    reasons: tuple[Reason, ...]
    rivals: tuple[str, ...]
    shapes: tuple[str, ...]
    sums: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    held: Said | None
    former: tuple[Said, ...]
    reopened: bool
    alike: int
    decided: bool


ALIKE = 200
"""Similar columns that are listed and decided at once."""


def view(catalog: Catalog, key: str, taxonomy: Taxonomy, lang: Language) -> FindingView | None:
    """The finding of a field; None when the sources have no such field.

    Args:
        catalog: of the project.
        key: of the field.
        taxonomy: for labels.
        lang: of the words.
    """
    standing = next(iter(catalog.worklist.standing([key])), None)
    if standing is None:
        return None
    fields = catalog.fields.of(standing.table_key)
    table = catalog.worklist.table(standing.table_key)
    field = next((each for each in fields if key_of(each.address) == key), None)
    if field is None or table is None:
        return None  # a scan found it gone just now
    beside = table.columns
    at = next((n for n, each in enumerate(beside) if each.key == key), 0)
    called = names_of([*catalog.fields.masked(), *(each.scan for each in fields)])
    return _view(field, standing, beside, at, catalog, called, taxonomy, lang)


def _view(
    field: CatalogField,
    standing: Standing,
    beside: Sequence[Standing],
    at: int,
    catalog: Catalog,
    called: Names,
    taxonomy: Taxonomy,
    lang: Language,
) -> FindingView:
    words = language(lang.code)
    scan, finding = field.scan, field.scan.finding
    found = taxonomy.categories.get(finding.category)
    near = beside[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
    history = [
        _said(each, taxonomy, words, lang) for each in catalog.verdicts.history(field.address)
    ]
    nothing = finding.how is How.NONE
    return FindingView(
        row=row_of(standing, taxonomy, lang),
        found=words.label(found) if found else finding.category,
        category=finding.category,
        how="" if nothing else words.say(f"how_long.{finding.how.value}"),
        share="" if nothing else words.percent(min(finding.confidence, CERTAIN)),
        sure="" if nothing else sureness(finding.confidence, words),
        also=_labels(finding.also, taxonomy, words),
        reveal=_labels(
            [k for k in revealed(field) if k in taxonomy and taxonomy[k].may_reveal],
            taxonomy,
            words,
        ),
        rows=words.say("explain.rows", rows=scan.rows, values=scan.rows - scan.nulls),
        persons=standing.persons,
        stored=words.word("storage", scan.field.type.value),
        comment=called.clean(visible(scan.field.comment or "")),
        path=_path(field, called, words),
        reasons=_reasons(field, called, taxonomy, words),
        rivals=tuple(
            rival_text(each.confidence, _label(each.category, taxonomy, words), words)
            for each in finding.rivals
            if each.confidence >= _NEAR
        ),
        shapes=finding.shapes,
        sums=_sums(field, called, taxonomy, words),
        neighbours=tuple(
            Neighbour(row_of(each, taxonomy, lang), each.key == standing.key) for each in near
        ),
        held=history[-1] if history else None,
        former=tuple(reversed(history[:-1])),
        reopened=bool(field.verdict and field.verdict.reopened),
        alike=min(ALIKE, len(catalog.worklist.alike(standing.key))),
        decided=standing.verdict > 0,
    )


def _sums(
    field: CatalogField, called: Names, taxonomy: Taxonomy, words: Language
) -> tuple[str, ...]:
    """The sum line by line, without the command of the shell that decides."""
    told = explain(field, called)
    command = words.say("explain.decide", field=told.shown)
    each = lines(told, taxonomy, called, words.code)
    return tuple(line for line in each if line.strip() != command)


def _label(key: str, taxonomy: Taxonomy, words: Language) -> str:
    category = taxonomy.categories.get(key)
    return words.label(category) if category else key


def _labels(keys: Sequence[str], taxonomy: Taxonomy, words: Language) -> str:
    return words.list([in_a_sentence(_label(key, taxonomy, words)) for key in keys])


def _path(field: CatalogField, called: Names, words: Language) -> str:
    path = field.person_path
    if not path:
        return words.say("table.no_path")
    if len(path) == 1:
        return words.say("table.about")
    source = f"{field.ref.source}/"
    steps = [called.address(step).removeprefix(source) for step in path]
    return words.say("table.path", path=" → ".join(steps))


def _reasons(
    field: CatalogField, called: Names, taxonomy: Taxonomy, words: Language
) -> tuple[Reason, ...]:
    """The evidence in words; the same sentence once."""
    about = _label(holds(field)[0], taxonomy, words)
    code = cast("Literal['nb', 'en']", words.code)
    told = {
        evidence_text(called.evidence(item), code, about=about): item.weight < 0
        for item in field.scan.finding.evidence
    }
    return tuple(Reason(text, against) for text, against in told.items())


def _said(verdict: Verdict, taxonomy: Taxonomy, words: Language, lang: Language) -> Said:
    label = in_a_sentence(_label(verdict.category, taxonomy, words))
    what = words.say(f"verdict.{verdict.decision.value}", category=label)
    by = words.say("verdict.by", by=verdict.by, day=lang.moment(verdict.at))
    return Said(f"{what} {by}", verdict.reason)
