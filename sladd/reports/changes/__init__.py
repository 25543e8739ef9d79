"""The change report: what is new, gone, otherwise and decided since an earlier scan.

To add a format, write its file and add its line to `FORMATS`. Each names a function
`(Changes, Language) -> bytes`.
"""

from __future__ import annotations

from sladd.reports.changes.facts import Changes, gather_changes
from sladd.reports.changes.rendering import FORMATS, render_changes

__all__ = ["FORMATS", "Changes", "gather_changes", "render_changes"]
