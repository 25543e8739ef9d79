"""`REPORT.html` of a release: one self-contained page, Norwegian and English."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sladd import taxonomy
from sladd.release import Manifest, ReleaseColumn, label
from sladd.release.paths import DATABASE, DICTIONARY
from sladd.targets import facts
from sladd.targets.language import language, reason_in
from sladd.targets.treatment import treatment
from sladd.targets.words import type_word
from sladd.writing import LANGUAGES, Language, figures
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates

if TYPE_CHECKING:
    from jinja2 import Template


def report_html(manifest: Manifest) -> str:
    """The page. It loads nothing and runs nothing: the language is switched by CSS alone."""
    from markupsafe import Markup

    css = stylesheet() + _asset("report.css")
    shared = facts.keys(manifest)
    tables = facts.tables(manifest, shared)
    gate = manifest.gate
    return _template().render(
        m=manifest,
        css=Markup(css),  # noqa: S704 - our own file
        policy=content_policy(css),
        views=[_view(manifest, language(code)) for code in LANGUAGES],
        label_nb=_capital(manifest.label_nb or label(manifest.kind, "nb")),
        label_en=_capital(manifest.label),
        tables=tables,
        kept=sum(table.kept for table in tables),
        changed=sum(table.changed for table in tables),
        rows_in=sum(table.rows_in for table in manifest.tables),
        rows_out=sum(table.rows_out for table in manifest.tables),
        left_out=sum(one.rows for one in manifest.left_out),
        left_out_tables=len({one.table for one in manifest.left_out if one.rows}),
        left_out_reasons=list(dict.fromkeys(one.reason for one in manifest.left_out)),
        keys=shared,
        dropped=facts.dropped(manifest.dropped),
        checks=facts.checks(gate.checks) if gate else (),
        failed=sum(not check.passed for check in gate.checks) if gate else 0,
        not_checked=gate.not_checked if gate else (),
        sources=sorted({*manifest.snapshot, *manifest.consistency}),
        example=facts.sample_table(manifest),
        signing_key=facts.signing_key(manifest),
        database=DATABASE,
        dictionary=DICTIONARY,
    )


def _view(manifest: Manifest, lang: Language) -> dict[str, Any]:
    """What the template says in one language."""
    known = _taxonomy()

    def category(column: ReleaseColumn) -> str:
        key = column.category
        return lang.label(known[key]) if key in known else key

    def key_name(kind: str) -> str:
        return lang.label(known[kind]) if kind in known else lang.word("keys", kind)

    def check_text(name: str, suffix: str = "") -> str:
        key = f"check.{name.replace(' ', '_')}{suffix}"
        return lang.texts.get(key, "" if suffix else name)

    def optional(key: str) -> str:
        return lang.texts.get(key, "")

    return {
        "t": lang,
        "say": lang.say,
        "num": lang.number,
        "day": lambda at: figures.day(at, lang.code),
        "created": figures.moment(manifest.created, lang.code),
        "category": category,
        "key_name": key_name,
        "check": check_text,
        "check_note": lambda name: check_text(name, "_note"),
        "optional": optional,
        "done": lambda column: treatment(column, lang),
        "reason": lambda text: reason_in(text, lang),
        "type": lambda type_: lang.word("type", type_word(type_)),
    }


@cache
def _taxonomy() -> taxonomy.Taxonomy:
    return taxonomy.load()


@cache
def _template() -> Template:
    """The compiled template; compiling it takes longer than rendering."""
    return templates("sladd.targets", ".").get_template("report.html.j2")


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
