"""`policy.md`: what happens to a field without a rule of its own, and why."""

from __future__ import annotations

from typing import Any

from docs.pages.markdown import cell, code, head, table

INTRO = """
Every field of a release gets a line in `sladd plan RELEASE`: what will happen, and the reason. A
field reaches the analyst only by a rule, by a verdict, or because nothing in it can lead to a
person; everything else stays behind until someone decides.
"""

# The order of the questions is that of `sladd.policy.decide.decide`.
QUESTIONS = """
The questions are asked in this order; the first that fits decides.

1. The verdict is reopened, the field was not scanned, or it is new since the last approved plan:
   **dropped** until decided. (A rule that names the field and drops it always holds.)
2. The field, or something found in it, is of the most protected legal classes ({sensitive}):
   **dropped**, unless a rule names the field *and* a verdict confirms the finding.
3. A rule of the release names the field: **that rule**.
4. The field is a key of rows, by the schema or by `entities:`: **pseudonym** of its entity, so
   that tables still join.
5. It has a finding: **the release's rule for the category**; else **the built-in rule** below. A
   column that *contains* personal data here and there is treated as free text. What is about a
   person only through a key (*linked*), or is one of the plain attributes below, is **kept** when
   its type has no room for text or its few values are all common; else it waits for a decision.
6. A verdict says that it is not personal: **kept**.
7. No finding, and a number, date, time or yes/no of which enough was read ({rows:,} rows, or the
   whole table): **kept**.
8. No finding, and a text column with few values, each of them common: **kept**.
9. Anything else: **dropped** until decided.
"""


def page() -> str:
    """The whole page."""
    from sladd.policy.decide import ENOUGH_ROWS
    from sladd.policy.profile import load_profile, load_reasons
    from sladd.taxonomy import SENSITIVE

    profile = load_profile()
    reasons = {lang: load_reasons(lang).sentences for lang in ("nb", "en")}
    sensitive = ", ".join(f"`{name}`" for name in sorted(SENSITIVE))
    return "".join(
        [
            head("Policy", INTRO),
            "\n## Pseudonymised releases: what happens to a field\n",
            QUESTIONS.format(sensitive=sensitive, rows=ENOUGH_ROWS),
            "\n## The built-in rules\n\n",
            "For categories without a rule of the release. A rule covers what lies below its "
            "category; the longest category wins.\n\n",
            table(
                ["category", "what happens", "why", "hvorfor"],
                [
                    [
                        code(rule.category),
                        code(rule.transform) + _parameters(rule.parameters),
                        cell(profile.texts[rule.category or ""]["en"]),
                        cell(profile.texts[rule.category or ""]["nb"]),
                    ]
                    for rule in profile.rules
                ],
            ),
            "\n## Plain attributes\n\n",
            "Said about a person but leading to none on their own: "
            + ", ".join(f"`{name}`" for name in profile.attributes)
            + ".\n",
            "\n## The reasons that a plan gives\n\n",
            table(
                ["reason", "English", "bokmål"],
                [[code(n), cell(t), cell(reasons["nb"][n])] for n, t in reasons["en"].items()],
            ),
        ]
    )


def _parameters(parameters: Any) -> str:
    return (" " + ", ".join(f"{k} {v}" for k, v in parameters.items())) if parameters else ""
