"""Fideslang: a source as Dataset resources in YAML, with categories of its default taxonomy.

Source: fideslang 3.1.4, `fideslang.models.Dataset` (github.com/ethyca/fideslang, CC BY 4.0).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from sladd.catalog import CatalogField
from sladd.model import ForeignKey, How, KeyRole, StorageType, TableRef, TableScan
from sladd.reports.names import Names, names
from sladd.taxonomy import Taxonomy
from sladd.writing.escaping import visible

# Of the names that fideslang knows; what is not here has none.
_TYPES = {
    StorageType.STRING: "string",
    StorageType.INTEGER: "integer",
    StorageType.DECIMAL: "float",
    StorageType.FLOAT: "float",
    StorageType.BOOLEAN: "boolean",
}
_NOT_IN_KEYS = re.compile(r"[^a-zA-Z0-9_-]")


def fideslang(
    fields: Sequence[CatalogField], tables: Sequence[TableScan], taxonomy: Taxonomy
) -> str:
    """Every source and schema as one Dataset; YAML.

    Args:
        fields: of the catalog, verdicts included.
        tables: of the catalog, for keys between them.
        taxonomy: says which categories are personal.
    """
    known = names(fields)
    keys = {scan.table.ref: scan.table.foreign_keys for scan in tables}
    homes = _homes(fields)
    by_home: dict[str, dict[TableRef, list[CatalogField]]] = {}
    for field in fields:
        home = by_home.setdefault(homes[field.ref.table], {})
        home.setdefault(field.ref.table, []).append(field)
    datasets = [
        _dataset(key, of_tables, known, keys, homes, taxonomy) for key, of_tables in by_home.items()
    ]
    return yaml.safe_dump({"dataset": datasets}, sort_keys=False, allow_unicode=True, width=100)


@cache
def _mapping() -> tuple[Mapping[str, str], frozenset[str]]:
    raw = tomllib.loads(files("sladd.exports").joinpath("fideslang.toml").read_text("utf-8"))
    return raw["nearest"], frozenset(raw["taxonomy"]["data_categories"])


def default_category(key: str) -> str:
    """The category of fideslang's default taxonomy that ours is, or lies in.

    >>> default_category("user.contact.email"), default_category("user.financial.salary")
    ('user.contact.email', 'user.financial')
    """
    nearest, known = _mapping()
    key = nearest.get(key, key)
    while key and key not in known:
        key = key.rpartition(".")[0]
    return key or "user"


def _homes(fields: Sequence[CatalogField]) -> Mapping[TableRef, str]:
    """Table → key of its Dataset: the source, with the schema where it has several."""
    schemas: dict[str, set[str | None]] = {}
    for field in fields:
        schemas.setdefault(field.ref.table.source, set()).add(field.ref.table.schema)
    taken: dict[str, tuple[str, str | None]] = {}
    homes: dict[TableRef, str] = {}
    for table in dict.fromkeys(field.ref.table for field in fields):
        several = len(schemas[table.source]) > 1
        name = f"{table.source}_{table.schema or ''}" if several else table.source
        key, place = _NOT_IN_KEYS.sub("_", name), (table.source, table.schema)
        while taken.setdefault(key, place) != place:
            key += "_"
        homes[table] = key
    return homes


def _dataset(
    key: str,
    tables: Mapping[TableRef, Sequence[CatalogField]],
    known: Names,
    keys: Mapping[TableRef, Sequence[ForeignKey]],
    homes: Mapping[TableRef, str],
    taxonomy: Taxonomy,
) -> dict[str, Any]:
    first = next(iter(tables))
    told: dict[str, Any] = {
        "fides_key": key,
        "name": first.source,
        "description": "Fields and categories as sladd found them and people decided.",
    }
    if first.schema:
        told["fides_meta"] = {"namespace": {"schema": visible(first.schema)}}
    told["collections"] = [
        {
            "name": visible(table.name),
            "fields": _fields(parts, known, _references(keys.get(table, ()), homes), taxonomy),
        }
        for table, parts in tables.items()
    ]
    return told


def _references(
    keys: Sequence[ForeignKey], homes: Mapping[TableRef, str]
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Column → what it points at; a key of several columns cannot be said in fideslang."""
    return {
        key.columns[0]: [
            {
                "dataset": homes[key.target],
                "field": f"{visible(key.target.name)}.{visible(key.target_columns[0])}",
                "direction": "to",
            }
        ]
        for key in keys
        if len(key.columns) == 1 and key.target in homes
    }


def _fields(
    parts: Sequence[CatalogField],
    known: Names,
    references: Mapping[str, Sequence[Mapping[str, str]]],
    taxonomy: Taxonomy,
) -> list[dict[str, Any]]:
    top: dict[str, dict[str, Any]] = {}
    for part in parts:
        place = top
        *above, last = (part.ref.column, *part.ref.path)
        for step in above:
            node = place.setdefault(_name(step, known), {})
            node.get("fides_meta", {}).pop("data_type", None)  # it has fields of its own
            place = node.setdefault("fields", {})
        node = place.setdefault(_name(last, known), {})
        _describe(node, part, taxonomy)
        if not above and part.ref.column in references:
            node.setdefault("fides_meta", {})["references"] = list(references[part.ref.column])
    return _listed(top)


def _name(raw: str, known: Names) -> str:
    return visible(known.parts.get(raw, raw)).removesuffix("[]")


def _describe(node: dict[str, Any], part: CatalogField, taxonomy: Taxonomy) -> None:
    held = part.effective
    if held.how is not How.NONE and held.category in taxonomy and taxonomy[held.category].personal:
        more = default_category(held.category)
        node["data_categories"] = sorted({*node.get("data_categories", ()), more})
    kind = _TYPES.get(part.scan.field.type)
    if kind is not None and "fields" not in node:
        node.setdefault("fides_meta", {})["data_type"] = kind
    if part.scan.field.role in {KeyRole.PRIMARY, KeyRole.PRIMARY_FOREIGN} and not part.ref.path:
        node.setdefault("fides_meta", {})["primary_key"] = True


def _listed(nodes: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    listed = []
    for name, node in nodes.items():
        told: dict[str, Any] = {"name": name}
        if "data_categories" in node:
            told["data_categories"] = node["data_categories"]
        if node.get("fides_meta"):
            told["fides_meta"] = node["fides_meta"]
        if "fields" in node:
            told["fields"] = _listed(node["fields"])
        listed.append(told)
    return listed
