"""Links between tables: measured, decided, and applied to what the sources declare."""

from sladd.pipeline.links.applied import applied, apply_links, declared_links
from sladd.pipeline.links.measure import across_sources, within_source

__all__ = ["across_sources", "applied", "apply_links", "declared_links", "within_source"]
