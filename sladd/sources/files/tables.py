"""From parts to tables: files whose names differ only in digits or dates are one dataset."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from sladd.model import Table, TableRef
from sladd.sources.files.columnar import plain_type
from sladd.sources.files.naming import (
    NameJudge,
    dataset_name,
    masked,
    pattern_of,
    stem_of,
    without_date,
)
from sladd.sources.files.part import Part
from sladd.sources.nested import fields_of

_PARTITION_FOLDER = re.compile(r"[\d\-_.T]+|[^=/]+=[^/]*")
_NUMBERED = re.compile(r"c\d+")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table and the parts of files that it consists of."""

    table: Table
    parts: tuple[Part, ...]
    schema: pa.Schema


@dataclass(slots=True)
class _Cluster:
    parts: list[Part]
    schema: pa.Schema
    name: str = ""
    longer: list[str] = field(default_factory=list)  # names to try when the short one is taken


def datasets(
    source: str, parts: Sequence[Part], judge: NameJudge, comments: dict[str, str]
) -> list[Dataset]:
    """Group parts into tables and name these.

    Args:
        source: name of the source.
        parts: in the order of their paths.
        judge: whether a name is personal.
        comments: by `Part.where`, what was left out of a part.
    """
    groups: dict[tuple[str, ...], list[_Cluster]] = {}
    for part in parts:
        clusters = groups.setdefault(_group(part), [])
        for cluster in clusters:
            joined = _joined(cluster.schema, part.schema)
            if joined is not None:
                cluster.parts.append(part)
                cluster.schema = joined
                break
        else:
            clusters.append(_Cluster([part], part.schema))
    flat = [cluster for clusters in groups.values() for cluster in clusters]
    for cluster in flat:
        _name(cluster, judge)
    _make_unique(flat)
    return [_dataset(source, cluster, comments) for cluster in flat]


def _folder(part: Part) -> str:
    """The folder of a file, without the parts that only tell dates or Hive partitions."""
    if part.file.folder:
        return part.file.folder
    folders = part.file.relative.split("/")[:-1]
    return "/".join("#" if _PARTITION_FOLDER.fullmatch(f) else f for f in folders)


def _group(part: Part) -> tuple[str, ...]:
    if part.file.folder:
        return (part.file.folder, part.format, part.inner)
    name = part.file.relative.rsplit("/", 1)[-1]
    stem = stem_of(name)
    # Yesterday's file may be compressed and today's not.
    extension = name[len(stem) :].lstrip(".").split(".")[0].lower()
    return (_folder(part), pattern_of(stem), extension, part.format, part.inner)


def _joined(one: pa.Schema, other: pa.Schema) -> pa.Schema | None:
    """The union of two schemas by name; None when they are not the same kind of table."""
    first, second = set(one.names), set(other.names)
    shared = first & second
    if all(_NUMBERED.fullmatch(name) for name in first | second):
        if first != second:  # without a header, another width is another table
            return None
    elif len(shared) * 2 < len(first | second) and shared not in (first, second):
        return None
    if any(_NUMBERED.fullmatch(n) for n in first) != any(_NUMBERED.fullmatch(n) for n in second):
        return None
    fields: list[pa.Field] = []
    for arrow in one:
        kind = arrow.type
        if arrow.name in shared:
            joined = _joined_type(kind, other.field(arrow.name).type)
            if joined is None:
                return None
            kind = joined
        fields.append(arrow.with_type(kind))
    fields += [arrow for arrow in other if arrow.name not in shared]
    return pa.schema(fields)


def _joined_type(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    if one == other:
        return one
    try:
        schemas = [pa.schema([("x", kind)]) for kind in (one, other)]
        return pa.unify_schemas(schemas, promote_options="permissive").field("x").type
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        nested = any(pa.types.is_nested(k) or pa.types.is_binary(k) for k in (one, other))
        return None if nested else pa.string()


def _name(cluster: _Cluster, judge: NameJudge) -> None:
    part = cluster.parts[0]
    folders = part.file.relative.split("/")[:-1]
    if part.file.folder:
        folders = part.file.folder.split("/")[:-1]
        name = part.file.folder.rsplit("/", 1)[-1]
    else:
        name = part.file.relative.rsplit("/", 1)[-1]
    plain = [f for f in folders if not _PARTITION_FOLDER.fullmatch(f)]
    parent = plain[-1] if plain else ""
    stem = stem_of(name)
    several = len(cluster.parts) > 1 and not part.file.folder
    base = dataset_name(pattern_of(stem), parent) if several else without_date(stem) or stem
    stems = {stem_of(p.file.relative.rsplit("/", 1)[-1]) for p in cluster.parts}
    if judge(base) or any(judge(s) for s in {stem, *stems}):
        base = masked(name if len(cluster.parts) == 1 else base, "file")
    inner = f":{part.inner_shown}" if part.inner else ""
    folder = "_".join(masked(f, "folder") if judge(f) else f for f in plain)
    extension = name[len(stem) :].lstrip(".").split(".")[0] or part.format
    cluster.name = base + inner
    prefixed = f"{folder}_{base}{inner}" if folder else cluster.name
    cluster.longer = [
        prefixed,
        f"{base}_{extension}{inner}",
        f"{folder}_{base}_{extension}{inner}" if folder else f"{base}_{extension}{inner}",
    ]
    if not several and not judge(stem):
        cluster.longer.append(stem + inner)


def _make_unique(clusters: Sequence[_Cluster]) -> None:
    """Names that several would have become longer, for all of them: no order decides."""
    clashing = Counter(c.name for c in clusters)
    same: dict[str, list[_Cluster]] = {}
    for cluster in clusters:
        if clashing[cluster.name] > 1:
            same.setdefault(cluster.name, []).append(cluster)
    taken = {name for name, times in clashing.items() if times == 1}
    for group in same.values():
        for level in range(max(len(c.longer) for c in group)):
            names = [c.longer[min(level, len(c.longer) - 1)] for c in group]
            if len(set(names)) == len(group) and not taken & set(names):
                break
        for cluster, wanted in zip(group, names, strict=True):
            name, number = wanted, 1
            while name in taken:
                number += 1
                name = f"{wanted}_{number}"
            cluster.name = name
            taken.add(name)


def _dataset(source: str, cluster: _Cluster, comments: dict[str, str]) -> Dataset:
    ref = TableRef(source, cluster.name)
    # What no file has a value for is text.
    schema = pa.schema([arrow.with_type(plain_type(arrow.type)) for arrow in cluster.schema])
    rows = [part.rows for part in cluster.parts]
    known = [count for count in rows if count is not None]
    seen = hashlib.sha256(str([(f.name, str(f.type)) for f in schema]).encode())
    for part in cluster.parts:
        seen.update(f"{part.file.relative}\0{part.inner}\0{part.file.stamp}\n".encode())
    said = [comments[part.where] for part in cluster.parts if part.where in comments]
    table = Table(
        ref=ref,
        fields=fields_of(ref, schema),
        rows=sum(known) if len(known) == len(rows) else None,
        rows_exact=all(part.exact for part in cluster.parts),
        comment=" · ".join(dict.fromkeys(said)) or None,
        kind="dataset" if len(cluster.parts) > 1 or cluster.parts[0].file.folder else "table",
        fingerprint=seen.hexdigest()[:32],
    )
    return Dataset(table, tuple(cluster.parts), schema)
