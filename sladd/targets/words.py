"""What happened to a column, in words; for dictionary, report and database comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sladd.release import Manifest, ReleaseColumn

_TYPES = (  # prefix of the Arrow type → word for analysts
    ("string", "text"),
    ("bool", "boolean"),
    ("int", "integer"),
    ("uint", "integer"),
    ("decimal", "decimal"),
    ("float", "number"),
    ("double", "number"),
    ("halffloat", "number"),
    ("date", "date"),
    ("timestamp", "timestamp"),
    ("time", "time"),
    ("binary", "binary"),
    ("list", "list"),
    ("struct", "object"),
    ("map", "object"),
)


def type_word(type_: str) -> str:
    """The manifest's type as a word."""
    return next((word for prefix, word in _TYPES if type_.startswith(prefix)), type_)


def parameters(given: Mapping[str, Any]) -> str:
    """Parameters as `to: region; digits: 2`."""
    return "; ".join(f"{key}: {_plain(value)}" for key, value in sorted(given.items()))


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} → {_plain(part)}" for key, part in sorted(value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    return str(value)


def column_comment(column: ReleaseColumn) -> str:
    """One line: the source's comment, category, transform and parameters."""
    done = column.transform + (f" ({parameters(column.parameters)})" if column.parameters else "")
    return ". ".join(filter(None, (column.comment.rstrip("."), column.category, done)))


def joins(manifest: Manifest) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """For each (table, column) the `table.column` it joins: same key type, or a foreign key."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    by_key: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for table in manifest.tables:
        for column in table.columns:
            if column.key_type:
                by_key.setdefault((column.transform, column.key_type), []).append(
                    (table.name, column.name)
                )
    for same in by_key.values():
        for one in same:
            found.setdefault(one, set()).update(other for other in same if other != one)
    for key in manifest.foreign_keys:
        for mine, theirs in zip(key.columns, key.target_columns, strict=False):
            found.setdefault((key.table, mine), set()).add((key.target, theirs))
            found.setdefault((key.target, theirs), set()).add((key.table, mine))
    return {one: tuple(sorted(f"{t}.{c}" for t, c in others)) for one, others in found.items()}
