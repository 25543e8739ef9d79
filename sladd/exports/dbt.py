"""dbt: `config.meta.sladd` of columns in the property files of a project.

Source: docs.getdbt.com/reference/resource-configs/meta: `meta` of a column stands under `config`
since dbt 1.10 (and 1.9 by backport); before, beside its name.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sladd.errors import ExportError
from sladd.exports.comments import Tags
from sladd.exports.dbt_tables import JINJA, ProjectTables, described
from sladd.exports.tags import ColumnTag
from sladd.exports.yaml_edit import Edit, Unsupported, items, pairs
from sladd.model import TableRef

_FOLDERS = {"model-paths": "models", "seed-paths": "seeds", "snapshot-paths": "snapshots"}
_MOST_BYTES = 5 << 20
_NO_CHANGE = "it is no YAML that could be changed line by line"
_NEW, _OLD = ("config", "meta", "sladd"), ("meta", "sladd")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A property file before and after."""

    path: Path
    before: str
    after: str


@dataclass(slots=True)
class DbtExport:
    """What would change in a project.

    Attributes:
        changes: files that differ.
        matched: tables that the project knows.
        unmatched: tables with personal data that it does not.
        ambiguous: names in the project that several tables of the catalog bear.
        skipped: files that are left as they are, with the reason.
    """

    changes: list[FileChange] = field(default_factory=list)
    matched: set[TableRef] = field(default_factory=set)
    unmatched: list[TableRef] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def dbt(project: Path, tags: Tags, *, legacy: bool = False) -> DbtExport:
    """What the tags change in the property files of a project; nothing is written.

    Args:
        project: the folder with dbt_project.yml.
        tags: of the tables of all sources.
        legacy: write `meta` beside the column's name, for dbt before 1.9.

    Raises:
        ExportError: there is no project (SLADD-956).
    """
    export = DbtExport()
    root = project.resolve()
    opened = list(_opened(root, export))
    tables = ProjectTables(tags)
    for _, edit in opened:
        tables.declare(_content(edit.text))
    for path, edit in opened:
        try:
            after, matched = _edited(edit, tables, tags, export, legacy=legacy)
        except (Unsupported, yaml.YAMLError):
            export.skipped.append((str(path.relative_to(root)), _NO_CHANGE))
            continue
        export.matched |= matched
        if after != edit.text:
            export.changes.append(FileChange(path, edit.text, after))
    export.unmatched = [
        ref
        for ref, columns in tags.items()
        if ref not in export.matched and any(tag.categories for tag in columns.values())
    ]
    return export


def _content(text: str) -> Any:
    return yaml.safe_load(text)


def _opened(root: Path, export: DbtExport) -> Iterator[tuple[Path, Edit]]:
    for path in _files(root):
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise ValueError
            with path.open(encoding="utf-8", newline="") as file:
                edit = Edit(file.read())
            _content(edit.text)
            yield path, edit
        except (OSError, ValueError, RecursionError, yaml.YAMLError):
            export.skipped.append((str(path.relative_to(root)), _NO_CHANGE))


def _files(root: Path) -> Sequence[Path]:
    """Property files of the project itself; no link leads out of it."""
    try:
        settings = _content((root / "dbt_project.yml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        settings = None
    if not isinstance(settings, Mapping):
        raise ExportError(
            "there is no dbt project",
            code=956,
            where=root.name,
            mend="name the folder that holds dbt_project.yml",
        )
    found: set[Path] = set()
    for key, usual in _FOLDERS.items():
        folders = settings.get(key) or [usual]
        for folder in folders if isinstance(folders, list) else [usual]:
            place = (root / str(folder)).resolve()
            if place.is_relative_to(root):
                found |= {p for ending in ("yml", "yaml") for p in place.rglob(f"*.{ending}")}
    return sorted(p for p in found if p.is_file() and p.resolve() == p)


def _edited(
    edit: Edit, tables: ProjectTables, tags: Tags, export: DbtExport, *, legacy: bool
) -> tuple[str, set[TableRef]]:
    """The text with its tags, and the tables it describes.

    Raises:
        Unsupported: the tags cannot be put in without changing something else.
    """
    wanted = copy.deepcopy(_content(edit.text))
    matched = set()
    for place, refs in described(wanted, tables):
        if len(refs) > 1:
            export.ambiguous.append(str(_at(wanted, place)["name"]))
        elif refs:
            matched.add(refs[0])
            _tag_table(edit, _node(edit.root, place), _at(wanted, place), tags[refs[0]], legacy)
    after = edit.outcome()
    if _content(after) != wanted:
        raise Unsupported
    return after, matched


def _at(content: Any, place: Sequence[str | int]) -> Any:
    for step in place:
        content = content[step]
    return content


def _node(node: yaml.Node, place: Sequence[str | int]) -> yaml.Node:
    for step in place:
        node = items(node)[step] if isinstance(step, int) else pairs(node)[step][1]
    return node


def _tag_table(
    edit: Edit,
    node: yaml.Node,
    table: dict[str, Any],
    tags: Mapping[str, ColumnTag],
    legacy: bool,
) -> None:
    """Tag the columns, in the text and in the content that it is to have then."""
    columns = table.get("columns")
    nodes = items(pairs(node)["columns"][1]) if columns else ()
    known = {
        str(column["name"]).lower(): (column, part)
        for column, part in zip(columns or (), nodes, strict=False)
        if isinstance(column, dict) and isinstance(column.get("name"), str)
    }
    fresh = []
    for name, tag in tags.items():
        if name.lower() in known:
            column, part = known[name.lower()]
            _tag(edit, part, column, tag, legacy)
        elif tag.categories and not any(mark in name for mark in JINJA):
            fresh.append({"name": name, **_nest(_OLD if legacy else _NEW, _said(tag))})
    if not fresh:
        return
    if not columns:
        edit.put(node, ["columns"], fresh)
    elif not isinstance(columns, list):
        raise Unsupported
    else:
        for item in fresh:
            edit.append(node, "columns", item)
    listed = pairs(node).get("columns", (None, None))[1]
    flow = isinstance(listed, yaml.SequenceNode) and listed.flow_style
    table["columns"] = [*fresh, *(columns or ())] if flow else [*(columns or ()), *fresh]


def _tag(edit: Edit, node: yaml.Node, column: dict[str, Any], tag: ColumnTag, legacy: bool) -> None:
    """Put the tag where this dbt wants it, and take it from where another did."""
    path, other = (_OLD, _NEW) if legacy else (_NEW, _OLD)
    if _drop(column, other):
        edit.drop(node, other)
    if not tag.categories:
        if _drop(column, path):
            edit.drop(node, path)
        return
    said = _said(tag)
    if _get(column, path) == said:
        return
    edit.put(node, path, said)
    for key in path[:-1]:
        if column.get(key) is None:
            column[key] = {}
        column = column[key]
        if not isinstance(column, dict):
            raise Unsupported
    column["sladd"] = said


def _get(column: Any, path: Sequence[str]) -> Any:
    for key in path:
        column = column.get(key) if isinstance(column, dict) else None
    return column


def _drop(column: dict[str, Any], path: Sequence[str]) -> bool:
    """Take the tag out of the content, with what is left empty; whether there was one."""
    if _get(column, path) is None:
        return False
    key, *rest = path
    if rest:
        _drop(column[key], rest)
    if not rest or not column[key]:
        del column[key]
    return True


def _nest(path: Sequence[str], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    return dict(value)


def _said(tag: ColumnTag) -> dict[str, Any]:
    return {
        "categories": list(tag.categories),
        "legal_classes": list(tag.legal_classes),
        "how": tag.how.value,
        "decided": tag.decided or "undecided",
    }
