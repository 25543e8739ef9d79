"""Links between tables: measured, decided, and applied to what the sources declare."""

from sladd.pipeline.links.applied import applied, apply_links, declared_links
from sladd.pipeline.links.measure import across_sources, within_source
from sladd.pipeline.links.overlaps import entity_lines
from sladd.pipeline.links.run import (
    decided_links,
    measure_everywhere,
    measure_source,
    with_decided_links,
)

__all__ = [
    "across_sources",
    "applied",
    "apply_links",
    "decided_links",
    "declared_links",
    "entity_lines",
    "measure_everywhere",
    "measure_source",
    "with_decided_links",
    "within_source",
]
