"""What was found against what the notice says, what the record says, and what the law asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sladd.model import Category, How, Persons, Transfer
from sladd.reports.facts import FieldFacts
from sladd.reports.record.facts import VAGUE, ActivityFacts, Gap, RecordOutline
from sladd.taxonomy import Taxonomy

NORWEGIAN = ("nb", "nn")
UNMENTIONED = "not_mentioned"
_HASHED = "PASSWORD_HASH"
_STAFF = frozenset({Persons.EMPLOYEE, Persons.FORMER_EMPLOYEE, Persons.APPLICANT})
_UNTOLD = frozenset({"link", "free_text", "organisation"})
"""Legal classes that no notice names by themselves: keys between tables, and texts as such."""


def gaps(record: RecordOutline, taxonomy: Taxonomy) -> tuple[Gap, ...]:
    """Every gap, those that break a rule by themselves first.

    Args:
        record: what `gather` collected.
        taxonomy: for what covers what.
    """
    fields = [
        field
        for source in record.discovery.sources
        for table in source.tables
        for field in table.fields
        if field.personal
    ]
    found = (
        *_special(record, fields),
        *_national_id(record, fields),
        *_credentials(fields),
        *_children(record, fields),
        *_notice(record, fields, taxonomy),
        *_activities(record),
        *_coverage(record),
    )
    return tuple(sorted(found, key=lambda gap: not gap.grave))


def merged(found: Sequence[Gap]) -> tuple[Gap, ...]:
    """The gaps with those about the notice's categories as one: for lists that are read through."""
    unmentioned = [gap for gap in found if gap.kind == UNMENTIONED]
    if not unmentioned:
        return tuple(found)
    one = Gap(
        UNMENTIONED,
        True,
        categories=tuple(category for gap in unmentioned for category in gap.categories),
        link="/gaps",
    )
    rest = [gap for gap in found if gap.kind != UNMENTIONED]
    grave = sum(gap.grave for gap in rest)
    return (*rest[:grave], one, *rest[grave:])


def _held(field: FieldFacts) -> tuple[Category, ...]:
    """What a field is or contains; not what it is linked to."""
    if field.how is How.LINKED:
        return ()
    return tuple(c for c in (field.category, *field.also) if c is not None and c.personal)


def _of_class(fields: Iterable[FieldFacts], legal: str) -> list[FieldFacts]:
    return [f for f in fields if any(c.legal_class == legal for c in _held(f))]


def _categories(fields: Iterable[FieldFacts], legal: str) -> tuple[Category, ...]:
    found = {c.key: c for f in fields for c in _held(f) if c.legal_class == legal}
    return tuple(found[key] for key in sorted(found))


def _addresses(fields: Iterable[FieldFacts]) -> tuple[str, ...]:
    return tuple(field.address for field in fields)


def _ungrounded(record: RecordOutline, fields: Iterable[FieldFacts], part: str) -> list[FieldFacts]:
    """The fields that no activity uses in which this ground is filled in."""
    grounded = [a.activity for a in record.activities if _said(getattr(a.activity, part))]
    # As `Activity.covered` says, of all of them at once.
    covers = frozenset(each for activity in grounded for each in activity.covers)
    within = tuple(f"{each}." for each in covers)
    return [f for f in fields if f.address not in covers and not f.address.startswith(within)]


def _said(value: object) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _special(record: RecordOutline, fields: Sequence[FieldFacts]) -> Iterator[Gap]:
    for legal, part, kind in (
        ("art9", "conditions", "special"),
        ("art10", "condition_note", "criminal"),
    ):
        left = _ungrounded(record, _of_class(fields, legal), part)
        if left:
            yield Gap(kind, True, _addresses(left), _categories(left, legal))


def _national_id(record: RecordOutline, fields: Sequence[FieldFacts]) -> Iterator[Gap]:
    left = _ungrounded(record, _of_class(fields, "national_id"), "national_id_ground")
    if left:
        yield Gap("national_id", True, _addresses(left), _categories(left, "national_id"))


def _credentials(fields: Sequence[FieldFacts]) -> Iterator[Gap]:
    left = [f for f in _of_class(fields, "credential") if f.type != _HASHED]
    if left:
        categories = _categories(left, "credential")
        yield Gap("credential", True, _addresses(left), categories, link="/inbox")


def _children(record: RecordOutline, fields: Sequence[FieldFacts]) -> Iterator[Gap]:
    under: list[tuple[int, FieldFacts]] = []
    counted_at = 0
    for field in fields:
        for item in field.evidence:
            told = item.facts.get("under")
            if item.signal != "children" or not (told or item.facts.get("table")):
                continue
            counted_at = int(item.facts.get("age", counted_at))
            under.append((int(told or 0), field))
    if not under:
        return
    under.sort(key=lambda each: -each[0])
    facts: dict[str, str | int] = {
        "age": counted_at or record.child_age,
        "limit": record.child_age,
        "n": under[0][0],
    }
    places = tuple(dict.fromkeys(field.address for _, field in under))
    yield Gap("children" if under[0][0] else "children_table", True, places, facts=facts)


def _notice(
    record: RecordOutline, fields: Sequence[FieldFacts], taxonomy: Taxonomy
) -> Iterator[Gap]:
    notice = record.notice
    if notice is None:
        if fields:
            yield Gap("no_notice", False, link="/gaps")
        return
    by_category: dict[str, tuple[Category, list[FieldFacts]]] = {}
    for field in fields:
        if _of_staff(record, field):
            continue
        for category in _held(field):
            if category.key in VAGUE or category.legal_class in _UNTOLD:
                continue
            if not any(taxonomy.covers(key, category.key) for key in notice.mentioned):
                by_category.setdefault(category.key, (category, []))[1].append(field)
    for key in sorted(by_category, key=lambda key: (taxonomy.severity(key), key)):
        category, places = by_category[key]
        yield Gap(UNMENTIONED, True, _addresses(places), (category,), link="/gaps")
    if not notice.retention:
        yield Gap("notice_retention", True, link="/gaps")
    if notice.languages and not any(code in NORWEGIAN for code in notice.languages):
        yield Gap("notice_language", False, link="/gaps")
    if notice.minimum_age is None and _of_class(fields, "child"):
        yield Gap("notice_age", False, _addresses(_of_class(fields, "child")), link="/gaps")


def _of_staff(record: RecordOutline, field: FieldFacts) -> bool:
    """Whether the record says that a field is about staff alone; they have a notice of their own."""
    using = [each.activity for each in record.activities if each.activity.covered(field.address)]
    return bool(using) and all(
        activity.persons and not activity.other_persons and set(activity.persons) <= _STAFF
        for activity in using
    )


def _activities(record: RecordOutline) -> Iterator[Gap]:
    for each in record.activities:
        activity, link = each.activity, f"/activities/{each.activity.id}"

        def gap(
            kind: str, grave: bool, each: ActivityFacts = each, link: str = link, **more: object
        ) -> Gap:
            return Gap(
                kind,
                grave,
                (each.activity.name,),
                facts={"name": each.activity.name},
                link=link,
                **more,  # type: ignore[arg-type]  # only `categories` is handed on
            )

        if "bases" in each.missing:
            yield gap("no_basis", True)
        if "retention" in each.missing:
            yield gap("no_retention", True)
        if "agreement" in each.missing:
            yield gap("no_agreement", True)
        if activity.transfer is Transfer.UNGROUNDED:
            yield gap("no_safeguard", True)
        rest = set(each.missing) - {"bases", "retention", "agreement"}
        # Grounds for special data are told once, with the fields that need them.
        rest -= {"conditions", "condition_note", "national_id_ground"}
        if rest:
            yield gap("incomplete", False)
        if each.unsaid:
            yield gap("unsaid", False, categories=each.unsaid)
        if each.gone:
            yield Gap("gone", False, each.gone, facts={"name": activity.name}, link=link)


def _coverage(record: RecordOutline) -> Iterator[Gap]:
    if record.uncovered:
        places = tuple(
            address
            for each in record.uncovered
            for address in ([each.table.address] if each.whole else _addresses(each.fields))
        )
        facts: dict[str, str | int] = {"n": sum(len(each.fields) for each in record.uncovered)}
        yield Gap("uncovered", False, places, facts=facts)
    if record.discovery.ended is None and not record.discovery.missed:
        yield Gap("nothing_scanned", False, link="/")
    if record.discovery.missed:
        places = tuple(item.where for item in record.discovery.missed)
        yield Gap("not_scanned", False, places, link="/")
