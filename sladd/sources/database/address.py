"""The address of a database: from `sladd.yaml` to SQLAlchemy, and a form that may be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from sladd.errors import SourceError

# Where the URL names no driver, the one that sladd installs.
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
_IN_A_FILE = {"sqlite", "duckdb"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. `shown` has neither user nor password."""

    source: str
    url: URL = field(repr=False)
    dialect: str  # "sqlite", "postgresql", "mysql", "duckdb", …
    shown: str
    file: Path | None = None

    def fault(self, what: str, code: int, mend: str = "", at: str = "") -> SourceError:
        """An error about this source, without anything that could be a secret."""
        where = f"{self.source}/{at}" if at else f"source {self.source}, {self.shown}"
        return SourceError(what, code=code, where=where, mend=mend)


def read_address(source: str, text: str, root: Path) -> Address:
    """Understand a database URL; a relative file starts at `root`.

    Raises:
        SourceError: it is no database URL (SLADD-213), or names no file (SLADD-205).
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SourceError(
            "the address of the database is no SQLAlchemy URL",
            code=213,
            where=f"source {source}",
            mend="write it as dialect://user:${PASSWORD}@host/database in sladd.yaml",
        ) from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    dialect = url.drivername.split("+")[0]
    if dialect in _IN_A_FILE:
        if not url.database or url.database == ":memory:":
            raise SourceError(
                "the address names no database file",
                code=205,
                where=f"source {source}",
                mend=f"write {dialect}:///path/to/file in sladd.yaml",
            )
        path = Path(url.database).expanduser()
        shown = f"{dialect}:///{url.database}"
        return Address(source, url, dialect, shown, path if path.is_absolute() else root / path)
    host = url.host or "localhost"
    port = f":{url.port}" if url.port else ""
    shown = f"{dialect}://{host}{port}/{url.database or ''}"
    return Address(source, url, "mysql" if dialect == "mariadb" else dialect, shown)
