"""`errors.md`: every error code, as it was collected from the source text."""

from __future__ import annotations

from collections.abc import Sequence

from docs.pages.codes import Coded, collect
from docs.pages.markdown import cell, head, table
from docs.pages.said import GAP

KINDS = {
    1: "Configuration and command line",
    2: "Sources and targets",
    3: "Plans and transforms",
    4: "Keys",
    5: "Catalog and decisions",
    6: "Gate and releases",
    7: "Detection",
    9: "The desk, telling, exports, and faults of sladd itself",
}
INTRO = f"""
An error is one line: what is wrong · where · what mends it. It never holds a value from your
data, a key or a connection string. `{GAP}` stands for a name or a number. Add `--debug` to a
command to see where in the code a fault arose.

A line with *not scanned* is no error: the table, file or source is listed as not scanned in the
report, and the rest goes on.
"""


def page(found: Sequence[Coded] | None = None) -> str:
    """The whole page, of what was collected or of the source as it stands."""
    found = collect() if found is None else found
    parts = [head("Error codes", INTRO)]
    for group, title in KINDS.items():
        rows = []
        for code in sorted({c.code for c in found if c.code // 100 == group}):
            entries = [c for c in found if c.code == code]
            kinds = sorted({c.kind for c in entries})
            said = list(dict.fromkeys((c.what, c.mend) for c in entries))
            rows.append(
                [
                    f'<a id="sladd-{code}"></a>`SLADD-{code}`',
                    "<br>".join(cell(what) for what, _ in said),
                    "<br>".join(
                        dict.fromkeys(cell(mend) for _, mend in said if mend.strip(GAP + " "))
                    ),
                    "<br>".join("*not scanned*" if k == "NotScanned" else f"`{k}`" for k in kinds),
                ]
            )
        if rows:
            parts.append(f"\n## {title} ({group}xx)\n\n")
            parts.append(table(["code", "what is wrong", "what mends it", "class"], rows))
    return "".join(parts)
