"""What a scan says, as JSON and back, exactly. Only names and numbers are let through.

The format is versioned: a payload of a format this sladd does not know is refused, not guessed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, TypeVar

from sladd.errors import CatalogError
from sladd.model import (
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    ForeignKey,
    How,
    KeyRole,
    Rival,
    StorageType,
    Table,
    TableRef,
    TableScan,
)

FORMAT = 1

_T = TypeVar("_T")


def digest(address: str) -> str:
    """A short key for an address of any length."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no spaces, ASCII, finite numbers."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def plain(value: object) -> Any:
    """The value as what JSON has; anything that could hold cell values is refused."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, Mapping):
        return {_text(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise refuse(value)


def refuse(value: object) -> CatalogError:
    """The error for something that is neither a name nor a number; never quotes it."""
    return CatalogError(
        f"the catalog keeps names and counts, not {type(value).__name__}",
        code=515,
        mend="hand over the scan of a table, not its data",
    )


def parts_text(ref: FieldRef) -> str:
    """The parts of an address as JSON, for who reads the database without sladd."""
    return _dump(_ref(ref))


def dump_field_scan(scan: FieldScan) -> str:
    """What a scan says of a field, as JSON."""
    _expect(scan, FieldScan)
    finding = _expect(scan.finding, Finding)
    return _dump(
        {
            "format": FORMAT,
            "field": _field(scan.field),
            "finding": {
                "field": None if finding.field == scan.field.ref else _ref(finding.field),
                "how": How(finding.how).value,
                "type": _text(finding.type),
                "category": _text(finding.category),
                "confidence": _number(finding.confidence),
                "evidence": [_evidence(item) for item in finding.evidence],
                "also": _texts(finding.also),
                "shapes": _texts(finding.shapes),
                "rivals": [_rival(item) for item in finding.rivals],
            },
            "rows": _number(scan.rows),
            "nulls": _number(scan.nulls),
            "distinct": _optional_number(scan.distinct),
            "few_values": bool(scan.few_values),
            "name_shown": _text(scan.name_shown),
            "written_as": None if scan.written_as is None else StorageType(scan.written_as).value,
        }
    )


def load_field_scan(text: str) -> FieldScan:
    """The inverse of `dump_field_scan`."""
    raw = _load(text)
    field = _load_field(raw["field"])
    finding = raw["finding"]
    return FieldScan(
        field=field,
        finding=Finding(
            field=field.ref if finding["field"] is None else _load_ref(finding["field"]),
            how=How(finding["how"]),
            type=finding["type"],
            category=finding["category"],
            confidence=finding["confidence"],
            evidence=_load_evidence(finding["evidence"]),
            also=tuple(finding["also"]),
            shapes=tuple(finding["shapes"]),
            # Scans stored by an earlier version have none.
            rivals=tuple(
                Rival(item["category"], item["confidence"], _load_evidence(item["evidence"]))
                for item in finding.get("rivals", ())
            ),
        ),
        rows=raw["rows"],
        nulls=raw["nulls"],
        distinct=raw["distinct"],
        few_values=raw["few_values"],
        name_shown=raw["name_shown"],
        written_as=None if raw["written_as"] is None else StorageType(raw["written_as"]),
    )


def dump_table_scan(scan: TableScan) -> str:
    """What a scan says of a table apart from its fields, as JSON."""
    _expect(scan, TableScan)
    table = _expect(scan.table, Table)
    return _dump(
        {
            "format": FORMAT,
            "table": {
                "ref": _table_ref(table.ref),
                "fields": [_field(field) for field in table.fields],
                "rows": _optional_number(table.rows),
                "rows_exact": bool(table.rows_exact),
                "primary_key": _texts(table.primary_key),
                "foreign_keys": [
                    [_texts(key.columns), _table_ref(key.target), _texts(key.target_columns)]
                    for key in table.foreign_keys
                ],
                "unique_keys": [_texts(key) for key in table.unique_keys],
                "comment": _optional_text(table.comment),
                "kind": _text(table.kind),
                "fingerprint": _text(table.fingerprint),
            },
            "rows": _number(scan.rows),
            "drawn": _text(scan.drawn),
            "entity": _optional_text(scan.entity),
            "person_path": _texts(scan.person_path),
            "seconds": _number(scan.seconds),
        }
    )


def load_person_path(text: str) -> tuple[str, ...]:
    """How a table leads to a person, from what `dump_table_scan` wrote."""
    return tuple(_load(text)["person_path"])


def load_table_scan(text: str, fields: Sequence[FieldScan]) -> TableScan:
    """The inverse of `dump_table_scan`, with the fields that were stored beside it."""
    raw = _load(text)
    table = raw["table"]
    return TableScan(
        table=Table(
            ref=_load_table_ref(table["ref"]),
            fields=tuple(_load_field(field) for field in table["fields"]),
            rows=table["rows"],
            rows_exact=table["rows_exact"],
            primary_key=tuple(table["primary_key"]),
            foreign_keys=tuple(
                ForeignKey(tuple(columns), _load_table_ref(target), tuple(targets))
                for columns, target, targets in table["foreign_keys"]
            ),
            unique_keys=tuple(tuple(key) for key in table["unique_keys"]),
            comment=table["comment"],
            kind=table["kind"],
            fingerprint=table["fingerprint"],
        ),
        fields=tuple(fields),
        rows=raw["rows"],
        drawn=raw["drawn"],
        entity=raw["entity"],
        person_path=tuple(raw["person_path"]),
        seconds=raw["seconds"],
    )


def _dump(value: Any) -> str:
    # ASCII escapes carry NUL and lone surrogates, which PostgreSQL's text does not.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _load(text: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(text)
    if raw["format"] != FORMAT:
        raise CatalogError(
            f"the catalog holds format {raw['format']}, this sladd knows format {FORMAT}",
            code=518,
            mend="pip install --upgrade sladd",
        )
    return raw


def _expect(value: _T, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise refuse(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise refuse(value)
    return str(value)


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _texts(value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        raise refuse(value)
    return [_text(item) for item in value]


def _number(value: object) -> int | float:
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise refuse(value)


def _optional_number(value: object) -> int | float | None:
    return None if value is None else _number(value)


def _fact(value: object) -> str | int | float | bool:
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, str) else _number(value)


def _evidence(item: Evidence) -> dict[str, Any]:
    _expect(item, Evidence)
    return {
        "signal": _text(item.signal),
        "weight": _number(item.weight),
        "facts": {_text(key): _fact(value) for key, value in item.facts.items()},
    }


def _load_evidence(raw: Sequence[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(item["signal"], item["weight"], item["facts"]) for item in raw)


def _rival(item: Rival) -> dict[str, Any]:
    _expect(item, Rival)
    return {
        "category": _text(item.category),
        "confidence": _number(item.confidence),
        "evidence": [_evidence(each) for each in item.evidence],
    }


def _table_ref(ref: TableRef) -> list[Any]:
    _expect(ref, TableRef)
    return [_text(ref.source), _optional_text(ref.schema), _text(ref.name)]


def _load_table_ref(raw: Sequence[Any]) -> TableRef:
    source, schema, name = raw
    return TableRef(source, name, schema)


def _ref(ref: FieldRef) -> list[Any]:
    _expect(ref, FieldRef)
    return [*_table_ref(ref.table), _text(ref.column), _texts(ref.path)]


def _load_ref(raw: Sequence[Any]) -> FieldRef:
    *table, column, path = raw
    return FieldRef(_load_table_ref(table), column, tuple(path))


def _field(field: Field) -> dict[str, Any]:
    _expect(field, Field)
    return {
        "ref": _ref(field.ref),
        "type": StorageType(field.type).value,
        "nullable": bool(field.nullable),
        "role": KeyRole(field.role).value,
        "max_length": _optional_number(field.max_length),
        "unique": bool(field.unique),
        "comment": _optional_text(field.comment),
        "native_type": _text(field.native_type),
    }


def _load_field(raw: Mapping[str, Any]) -> Field:
    return Field(
        ref=_load_ref(raw["ref"]),
        type=StorageType(raw["type"]),
        nullable=raw["nullable"],
        role=KeyRole(raw["role"]),
        max_length=raw["max_length"],
        unique=raw["unique"],
        comment=raw["comment"],
        native_type=raw["native_type"],
    )
