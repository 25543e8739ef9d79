"""Types of columns that both databases can store, and columns that many tables have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


def clean(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class Words(sa.types.TypeDecorator[str]):
    """Text of any length that both databases can store."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002, D102
        return None if value is None else clean(value)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time, as ISO 8601 text in UTC: the same and exact in both databases."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002, D102
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002, D102
        return None if value is None else datetime.fromisoformat(value)


def moment_text(value: datetime) -> str:
    """ISO 8601 in UTC with microseconds, which sorts as time does."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


metadata = sa.MetaData()


def id_column() -> sa.Column[int]:
    """The number of a row, given by the database."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def digest_column(name: str, **options: Any) -> sa.Column[str]:
    """A digest to find rows by: addresses can be longer than an index entry may be."""
    return sa.Column(name, sa.String(32), nullable=False, **options)
