"""One module a dialect; what has none of its own goes through `other`."""

from __future__ import annotations

from sladd.sources.database.address import Address
from sladd.sources.database.dialects.dialect import Dialect


def open_dialect(address: Address, *, timeout_s: int) -> Dialect:
    """The dialect of an address."""
    if address.dialect == "sqlite":
        from sladd.sources.database.dialects.sqlite import SqliteDialect

        return SqliteDialect(address, timeout_s=timeout_s)
    if address.dialect == "postgresql":
        from sladd.sources.database.dialects.postgresql import PostgresqlDialect

        return PostgresqlDialect(address, timeout_s=timeout_s)
    if address.dialect == "mysql":
        from sladd.sources.database.dialects.mysql import MysqlDialect

        return MysqlDialect(address, timeout_s=timeout_s)
    if address.dialect == "duckdb":
        from sladd.sources.database.dialects.duckdb import DuckdbDialect

        return DuckdbDialect(address, timeout_s=timeout_s)
    from sladd.sources.database.dialects.other import OtherDialect

    return OtherDialect(address, timeout_s=timeout_s)
