"""One open read-only connection: it runs SQL and hands over Arrow.

SQL goes to the driver as it is, without parameters, so that `%` and `:` in a name or in a
condition of the configuration mean nothing to the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy as sa

from sladd.sources.database.columnar import Lost, fit_batch, in_batches, rows_to_batch

Refused = Callable[[str], Exception]
"""Makes the error for a column whose values do not fit the schema."""


class Session(Protocol):
    """A connection of any driver. One stream at a time.

    `other_threads` says whether a stream may be read in another thread than the rest, as long as
    only one of them uses the connection.
    """

    other_threads: bool

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of a small result; none for a statement without result."""

    def batches(
        self,
        sql: str,
        schema: pa.Schema,
        *,
        batch_rows: int,
        refused: Refused,
        lost: Lost | None = None,
    ) -> Generator[pa.RecordBatch]:
        """Stream a result in the columns and types of `schema`.

        What a type has no place for (an infinite date, NaN) is NULL, and counted in `lost`.
        """

    def close(self) -> None:
        """Give the connection back."""


# Given with each statement: SQLAlchemy's reflection shares the connection and needs parameters.
_AS_IT_IS = {"no_parameters": True}


class CursorSession:
    """A SQLAlchemy connection; results come through a server-side cursor."""

    other_threads = False  # SQLite's driver refuses

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of a small result."""
        result = self.connection.exec_driver_sql(sql, execution_options=_AS_IT_IS)
        return [tuple(row) for row in result] if result.returns_rows else []

    def batches(
        self,
        sql: str,
        schema: pa.Schema,
        *,
        batch_rows: int,
        refused: Refused,
        lost: Lost | None = None,
    ) -> Generator[pa.RecordBatch]:
        """Stream a result, turned into Arrow column by column."""
        counted = Lost() if lost is None else lost
        options = {**_AS_IT_IS, "stream_results": True, "max_row_buffer": batch_rows}
        result = self.connection.exec_driver_sql(sql, execution_options=options)
        cursor = result.cursor
        try:
            for rows in result.partitions(batch_rows):
                yield rows_to_batch(rows, schema, refused, counted)
        except sa.exc.DBAPIError:
            _nothing_more(cursor)
            raise
        finally:
            result.close()

    def close(self) -> None:
        """Give the connection back to its pool."""
        self.connection.close()


def _nothing_more(cursor: Any) -> None:
    """PyMySQL reads what is left of a result when it is collected, and complains on stderr."""
    unread: Any = getattr(cursor, "_result", None)
    if getattr(unread, "unbuffered_active", False):
        unread.unbuffered_active = False


class AdbcSession:
    """An ADBC connection: the driver writes Arrow itself, in C."""

    other_threads = True  # one after the other: ADBC, "Concurrency and Thread Safety"

    def __init__(
        self,
        connection: Any,
        *,
        options: Callable[[int], dict[str, Any]] = lambda _rows: {},
        typed: Callable[[str, pa.Schema], str] | None = None,
    ) -> None:
        """Wrap a connection.

        Args:
            connection: in autocommit; transactions are opened by SQL.
            options: statement options for a batch size.
            typed: puts a first row before a result, which says the types; it is cut off again.
        """
        self._connection = connection
        self._options = options
        self._typed = typed

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of a small result."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            with suppress(AttributeError):
                # By position: two columns of a result may have one name.
                columns = [c.to_pylist() for c in cursor.fetch_arrow_table().columns]
                return list(zip(*columns, strict=True))
        return []

    def run(self, sql: str) -> None:
        """Execute a statement without result."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def batches(
        self,
        sql: str,
        schema: pa.Schema,
        *,
        batch_rows: int,
        refused: Refused,
        lost: Lost | None = None,
    ) -> Generator[pa.RecordBatch]:
        """Stream a result as the driver's own batches."""
        surplus = 1 if self._typed else 0
        counted = Lost() if lost is None else lost
        with self._connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**self._options(batch_rows + surplus))
            cursor.execute(self._typed(sql, schema) if self._typed else sql)
            with closing(cursor.fetch_record_batch()) as reader:
                for batch in in_batches(_without_first(reader, surplus), batch_rows):
                    yield fit_batch(batch, schema, refused, counted)

    def close(self) -> None:
        """Close the connection, which may be broken already."""
        with suppress(Exception):
            self._connection.close()


def _without_first(reader: Any, rows: int) -> Generator[pa.RecordBatch]:
    for batch in reader:
        yield batch.slice(rows)
        rows = 0
