"""What sladd must know of a database to read it; each dialect is one module beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sladd.sources.database.faults import Fault
from sladd.sources.database.sessions import Session
from sladd.sources.database.shapes import Column, Draw, Failure, Reading, Scan, Shape

Wanted = Callable[[str | None, str], bool]
"""Says of a schema and a table whether the configuration includes them."""


@dataclass(frozen=True, slots=True)
class View:
    """An open consistent view: the session that reads it, its id, how far it is consistent."""

    session: Session
    id: str
    consistency: str  # see sladd.model.Snapshot
    # Raises when the view of a table broke while it was read.
    check: Callable[[Shape], None] = lambda _shape: None


class Dialect(Protocol):
    """One open database."""

    backslash_escapes: bool

    def quote(self, name: str) -> str:
        """An identifier as this database writes it."""

    def relation(self, shape: Shape) -> str:
        """The table as it stands after FROM."""

    def select(self, what: str, scan: Scan, *, offset: int = 0) -> str:
        """A whole statement."""

    def describe(self, wanted: Wanted, *, views: bool) -> Iterator[Shape | Failure]:
        """Every table that is wanted."""

    def session(self) -> AbstractContextManager[Session]:
        """A session for samples; each statement sees the newest data."""

    def view(self) -> AbstractContextManager[View]:
        """One consistent view of everything."""

    def readings(
        self, session: Session, columns: Sequence[Column], scan: Scan
    ) -> Sequence[Reading]:
        """How these columns are read; looks at the values where the schema does not say."""

    def draw(self, session: Session, shape: Shape, *, rows: int, seed: int) -> Draw:
        """Decide on a sample of a table."""

    def position_key(self, shape: Shape) -> str | None:
        """SQL of an integer that orders the table and is cheap to find; None without one."""

    def digest(self, readings: Sequence[Reading]) -> str | None:
        """SQL of sums that change when one of these columns does; None where there are none."""

    def fault(self, error: BaseException) -> Fault:
        """What an error of the driver means."""

    def forbidden(self, shape_schema: str | None, name: str) -> str:
        """The statement that gives sladd the permission to read a table."""

    def close(self) -> None:
        """Release every connection."""
