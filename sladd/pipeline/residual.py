"""What redacted texts still hold, in words: for the plan, the manifest and the report."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log
from typing import TYPE_CHECKING, Any

from sladd.model import FieldPlan, Plan, TablePlan
from sladd.writing import in_a_sentence

if TYPE_CHECKING:
    from detectors.texts.residual import Residual
    from sladd.pipeline.bind import Bound

_NAMES = "user.name"
_ROUNDING = 1e-9  # a limit of exactly n names lets n names pass
_WORDS = {
    "en": {
        "columns": "{n} of free text are redacted: what the detectors do not find stays",
        "one": "1 column",
        "many": "{n} columns",
        "measured": "about {n} of 100 names stay (measured on {of} names)",
        "other": "of 100 others stay: {parts}",
        "unmeasured": "how many names stay has not been measured",
        "rules": "names are found by rules only, no language model is loaded{languages}",
        "for": " for {languages}",
        "limit": "{field}: a text is left out whole where the risk that something remains is above"
        " {limit} % ({holds})",
        "fits": "with up to {n} names found in it, it stays",
        "fits_one": "with one name found in it, it stays",
        "fits_all": "that happens to none",
        "fits_none": "one name found in it is too much: {risk} %",
        "fits_unknown": "nothing was measured, so whatever is found in it is too much",
        "withheld": "{n} texts of {field} were left out whole",
    },
    "nb": {
        "columns": "{n} med fritekst sladdes: det som ikke blir oppdaget, blir stående",
        "one": "1 kolonne",
        "many": "{n} kolonner",
        "measured": "omtrent {n} av 100 navn blir stående (målt på {of} navn)",
        "other": "av 100 andre blir stående: {parts}",
        "unmeasured": "hvor mange navn som blir stående, er ikke målt",
        "rules": "navn blir bare oppdaget med regler, for ingen språkmodell er lastet{languages}",
        "for": " for {languages}",
        "limit": "{field}: en tekst utelates hel når risikoen for at noe står igjen, er over"
        " {limit} % ({holds})",
        "fits": "med inntil {n} navn funnet i seg blir den med",
        "fits_one": "med ett navn funnet i seg blir den med",
        "fits_all": "det skjer ikke med noen",
        "fits_none": "ett navn funnet i den er for mye: {risk} %",
        "fits_unknown": "ingenting er målt, så alt som finnes i den, er for mye",
        "withheld": "{n} tekster i {field} er utelatt hele",
    },
}  # fmt: skip


LIMIT = "max_residual_risk"


def redacted(made: Plan) -> list[str]:
    """Addresses of the fields whose texts are redacted and leave."""
    return [str(field.field) for _, field in _fields(made)]


def _fields(made: Plan) -> list[tuple[TablePlan, FieldPlan]]:
    return [
        (table, field)
        for table in made.tables
        for top in table.fields
        for field in top.each()
        if top.output and field.output and field.transform == "redact_text"
    ]


def residual_risk(
    bound: Bound, made: Plan, counts: Mapping[str, Mapping[str, int]] | None = None
) -> dict[str, Any]:
    """What stays in the redacted texts of a release, as measured; {} when it has none.

    Args:
        bound: the configuration.
        made: the plan.
        counts: table → what its receipts counted; None before anything was published.

    Returns:
        `columns, names_by, languages_without_model, source, missed` (category → share and
        number of mentions), `limits` (field → limit of the risk), `withheld` (field →
        texts left out whole, after publishing) and `statement` (language → sentence).
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
    limits = {
        str(field.field): float(field.parameters[LIMIT])
        for _, field in _fields(made)
        if field.parameters.get(LIMIT) is not None
    }
    withheld = {
        str(field.field): counts[table.output].get(f"{field.output}: withheld", 0)
        for table, field in _fields(made)
        if counts is not None and table.output in counts and str(field.field) in limits
    }
    return {
        "columns": columns,
        "names_by": known.by,
        "languages_without_model": without,
        "source": known.source,
        "missed": {each.category: {"share": each.share, "of": each.of} for each in known.missed},
        "limits": limits,
        **({"withheld": withheld} if counts is not None else {}),
        "statement": {
            code: "; ".join(
                (
                    statement(bound, known, len(columns), without, code),
                    *(_limit(known, field, limit, code) for field, limit in limits.items()),
                    *(
                        _WORDS[code]["withheld"].format(n=n, field=field)
                        for field, n in withheld.items()
                    ),
                )
            )
            for code in _WORDS
        },
    }


def _limit(known: Residual, field: str, limit: float, code: str) -> str:
    """What a limit means, in names found in a text."""
    words = _WORDS[code]
    share = next((each.share for each in known.missed if each.category == _NAMES), None)
    if share is None:
        holds = words["fits_unknown"]
    elif limit >= 1 or share <= 0:
        holds = words["fits_all"]
    elif share > limit:
        holds = words["fits_none"].format(risk=round(100 * share))
    else:
        # (1 - share)^n ≥ 1 - limit, see `transforms.redact_text`.
        most = floor(log(1 - limit) / log(1 - share) + _ROUNDING)
        holds = words["fits_one" if most == 1 else "fits"].format(n=most)
    shown = f"{100 * limit:.3g}"
    return words["limit"].format(
        field=field, limit=shown.replace(".", ",") if code == "nb" else shown, holds=holds
    )


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
        parts.append(words["measured"].format(n=_of_hundred(names.share), of=names.of))
    others = []
    for each in known.missed:
        if each.category != _NAMES and each.category in bound.taxonomy:
            category = bound.taxonomy[each.category]
            label = category.label_nb if code == "nb" else category.label_en
            others.append(f"{in_a_sentence(label)} {_of_hundred(each.share)}")
    if others:
        parts.append(words["other"].format(parts=", ".join(others)))
    return "; ".join(parts)


def _of_hundred(share: float) -> str:
    """A share as so many of a hundred; a few, where it rounds to none."""
    return str(round(100 * share)) if share >= 0.01 or share == 0 else "< 1"
