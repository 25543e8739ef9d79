"""From the types that SQLAlchemy reflects to storage types and Arrow types."""

from __future__ import annotations

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from sladd.model import StorageType
from sladd.sources.database.shapes import Kind

TEXT = Kind(StorageType.STRING, pa.string())
INTEGER = Kind(StorageType.INTEGER, pa.int64())
FLOAT = Kind(StorageType.FLOAT, pa.float64())
FLOAT32 = Kind(StorageType.FLOAT, pa.float32())
BOOLEAN = Kind(StorageType.BOOLEAN, pa.bool_())
DATE = Kind(StorageType.DATE, pa.date32())
TIME = Kind(StorageType.TIME, pa.time64("us"))
TIMESTAMP = Kind(StorageType.TIMESTAMP, pa.timestamp("us"))
TIMESTAMP_UTC = Kind(StorageType.TIMESTAMP, pa.timestamp("us", tz="UTC"))
BINARY = Kind(StorageType.BINARY, pa.binary())
JSON = Kind(StorageType.JSON, pa.string(), as_text=True)
UUID = Kind(StorageType.UUID, pa.string(), as_text=True)
ENUM = Kind(StorageType.STRING, pa.string(), as_text=True)
OTHER = Kind(StorageType.OTHER, pa.string(), as_text=True)

# REAL has single precision here; elsewhere it may have double (SQLite) or other (Oracle).
_SINGLE_REAL = {"postgresql", "mssql"}
# MySQL's other sizes of BLOB share no public class with it.
_BINARY = (
    sa.LargeBinary, sa.BINARY, sa.VARBINARY, mysql.TINYBLOB, mysql.MEDIUMBLOB, mysql.LONGBLOB,
)  # fmt: skip
_MOST_DIGITS = 38  # of decimal128; DuckDB and most readers of Parquet stop there as well


def decimal(precision: int | None, scale: int | None) -> Kind:
    """A number with exact digits; text where they are more than decimal128 holds."""
    if precision is None:
        return Kind(StorageType.DECIMAL, None)
    places = scale or 0
    if not 0 <= places <= precision <= _MOST_DIGITS:
        return Kind(StorageType.DECIMAL, pa.string(), as_text=True)
    return Kind(
        StorageType.DECIMAL, pa.decimal128(precision, places), precision=precision, scale=places
    )


def kind_of(given: TypeEngine[object], dialect: str = "") -> Kind:
    """Storage type and Arrow type of a reflected type; what is unknown is read as text.

    Args:
        given: the type.
        dialect: SQLAlchemy's name of the database.
    """
    if isinstance(given, postgresql.DOMAIN):
        return kind_of(given.data_type, dialect)
    if isinstance(given, sa.ARRAY):
        return _list_of(given, dialect)
    if isinstance(given, sa.JSON):
        return JSON
    if isinstance(given, sa.Uuid):
        return UUID
    if isinstance(given, (sa.Enum, mysql.SET)):
        return ENUM
    if isinstance(given, mysql.BIT):
        return BOOLEAN if (given.length or 1) == 1 else Kind(StorageType.INTEGER, pa.uint64())
    if isinstance(given, sa.Boolean):
        return BOOLEAN
    if isinstance(given, sa.Integer):
        big = isinstance(given, mysql.BIGINT) and given.unsigned
        return Kind(StorageType.INTEGER, pa.uint64()) if big else INTEGER
    if isinstance(given, mysql.FLOAT) or (isinstance(given, sa.REAL) and dialect in _SINGLE_REAL):
        return FLOAT32
    if isinstance(given, sa.Float):
        return FLOAT
    if isinstance(given, sa.Numeric):
        return decimal(given.precision, given.scale)
    if isinstance(given, sa.DateTime):
        return TIMESTAMP_UTC if given.timezone else TIMESTAMP
    if isinstance(given, sa.Date):
        return DATE
    if isinstance(given, sa.Time):
        # A time with an offset has no Arrow type.
        return Kind(StorageType.TIME, pa.string(), as_text=True) if given.timezone else TIME
    if isinstance(given, _BINARY):
        return BINARY
    if isinstance(given, postgresql.CITEXT):
        return ENUM
    if isinstance(given, sa.String):
        return TEXT
    return OTHER


def _list_of(given: sa.ARRAY[object], dialect: str) -> Kind:
    inner = kind_of(given.item_type, dialect)
    # Arrays of arrays and of odd things keep their text; their elements have no one type.
    if (given.dimensions or 1) > 1 or inner.arrow is None:
        return Kind(StorageType.LIST, pa.list_(pa.string()), as_text=True)
    return Kind(StorageType.LIST, pa.list_(inner.arrow), as_text=inner.as_text)


def native_name(given: TypeEngine[object], dialect: sa.Dialect) -> str:
    """The source's own word for a type, without the values that an enumeration lists."""
    if isinstance(given, sa.Enum | mysql.SET):
        name = getattr(given, "name", None)
        return str(name) if name else type(given).__name__.lower()
    try:
        return str(given.compile(dialect=dialect)).lower()
    except Exception:  # a type that SQLAlchemy can reflect but not write
        return type(given).__name__.lower()
