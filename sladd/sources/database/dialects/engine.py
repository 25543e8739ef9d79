"""SQLAlchemy engines that read, with at most two connections and no value in their errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoSuchModuleError

from sladd.sources.database.address import Address
from sladd.sources.database.faults import missing_driver

_PACKAGES = {
    "postgresql": "psycopg[binary]", "mysql": "pymysql", "mssql": "pyodbc", "oracle": "oracledb",
    "snowflake": "snowflake-sqlalchemy", "bigquery": "sqlalchemy-bigquery",
    "clickhouse": "clickhouse-sqlalchemy", "databricks": "databricks-sqlalchemy",
}  # fmt: skip


def open_engine(
    address: Address,
    *,
    connect_args: Mapping[str, Any] | None = None,
    creator: Callable[[], Any] | None = None,
    on_connect: Sequence[str] = (),
    if_known: Sequence[str] = (),
    pooled: bool = True,
) -> sa.Engine:
    """Make an engine; no connection is opened yet.

    Args:
        address: of the database.
        connect_args: for the driver.
        creator: opens a connection instead of the address.
        on_connect: statements that every new connection runs first.
        if_known: statements that not every version of the server knows.
        pooled: keep connections open between uses.

    Raises:
        SourceError: there is no dialect or driver for the address (SLADD-204).
    """
    options: dict[str, Any] = {"hide_parameters": True, "connect_args": dict(connect_args or {})}
    if creator is not None:
        options["creator"] = creator
    if pooled:
        options |= {"pool_size": 1, "max_overflow": 1, "pool_timeout": 60}
    else:
        options["poolclass"] = sa.NullPool
    try:
        engine = sa.create_engine(address.url, **options)
    except (NoSuchModuleError, ImportError):
        raise missing_driver(address, _PACKAGES.get(address.dialect, "")) from None
    if on_connect or if_known:

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            try:
                for statement in on_connect:
                    cursor.execute(statement)
                for statement in if_known:
                    with suppress(Exception):
                        cursor.execute(statement)
            finally:
                cursor.close()
            connection.commit()

    return engine


def quoter(engine: sa.Engine) -> Callable[[str], str]:
    """Quotes any identifier, for SQL that goes to the driver without parameters."""
    # The engine's own preparer doubles `%` for drivers that read it as a placeholder.
    writer = type(engine.dialect)(paramstyle="named")  # type: ignore[call-arg]
    return writer.identifier_preparer.quote_identifier
