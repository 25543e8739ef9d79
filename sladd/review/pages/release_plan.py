"""A kept plan as an officer reads it: what happens to each column, and what is otherwise now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import unquote

from sladd import taxonomy
from sladd.catalog import KeptPlan
from sladd.pipeline.data_subjects import called
from sladd.pipeline.proposal import FieldChange, changes
from sladd.release import ReleaseColumn
from sladd.review.pages.rows import field_link, key_of
from sladd.targets.language import language as release_texts
from sladd.targets.language import reason_in
from sladd.targets.treatment import treatment
from sladd.writing import Language
from sladd.writing.escaping import visible

UNFOLDED = 400
"""Columns that one page holds; a larger plan is read table by table."""

OPEN = 40
"""Columns that one page shows unfolded: more than a person reads without a heading."""

_WAITS = frozenset({"undecided", "reopened", "not_enough"})
"""Reasons that somebody's decision takes away."""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of the plan, in words."""

    field: str
    name: str
    output: str
    done: str
    why: str
    category: str
    role: str
    link: str = ""
    nested: bool = False

    @property
    def kept_out(self) -> bool:
        """Whether the column stays out."""
        return not self.output


@dataclass(frozen=True, slots=True)
class TableView:
    """One table of the plan.

    Attributes:
        rows: its columns; empty where another table was asked for.
        waiting: columns that stay out until somebody decides on them.
        otherwise: whether it differs from the plan before.
        open: whether its columns are shown unfolded.
        unreached: whether it keeps persons who are left out elsewhere.
        others: the other persons that it holds, in words, where sladd.yaml says so.
    """

    address: str
    output: str
    kept: int
    changed: int
    dropped: int
    rows: tuple[ColumnRow, ...]
    where: str
    waiting: int
    otherwise: bool = False
    open: bool = False
    unreached: bool = False
    others: str = ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan, its counts, and whether tables are read one by one."""

    tables: tuple[TableView, ...]
    kept: int
    changed: int
    dropped: int
    folded: bool
    shown: str  # table that was asked for; "" for all

    @property
    def fields(self) -> int:
        """Columns of the sources."""
        return self.kept + self.changed + self.dropped


def plan_view(
    kept: KeptPlan, table: str, lang: Language, otherwise: Collection[str] = (), *, whole: bool
) -> PlanView:
    """The plan in words.

    Args:
        kept: the plan.
        table: address of the one to show; "" for all, where they fit on a page.
        lang: of the reader.
        otherwise: addresses of the tables that differ from the plan before.
        whole: whether every table is shown unfolded.
    """
    tables = kept.content["tables"]
    folded = sum(len(each["fields"]) for each in tables) > UNFOLDED
    views = []
    for each in tables:
        shown = each["table"] == table or not (table or folded)
        view = _table(each, lang, kept.content["terms"]["kind"], shown=shown)
        changed = view.address in otherwise
        views.append(replace(view, otherwise=changed, open=whole or changed or bool(table)))
    views.sort(key=lambda view: not view.output)  # what comes along first
    if sum(len(view.rows) for view in views) <= OPEN:
        views = [replace(view, open=True) for view in views]
    return PlanView(
        tables=tuple(views),
        kept=sum(v.kept for v in views),
        changed=sum(v.changed for v in views),
        dropped=sum(v.dropped for v in views),
        folded=folded,
        shown=table if any(v.address == table for v in views) else "",
    )


def _table(table: Mapping[str, Any], lang: Language, kind: str, *, shown: bool) -> TableView:
    fields = table["fields"]
    dropped = sum(not field["output"] for field in fields)
    kept = sum(bool(field["output"]) and _untouched(field) for field in fields)
    rows: list[ColumnRow] = []
    for field in fields if shown else ():
        rows.append(_row(field, lang, kind))
        rows += [_row(part, lang, kind, nested=True) for part in field.get("parts", ())]
    return TableView(
        address=table["table"],
        output=table["output"],
        kept=kept,
        changed=len(fields) - kept - dropped,
        dropped=dropped,
        rows=tuple(rows),
        where=table["where"] or "",
        waiting=sum(not field["output"] and field["reason"] in _WAITS for field in fields),
        unreached=bool(table.get("unreached")),
        others=called(table["others"], lang.code) if table.get("others") else "",
    )


def _untouched(field: Mapping[str, Any]) -> bool:
    return field["transform"] == "keep" and "aggregate" not in field["parameters"]


def _row(field: Mapping[str, Any], lang: Language, kind: str, *, nested: bool = False) -> ColumnRow:
    shown = field.get("shown", "")
    address = shown or field["field"]
    key = field["category"]
    known = _taxonomy()
    searched = kind == "anonymised" and field["role"] == "quasi" and bool(field["output"])
    return ColumnRow(
        field=address,
        name=visible(unquote(address.partition("/")[2].rsplit(".", 1)[-1])),
        output=address.rsplit(".", 1)[-1] if shown and field["output"] else field["output"],
        done=lang.say("releases.searched") if searched and _untouched(field) else done(field, lang),
        why=_why(field, lang),
        category=lang.label(known[key]) if key in known else key,
        role=lang.word("releases", f"role_{field['role']}") if field["role"] else "",
        link=field_link(key_of(field["field"])) if field["reason"] in _WAITS and not nested else "",
        nested=nested,
    )


def _why(field: Mapping[str, Any], lang: Language) -> str:
    """The reason, without commands of the shell: who reads it here decides in the browser."""
    key = f"releases.why_{field['reason']}"
    return (
        lang.say(key)
        if lang.has(key)
        else reason_in(field["reason_text"], release_texts(lang.code))
    )


def done(field: Mapping[str, Any], lang: Language) -> str:
    """What happens to a column, in a phrase."""
    if not field["output"]:
        return lang.say("releases.stays_out")
    texts = release_texts(lang.code)
    return treatment(
        ReleaseColumn(
            name=field["output"],
            type=field["type"],
            category=field["category"],
            transform=field["transform"],
            parameters=field["parameters"],
        ),
        texts,
    )


@cache
def _taxonomy() -> taxonomy.Taxonomy:
    return taxonomy.load()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One thing that differs from the earlier plan, in words. `table`: of a field."""

    kind: str
    what: str
    before: str
    after: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs from an earlier plan.

    Attributes:
        basis: `approved`, `published`, or "" where there is none to compare with.
        when: the day of the earlier one, in words.
        terms: promises that differ.
        fields: columns that differ.
        tables: tables whose rows are chosen otherwise.
        values: tables of which only the value in the condition is another.
    """

    basis: str
    when: str
    terms: tuple[Otherwise, ...] = ()
    fields: tuple[Otherwise, ...] = ()
    tables: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything does."""
        return bool(self.terms or self.fields or self.tables or self.values)

    @property
    def places(self) -> frozenset[str]:
        """The tables that differ in anything."""
        fields = {one.table for one in self.fields}
        return frozenset({*fields, *self.tables, *self.values})


def differences(
    former: KeptPlan | None, kept: KeptPlan, basis: str, when: str, lang: Language
) -> Differences:
    """The kept plan held against an earlier one."""
    if former is None:
        return Differences("", "")
    found = changes(former.content, kept.content)
    return Differences(
        basis=basis,
        when=when,
        terms=tuple(
            Otherwise(
                "term",
                lang.say(f"releases.term_{name}"),
                _term(name, before, lang),
                _term(name, after, lang),
            )
            for name, (before, after) in found.terms.items()
        ),
        fields=tuple(_otherwise(change, lang) for change in found.fields),
        tables=found.tables,
        values=found.values
        or (conditional(kept) if former.plan_sha256 != kept.plan_sha256 and not found.any else ()),
    )


def conditional(kept: KeptPlan) -> tuple[str, ...]:
    """Tables with a condition whose value is not shown.

    Two plans that are told apart by nothing else differ there.
    """
    tables = kept.content["tables"]
    return tuple(each["table"] for each in tables if "…" in (each["where"] or ""))


def _otherwise(change: FieldChange, lang: Language) -> Otherwise:
    one = change.after or change.before or {}
    before = done(change.before, lang) if change.before else lang.say("releases.was_not")
    after = done(change.after, lang) if change.after else lang.say("releases.is_gone")
    if before == after:
        before, after = _detail(change.before, lang), _detail(change.after, lang)
    address = one.get("field", "")
    return Otherwise(
        change.kind, one.get("shown") or address, before, after, address.rpartition(".")[0]
    )


def _detail(field: Mapping[str, Any] | None, lang: Language) -> str:
    """What tells two treatments of the same name apart."""
    if field is None:
        return ""
    told = [done(field, lang)]
    if field["role"]:
        told.append(lang.word("releases", f"role_{field['role']}"))
    told += [f"{name}: {value}" for name, value in field["parameters"].items()]
    if field["key_type"]:
        told.append(lang.say("releases.key_type", name=field["key_type"]))
    told.append(field["type"])
    return ", ".join(told)


def _term(name: str, value: Any, lang: Language) -> str:
    if value is None or value in ("", [], {}):
        return lang.say("releases.none_given")
    if isinstance(value, bool):
        return lang.say("releases.yes" if value else "releases.no")
    match name:
        case "kind":
            return lang.say(f"releases.kind_{value}")
        case "destination":
            return lang.say("releases.another_place")
        case "as_of" if value == "snapshot":
            return lang.say("releases.as_of_snapshot")
        case "leave_out":
            return ", ".join(lang.word("releases", f"leave_out_{each}") for each in value)
        case "expires":
            return lifetime(str(value), lang)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each}" for key, each in value.items() if each not in (None, {}))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return lang.number(value) if isinstance(value, int) else str(value)


def lifetime(text: str, lang: Language) -> str:
    """How long a version may be used: `90d` in words; weeks, months and years as they are."""
    count, unit = text[:-1], text[-1:]
    if unit != "d" or not count.isdecimal():
        return text
    one = int(count) == 1
    return lang.say("releases.days_one") if one else lang.say("releases.days_many", n=int(count))
