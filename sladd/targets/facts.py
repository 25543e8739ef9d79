"""What a release's report tells, in no language yet: tables, keys, what stayed, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword

from sladd.release import Dropped, GateAnswer, Manifest, ReleaseColumn, ReleaseTable
from sladd.targets.words import joins

_REASONS = (  # the gravest first; others after them
    "sensitive",
    "undecided",
    "reopened",
    "new",
    "not_scanned",
    "not_enough",
    "free_text",
    "rule",
)
_RESERVED = frozenset(  # duckdb_keywords() of DuckDB 2 with the category "reserved"
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "constraint",
        "create",
        "default",
        "deferrable",
        "desc",
        "describe",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "from",
        "group",
        "having",
        "in",
        "initially",
        "intersect",
        "into",
        "lambda",
        "lateral",
        "leading",
        "limit",
        "not",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "pivot",
        "pivot_longer",
        "pivot_wider",
        "placing",
        "primary",
        "qualify",
        "references",
        "returning",
        "select",
        "show",
        "some",
        "summarize",
        "symmetric",
        "table",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "unpivot",
        "using",
        "variadic",
        "when",
        "where",
        "window",
        "with",
    ]
)
_LISTED = 3  # partners named beside a column; of more, the key is named


@dataclass(frozen=True, slots=True)
class Key:
    """Columns whose pseudonyms are made with one key; two or more, so that they join."""

    number: int
    type: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column with what it joins: named partners, or a key with many."""

    column: ReleaseColumn
    primary: bool
    partners: tuple[str, ...]
    key: Key | None


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table of the release."""

    table: ReleaseTable
    left_out: int
    columns: tuple[ColumnFacts, ...]

    @property
    def kept(self) -> int:
        """Columns that are as in the source."""
        return sum(
            facts.column.transform == "keep" and "aggregate" not in facts.column.parameters
            for facts in self.columns
        )

    @property
    def changed(self) -> int:
        """Columns that are not."""
        return len(self.columns) - self.kept


@dataclass(frozen=True, slots=True)
class DroppedGroup:
    """Fields that stayed behind for one reason: what is said of them → the fields."""

    reason: str
    fields: Mapping[str, tuple[str, ...]]

    @property
    def count(self) -> int:
        """How many."""
        return sum(len(fields) for fields in self.fields.values())


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The gate's answers to one question, the failed ones first."""

    name: str
    answers: tuple[GateAnswer, ...]

    @property
    def failed(self) -> int:
        """How many said no."""
        return sum(not answer.passed for answer in self.answers)


def keys(manifest: Manifest) -> tuple[Key, ...]:
    """Keys that join at least two columns; those with the most first."""
    found: dict[str, list[str]] = {}
    for table in manifest.tables:
        for column in table.columns:
            if column.key_type and column.alphabet:
                found.setdefault(column.key_type, []).append(f"{table.name}.{column.name}")
    shared = sorted((p for p in found.items() if len(p[1]) > 1), key=lambda p: (-len(p[1]), p[0]))
    return tuple(Key(n, kind, tuple(columns)) for n, (kind, columns) in enumerate(shared, 1))


def tables(manifest: Manifest, shared: Sequence[Key]) -> tuple[TableFacts, ...]:
    """Every table, with what its columns join."""
    by_type = {key.type: key for key in shared}
    partners = joins(manifest)
    left: dict[str, int] = {}
    for one in manifest.left_out:
        left[one.table] = left.get(one.table, 0) + one.rows

    def facts(table: ReleaseTable, column: ReleaseColumn) -> ColumnFacts:
        others = partners.get((table.name, column.name), ())
        key = by_type.get(column.key_type) if column.alphabet else None
        many = key is not None and len(others) > _LISTED
        return ColumnFacts(
            column,
            table.primary_key == (column.name,),
            () if many else others,
            key if many else None,
        )

    return tuple(
        TableFacts(table, left.get(table.name, 0), tuple(facts(table, c) for c in table.columns))
        for table in manifest.tables
    )


def dropped(fields: Sequence[Dropped]) -> tuple[DroppedGroup, ...]:
    """Fields that stayed behind, by reason and by what the plan said of them."""
    groups: dict[str, dict[str, list[str]]] = {}
    for one in fields:
        # What names the field itself would be a sentence for each.
        said = "" if one.field in one.reason_text else one.reason_text
        groups.setdefault(one.reason, {}).setdefault(said, []).append(one.field)
    order = {reason: place for place, reason in enumerate(_REASONS)}
    return tuple(
        DroppedGroup(reason, {said: tuple(names) for said, names in groups[reason].items()})
        for reason in sorted(groups, key=lambda reason: (order.get(reason, len(order)), reason))
    )


def checks(answers: Sequence[GateAnswer]) -> tuple[CheckGroup, ...]:
    """The gate's answers by question; questions with a failed answer first."""
    groups: dict[str, list[GateAnswer]] = {}
    for answer in answers:
        groups.setdefault(answer.name, []).append(answer)
    found = [
        CheckGroup(name, tuple(sorted(group, key=lambda answer: answer.passed)))
        for name, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: not group.failed))


def sample_table(manifest: Manifest) -> ReleaseTable | None:
    """A table for the examples: its name needs no quoting in a shell, in Python or in SQL."""
    return next(
        (
            table
            for table in manifest.tables
            if table.files
            and table.name.isascii()
            and table.name.isidentifier()
            and not iskeyword(table.name)
            and table.name.lower() not in _RESERVED
        ),
        None,
    )


def signing_key(manifest: Manifest) -> str:
    """Fingerprint of the key that signs; "" when neither manifest nor gate knows it.

    The page is written before the manifest is signed, since the manifest holds the page's hash;
    by then the gate has seen a signature by the same key.
    """
    checked = manifest.gate.checks if manifest.gate else ()
    said = next((c.detail for c in checked if c.name == "signature" and c.passed), "")
    return manifest.signed_by or said.removeprefix("Ed25519, key ")
