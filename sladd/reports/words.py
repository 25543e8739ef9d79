"""Evidence in words: one sentence a signal, from its counts and names.

The facts are those that the column scanner writes (`detectors.columns`); a signal that is not
known here gets a neutral sentence, so that a plug-in's evidence is still told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal

from sladd import taxonomy
from sladd.model import Evidence
from sladd.reports.language import language
from sladd.reports.link_words import LINKS
from sladd.writing import Language, in_a_sentence
from sladd.writing.escaping import visible

_TELLING = 0.2  # a permuted column that passes more often tells nothing for the finding

Say = Callable[[Evidence, Language], str]

_AGAINST = -0.05  # a weight below this speaks against; rounding leaves tiny ones


def evidence_text(evidence: Evidence, lang: Literal["nb", "en"], *, about: str = "") -> str:
    """One readable sentence, without a full stop.

    Args:
        evidence: the signal with its facts.
        lang: `nb` or `en`.
        about: label of the category it speaks for, where that is known.

    >>> evidence_text(Evidence("header", 3.5, {"token": "fnr"}), "en", about="Name")
    'The column name matches “fnr”, a known word for name'
    """
    chosen = language(lang)
    if about and evidence.signal == "header":
        return visible(_header(evidence, chosen, about))
    return visible(SIGNALS.get(evidence.signal, _unknown)(evidence, chosen))


def _unknown(evidence: Evidence, lang: Language) -> str:
    return _sided("unknown", evidence, lang, signal=evidence.signal)


def _sided(key: str, evidence: Evidence, lang: Language, **facts: str | int) -> str:
    side = "against" if evidence.weight < _AGAINST else "for"
    return lang.say(f"evidence.{key}_{side}", **facts)


def _number(facts: Mapping[str, object], name: str) -> float | None:
    value = facts.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(facts: Mapping[str, object], name: str) -> int:
    value = _number(facts, name)
    return int(value) if value is not None else 0


@cache
def _taxonomy() -> taxonomy.Taxonomy:
    return taxonomy.load()


def _category(facts: Mapping[str, object], lang: Language) -> str:
    key = facts.get("category")
    known = _taxonomy()
    if isinstance(key, str) and key in known:
        return in_a_sentence(lang.label(known[key]))
    return lang.say("evidence.text_what")


def _hits(key: str) -> Say:
    """Checksums and patterns: how many passed, and how many would have by chance."""

    def say(evidence: Evidence, lang: Language) -> str:
        facts = evidence.facts
        matched, distinct = _number(facts, "matched"), _number(facts, "distinct")
        share, chance = _number(facts, "share"), _number(facts, "chance")
        if "codes" in facts:
            return lang.say("evidence.pattern_codes")
        if facts.get("reason") == "mistyped_numbers":
            return lang.say("evidence.pattern_mistyped")
        if facts.get("reason") == "like_phone_numbers":
            return lang.say("evidence.pattern_phones")
        if matched == 0 and key == "checksum":
            return lang.say("evidence.checksum_none")
        if "category" in facts and matched is not None and distinct:
            return lang.say(
                "evidence.sparse",
                matched=int(matched),
                distinct=int(distinct),
                what=_category(facts, lang),
            )
        if share is None and matched is not None and distinct:
            share = matched / distinct
        if share is not None and distinct and chance is None:
            key_of = "pattern_share" if share else "pattern_share_none"
            return lang.say(f"evidence.{key_of}", share=lang.percent(share), distinct=int(distinct))
        if share is None or not distinct or chance is None:
            return lang.say(
                f"evidence.{key}_some",
                matched=int(matched or 0),
                subtypes=_subtypes(facts, lang),
            )
        if distinct == 1 and share == 1:
            return lang.say(f"evidence.{key}_one", chance=lang.percent(chance))
        return lang.say(
            f"evidence.{key}",
            share=lang.percent(share),
            distinct=int(distinct),
            chance=lang.percent(chance),
            subtypes=_subtypes(facts, lang),
        )

    return say


def _subtypes(facts: Mapping[str, object], lang: Language) -> str:
    """Which kinds of value they were: `(D-numre 97 %, H-numre 3 %)`.

    Shares, since the scanner may have told the kinds of a part of the values only.
    """
    named = [
        (name.removeprefix("subtype "), _whole(facts, name))
        for name in facts
        if name.startswith("subtype ")
    ]
    total = sum(count for _, count in named)
    if len(named) < 2 or not total:
        return ""
    named.sort(key=lambda pair: (-pair[1], pair[0]))
    listed = [f"{lang.word('subtype', name)} {lang.percent(n / total)}" for name, n in named]
    return lang.say("evidence.subtypes", list=", ".join(listed))


def _permutation(evidence: Evidence, lang: Language) -> str:
    share = _number(evidence.facts, "permuted")
    if share is None:
        return _unknown(evidence, lang)
    if evidence.weight >= _AGAINST and share > _TELLING:
        return lang.say("evidence.permutation_even", share=lang.percent(share))
    return _sided("permutation", evidence, lang, share=lang.percent(share))


def _scatter(evidence: Evidence, lang: Language) -> str:
    return lang.say("evidence.scatter" if "both" in evidence.facts else "evidence.scatter_lead")


def _sequence(evidence: Evidence, lang: Language) -> str:
    density = _number(evidence.facts, "density")
    if density is not None:
        return lang.say("evidence.sequence_dense", share=lang.percent(density))
    if "step" in evidence.facts:
        return lang.say("evidence.sequence_step", step=_whole(evidence.facts, "step"))
    return lang.say("evidence.sequence")


def _header(evidence: Evidence, lang: Language, about: str = "") -> str:
    token = str(evidence.facts.get("token", ""))
    if evidence.weight < _AGAINST:
        return lang.say("evidence.header_against", token=token)
    if not token:
        return lang.say("evidence.header_unnamed")
    if about:
        return lang.say("evidence.header_for", token=token, about=in_a_sentence(about))
    return lang.say("evidence.header_plain", token=token)


def _type(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    if "list" in facts:
        return lang.say("evidence.type_list")
    if "median_year" in facts:
        # Years are names of years, not counts: no thousands separator.
        return _sided(
            "type_years",
            evidence,
            lang,
            year=str(_whole(facts, "median_year")),
            spread=_whole(facts, "spread_years"),
        )
    if "shape" not in facts:
        return lang.say("evidence.type")
    shape = lang.word("shape", str(facts["shape"]))
    share = _number(facts, "share")
    if share == 0:
        return lang.say("evidence.type_share_none", shape=shape)
    if share is not None:
        return _sided("type_share", evidence, lang, share=lang.percent(share), shape=shape)
    stored = lang.word("storage", str(facts.get("type", "other")))
    return _sided("type", evidence, lang, type=stored, shape=shape)


def _context(evidence: Evidence, lang: Language) -> str:
    kind = evidence.facts.get("table")
    if kind is None:
        return lang.say("evidence.context")
    return _sided("context", evidence, lang, kind=lang.word("tablekind", str(kind)))


def _gazetteer(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    firms, sole = _number(facts, "companies"), _number(facts, "sole")
    if firms is not None and sole is not None:
        key = "gazetteer_mixed_sole" if sole else "gazetteer_mixed"
        return lang.say(f"evidence.{key}", share=lang.percent(firms), sole=lang.percent(sole))
    if "lexicon" in facts:
        what = _category({"category": facts["lexicon"]}, lang)
        return _sided("gazetteer_words", evidence, lang, what=what)
    for name in ("companies", "full_names"):
        share = _number(facts, name)
        if share is not None:
            return lang.say(f"evidence.gazetteer_{name}", share=lang.percent(share))
    share = _number(facts, "share")
    if share is None:
        return lang.say("evidence.gazetteer")
    if share == 1 and _whole(facts, "distinct") == 1:
        chance = lang.percent(_number(facts, "chance") or 0.0)
        return lang.say("evidence.gazetteer_one", chance=chance)
    return _sided(
        "gazetteer",
        evidence,
        lang,
        share=lang.percent(share),
        distinct=_whole(facts, "distinct"),
        chance=lang.percent(_number(facts, "chance") or 0.0),
    )


def _uniqueness(evidence: Evidence, lang: Language) -> str:
    repeats = _number(evidence.facts, "repeats")
    if repeats is None:
        return lang.say("evidence.uniqueness")
    if _whole(evidence.facts, "distinct") == 1:
        return lang.say("evidence.uniqueness_one")
    return _sided(
        "uniqueness",
        evidence,
        lang,
        distinct=_whole(evidence.facts, "distinct"),
        repeats=lang.number(round(float(repeats), 1)),
    )


def _text(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    if "nested" in facts:
        many = _whole(facts, "nested")
        return lang.say(f"evidence.text_nested_{'one' if many == 1 else 'many'}", n=many)
    if "texts" in facts:
        known = _taxonomy().categories.get(str(facts.get("category", "")))
        reveals = known is not None and known.may_reveal
        return lang.say(
            "evidence.text_reveals" if reveals else "evidence.text_found",
            texts=_whole(facts, "texts"),
            read=_whole(facts, "read"),
            what=_category(facts, lang),
        )
    return lang.say("evidence.text_plain")


def _name_role(evidence: Evidence, lang: Language) -> str:
    share = _number(evidence.facts, "role_share")
    if not share:
        return lang.say("evidence.name_role_for")
    return lang.say("evidence.name_role_against", share=lang.percent(share))


def _neighbour(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    agree = _number(facts, "agree")
    if agree is not None:
        return lang.say(
            "evidence.neighbour_places", share=lang.percent(agree), pairs=_whole(facts, "pairs")
        )
    if "category" in facts and evidence.weight >= _AGAINST:
        return lang.say("evidence.neighbour_category", what=_category(facts, lang))
    return _sided("neighbour", evidence, lang)


def _agreement(evidence: Evidence, lang: Language) -> str:
    """Rows that agree with another column, and how many would by chance."""
    facts = evidence.facts
    share, chance = _number(facts, "agree"), _number(facts, "chance")
    if share is None or chance is None:
        return lang.say("evidence.agreement")
    other = str(facts.get("with", ""))
    kind = {
        "user.contact.email": "mail",
        "user.government_id.national_identification_number": "number",
    }.get(other, "other")
    column = str(facts.get("column", ""))
    named = "_in" if kind == "mail" and column else ""
    return lang.say(
        f"evidence.agreement_{kind}{named}",
        column=column,
        share=lang.percent(share),
        pairs=_whole(facts, "pairs"),
        chance=lang.percent(chance),
        what=_category({"category": other}, lang),
    )


def _key(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    if facts.get("by") == "suggested_key":
        return lang.say("evidence.key_suggested", path=str(facts.get("path", "")))
    if facts.get("path"):
        return lang.say("evidence.key_path", path=str(facts["path"]))
    if facts.get("by") == "same_table":
        return lang.say("evidence.key_same_table")
    if facts.get("role") in {"primary", "foreign", "number"} and "table_kind" in facts:
        kind = lang.word("tablekind", str(facts["table_kind"]))
        return lang.say(f"evidence.key_{facts['role']}", kind=kind)
    return _sided("key", evidence, lang)


def _eav(evidence: Evidence, lang: Language) -> str:
    return lang.say("evidence.eav", key=str(evidence.facts.get("key", "*")))


def _dates(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    return _sided(
        "dates",
        evidence,
        lang,
        spread=_whole(facts, "spread_years"),
        age=_whole(facts, "median_age"),
    )


def _ages(evidence: Evidence, lang: Language) -> str:
    if "bands" in evidence.facts:
        return lang.say("evidence.ages_bands")
    share = lang.percent(_number(evidence.facts, "impossible") or 0.0)
    return _sided("ages", evidence, lang, share=share)


def _amounts(evidence: Evidence, lang: Language) -> str:
    return _sided("amounts", evidence, lang)


def _position(evidence: Evidence, lang: Language) -> str:
    share = _number(evidence.facts, "share")
    if share is None:
        return lang.say("evidence.position_beside")
    return lang.say("evidence.position_cell", share=lang.percent(share))


def _children(evidence: Evidence, lang: Language) -> str:
    facts = evidence.facts
    if "table" in facts:
        return lang.say("evidence.children_table")
    counts = {name: _whole(facts, name) for name in ("persons", "age")}
    if "few" in facts:
        return lang.say("evidence.children_few", **counts)
    return lang.say("evidence.children_counted", under=_whole(facts, "under"), **counts)


SIGNALS: Mapping[str, Say] = {
    "checksum": _hits("checksum"),
    "pattern": _hits("pattern"),
    "permutation": _permutation,
    "sequence": _sequence,
    "scatter": _scatter,
    "header": _header,
    "type": _type,
    "context": _context,
    "gazetteer": _gazetteer,
    "uniqueness": _uniqueness,
    "text": _text,
    "name_role": _name_role,
    "neighbour": _neighbour,
    "agreement": _agreement,
    "key": _key,
    "eav": _eav,
    "dates": _dates,
    "ages": _ages,
    "amounts": _amounts,
    "position": _position,
    "children": _children,
    **LINKS,
}
"""Every signal that has a sentence of its own."""
