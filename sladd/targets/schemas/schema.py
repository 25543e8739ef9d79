"""What a schema that receives releases can do, whatever the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from sladd.errors import ConfigError
from sladd.release import Manifest

NEW, OLD = "__new", "__old"
"""What is loaded and not switched to yet, and the version before."""

RECORD = "_sladd_release"
"""Table that holds the manifest: by it a schema is known to be ours."""

_SUPPORTED = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}


class SchemaTarget(Protocol):
    """One schema, from `load` to `switch`. Holds a login: never printed."""

    @property
    def shown(self) -> str:
        """Host, database and schema, without user and password."""

    def obstacles(self) -> Sequence[str]:
        """What would break if the schema were replaced: views, triggers, foreign tables.

        Raises:
            SourceError: the database cannot be used (SLADD-285).
        """

    def too_long(self, names: Iterable[str]) -> Sequence[str]:
        """Names of tables and columns that the server would cut or refuse."""

    def load(self, folder: Path, manifest: Manifest) -> None:
        """Write all tables into `<schema>__new`, with keys and comments; counted.

        Args:
            folder: of the staged release.
            manifest: of it.

        Raises:
            SourceError: another publish is at it (SLADD-286), the schema holds other things
                (SLADD-287), something hangs on it (SLADD-288), or a row is missing (SLADD-289).
        """

    def switch(self, manifest: bytes, *, keep_old: bool) -> None:
        """Put what was loaded in place of the schema: whoever looks sees the old or the new.

        Args:
            manifest: as it was signed; it goes into the schema.
            keep_old: keep the version before as `<schema>__old`.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_schema(url: str, schema: str, *, where: str) -> SchemaTarget:
    """A schema by the URL of its database; no connection is opened yet.

    Raises:
        ConfigError: it is no URL, or of a database that takes no releases (SLADD-138).
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise _refused("the address of the target is no SQLAlchemy URL", where) from None
    kind = _SUPPORTED.get(address.get_backend_name())
    if kind is None:
        raise _refused(
            f"releases go into PostgreSQL and MariaDB, not into {address.get_backend_name()}", where
        )
    if kind == "postgresql":
        from sladd.targets.schemas.postgresql import PostgreSqlSchema

        return PostgreSqlSchema(address.set(drivername="postgresql+psycopg"), schema)
    from sladd.targets.schemas.mysql import MySqlSchema

    return MySqlSchema(address.set(drivername="mysql+pymysql"), schema)


def _refused(what: str, where: str) -> ConfigError:
    return ConfigError(
        what, code=138, where=where, mend="write postgresql://user:${PASSWORD}@host/database"
    )
