"""What a source declares: fields, tables, keys, and what could not be read."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sladd.model.addresses import FieldRef, TableRef


class StorageType(enum.StrEnum):
    """What a column is stored as, coarsely enough to be the same in every source."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    BINARY = "binary"
    JSON = "json"
    LIST = "list"
    UUID = "uuid"
    OTHER = "other"


class KeyRole(enum.StrEnum):
    """What a column does in the relational schema."""

    NONE = "none"
    PRIMARY = "primary"
    FOREIGN = "foreign"
    PRIMARY_FOREIGN = "primary_foreign"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of this table point at `target_columns` of `target`."""

    columns: tuple[str, ...]
    target: TableRef
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One column, or one nested value of a column."""

    ref: FieldRef
    type: StorageType
    nullable: bool = True
    role: KeyRole = KeyRole.NONE
    max_length: int | None = None  # characters, where the schema limits them
    unique: bool = False
    comment: str | None = None
    native_type: str = ""  # the source's own word, e.g. "character varying(80)"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of a source; a dataset of files is one table."""

    ref: TableRef
    fields: tuple[Field, ...]
    rows: int | None = None  # an estimate unless `rows_exact`
    rows_exact: bool = False
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    comment: str | None = None
    kind: str = "table"  # table, view, dataset, documents
    fingerprint: str = ""  # changes when schema or content may have changed; "" = unknown

    def column(self, name: str) -> Field:
        """The top-level field of that name.

        Raises:
            KeyError: the table has no such column.
        """
        for candidate in self.fields:
            if candidate.ref.column == name and not candidate.ref.path:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class NotScanned:
    """A table, file or source that could not be read: never counted as clean."""

    where: str  # "shop/public.salaries", or a masked file name
    reason: str  # one line, without values
    code: int
