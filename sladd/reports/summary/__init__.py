"""One page for management: what we hold, how sure, what changed, what waits, what was published."""

from __future__ import annotations

from sladd.reports.summary.facts import Summary, summarise
from sladd.reports.summary.page import summary_html

__all__ = ["Summary", "summarise", "summary_html"]
