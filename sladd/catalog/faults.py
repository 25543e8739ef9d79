"""What a database driver complains of, as one line that a person can act on.

The driver's own words are never passed on: they may quote rows, paths or connection strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sladd.errors import CatalogError

BUSY = 505
"""Code of a catalog that another process holds: a scan is writing what it found."""

_CORRUPT = ("not a database", "malformed", "file is encrypted", "unsupported file format")
_LOCKED = ("locked", "busy")
_READ_ONLY = ("readonly", "read-only")


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn whatever the driver raises inside into a `CatalogError` (SLADD-502…509)."""
    try:
        yield
    except DBAPIError as fault:
        state = getattr(fault.orig, "sqlstate", None)
        if state is None and isinstance(fault, IntegrityError):
            raise _other(where, "a constraint") from None
        raise _told(str(fault.orig), state, where) from None
    except PoolTimeout:
        raise _busy(where) from None
    except SQLAlchemyError as fault:
        raise _other(where, type(fault).__name__) from None


def corrupt(where: str) -> CatalogError:
    """The file is damaged, or was never a database."""
    return CatalogError(
        "the catalog is damaged or no SQLite database",
        code=503,
        where=where,
        mend="restore the file from a backup, or move it away and run sladd discover",
    )


def not_writable(where: str) -> CatalogError:
    """The folder or the file does not take writes."""
    return CatalogError(
        "the catalog cannot be written",
        code=502,
        where=where,
        mend="give this user write access to the folder, or name another `catalog` in sladd.yaml",
    )


def _busy(where: str) -> CatalogError:
    return CatalogError(
        "another process holds the catalog",
        code=BUSY,
        where=where,
        mend="wait until it is done and run the command again",
    )


def _other(where: str, kind: str) -> CatalogError:
    return CatalogError(
        f"the catalog's database refused a statement ({kind})",
        code=509,
        where=where,
        mend="sladd doctor",
    )


def from_sqlite(message: str, where: str) -> CatalogError:
    """The fault behind a message of the `sqlite3` module."""
    return _told(message, None, where)


def _told(message: str, state: str | None, where: str) -> CatalogError:
    low = message.lower()
    if any(word in low for word in _CORRUPT):
        return corrupt(where)
    if state in {"55P03", "40001", "40P01"} or (state is None and any(w in low for w in _LOCKED)):
        return _busy(where)
    if "disk is full" in low or state == "53100":
        return CatalogError(
            "the disk is full", code=508, where=where, mend="free some space and run it again"
        )
    if any(word in low for word in _READ_ONLY) or "unable to open database file" in low:
        return not_writable(where)
    if state in {"28P01", "28000"} or "authentication failed" in low:
        return CatalogError(
            "PostgreSQL refuses the user or the password of the catalog",
            code=507,
            where=where,
            mend="check `catalog` in sladd.yaml and the variable it reads",
        )
    if state == "42501":
        return CatalogError(
            "the catalog's user lacks a permission in PostgreSQL",
            code=507,
            where=where,
            mend="GRANT CREATE, USAGE ON SCHEMA public TO that user",
        )
    if state == "3D000" or ("database" in low and "does not exist" in low):
        return CatalogError(
            "PostgreSQL has no such database", code=506, where=where, mend="createdb it first"
        )
    if state is None or state[:2] in {"08", "57"}:
        return CatalogError(
            "the catalog's database does not answer",
            code=506,
            where=where,
            mend="check that the server runs and `catalog` in sladd.yaml names it",
        )
    return _other(where, f"state {state}")
