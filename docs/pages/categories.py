"""`categories.md`: the taxonomy."""

from __future__ import annotations

from itertools import groupby

from docs.pages.markdown import cell, code, head, table

INTRO = """
A category says what a field *is* in the words of data protection. `sladd decide FIELD CATEGORY`
and the rules of a release take any key of the first column. A rule for a category also covers
everything below it: `user.contact` covers `user.contact.email`, and the longest key wins.

- **DPV**: the term of the W3C Data Privacy Vocabulary (`pd:` is `https://w3id.org/dpv/pd#`).
- **Identifies**: `direct` leads to one person on its own; `quasi` does together with others;
  `attribute` says something about a person; `none` is nobody's.
- **Legal class**: how the law treats it. In a pseudonymised release the classes {sensitive} leave
  only when a rule names the field and a verdict confirms it.
"""


def page() -> str:
    """The whole page."""
    from sladd import taxonomy

    known = taxonomy.load()
    sensitive = ", ".join(f"`{name}`" for name in sorted(taxonomy.SENSITIVE))
    parts = [head("Categories", INTRO.format(sensitive=sensitive))]
    entries = list(known.categories.values())
    for group, members in groupby(entries, key=lambda c: ".".join(c.key.split(".")[:2])):
        rows = [
            [
                code(c.key),
                cell(c.label_nb),
                cell(c.label_en),
                code(c.identifiability.value),
                code(c.legal_class) + ("" if c.personal else " (not personal)"),
                code(c.dpv),
            ]
            for c in members
        ]
        parts.append(f"\n## {group}\n\n")
        parts.append(table(["category", "bokmål", "English", "identifies", "legal class", "DPV"], rows))
    return "".join(parts)
