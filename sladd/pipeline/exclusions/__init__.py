"""Which rows stay out of a release: persons who objected, `where`, and all that hangs on them.

A row left out of a table takes along the rows that point at it, so that no foreign key of
the release dangles. Only the keys of what is left out are held in memory.
"""

from sladd.pipeline.exclusions.finding import exclusions
from sladd.pipeline.exclusions.reached import reached
from sladd.pipeline.exclusions.rows import Exclusions

__all__ = ["Exclusions", "exclusions", "reached"]
