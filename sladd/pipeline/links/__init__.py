"""Links between tables: measured, decided, and applied to what the sources declare.

What measures them (`run`, `measure`, `overlaps`) loads the recognisers, which a plan or a list of
links need not wait for: import it where it is used.
"""

from sladd.pipeline.links.applied import applied, apply_links, declared_links
from sladd.pipeline.links.decided import decided_links, with_decided_links
from sladd.pipeline.links.entity_lines import entity_lines

__all__ = [
    "applied",
    "apply_links",
    "decided_links",
    "declared_links",
    "entity_lines",
    "with_decided_links",
]
