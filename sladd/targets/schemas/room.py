"""What every server's schema does alike: its lock, and what it refuses before it replaces."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from sladd.targets.schemas.faults import busy, database_faults, depended_on, foreign
from sladd.targets.schemas.schema import RECORD


class Room(ABC):
    """One schema of one server, kept to ourselves while it is replaced.

    Args:
        engine: of the server.
        schema: that is replaced.
        shown: host, database and schema, without user and password.
    """

    def __init__(self, engine: sa.Engine, schema: str, shown: str) -> None:
        self._engine = engine
        self._schema = schema
        self._held: sa.Connection | None = None
        self.shown = shown

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.shown}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held is not None:
            self._held.close()  # the lock of a server goes with its connection
            self._held = None
        self._engine.dispose()

    def obstacles(self) -> Sequence[str]:
        """What hangs on the schema and would break; see `SchemaTarget.obstacles`."""
        with database_faults(self.shown), self._engine.connect() as connection:
            return self._obstacles(connection)

    def _lock(self) -> None:
        """Hold the schema's lock until the end.

        Raises:
            SourceError: another publish holds it (SLADD-286).
        """
        connection = self._engine.connect()
        if not self._taken(connection):
            connection.close()
            raise busy(self.shown)
        self._held = connection

    def _refuse(self, connection: sa.Connection) -> None:
        """Stop before anything of somebody else is replaced.

        Raises:
            SourceError: the schema holds other things (SLADD-287), or something hangs on it
                (SLADD-288).
        """
        present = self._relations(connection, self._schema)
        if present:
            known = self._ours(connection) if RECORD in present else set()
            others = [name for name in present if name not in known]
            if others:
                raise foreign(self.shown, others)
        if hanging := self._obstacles(connection):
            raise depended_on(self.shown, hanging)

    @abstractmethod
    def _taken(self, connection: sa.Connection) -> bool:
        """Try the server's own lock, without waiting."""

    @abstractmethod
    def _obstacles(self, connection: sa.Connection) -> list[str]: ...

    @abstractmethod
    def _relations(self, connection: sa.Connection, schema: str) -> list[str]:
        """Names of what stands in a schema."""

    @abstractmethod
    def _ours(self, connection: sa.Connection) -> set[str]:
        """Relations that the manifest in the schema names, and its own table."""
