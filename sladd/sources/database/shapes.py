"""What a database source keeps of a table for itself: the real names and how to read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from sladd.errors import SourceError
from sladd.model import StorageType


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column is stored as, and the Arrow type its values arrive in.

    `arrow` is None where only the values can tell: SQLite keeps a type per value, and
    `numeric` without precision in PostgreSQL has none.
    """

    storage: StorageType
    arrow: pa.DataType | None
    as_text: bool = False  # the database itself writes the value as text
    precision: int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its real name, which may be personal; never shown."""

    name: str
    kind: Kind
    native: str = ""
    nullable: bool = True
    length: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key, by real names."""

    columns: tuple[str, ...]
    schema: str | None
    table: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the database knows it.

    Attributes:
        schema: None where the dialect has no schema worth showing.
        traits: what the dialect wants to remember: `rowid`, `strict`, `pages`, `engine`.
        unreadable: columns that the user may not read; they are not among `columns`.
        marker: changes when the content may have changed; "" = unknown.
    """

    schema: str | None
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    comment: str | None = None
    view: bool = False
    rows: int | None = None
    rows_exact: bool = False
    marker: str = ""
    unreadable: tuple[str, ...] = ()
    traits: Mapping[str, object] = field(default_factory=dict)

    def without(self, names: Collection[str]) -> Shape:
        """The table as it is for a user who may not read these columns."""
        hidden = set(names)
        return replace(
            self,
            columns=tuple(column for column in self.columns if column.name not in hidden),
            primary_key=() if hidden & set(self.primary_key) else self.primary_key,
            references=tuple(key for key in self.references if not hidden & set(key.columns)),
            unique_keys=tuple(key for key in self.unique_keys if not hidden & set(key)),
            unreadable=tuple(column.name for column in self.columns if column.name in hidden),
        )

    def column(self, name: str) -> Column:
        """The column of that real name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def integer_key(self) -> str | None:
        """The primary key, where it is one integer column."""
        if len(self.primary_key) != 1:
            return None
        only = self.column(self.primary_key[0])
        return only.name if only.kind.storage is StorageType.INTEGER else None


@dataclass(frozen=True, slots=True)
class Failure:
    """A table that is there and cannot be read."""

    schema: str | None
    name: str
    error: SourceError


@dataclass(frozen=True, slots=True)
class Reading:
    """How one column is read: the SQL expression and the Arrow type of the result.

    `no_shape` marks arrays of which some have more dimensions than others: no one type holds them.
    """

    name: str
    sql: str
    type: pa.DataType
    no_shape: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands after FROM: a relation, conditions, at most `limit` rows."""

    relation: str
    where: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample that has been decided on, not yet read."""

    drawn: str  # see sladd.model.Sample
    scans: Sequence[Scan]
