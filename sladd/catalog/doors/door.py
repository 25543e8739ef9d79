"""What every door of the catalog has in its hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sladd.catalog.database import Database
from sladd.taxonomy import Taxonomy


@dataclass(frozen=True, repr=False)
class Door:
    """Methods on one subject: each is one transaction, and what changes something is audited.

    Attributes:
        database: where the catalog is.
        clock: tells the time.
        taxonomy: the categories by which findings are weighed.
    """

    database: Database
    clock: Callable[[], datetime]
    taxonomy: Taxonomy
