"""The hash of a policy: equal hashes, equal key and equal input give equal output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sladd
from sladd import canonical
from sladd.model import Entity, FieldPlan, SamplePlan, TablePlan, TransformSpec


def policy_sha256(
    *,
    kind: str,
    domain: str,
    key_version: int,
    as_of: str,
    buckets: int | None,
    tables: Sequence[TablePlan],
    entities: Sequence[Entity],
    specs: Mapping[str, TransformSpec],
    anonymity: Mapping[str, Any] | None = None,
    sample: SamplePlan | None = None,
) -> str:
    """SHA-256 over the canonical JSON of all that determines the output, and nothing else.

    Where a release goes, who receives it and why are no part of it, nor are the sentences
    that explain it.
    """
    used = sorted(
        {part.transform for table in tables for field in table.fields for part in field.each()}
    )
    content = {
        "format": 1,
        "sladd": sladd.__version__,
        "canonical": canonical.VERSION,
        "kind": kind,
        "domain": domain,
        "key_version": key_version,
        "as_of": as_of,
        "buckets": buckets,
        "specs": [_spec(specs[name]) for name in used],
        "entities": sorted([e.name, sorted(e.members)] for e in entities),
        "tables": sorted((_table(table, specs) for table in tables), key=lambda t: str(t["table"])),
    }
    if anonymity is not None:
        content["anonymity"] = anonymity
    if sample is not None:
        content["sample"] = [sample.share, sample.person]
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _spec(spec: TransformSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "output": spec.output,
        "parameters": [[p.name, p.kind, p.default] for p in spec.parameters],
    }


def _table(table: TablePlan, specs: Mapping[str, TransformSpec]) -> dict[str, Any]:
    return {
        "table": str(table.table),
        "output": table.output,
        "where": table.where,
        "leave_out": list(table.leave_out),
        "person_path": list(table.person_path),
        "fields": [_field(field, specs) for field in table.fields],
    }


def _named(field: FieldPlan) -> str:
    """The classes or the hierarchy that the field goes by."""
    return str(field.parameters.get("to") or field.parameters.get("hierarchy", ""))


def _field(field: FieldPlan, specs: Mapping[str, TransformSpec]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "field": str(field.field),
        "output": field.output,
        "type": field.type,
        "transform": field.transform,
        "parameters": dict(field.parameters),
        "key_type": field.key_type,
    }
    if field.within:
        content["within"] = field.within
    if field.role:
        content["role"] = field.role
    if data := specs[field.transform].digests.get(_named(field)):
        content["data"] = data
    if field.parts:
        content["parts"] = [_field(part, specs) for part in field.parts]
    return content
