"""A plan as the officer decides about it: plain data, its hash, and what differs from another."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sladd.config import ReleaseConfig
from sladd.model import FieldPlan, Plan

FORMAT = 1
_PASSWORD = re.compile(r"(?<=://)([^:@/]*):[^@/]*@")
# Texts, also one that is not ended and what MySQL takes for one, and numbers that stand alone.
_LITERAL = re.compile(r"""'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(?<![\w.])\d[\d.]*""")
_SAID = ("category", "how", "reason", "reason_text", "verdict", "shown")
"""What explains a field and does nothing to it; a new word for it needs no new approval."""
TERMS = (
    "kind", "domain", "purpose", "recipients", "sources", "as_of", "expires", "destination",
    "leave_out", "sample", "guarantee", "tables", "vault", "documents", "csv", "keep_versions",
)  # fmt: skip
"""What a release promises as a whole, in the order in which it is told."""


def content_of(
    made: Plan, release: ReleaseConfig, shown: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The plan as plain data: names, rules and reasons.

    The day it was made, the version of sladd and of the key stand outside: nobody decides anew
    about a release because it is a day later.

    Args:
        made: the plan.
        release: its terms.
        shown: address → the one to show, of fields whose names are personal data.
    """
    masked = shown or {}
    return {
        "format": FORMAT,
        "release": made.release,
        "config": config_sha256(release),
        "terms": _terms(made, release),
        "tables": [
            {
                "table": str(table.table),
                "output": table.output,
                "where": table.where,
                "leave_out": list(table.leave_out),
                "person_path": list(table.person_path),
                "fields": [_field(field, masked) for field in table.fields],
                **({"unreached": True} if table.unreached else {}),
                **({"others": table.others} if table.others else {}),
            }
            for table in sorted(made.tables, key=lambda each: str(each.table))
        ],
    }


def _terms(made: Plan, release: ReleaseConfig) -> dict[str, Any]:
    anonymised = made.kind == "anonymised"
    terms = {
        "kind": made.kind,
        "domain": made.domain,
        "purpose": release.purpose,
        "recipients": sorted(release.recipients),
        "sources": sorted(release.from_),
        "as_of": "snapshot" if release.as_of == "snapshot" else made.as_of.isoformat(),
        "expires": release.expires,
        "destination": _destination(release),
        "leave_out": sorted(release.leave_out),
        "sample": [made.sample.share, made.sample.person] if made.sample else None,
        "guarantee": release.promised.model_dump(mode="json") if anonymised else None,
        "tables": {n: t.model_dump(mode="json") for n, t in release.tables.items()},
        "vault": release.vault is not None,
        "documents": release.documents,
        "csv": release.csv,
        "keep_versions": release.keep_versions,
    }
    plain: dict[str, Any] = json.loads(json.dumps(terms))
    return plain


def _destination(release: ReleaseConfig) -> str:
    """Which place it is; that it is another one is all that is kept of an address.

    Passwords and parameters are no part of the place.
    """
    place = _PASSWORD.sub(r"\1@", release.to.partition("?")[0])
    return hashlib.sha256(f"{place}\0{release.schema_ or ''}".encode()).hexdigest()[:16]


def config_sha256(release: ReleaseConfig) -> str:
    """Tells whether a release is configured as it was when a plan was made."""
    text = _PASSWORD.sub(r"\1@", release.model_dump_json(by_alias=True))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _field(field: FieldPlan, shown: Mapping[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "field": str(field.field),
        "output": field.output,
        "type": str(field.type),
        "transform": field.transform,
        "parameters": json.loads(json.dumps(dict(field.parameters), default=str)),
        "category": field.category,
        "how": str(field.how),
        "reason": field.reason,
        "reason_text": field.reason_text,
        "key_type": field.key_type,
        "verdict": field.verdict,
        "role": field.role,
    }
    if (name := shown.get(content["field"], "")) and name != content["field"]:
        content["shown"] = name
    if field.parts:
        content["parts"] = [_field(part, shown) for part in field.parts]
    return content


def plan_sha256(content: Mapping[str, Any]) -> str:
    """The hash of what is decided about: everything but the sentences that explain it."""
    bare = {**content, "tables": [_bare_table(table) for table in content["tables"]]}
    bare.pop("config", None)
    text = json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def without_values(content: Mapping[str, Any], salt: str = "") -> dict[str, Any]:
    """The plan as it is kept and shown: conditions without texts and numbers.

    Whoever writes `epost = 'kari@example.no'` into `sladd.yaml` has put a person there; the
    catalog and the desk hold none. The hash is that of the plan as it is. A mark stands for each
    condition, so that a later plan can say in which of them the value is another.

    Args:
        content: the plan.
        salt: of the marks; the same for all plans of a release.
    """
    kept: dict[str, Any] = {**_masked(content), "salt": salt}
    for whole, table in zip(content["tables"], kept["tables"], strict=True):
        if salt and whole["where"]:
            text = "\0".join((salt, whole["table"], whole["where"]))
            table["where_mark"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return kept


def _masked(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {
            name: _LITERAL.sub("…", value)
            if name == "where" and isinstance(value, str)
            else _masked(value)
            for name, value in part.items()
        }
    return [_masked(each) for each in part] if isinstance(part, list) else part


def _bare_table(table: Mapping[str, Any]) -> dict[str, Any]:
    # The keys that decide it are part of the hash themselves.
    told = {name: value for name, value in table.items() if name != "unreached"}
    return {**told, "fields": [_bare(field) for field in table["fields"]]}


def _bare(field: Mapping[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in field.items() if name not in _SAID}
    if "parts" in field:
        bare["parts"] = [_bare(part) for part in field["parts"]]
    return bare


def fields_of(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every field of a plan, and after it its parts."""
    for table in content["tables"]:
        for field in table["fields"]:
            yield field
            yield from field.get("parts", ())


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that two plans treat otherwise. `before` or `after` is None where there is none."""

    field: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        """`added`, `removed`, `dropped` (stays out now), `released` (comes along now), `changed`."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        if bool(self.before["output"]) != bool(self.after["output"]):
            return "released" if self.after["output"] else "dropped"
        return "changed"


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """What one plan says otherwise than another.

    Attributes:
        terms: promise → before and after.
        fields: in the order of the later plan; those that are gone at the end.
        tables: tables whose rows are chosen otherwise: condition, persons or what stays out; or
            that are said to hold other persons.
        values: tables with the same condition but for a value in it, which is not kept.
    """

    terms: Mapping[str, tuple[Any, Any]]
    fields: tuple[FieldChange, ...]
    tables: tuple[str, ...]
    values: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.terms or self.fields or self.tables or self.values)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> PlanChanges:
    """What `after` says otherwise than `before`; sentences aside."""
    terms = {
        name: (before["terms"].get(name), after["terms"].get(name))
        for name in TERMS
        if before["terms"].get(name) != after["terms"].get(name)
    }
    old = {field["field"]: field for field in fields_of(before)}
    new = {field["field"]: field for field in fields_of(after)}
    found = [
        FieldChange(address, old.get(address), field)
        for address, field in new.items()
        if address not in old or _own(old[address]) != _own(field)
    ]
    found += [FieldChange(a, field, None) for a, field in old.items() if a not in new]
    rows = ("where", "leave_out", "person_path", "output", "others")
    former = {t["table"]: [t.get(name) for name in rows] for t in before["tables"]}
    tables = tuple(
        t["table"]
        for t in after["tables"]
        if t["table"] in former and former[t["table"]] != [t.get(name) for name in rows]
    )
    marks = {t["table"]: t.get("where_mark") for t in before["tables"]}
    values = tuple(
        t["table"]
        for t in after["tables"]
        if t["table"] not in tables
        and before.get("salt") == after.get("salt")
        and marks.get(t["table"]) != t.get("where_mark")
        and t["table"] in former
    )
    return PlanChanges(terms, tuple(found), tables, values)


def _own(field: Mapping[str, Any]) -> dict[str, Any]:
    bare = _bare(field)
    bare.pop("parts", None)
    return bare
