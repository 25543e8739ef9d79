"""The things that matter most, in the order in which an officer should look at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sladd.model import Category, How
from sladd.reports.facts import FieldFacts, Highlight, SourceFacts

MOST = 5


def highlights(sources: Sequence[SourceFacts], *, unread: bool = False) -> tuple[Highlight, ...]:
    """At most five, the gravest first; `none` when nothing asks for attention.

    Args:
        sources: with their tables.
        unread: something was not scanned, so that nothing found is not nothing there.
    """
    fields = [field for source in sources for field in source.fields if field.personal]
    found = [
        _of_class("special", fields, "art9"),
        _of_class("art10", fields, "art10"),
        _national_id(fields),
        _of_class("credential", fields, "credential"),
        _reopened(fields),
        _headless(sources),
        _texts(fields),
        _of_class("child", fields, "child"),
        _of_class("financial", fields, "financial"),
        _of_class("online", fields, "online_id"),
        _undecided(sources),
    ]
    kept = [item for item in found if item is not None]
    return tuple(kept[:MOST]) or (Highlight("none_read" if unread else "none", ()),)


def _classes(field: FieldFacts) -> dict[str, Category]:
    """Legal class → category, of what the field is and of what its texts contain."""
    held = [*field.also, field.category] if field.category else list(field.also)
    return {category.legal_class: category for category in held}


def _of_class(topic: str, fields: Sequence[FieldFacts], legal: str) -> Highlight | None:
    chosen = [f for f in fields if f.how is not How.LINKED and legal in _classes(f)]
    if not chosen:
        return None
    # A column that is it tells more than a text that mentions it.
    chosen.sort(key=lambda f: f.how is How.CONTAINS)
    held = Counter(_classes(f)[legal].key for f in chosen)
    categories = {_classes(f)[legal].key: _classes(f)[legal] for f in chosen}
    return Highlight(
        topic,
        tuple(f.address for f in chosen),
        tuple(categories[key] for key, _ in held.most_common()),
        len(chosen),
    )


def _national_id(fields: Sequence[FieldFacts]) -> Highlight | None:
    found = _of_class("national_id", fields, "national_id")
    if found is None:
        return None
    first = next(f for f in fields if f.address == found.places[0])
    return Highlight(found.topic, found.places, found.categories, found.count, checked_share(first))


def checked_share(field: FieldFacts) -> float | None:
    """Share 0-1 of the distinct values with valid check digits, where the evidence has it."""
    for item in field.evidence:
        matched, distinct = item.facts.get("matched"), item.facts.get("distinct")
        if item.signal != "checksum" or field.how is not How.IS:
            continue
        if isinstance(matched, int) and isinstance(distinct, int) and distinct > 0:
            return matched / distinct
    return None


def _reopened(fields: Sequence[FieldFacts]) -> Highlight | None:
    found = tuple(f.address for f in fields if f.state == "reopened")
    return Highlight("reopened", found, (), len(found)) if found else None


def _undecided(sources: Sequence[SourceFacts]) -> Highlight | None:
    waiting = [
        (sum(field.state == "undecided" for field in table.fields), table.address)
        for source in sources
        for table in source.tables
    ]
    waiting = sorted((p for p in waiting if p[0]), key=lambda p: (-p[0], p[1]))
    if not waiting:
        return None
    tables = tuple(table for _, table in waiting)
    return Highlight("undecided", tables, (), sum(count for count, _ in waiting))


def _texts(fields: Sequence[FieldFacts]) -> Highlight | None:
    chosen = [f for f in fields if f.kind == "text" and contained(f)]
    if not chosen:
        return None
    chosen.sort(key=lambda f: -len(contained(f)))
    held = Counter(c.key for f in chosen for c in contained(f))
    known = {c.key: c for f in chosen for c in contained(f)}
    return Highlight(
        "text",
        tuple(f.address for f in chosen),
        tuple(known[key] for key, _ in held.most_common()),
        len(chosen),
    )


def contained(field: FieldFacts) -> tuple[Category, ...]:
    """What stands in a text, beside that it is one."""
    held = (field.category, *field.also) if field.category else field.also
    return tuple(c for c in held if c.legal_class != "free_text" and c.personal)


def _headless(sources: Sequence[SourceFacts]) -> Highlight | None:
    tables = [
        table.address
        for source in sources
        for table in source.tables
        if table.headless and any(f.kind in {"direct", "national_id"} for f in table.fields)
    ]
    return Highlight("headless", tuple(tables), (), len(tables)) if tables else None
