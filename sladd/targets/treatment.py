"""What a column went through, in a phrase that an analyst or an officer reads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sladd.release import ReleaseColumn
from sladd.targets.words import parameters
from sladd.writing import Language
from sladd.writing.levels import level as named_level

# What the transforms do when the rule does not say; the manifest holds what it said.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "generalise": {"digits": 2, "v4_bits": 24, "v6_bits": 48, "width": 10, "top": 90},
    "truncate_date": {"to": "month"},
    "mask": {"keep_first": 0, "keep_last": 0},
    "redact_text": {"with": "label"},
    "shift_dates": {"max_days": 90, "direction": "both", "time": "drop"},
    "noise": {"relative": False},
    "surrogate": {"per": "release"},
}


def treatment(column: ReleaseColumn, lang: Language) -> str:
    """A phrase without a full stop; name and parameters for a transform that is not ours."""
    given = {**_DEFAULTS.get(column.transform, {}), **column.parameters}
    key = f"done.{_key(column, given)}"
    if lang.has(key):
        return lang.say(key, **_facts(given, lang))
    plain = parameters(column.parameters)
    return lang.say(
        "done.other_with" if plain else "done.other", transform=column.transform, parameters=plain
    )


def _key(column: ReleaseColumn, given: Mapping[str, Any]) -> str:
    match column.transform:
        case "generalise" if "hierarchy" in given and given.get("level") == "*":
            return "searched_star"
        case "generalise" if "aggregate" in given:
            return f"searched_{given['aggregate']}"
        case "generalise" if "hierarchy" in given:
            return "searched"
        case "keep" if "aggregate" in given:
            return f"aggregate_{given['aggregate']}"
        case "generalise" if given.get("to") == "band" and given.get("edges"):
            return "generalise_band_edges"
        case "bucket" if given.get("edges"):
            return "bucket_edges"
        case "top_code" if given.get("least") is not None:
            return "top_code_both" if given.get("most") is not None else "top_code_least"
        case "generalise" if "level" in given:
            return "generalise_hierarchy"
        case "generalise" | "truncate_date" as name:
            return f"{name}_{given.get('to', '')}"
        case "pseudonym" if given.get("tokens") == "vault":
            return "pseudonym_vault"
        case "shift_dates":
            kept = "_keep" if given["time"] == "keep" else ""
            return f"shift_dates_{given['direction']}{kept}"
        case "noise" if given["relative"]:
            return "noise_relative"
        case "shuffle" if given.get("within"):
            return "shuffle_within"
        case "surrogate" if given["per"] == "version":
            return "surrogate_version"
        case "redact_text":
            ways = {given["with"]} if isinstance(given["with"], str) else {*given["with"].values()}
            return f"redact_text_{ways.pop() if len(ways) == 1 else 'mixed'}"
        case "fake":
            return f"fake_{given.get('kind', '')}"
        case "mask" if given["keep_first"] or given["keep_last"]:
            return "mask_some"
        case name:
            return name


def _facts(given: Mapping[str, Any], lang: Language) -> dict[str, str]:
    edges = given.get("edges")
    return {
        "digits": _number(given.get("digits"), lang),
        "v4": _number(given.get("v4_bits"), lang),
        "v6": _number(given.get("v6_bits"), lang),
        "width": _number(given.get("width"), lang),
        "to": _number(given.get("to"), lang),
        "most": _number(given.get("most"), lang),
        "least": _number(given.get("least"), lang),
        "days": _number(given.get("max_days"), lang),
        "scale": _number(given.get("scale"), lang),
        "percent": _number(_share(given.get("scale")), lang),
        "hierarchy": str(given.get("hierarchy", "")),
        "within": str(given.get("within", "")),
        "level": named_level(_number(given.get("level"), lang), lang.code),
        "top": _number(given.get("top"), lang),
        "first": _number(given.get("keep_first"), lang),
        "last": _number(given.get("keep_last"), lang),
        "edges": ", ".join(_number(edge, lang) for edge in edges)
        if isinstance(edges, list | tuple)
        else "",
    }


def _share(value: Any) -> float | None:
    """In per cent, without the noise of a binary fraction."""
    return float(Decimal(str(value)) * 100) if isinstance(value, int | float) else None


def _number(value: Any, lang: Language) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    # Steps may be as fine as 0.25; a count has at most one decimal.
    whole, _, rest = f"{Decimal(str(value)):f}".partition(".")
    rest = rest.rstrip("0")
    return lang.number(int(whole)) + (f"{',' if lang.code == 'nb' else '.'}{rest}" if rest else "")
