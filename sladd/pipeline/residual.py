"""What redacted texts still hold, in words: for the plan, the manifest and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sladd.model import Plan

if TYPE_CHECKING:
    from detectors.texts.residual import Residual
    from sladd.pipeline.bind import Bound

_NAMES = "user.name"
_WORDS = {
    "en": {
        "columns": "{n} of free text are redacted by what is found in them; what is not found stays",
        "one": "1 column",
        "many": "{n} columns",
        "measured": "about {n} of 100 names remain (measured on {of}, {source})",
        "other": "{label}: {n} of 100",
        "unmeasured": "how many names remain has not been measured",
        "rules": "names are found by rules only, no language model is loaded{languages}",
        "for": " for {languages}",
    },
    "nb": {
        "columns": "{n} med fritekst sladdes for det som finnes i dem; det som ikke finnes, blir stående",
        "one": "1 kolonne",
        "many": "{n} kolonner",
        "measured": "omtrent {n} av 100 navn blir stående (målt på {of}, {source})",
        "other": "{label}: {n} av 100",
        "unmeasured": "hvor mange navn som blir stående, er ikke målt",
        "rules": "navn finnes bare ved regler, ingen språkmodell er lastet{languages}",
        "for": " for {languages}",
    },
}  # fmt: skip


def redacted(made: Plan) -> list[str]:
    """Addresses of the fields whose texts are redacted and leave."""
    return [
        str(field.field)
        for table in made.tables
        for top in table.fields
        for field in top.each()
        if top.output and field.output and field.transform == "redact_text"
    ]


def residual_risk(bound: Bound, made: Plan) -> dict[str, Any]:
    """What stays in the redacted texts of a release, as measured; {} when it has none.

    Returns:
        `columns, names_by, languages_without_model, source, missed` (category → share and
        number of mentions) and `statement` (language → sentence).
    """
    from detectors.texts.residual import residual

    columns = redacted(made)
    if not columns:
        return {}
    modelled = bound.text_finders.modelled
    without: list[str] = [
        language for language in bound.config.languages if language not in modelled
    ]
    known = residual(modelled=not without)
    return {
        "columns": columns,
        "names_by": known.by,
        "languages_without_model": without,
        "source": known.source,
        "missed": {each.category: {"share": each.share, "of": each.of} for each in known.missed},
        "statement": {
            code: statement(bound, known, len(columns), without, code) for code in _WORDS
        },
    }


def statement(bound: Bound, known: Residual, columns: int, without: list[str], code: str) -> str:
    """One sentence on what stays."""
    words = _WORDS[code]
    many = words["one"] if columns == 1 else words["many"].format(n=columns)
    parts = [words["columns"].format(n=many)]
    if without:
        some = len(without) < len(bound.config.languages)
        languages = words["for"].format(languages=", ".join(without)) if some else ""
        parts.append(words["rules"].format(languages=languages))
    names = next((each for each in known.missed if each.category == _NAMES), None)
    if names is None:
        parts.append(words["unmeasured"])
    else:
        parts.append(
            words["measured"].format(n=_of_hundred(names.share), of=names.of, source=known.source)
        )
    for each in known.missed:
        if each.category != _NAMES and each.category in bound.taxonomy:
            category = bound.taxonomy[each.category]
            label = category.label_nb if code == "nb" else category.label_en
            parts.append(words["other"].format(label=label, n=_of_hundred(each.share)))
    return "; ".join(parts)


def _of_hundred(share: float) -> str:
    """A share as so many of a hundred; a few, where it rounds to none."""
    return str(round(100 * share)) if share >= 0.01 or share == 0 else "< 1"
