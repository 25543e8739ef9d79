"""`recognizers.md`: what is recognised by its values, from the declarations."""

from __future__ import annotations

import sys
from typing import Any

from docs.pages.markdown import cell, code, head, table

INTRO = """
Every recogniser is a Presidio recogniser and also works in a plain `AnalyzerEngine`. This page
lists the declarations that the column scanner reads.

- **Chance rate**: the share of random strings of the same shape that pass. The higher it is, the
  more a column must show before it is called that.
- **Needs context**: a hit alone tags nothing; a column name or a word beside it must speak for it,
  unless the subtype stands alone.
- **Rank**: where two recognisers accept the same value, the lower rank speaks first.

Recognisers of one country take part when `region` or `detection.countries` in `sladd.yaml` names
it; the others always do. Names, street names and places in columns are judged by the column's
name and by word lists, not by a recogniser. Names in free text are found by the model that comes
with sladd (bokmål, nynorsk and English; `detectors/ner/MODEL_CARD.md` says how well), or by a spaCy
model of yours that `detection.spacy` names. `sladd doctor` says which one reads which language.
"""


def page() -> str:
    """The whole page."""
    import detectors
    from detectors.international import national_id

    classes = list(detectors.RECOGNIZERS)
    own = [c for c in classes if (c.COUNTRY_CODE or "").upper() == "NO"]
    everywhere = [c for c in classes if c.COUNTRY_CODE is None]
    abroad = list(national_id.recognizers(national_id.countries()))
    parts = [
        head("Recognisers", INTRO),
        "\n## Norway\n\n",
        _table(own),
        "\n## Everywhere\n\n",
        _table(everywhere),
        "\n## National identity numbers of other countries\n\n",
        "Checked by python-stdnum. All are of the category "
        "`user.government_id.national_identification_number`.\n\n",
        _abroad(abroad),
        "\n## What each one checks\n",
    ]
    for kind in sorted(own + everywhere, key=lambda c: c.DECLARATION.entity):
        parts.append(f"\n### `{kind.DECLARATION.entity}`\n\n{_about(kind)}\n\n{_facts(kind)}")
    return "".join(parts)


def _share(rate: float) -> str:
    percent = rate * 100
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def _table(kinds: list[Any]) -> str:
    declared = sorted((k.DECLARATION for k in kinds), key=lambda d: (d.rank, d.entity))
    return table(
        ["entity", "category", "checksum", "chance rate", "needs context", "rank"],
        [
            [
                f"[`{d.entity}`](#{d.entity.lower()})",
                code(d.category),
                "yes" if d.checksum else "no",
                _share(d.chance_rate),
                "yes" if d.needs_context else "no",
                d.rank,
            ]
            for d in declared
        ],
    )


def _abroad(kinds: list[Any]) -> str:
    return table(
        ["country", "entity", "chance rate", "needs context", "context words"],
        [
            [
                k.COUNTRY_CODE.upper(),
                code(k.DECLARATION.entity),
                _share(k.DECLARATION.chance_rate),
                "yes" if k.DECLARATION.needs_context else "no",
                cell(", ".join(k.DECLARATION.context)),
            ]
            for k in sorted(kinds, key=lambda k: (k.COUNTRY_CODE, k.DECLARATION.entity))
        ],
    )


def _about(kind: Any) -> str:
    """The module's docstring is the specification; its doctest stays with the code."""
    text = sys.modules[kind.__module__].__doc__ or ""
    kept = []
    for line in text.strip().splitlines():
        if line.startswith(">>>"):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _facts(kind: Any) -> str:
    declared = kind.DECLARATION
    parts = []
    if len(declared.subtypes) > 1:
        parts.append(
            table(
                ["subtype", "chance rate", "stands alone", "synthetic"],
                [
                    [
                        code(s.name),
                        _share(s.chance_rate),
                        "yes" if s.stands_alone else "",
                        "yes" if s.synthetic else "",
                    ]
                    for s in declared.subtypes
                ],
            )
        )
    if declared.context:
        parts.append("Context words: " + ", ".join(declared.context) + ".\n")
    return "\n".join(parts)
