"""Comments on columns: what would change in a database, as SQL, and putting it in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sladd.errors import ExportError
from sladd.exports.tags import ColumnTag
from sladd.model import TableRef

if TYPE_CHECKING:
    from sladd.sources.database.address import Address
    from sladd.sources.database.faults import Fault

Tags = Mapping[TableRef, Mapping[str, ColumnTag]]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that changes comments of one table, and which of its columns."""

    table: TableRef
    columns: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Comments:
    """What a database would be told.

    Attributes:
        head: statements that a session runs before.
        statements: one or more for each table with a change.
        skipped: columns that cannot be commented, with the reason.
    """

    head: tuple[str, ...]
    statements: tuple[Statement, ...]
    skipped: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> int:
        """How many columns change."""
        return sum(len(statement.columns) for statement in self.statements)

    def script(self) -> str:
        """All of it, for `psql` or `mariadb`."""
        return "".join(f"{sql};\n" for sql in (*self.head, *(s.sql for s in self.statements)))


class Commenter(Protocol):
    """One kind of database."""

    def plan(self, tags: Tags) -> Comments:
        """What would change."""

    def apply(self, tags: Tags) -> Comments:
        """Change it; what was changed."""

    def close(self) -> None:
        """Release the connection."""


def planned(source: str, address: str, root: Path, tags: Tags) -> Comments:
    """What would change, read from the source and changing nothing.

    Args:
        source: name of the source.
        address: SQLAlchemy URL of sladd.yaml.
        root: folder of sladd.yaml.
        tags: of the tables of this source.

    Raises:
        ExportError: the source is no PostgreSQL, MariaDB or MySQL (SLADD-952).
        SourceError: it cannot be used (SLADD-201…218).
    """
    with _opened(_address(source, address, root), writes=False) as commenter:
        return commenter.plan(tags)


def applied(source: str, own: str, writer: str, root: Path, tags: Tags) -> Comments:
    """Change the comments through an address that may write.

    Args:
        source: name of the source.
        own: its SQLAlchemy URL in sladd.yaml, which only reads.
        writer: the URL to write through; `${NAME}` reads the environment.
        root: folder of sladd.yaml.
        tags: of the tables of this source.

    Raises:
        ExportError: the address leads to another database (SLADD-954), its password is missing
            (SLADD-953), or a definition cannot be restated exactly (SLADD-955, 958).
        SourceError: the database cannot be used (SLADD-201…218).
    """
    reads, writes = _address(source, own, root), _address(source, _filled(writer), root)
    if (reads.dialect, reads.url.database) != (writes.dialect, writes.url.database):
        raise ExportError(
            "the writing address leads to another database than the source",
            code=954,
            where=f"source {source}, {reads.shown}",
            mend="give --apply the same database, with a user that owns its tables",
        )
    with _opened(writes, writes=True) as commenter:
        return commenter.apply(tags)


def _filled(writer: str) -> str:
    from urllib.parse import quote

    def read(match: re.Match[str]) -> str:
        found = os.environ.get(match.group(1))
        if found is None:
            raise ExportError(
                f"the environment has no variable {match.group(1)}",
                code=953,
                where="--apply",
                mend=f"export {match.group(1)}=…",
            )
        return found if match.group(0) == writer else quote(found, safe="")

    return _VARIABLE.sub(read, writer)


def _address(source: str, text: str, root: Path) -> Address:
    from sladd.sources.database.address import read_address

    address = read_address(source, text, root)
    if address.dialect not in {"postgresql", "mysql"}:
        raise ExportError(
            f"comments cannot be written into {address.dialect}",
            code=952,
            where=f"source {source}",
            mend="name a source in PostgreSQL, MariaDB or MySQL",
        )
    return address


@contextmanager
def _opened(address: Address, *, writes: bool) -> Iterator[Commenter]:
    from sladd.sources.database.faults import explain

    commenter: Commenter | None = None
    try:
        if address.dialect == "postgresql":
            from sladd.exports.postgresql import PostgresqlComments

            commenter = PostgresqlComments(address, writes=writes)
        else:
            from sladd.exports.mariadb import MariadbComments

            commenter = MariadbComments(address, writes=writes)
        yield commenter
    except Exception as error:
        if type(error).__module__.split(".")[0] not in {"psycopg", "pymysql"}:
            raise
        raise explain(address, _fault(error), error=error) from None
    finally:
        if commenter is not None:
            commenter.close()


# SQLSTATE of PostgreSQL (appendix A), and error numbers of MariaDB's server and clients.
_BY_STATE = {"28P01": 202, "28000": 202, "3D000": 203, "42501": 207, "55P03": 209, "57014": 209}
_BY_NUMBER = {1045: 202, 1044: 203, 1049: 203, 1142: 207, 1143: 207, 1205: 209, 2003: 201}


def _fault(error: Exception) -> Fault:
    from sladd.sources.database.faults import Fault

    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    state = getattr(error, "sqlstate", None)
    unreached = type(error).__name__ in {"OperationalError", "ConnectionTimeout"} and not state
    code = _BY_STATE.get(state or "") or _BY_NUMBER.get(number)
    if code is None and unreached and not number:
        said = str(error)  # asked, never shown: libpq tells a refused login by words alone
        code = 202 if "authentication failed" in said else 203 if "does not exist" in said else 201
    return Fault(code or Fault.OTHER.value)


def relations(tags: Tags) -> Sequence[TableRef]:
    """The tables, in a stable order."""
    return sorted(tags, key=lambda ref: (ref.schema or "", ref.name))
