"""`REPORT.html` of a release: one self-contained page, Norwegian and English."""

from __future__ import annotations

from importlib.resources import files

from sladd.release import Manifest, label
from sladd.release.paths import DATABASE, DICTIONARY
from sladd.targets.words import joins, parameters, type_word

_TEMPLATE = "report.html.j2"


def report_html(manifest: Manifest) -> str:
    """The page. It loads nothing and runs nothing: the language is switched by CSS alone."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(
        files(__package__).joinpath(_TEMPLATE).read_text(encoding="utf-8")
    )
    return template.render(
        m=manifest,
        label_nb=manifest.label_nb or label(manifest.kind, "nb"),
        label_en=manifest.label,
        joins=joins(manifest),
        words=parameters,
        type_word=type_word,
        database=DATABASE,
        dictionary=DICTIONARY,
    )
