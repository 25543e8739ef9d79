"""Which table of the catalog a source, model, seed or snapshot of a dbt project is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sladd.exports.comments import Tags
from sladd.model import TableRef

JINJA = ("{{", "{%", "{#")
"""dbt renders these in its property files, so a name with one would be run."""
_MODELS = ("models", "seeds", "snapshots")

Place = tuple[str | int, ...]
"""Keys and positions that lead to a part of a file."""


class ProjectTables:
    """The catalog's tables by the names that a project calls them."""

    def __init__(self, tags: Tags) -> None:
        self._by_name: dict[str, list[TableRef]] = {}
        for ref in tags:
            self._by_name.setdefault(ref.name.lower(), []).append(ref)
        self._declared: set[TableRef] = set()

    def declare(self, content: object) -> None:
        """Note which tables the project reads as sources: no model of it is one of them."""
        for _, source, table in _sources(content):
            self._declared |= set(self.of_source(source, table))

    def of_source(self, source: Mapping[str, Any], table: Mapping[str, Any]) -> list[TableRef]:
        """Tables that a source of the project may mean."""
        found = self._by_name.get(str(table.get("identifier") or table["name"]).lower(), [])
        schema = str(source.get("schema") or source["name"])
        if any(mark in schema for mark in JINJA):
            return found
        exact = [ref for ref in found if (ref.schema or "").lower() == schema.lower()]
        # MariaDB and SQLite have no schema below the database of the address.
        return exact or [ref for ref in found if ref.schema is None]

    def of_model(self, model: Mapping[str, Any]) -> list[TableRef]:
        """Tables that a model, seed or snapshot of the project may have made."""
        config = model.get("config")
        config = config if isinstance(config, Mapping) else {}
        name = str(config.get("alias") or model["name"]).lower()
        found = [ref for ref in self._by_name.get(name, []) if ref not in self._declared]
        if config.get("schema") is None:
            return found
        # dbt puts the target's schema before it, unless the project says otherwise.
        ends = f"_{config['schema']}".lower()
        return [ref for ref in found if f"_{ref.schema or ''}".lower().endswith(ends)]


def described(content: object, tables: ProjectTables) -> Iterator[tuple[Place, list[TableRef]]]:
    """Everything that a file describes: where it stands, and the tables it may be."""
    for place, source, table in list(_sources(content)):
        yield place, tables.of_source(source, table)
    if isinstance(content, Mapping):
        for kind in _MODELS:
            for number, model in list(_named(content.get(kind))):
                yield (kind, number), tables.of_model(model)


def _named(nodes: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, node in enumerate(nodes if isinstance(nodes, Sequence) else ()):
        if isinstance(node, Mapping) and isinstance(node.get("name"), str):
            yield number, node


def _sources(content: object) -> Iterator[tuple[Place, Mapping[str, Any], Mapping[str, Any]]]:
    if isinstance(content, Mapping):
        for outer, source in _named(content.get("sources")):
            for inner, table in _named(source.get("tables")):
                yield ("sources", outer, "tables", inner), source, table
