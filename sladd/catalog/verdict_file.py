"""Verdicts as YAML: written in a stable order for git, read back with the line of each fault.

`saw` keeps what the verdict was given on. So a file that travels to another catalog, or comes
back after a rescan, does not answer evidence that nobody had seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import yaml

from sladd.catalog.reopening import Held, Saw
from sladd.catalog.schema import clean, moment_text
from sladd.catalog.verdicts import DecisionError, refused
from sladd.errors import SladdError, raise_all
from sladd.model import Decision, How, Link, LinkVerdict
from sladd.taxonomy import Taxonomy

FORMAT = 1

_HEADER = """\
# Decisions about personal data, one for each field, in the order of the fields.
# Written by `sladd verdicts export`; `sladd verdicts import` reads it back and tells what it
# did not know. `saw` is what the decision was given on: leave it as it is.
"""
_LINKS = """\
# Decisions about links between tables: which column leads to which.
"""
_LINK_KEYS = ("decision", "reason", "by", "at")
_KEYS = ("decision", "category", "reason", "by", "at", "saw")
_SAW_KEYS = ("how", "type", "category", "also", "signals")

_MAX_DEPTH = 5  # file, verdicts, field, saw, list; and no aliases, so its size is its size

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, slots=True)
class Entry:
    """One verdict of a file. What a person left out is None."""

    line: int
    field: str
    decision: Decision
    category: str
    reason: str
    by: str | None
    at: datetime | None
    saw: Saw | None


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """One verdict of a link in a file. What a person left out is None."""

    line: int
    link: str
    confirmed: bool
    reason: str
    by: str | None
    at: datetime | None


def export(held: Iterable[Held], links: Iterable[tuple[LinkVerdict, Link]] = ()) -> str:
    """The verdicts as YAML, sorted by field, and those of links behind them."""
    ordered = sorted(held, key=lambda item: item.verdict.field)
    body = {
        "format": FORMAT,
        "verdicts": {item.verdict.field: _entry(item) for item in ordered},
    }
    text: str = yaml.dump(
        body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False
    )
    said = {
        verdict.link: {
            "decision": "confirmed" if verdict.confirmed else "rejected",
            "reason": verdict.reason,
            "by": verdict.by,
            "at": moment_text(verdict.at),
        }
        for verdict, _ in links
    }
    if not said:
        return _HEADER + text
    more: str = yaml.dump(
        {"links": said}, Dumper=_Dumper, allow_unicode=True, sort_keys=False,
        default_flow_style=False, width=1000,
    )  # fmt: skip
    return f"{_HEADER}{text}{_LINKS}{more}"


def _entry(item: Held) -> dict[str, Any]:
    verdict, seen = item.verdict, item.saw
    return {
        "decision": verdict.decision.value,
        "category": verdict.category,
        "reason": verdict.reason,
        "by": verdict.by,
        "at": moment_text(verdict.at),
        "saw": {
            "how": seen.how.value,
            "type": seen.type,
            "category": seen.category,
            "also": list(seen.also),
            "signals": list(seen.signals),
        },
    }


def parse(text: str, *, now: datetime, taxonomy: Taxonomy) -> tuple[list[Entry], list[LinkEntry]]:
    """The verdicts of a file, about fields and about links; every fault in it is raised at once, with its line.

    Raises:
        DecisionError: the file is no YAML, or breaks the format (SLADD-512, 513).
    """
    try:
        _bounded(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"verdicts, line {mark.line + 1}" if mark else "verdicts"
        raise DecisionError("the file is no valid YAML", code=513, where=where) from None
    except ValueError:
        raise DecisionError("the file is no valid YAML", code=513, where="verdicts") from None
    top = _mapping(root)
    if _scalar(top.get("format")) != str(FORMAT):
        raise _fault("the file has no `format: 1`", root, "write it with sladd verdicts export")
    listed = top.get("verdicts")
    if not isinstance(listed, yaml.MappingNode):
        raise _fault("`verdicts` is no mapping of fields", listed or root)
    entries: list[Entry] = []
    errors: list[SladdError] = []
    lines: dict[str, int] = {}
    for key, node in listed.value:
        try:
            field = _scalar(key)
            if field in lines:
                raise _fault(f"the field stands twice, first on line {lines[field]}", key)
            lines[field] = _line(key)
            entries.append(_read(field, _line(key), node, now, taxonomy))
        except DecisionError as fault:
            errors.append(fault)
    links = _read_links(top.get("links"), now, errors)
    raise_all(errors)
    return entries, links


def _read_links(
    listed: yaml.Node | None, now: datetime, errors: list[SladdError]
) -> list[LinkEntry]:
    """The verdicts of links; a file without any has none."""
    found: dict[str, LinkEntry] = {}
    if listed is None:
        return []
    if not isinstance(listed, yaml.MappingNode):
        raise _fault("`links` is no mapping of links", listed)
    for key, node in listed.value:
        try:
            name = _scalar(key)
            if name in found:
                raise _fault(f"the link stands twice, first on line {found[name].line}", key)
            raw = _mapping(node, _LINK_KEYS)
            word = _scalar(raw.get("decision"))
            if word not in {"confirmed", "rejected"}:
                raise _fault(
                    "the decision is none", raw.get("decision") or node, "confirmed or rejected"
                )
            found[name] = LinkEntry(
                line=_line(key),
                link=name,
                confirmed=word == "confirmed",
                reason=clean(_scalar(raw.get("reason"))),
                by=clean(_scalar(raw["by"])) if "by" in raw else None,
                at=_moment(raw["at"], now) if "at" in raw else None,
            )
        except DecisionError as fault:
            errors.append(fault)
    return list(found.values())


def _bounded(text: str) -> None:
    """Refuse what nests deeper than verdicts do: the composer is recursive, in C at that."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            mark = event.start_mark
            where = f"verdicts, line {mark.line + 1}" if mark else "verdicts"
            raise DecisionError("the file is no list of verdicts", code=513, where=where)


def _read(field: str, line: int, node: yaml.Node, now: datetime, taxonomy: Taxonomy) -> Entry:
    raw = _mapping(node, _KEYS)
    word = _scalar(raw.get("decision"))
    if word not in {item.value for item in Decision}:
        raise _fault(
            "the decision is none", raw.get("decision") or node, "confirmed, rejected or changed"
        )
    seen = _saw(raw["saw"]) if "saw" in raw else None
    decision, category = Decision(word), _scalar(raw.get("category"))
    # A rejection of a finding that no catalog knows yet fits whatever will be found.
    problem = refused(decision, category, seen or _anything(category), taxonomy)
    if problem is not None:
        code, what, mend = problem
        at = raw.get("category") or node
        raise DecisionError(what, code=code, where=f"verdicts, line {_line(at)}", mend=mend)
    return Entry(
        line=line,
        field=field,
        decision=decision,
        category=category,
        reason=clean(_scalar(raw.get("reason"))),
        by=clean(_scalar(raw["by"])) if "by" in raw else None,
        at=_moment(raw["at"], now) if "at" in raw else None,
        saw=seen,
    )


def _anything(category: str) -> Saw:
    return Saw(How.IS, "", category, (), ())


def _saw(node: yaml.Node) -> Saw:
    raw = _mapping(node, _SAW_KEYS)
    how = _scalar(raw.get("how"))
    if how not in {item.value for item in How}:
        raise _fault("`how` is none", raw.get("how") or node, "is, contains, linked or none")
    return Saw(
        how=How(how),
        type=_scalar(raw.get("type")),
        category=_scalar(raw.get("category")),
        also=_list(raw.get("also")),
        signals=_list(raw.get("signals")),
    )


def _moment(node: yaml.Node, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(_scalar(node))
    except ValueError:
        raise _fault("`at` is no time", node, "write it like 2026-01-31T12:00:00Z") from None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at > now:
        raise _fault("`at` lies in the future", node, "leave it out for now")
    return at


def _mapping(node: yaml.Node | None, allowed: tuple[str, ...] = ()) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _fault("a mapping is missing", node)
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = _scalar(key)
        if name in found:
            raise _fault("a key stands twice", key)
        if allowed and name not in allowed:
            close = get_close_matches(name, allowed, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"allowed: {', '.join(allowed)}"
            raise _fault("unknown key", key, hint)
        found[name] = value
    return found


def _scalar(node: yaml.Node | None) -> str:
    if node is None:
        return ""
    if not isinstance(node, yaml.ScalarNode):
        raise _fault("a plain text is missing", node)
    # An empty YAML value, and `null`, mean nothing was said.
    return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _list(node: yaml.Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        raise _fault("a list is missing", node)
    return tuple(sorted(_scalar(item) for item in node.value))


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else int(node.start_mark.line) + 1


def _fault(what: str, node: yaml.Node | None, mend: str = "") -> DecisionError:
    return DecisionError(what, code=513, where=f"verdicts, line {_line(node)}", mend=mend)
