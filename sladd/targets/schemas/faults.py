"""Driver errors of a target as one line; their own text can hold values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sladd.errors import SourceError

_HOMES = {"sqlalchemy", "psycopg", "pymysql", "adbc_driver_manager", "pyarrow"}


@contextmanager
def database_faults(shown: str) -> Iterator[None]:
    """Turn faults of a driver into `SourceError`.

    Raises:
        SourceError: the database could not be used (SLADD-285); the old version stands.
    """
    try:
        yield
    except SourceError:
        raise
    except Exception as fault:
        if type(fault).__module__.split(".")[0] not in _HOMES and not isinstance(fault, OSError):
            raise
        cause = getattr(fault, "orig", None) or fault
        state = getattr(cause, "sqlstate", None) or ""
        kind = f"{type(cause).__name__}{f' {state}' if state else ''}"
        raise SourceError(
            f"the target database could not be used ({kind}); the old version stands",
            code=285,
            where=shown,
            mend="check address, password and rights: the user must be allowed to create schemas",
        ) from None


def busy(shown: str) -> SourceError:
    """Another publish has the schema."""
    return SourceError(
        "another publish into this schema is running; nothing was changed",
        code=286,
        where=shown,
        mend="wait for it to end, then sladd publish again",
    )


def foreign(shown: str, names: list[str]) -> SourceError:
    """The schema is somebody else's, or holds what we did not put there."""
    some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return SourceError(
        f"the schema holds other things than a release: {some}",
        code=287,
        where=shown,
        mend="name a new schema in sladd.yaml, or move them elsewhere",
    )


def depended_on(shown: str, names: list[str]) -> SourceError:
    """Views and triggers that would go down with the tables they hang on."""
    some = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return SourceError(
        f"replacing the schema would break {some}",
        code=288,
        where=shown,
        mend="drop them, publish, and create them anew; or publish into another schema",
    )


def too_long(shown: str, names: list[str]) -> SourceError:
    """Names that the server would cut, and that would then be others."""
    some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return SourceError(
        f"the server takes no name as long as {some}",
        code=293,
        where=shown,
        mend="read the table through a view with a shorter name, or drop the column by a rule",
    )


def incomplete(shown: str, table: str, rows: int, wanted: int) -> SourceError:
    """A row got lost on the way; nothing was switched."""
    return SourceError(
        f"the table {table} has {rows} rows in the database instead of {wanted}",
        code=289,
        where=shown,
        mend="sladd publish again; if it stays, report it",
    )


def no_place(shown: str, column: str, what: str) -> SourceError:
    """A column holds what the server's types cannot; nothing was switched."""
    return SourceError(
        f"the column {column} holds {what}, for which the server has no place; the old version"
        " stands",
        code=269,
        where=shown,
        mend="publish into a folder, or give the column a rule that leaves none",
    )
