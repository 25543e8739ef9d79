"""`ANONYMISATION.html`: what an officer reads before signing. One page, Norwegian and English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sladd.release import Manifest, ReleaseFile, label
from sladd.release.earlier import EarlierTable
from sladd.release.method import AssessmentRecord, ColumnMethod, TableMethod
from sladd.release.wp216 import Linkability
from sladd.targets.anonymity import drawn
from sladd.targets.anonymity.cards import cards, points
from sladd.targets.anonymity.facts import Facts, TableFacts, facts_of
from sladd.writing import LANGUAGES, Language, figures, read_texts
from sladd.writing.levels import level
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates

if TYPE_CHECKING:
    from jinja2 import Template


def anonymisation_html(
    manifest: Manifest,
    *,
    assessment: AssessmentRecord | None = None,
    labels: Mapping[str, str] | None = None,
) -> str | None:
    """The page; None for a release that the three tests were not made of.

    It loads nothing and runs nothing: the language is switched by CSS alone.

    Args:
        manifest: of the release.
        assessment: what was signed since; without it the page ends in a form.
        labels: what the release is called today by language, where that is no longer what the
            manifest says.
    """
    from markupsafe import Markup

    facts = facts_of(manifest)
    if facts is None:
        return None
    said = {"nb": manifest.label_nb or label(manifest.kind, "nb"), "en": manifest.label}
    called = labels or said
    css = stylesheet() + _asset("page.css")
    return _template().render(
        m=manifest,
        f=facts,
        css=Markup(css),  # noqa: S704 - our own file
        policy=content_policy(css),
        views=[_view(manifest, facts, language(code)) for code in LANGUAGES],
        label_nb=_capital(called["nb"]),
        label_en=_capital(called["en"]),
        assessment=assessment,
        # The officer's word counts only once the label says so.
        signed=assessment is not None and called["en"] != label(manifest.kind),
        sources=sorted({*manifest.snapshot, *manifest.consistency}),
        files=_listed(manifest),
    )


@cache
def language(code: str) -> Language:
    """The texts of `nb` or `en`."""
    return read_texts(__package__ or "sladd.targets.anonymity", code)


def _listed(manifest: Manifest) -> list[ReleaseFile]:
    """The files whose hashes are told: not the pages, of which this is one."""
    return [one for one in manifest.all_files if not one.path.endswith(".html")]


def _view(manifest: Manifest, facts: Facts, lang: Language) -> dict[str, Any]:
    """What the template says in one language."""
    return {
        "t": lang,
        "say": lang.say,
        "num": lang.number,
        "share": lang.percent,
        "day": lambda at: figures.day(at, lang.code),
        "created": figures.moment(manifest.created, lang.code),
        "lead": _lead(facts, lang),
        "cards": cards(facts, lang),
        "points": lambda share: points(share, lang),
        "decimal": partial(_decimal, lang=lang),
        "asked": lambda method: _asked(method, lang),
        "done": lambda column: _done(column, lang),
        "other": lambda link: _other(link, lang),
        "reason": lambda one: _reason(one, lang),
        "sizes": lambda table: drawn.sizes(table.alone, table.number, lang),
        "column": lambda table, one, place: drawn.column(table, one, place, lang),
        "scatter": lambda table: drawn.scatter(table, lang),
        "query": lambda table: _query(table, lang),
    }


def _lead(facts: Facts, lang: Language) -> str:
    told = {
        "tables": lang.count("tables", len(facts.tables)),
        "persons": lang.count("persons", facts.persons),
    }
    if not facts.failed:
        if facts.earlier is not None and not facts.earlier.passed:
            return lang.say("page.lead_earlier", **told)
        judged = facts.answers.passed("inference") is not None
        return lang.say("page.lead_passed" if judged else "page.lead_told", **told)
    failed = lang.count("tests", len(facts.failed))
    return lang.say("page.lead_failed", **told, failed=failed)


def _decimal(value: float, places: int = 2, *, lang: Language) -> str:
    text = f"{value:.{places}f}".replace("-", "−")
    return text.replace(".", ",") if lang.code == "nb" else text


def _asked(method: TableMethod, lang: Language) -> str:
    asked = [lang.say("method.k", k=method.k)]
    if method.l is not None:
        asked.append(lang.say("method.l", l=lang.number(method.l)))
    if method.t is not None:
        asked.append(lang.say("method.t", t=_decimal(method.t, lang=lang)))
    share = lang.percent(method.max_suppression)
    asked.append(lang.say("method.suppression", share=share))
    return lang.say("method.asked", asked=lang.list(asked))


def _done(column: ColumnMethod, lang: Language) -> str:
    if column.role in {"direct", "key"}:
        return lang.say("done.dropped")
    if column.role != "quasi_identifier" or column.step == 0:
        return lang.say("done.kept")
    return lang.say("done.whole") if column.level == "*" else level(column.level, lang.code)


def _other(link: Linkability, lang: Language) -> str:
    if not link.other_release:
        return lang.say("linkability.same", table=link.other_table)
    return lang.say("linkability.other", table=link.other_table, release=link.other_release)


def _reason(one: EarlierTable, lang: Language) -> str:
    said, _, rest = one.reason.partition(": ")
    words = lang.word("reason", said)
    return f"{words}: {rest}" if rest else words


def _query(table: TableFacts, lang: Language) -> str:
    error = table.utility.query_error if table.utility else None
    if error is None:
        return ""
    return lang.say(
        "utility.query",
        n=error.questions,
        columns=error.columns,
        median=lang.percent(error.median),
        ninetieth=lang.percent(error.ninetieth),
    )


@cache
def _template() -> Template:
    """The compiled template; compiling it takes longer than rendering."""
    return templates("sladd.targets.anonymity", ".").get_template("page.html.j2")


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
