"""`retention`: how long rows may be kept."""

from __future__ import annotations

from typing import Literal

from sladd.config.section import Section


class RetentionConfig(Section):
    """How long rows of a table may be kept, and by what law."""

    keep: str
    by: str
    after: Literal["date", "end_of_year"] = "date"
    basis: str = ""
