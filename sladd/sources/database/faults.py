"""Driver errors, told apart without their text: it can hold values, and it names users."""

from __future__ import annotations

import enum

from sladd.errors import SourceError
from sladd.sources.database.address import Address


class Fault(enum.Enum):
    """What went wrong; the number is the code of the error."""

    UNREACHABLE = 201
    LOGIN = 202
    NO_DATABASE = 203
    NO_DRIVER = 204
    NO_FILE = 205
    NOT_A_DATABASE = 206
    FORBIDDEN = 207
    GONE = 208
    TIMEOUT = 209
    LOST = 210
    LOCKED = 211
    CONDITION = 212
    OTHER = 218
    HIDDEN = 221  # 219 and 220 are said elsewhere
    UNFILLED = 270
    FOREIGN = 271
    ENCODING = 273  # 272 and 274 are said elsewhere
    CONFLICT = 275
    NOT_LET_IN = 276
    TLS = 277


_SENTENCES = {
    Fault.UNREACHABLE: (
        "the database server does not answer",
        "check host and port, and that the server is running: sladd doctor",
    ),
    Fault.LOGIN: (
        "the database refuses the user or the password",
        "check the user and the variable that holds the password in sladd.yaml",
    ),
    Fault.NO_DATABASE: (
        "the server has no database of that name, or the user may not enter it",
        "check the last part of the address in sladd.yaml",
    ),
    Fault.NO_FILE: ("there is no such database file", "check the path in sladd.yaml"),
    Fault.NOT_A_DATABASE: (
        "the file is no database of that kind, or it is damaged",
        "check the path and the dialect in sladd.yaml",
    ),
    Fault.FORBIDDEN: ("the user has no permission to read", "grant SELECT to the user of sladd"),
    Fault.HIDDEN: (
        "row security hides rows of the table from the user",
        "ALTER ROLE … BYPASSRLS for the user of sladd, or exclude the table",
    ),
    Fault.GONE: (
        "the table or one of its columns is gone since it was listed",
        "sladd discover",
    ),
    Fault.TIMEOUT: (
        "the database stopped the query after statement_timeout_s, or waited too long for a lock",
        "raise statement_timeout_s of the source in sladd.yaml, or run when it is quiet",
    ),
    Fault.LOST: (
        "the connection to the database was lost while reading",
        "run the same command again",
    ),
    Fault.LOCKED: (
        "another program holds the database file",
        "close it, or let sladd read a copy",
    ),
    Fault.CONDITION: (
        "the condition of a release is no valid SQL of this database",
        "correct `where:` of the release in sladd.yaml",
    ),
    Fault.UNFILLED: (
        "the materialised view has not been filled",
        "REFRESH MATERIALIZED VIEW, or exclude it",
    ),
    Fault.FOREIGN: (
        "the server behind the foreign table does not answer, or refuses",
        "check its SERVER and USER MAPPING, or exclude the table",
    ),
    Fault.ENCODING: (
        "the table holds bytes that are no text of its encoding",
        "mend them in the source, or read the table through a view without that column",
    ),
    Fault.CONFLICT: (
        "the replica stopped the query for changes that it has to apply",
        "set hot_standby_feedback = on at the replica, or raise its max_standby_streaming_delay",
    ),
    Fault.NOT_LET_IN: (
        "the server lets this user in neither from here nor without TLS (pg_hba.conf)",
        "add ?sslmode=require to the address in sladd.yaml, or an entry to pg_hba.conf",
    ),
    Fault.TLS: (
        "no TLS connection to the server comes about, or it wants one",
        "check the address in sladd.yaml: sslmode, sslrootcert; of MariaDB ssl_ca",
    ),
    Fault.OTHER: ("the database could not be read", "sladd doctor"),
}


def explain(
    address: Address, fault: Fault, *, at: str = "", error: BaseException | None = None
) -> SourceError:
    """The error to raise, with `from None`, for a fault of a driver."""
    what, mend = _SENTENCES[fault]
    if fault is Fault.OTHER and error is not None:
        # The class is the driver's own word and holds no value.
        what = f"{what} ({type(getattr(error, 'orig', None) or error).__name__})"
    return address.fault(what, fault.value, mend, at)


def missing_driver(address: Address, package: str) -> SourceError:
    """The error for a dialect or driver that is not installed."""
    return address.fault(
        f"no driver is installed for {address.dialect}",
        Fault.NO_DRIVER.value,
        f"pip install {package}" if package else "install a SQLAlchemy dialect for it",
    )


def from_a_driver(error: Exception) -> bool:
    """Whether an exception comes from outside sladd, so that its text could hold anything."""
    home = type(error).__module__.split(".")[0]
    return home in {
        "sqlalchemy", "sqlite3", "psycopg", "pymysql", "duckdb", "_duckdb", "adbc_driver_manager",
        "pyarrow",
    } or isinstance(error, OSError | UnicodeError)  # fmt: skip
