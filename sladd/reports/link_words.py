"""Evidence for links between tables in words, from counts and names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sladd.model import Evidence
from sladd.writing import Language

_DENSE = 0.5  # of the values would stand in the target by accident


def _count(evidence: Evidence, name: str) -> int:
    value = evidence.facts.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0


def _share(evidence: Evidence, name: str) -> float:
    value = evidence.facts.get(name, 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _name(evidence: Evidence, lang: Language) -> str:
    by = str(evidence.facts.get("by", ""))
    by = {"bare": "exact", "other": "against", "measure": "against"}.get(by, by)
    key = f"evidence.link_name_{by}"
    return lang.say(key if lang.has(key) else "evidence.link_name_none")


def _type(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    if facts.get("padded"):
        return lang.say("evidence.link_type_padded")
    one, other = str(facts.get("type", "")), str(facts.get("target", ""))
    if not one:
        return lang.say("evidence.type")
    told = lang.word("storage", one)
    if one == other:
        return lang.say("evidence.link_type_same", type=told)
    return lang.say("evidence.link_type_differ", type=told, target=lang.word("storage", other))


def _unique(evidence: Evidence, lang: Language) -> str:
    if evidence.facts.get("declared"):
        return lang.say("evidence.link_unique_declared")
    return lang.say("evidence.link_unique_measured", distinct=_count(evidence, "distinct"))


def _inclusion(evidence: Evidence, lang: Language) -> str:
    compared, found = _count(evidence, "compared"), _count(evidence, "found")
    if not compared:
        return lang.say("evidence.link_inclusion_none")
    key = "all" if found == compared else "some"
    told = lang.say(f"evidence.link_inclusion_{key}", compared=compared, found=found)
    if evidence.facts.get("whole") is False:
        told += lang.say("evidence.link_inclusion_part")
    elif _share(evidence, "chance") >= _DENSE:
        told += lang.say("evidence.link_inclusion_dense")
    return told


def _reach(evidence: Evidence, lang: Language) -> str:
    return lang.say("evidence.link_reach", share=lang.percent(_share(evidence, "reached")))


def _many(evidence: Evidence, lang: Language) -> str:
    if evidence.weight < 0:
        return lang.say("evidence.link_many_against")
    rows, distinct = _count(evidence, "rows"), _count(evidence, "distinct")
    return lang.say("evidence.link_many_for", rows=rows, distinct=distinct)


def _embedded(evidence: Evidence, lang: Language) -> str:
    return lang.texts["evidence.link_embedded"].format_map(
        {
            "found": lang.number(_count(evidence, "found")),
            "rows": lang.number(_count(evidence, "rows")),
            "from": _count(evidence, "from"),
            "to": _count(evidence, "to"),
            "chance": lang.percent(_share(evidence, "chance")),
        }
    )


LINKS: Mapping[str, Callable[[Evidence, Language], str]] = {
    "link_name": _name,
    "link_type": _type,
    "link_unique": _unique,
    "link_inclusion": _inclusion,
    "link_reach": _reach,
    "link_surrogate": lambda _evidence, lang: lang.say("evidence.link_surrogate"),
    "link_many": _many,
    "link_embedded": _embedded,
}
"""Every signal of a link that has a sentence."""
