"""The nouns of sladd. Small frozen types; only `Sample` and record batches hold cell values.

Everything else here can be printed, stored and sent: it holds names, counts and decisions.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import date, datetime
from typing import Any, NoReturn, Protocol, runtime_checkable
from urllib.parse import quote

import pyarrow as pa

# --------------------------------------------------------------------------- addresses


def _encode(part: str) -> str:
    """Percent-encode what separates or could break an address; letters of any script stay."""
    # `quote` would encode æøå as well, and an officer reads these addresses;
    # and leave the dot alone, which separates here.
    return "".join(
        c if c.isalnum() or c in "_-:*@#$+=&()" else "%2E" if c == "." else quote(c, safe="")
        for c in part
    )


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """The address of a table: `shop/public.customers`, `exports/orders`."""

    source: str
    name: str
    schema: str | None = None

    def __str__(self) -> str:
        table = _encode(self.name)
        if self.schema:
            table = f"{_encode(self.schema)}.{table}"
        return f"{_encode(self.source)}/{table}"


@dataclass(frozen=True, slots=True, order=True)
class FieldRef:
    """The address of a field: `shop/public.customers.email`, `exports/weblog.user.email`.

    `path` leads into a nested value: JSON keys, `[]` for the elements of an array, `*` for
    the values of an object whose keys are data. The key of an EAV table is a path as well.
    """

    table: TableRef
    column: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"{self.table}.{_encode(self.column)}"
        for part in self.path:
            text += part if part == "[]" else f".{_encode(part)}"
        return text

    @property
    def source(self) -> str:
        """Name of the source."""
        return self.table.source

    @property
    def top(self) -> FieldRef:
        """The column that holds this field; itself when it is not nested."""
        return FieldRef(self.table, self.column) if self.path else self


# --------------------------------------------------------------------------- schema


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
    kind: str = "table"  # table, view, dataset
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


# --------------------------------------------------------------------------- data in motion


class Sample:
    """Rows drawn from a table. Holds cell values, so it can be neither printed nor pickled.

    Attributes:
        table: the table they were drawn from.
        data: shape (rows, columns). Nested values are already flattened to columns whose
            field metadata holds their path (see `sladd.sources.nested`).
        fields: one for each column of `data`, in its order.
        drawn: how, in one word: `all`, `random_rows`, `block_sample`, `spread_keys`, `first_rows`.
        rows_total: rows of the table as far as known.
    """

    __slots__ = ("data", "drawn", "fields", "rows_total", "table")

    def __init__(
        self,
        table: Table,
        data: pa.Table,
        fields: Sequence[Field],
        *,
        drawn: str,
        rows_total: int | None,
    ) -> None:
        self.table = table
        self.data = data
        self.fields = tuple(fields)
        self.drawn = drawn
        self.rows_total = rows_total

    @property
    def rows(self) -> int:
        """Rows in the sample."""
        return int(self.data.num_rows)

    @property
    def complete(self) -> bool:
        """Whether every row of the table was read."""
        return self.drawn == "all"

    def __repr__(self) -> str:
        return f"<Sample of {self.table.ref}: {self.rows} rows, drawn {self.drawn}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sample holds personal data and is never serialised")


@dataclass(frozen=True, slots=True)
class Partition:
    """The unit of work: a file, a row-group range, or a key range of a table. No values.

    `spec` is what the source needs to read it again, in another process: file name and row
    groups, or positions in the key order. Key *values* that are data never stand in it.
    """

    table: TableRef
    index: int
    spec: Mapping[str, Any]
    rows: int | None = None


@runtime_checkable
class Snapshot(Protocol):
    """One consistent view of a source, for as long as the publish runs.

    `id` goes into receipts and manifest; `consistency` is `snapshot` or `per table`.
    """

    id: str
    consistency: str

    def partitions(self, table: Table, *, rows: int = 200_000) -> Sequence[Partition]:
        """Cut a table into partitions of about `rows` rows."""

    def batches(
        self,
        partition: Partition,
        *,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        batch_rows: int = 65_536,
    ) -> Iterator[pa.RecordBatch]:
        """Stream a partition. Columns keep the order asked for; NULL stays NULL.

        `where` is SQL of the source's own dialect (databases) or DuckDB (files).
        """

    def count(self, table: Table, *, where: str | None = None) -> int:
        """Rows, exactly."""


@runtime_checkable
class Source(Protocol):
    """Something that lists tables and fields, samples them and streams them as Arrow."""

    name: str
    kind: str  # "database", "files"
    dialect: str  # "sqlite", "postgresql", "mysql", "duckdb", …, "files"

    def tables(self) -> Sequence[Table]:
        """Everything the configuration includes. What cannot be read goes to `not_scanned`."""

    @property
    def not_scanned(self) -> Sequence[NotScanned]:
        """What `tables` or `sample` could not read so far."""

    def sample(self, table: Table, *, rows: int, seed: int = 0) -> Sample:
        """Draw about `rows` rows without reading the whole table; 0 reads all."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open one consistent view."""

    def close(self) -> None:
        """Release connections."""


# --------------------------------------------------------------------------- categories


class Identifiability(enum.StrEnum):
    """How far a category leads to a person."""

    DIRECT = "direct"
    QUASI = "quasi"
    ATTRIBUTE = "attribute"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Category:
    """A taxonomy entry; the data is `sladd/taxonomy/categories.toml`."""

    key: str  # "user.contact.email"
    dpv: str  # "pd:EmailAddress"
    identifiability: Identifiability
    legal_class: str  # contact, national_id, financial, credential, behaviour, art9, …
    personal: bool
    label_nb: str
    label_en: str
    label_nn: str = ""


# --------------------------------------------------------------------------- findings


class How(enum.StrEnum):
    """In what way a field holds personal data."""

    IS = "is"
    CONTAINS = "contains"
    LINKED = "linked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal. Counts and names, never values.

    Attributes:
        signal: `checksum`, `pattern`, `permutation`, `header`, `type`, `sequence`, `gazetteer`,
            `context`, `neighbour`, `key`, `name_role`, `text`, `uniqueness`, `eav`.
        weight: contribution to the log-odds of the finding, natural logarithm.
        facts: names and numbers that the report puts into words, e.g.
            `{"matched": 980, "distinct": 1000, "chance": 0.0005}`.
    """

    signal: str
    weight: float
    facts: Mapping[str, str | int | float | bool] = fresh(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """(field, category) with how, confidence and evidence."""

    field: FieldRef
    how: How
    type: str  # detected type: "NO_FODSELSNUMMER", "EMAIL_ADDRESS"; "" for linked and none
    category: str  # taxonomy key; "" for none
    confidence: float  # calibrated, 0-1
    evidence: tuple[Evidence, ...] = ()
    also: tuple[str, ...] = ()  # further categories found inside (`contains`)
    shapes: tuple[str, ...] = ()  # masked shapes shared by at least 5 distinct values

    @property
    def fingerprint(self) -> str:
        """What a verdict has seen: how, type, category and the deterministic signals.

        Counts are left out, so that more rows of the same kind do not reopen a decision.
        """
        signals = sorted({e.signal for e in self.evidence if e.weight > 0})
        seen = json.dumps([self.how, self.type, self.category, sorted(self.also), signals])
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FieldScan:
    """What one scan says about one field: the finding, and how much was looked at."""

    field: Field
    finding: Finding  # `how=NONE` where nothing was found
    rows: int  # rows looked at
    nulls: int
    distinct: int | None
    few_values: bool = False  # ≤ 50 distinct values, each seen ≥ 5 times, in the rows looked at
    name_shown: str = ""  # the name to show; differs from the ref where the name itself is personal
    written_as: StorageType | None = None  # text of which every value looked at is a number, date …


@dataclass(frozen=True, slots=True)
class TableScan:
    """What one scan says about one table."""

    table: Table
    fields: tuple[FieldScan, ...]
    rows: int
    drawn: str
    entity: str | None = None  # what its primary key identifies
    person_path: tuple[str, ...] = ()  # e.g. ("orders.customer_id", "customers.id")
    seconds: float = 0.0


class Decision(enum.StrEnum):
    """What a human said about a finding."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A human's answer to a finding. It survives rescans."""

    field: str  # str(FieldRef)
    decision: Decision
    category: str  # the category that holds from now on; "" when rejected
    reason: str
    by: str
    at: datetime
    fingerprint: str  # of the finding it saw
    reopened: bool = False
    reopened_why: str = ""


# --------------------------------------------------------------------------- entities


@dataclass(frozen=True, slots=True)
class Entity:
    """What a key identifies. `name` is the key type of its pseudonyms."""

    name: str
    members: tuple[str, ...]  # str(FieldRef) of every column that holds this key


# --------------------------------------------------------------------------- policy


@dataclass(frozen=True, slots=True)
class Rule:
    """Select by field or category; say what to do."""

    transform: str
    field: str | None = None  # str(FieldRef)
    category: str | None = None  # key or prefix: `user.contact` covers `user.contact.email`
    parameters: Mapping[str, Any] = fresh(default_factory=dict)
    origin: str = "profile"  # profile, release


class Needs(enum.StrEnum):
    """What a transform looks at to make one output value."""

    COLUMN = "column"
    ROW = "row"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a transform, for validation and for the generated reference."""

    name: str
    kind: str  # "string", "integer", "number", "numbers", "choice", "boolean", "mapping"
    default: Any = None
    choices: tuple[str, ...] = ()
    help: str = ""
    required: bool = False
    minimum: float | None = None  # of an integer or a number
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class TransformSpec:
    """What a transform declares of itself; the plan checks it before any data moves."""

    name: str
    accepts: tuple[StorageType, ...]
    output: StorageType | None  # None: the input's type
    iso20889: str
    summary: str
    needs: Needs = Needs.COLUMN
    deterministic: bool = True
    reversible: bool = False
    joinable: bool = False  # equal inputs stay equal across tables of a domain
    keyed: bool = False
    keeps_null: bool = True
    keeps_uniqueness: bool = False
    emits: str | None = None  # category of the output; None: not personal on its own
    drops: bool = False
    parameters: tuple[Parameter, ...] = ()
    output_length: int | None = None  # characters, where fixed
    accepts_to: Mapping[str, tuple[StorageType, ...]] = fresh(default_factory=dict)
    """Narrower than `accepts` for some choices of the parameter `to`."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What happens to one column of a release, and why."""

    field: FieldRef
    output: str  # column name in the release; "" when dropped
    type: StorageType
    transform: str
    parameters: Mapping[str, Any]
    category: str
    how: How
    reason: str  # code, e.g. "rule", "no_finding", "few_values", "undecided", "sensitive"
    reason_text: str  # one sentence
    key_type: str = ""  # entity or canonical type the pseudonym key is derived for
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What happens to one table."""

    table: TableRef
    output: str  # table name in the release
    fields: tuple[FieldPlan, ...]
    where: str | None = None
    leave_out: tuple[str, ...] = ()  # conditions on mapped columns, see policy
    entity: str | None = None
    person_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Rules per category → what happens to every field. Complete, printable, hashable."""

    release: str
    kind: str  # pseudonymised, anonymised
    domain: str
    key: str  # keyring reference, e.g. "main"
    as_of: date
    tables: tuple[TablePlan, ...]
    entities: tuple[Entity, ...] = ()
    policy_sha256: str = ""
    key_version: int = 1
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one worked partition reports back: references and counts."""

    table: str
    index: int
    rows_in: int
    rows_out: int
    files: tuple[str, ...]
    counts: Mapping[str, int] = fresh(default_factory=dict)
    snapshot: str = ""


# --------------------------------------------------------------------------- gate


@dataclass(frozen=True, slots=True)
class Check:
    """One question the gate asked, and its answer."""

    name: str
    passed: bool
    detail: str  # names and counts
    column: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """All answers about one release."""

    checks: tuple[Check, ...]
    not_checked: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)


# --------------------------------------------------------------------------- callables

Progress = Callable[[str, int, int | None], None]
"""`progress(what, done, total)`; `what` is a reference, never a value."""

Map = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]
"""`map(function, items)`: in-process, threads, or an engine's own."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text that a recogniser found. Positions, never the text."""

    start: int
    end: int
    type: str
    score: float
    category: str = ""


SpanFinder = Callable[[Sequence[str]], Sequence[Sequence[Span]]]
"""Finds spans in texts; handed to the text transform so that it needs no detector."""
