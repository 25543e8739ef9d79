"""Which tables hold the same persons: by e-mail, telephone, fødselsnummer or customer number.

Values are spelt in one way, digested under a key that dies with the run, and compared as
digests; only counts leave this module, and none below five persons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from detectors.columns.linked import is_person_table
from detectors.keys import Gatherer, Salt, Sketch
from detectors.keys.columns import key_columns
from detectors.keys.naming import same_noun
from detectors.keys.sketch import ALL, common
from sladd import canonical
from sladd.model import Field, FieldScan, How, Link, Overlap, Snapshot, Table, TableScan
from sladd.pipeline.links.entity_lines import EMAIL, NATIONAL_ID, NUMBER, PHONE
from sladd.pipeline.links.reading import Budget, sketches

LEAST_PERSONS = 5  # a count of fewer could point one out
_LEAST_SHARE = 0.01  # below, strangers with a shared address explain it
_SURE = 0.5  # confidence from which a finding counts
_MOST = 60  # pairs shown
_FOR_ONE = 2  # of one table

_SPELT: Mapping[str, Callable[[str], str]] = {
    EMAIL: canonical.email,
    PHONE: canonical.phone,
    NATIONAL_ID: canonical.national_id,
    NUMBER: lambda value: canonical.digits(value).lstrip("0"),
}


@dataclass(frozen=True, slots=True)
class PersonColumn:
    """A column whose values point a person out."""

    table: Table
    field: Field
    by: str
    noun: tuple[str, ...]  # of a number: whose it is, by its name

    @property
    def address(self) -> str:
        """Its address."""
        return str(self.field.ref)


def person_columns(scans: Sequence[TableScan]) -> tuple[PersonColumn, ...]:
    """The columns that can be compared, by what was found in them."""
    found: list[PersonColumn] = []
    numbers = {column.address: column for column in key_columns(scans)}
    for scan in scans:
        if scan.table.kind == "view":
            continue
        # What was found inside a JSON text, or under a key of an EAV table, is no column.
        stored = {field.ref for field in scan.table.fields if "[]" not in field.ref.path}
        for each in scan.fields:
            by = _by(each)
            if not by or each.field.ref not in stored:
                continue
            key = numbers.get(str(each.field.ref))
            if by != NUMBER:
                found.append(PersonColumn(scan.table, each.field, by, ()))
            elif key is not None and key.name.tail and not key.name.generic:
                # Running numbers that are called `id` are in each other without meaning it.
                noun = key.name.noun
                found.append(PersonColumn(scan.table, each.field, by, noun))
    return tuple(found)


def _by(each: FieldScan) -> str:
    finding = each.finding
    if finding.how is not How.IS or finding.confidence < _SURE:
        return ""
    return next(
        (k for k in _SPELT if finding.category == k or finding.category.startswith(f"{k}.")), ""
    )


def pairs(
    columns: Sequence[PersonColumn],
    scans: Sequence[TableScan],
    links: Sequence[Link],
    entities: Mapping[str, Sequence[str]],
) -> list[tuple[PersonColumn, PersonColumn]]:
    """Columns of two tables that nothing links yet.

    Args:
        columns: from `person_columns`.
        scans: of all tables.
        links: declared, suggested or decided; what one says need not be suggested again.
        entities: of `sladd.yaml`.
    """
    groups = _groups(scans, links)
    shared: dict[str, set[str]] = defaultdict(set)
    for name, members in entities.items():
        for member in members:
            shared[member].add(name)
    found = []
    for place, one in enumerate(columns):
        for other in columns[place + 1 :]:
            if one.table.ref == other.table.ref or one.by != other.by:
                continue
            if groups[str(one.table.ref)] & groups[str(other.table.ref)]:
                continue
            within = one.table.ref.source == other.table.ref.source
            if one.by == NUMBER and (within or not same_noun(one.noun, other.noun)):
                continue
            if not shared[one.address] & shared[other.address]:
                found.append((one, other))
    return found


def _groups(scans: Sequence[TableScan], links: Sequence[Link]) -> dict[str, set[str]]:
    """Table → the tables of persons that its keys lead to, itself included."""
    ways: dict[str, set[str]] = defaultdict(set)
    for link in links:
        ways[str(link.table)].add(str(link.target))
    for scan in scans:
        ways[str(scan.table.ref)] |= {step.rpartition(".")[0] for step in scan.person_path}
    found: dict[str, set[str]] = {}
    for scan in scans:
        start = str(scan.table.ref)
        reached, waiting = {start}, [start]
        while waiting:
            for onward in ways[waiting.pop()] - reached:
                reached.add(onward)
                waiting.append(onward)
        found[start] = reached
    # Orders and reviews both lead to products; only where persons stand are they the same.
    persons = {str(scan.table.ref) for scan in scans if is_person_table(scan)}
    return {start: (reached & persons) | {start} for start, reached in found.items()}


def overlaps(
    chosen: Sequence[tuple[PersonColumn, PersonColumn]],
    snapshots: Mapping[str, Snapshot],
    *,
    salt: Salt,
    budget: Budget,
) -> tuple[Overlap, ...]:
    """Measure the pairs; for two tables, the value by which most persons are found.

    Args:
        chosen: from `pairs`.
        snapshots: source → its snapshot.
        salt: of the run.
        budget: how far to read.
    """
    columns = {c.address: c for pair in chosen for c in pair}
    read: dict[str, Sketch] = {}
    for name, snapshot in snapshots.items():
        wanted = _wanted(c for c in columns.values() if c.table.ref.source == name)
        read |= sketches(
            snapshot,
            wanted,
            salt,
            budget,
            lambda field: Gatherer(salt, spell=_spelling(columns[str(field.ref)].by)),
        )
    best: dict[frozenset[str], Overlap] = {}
    for one, other in chosen:
        mine, theirs = read.get(one.address), read.get(other.address)
        if mine is None or theirs is None:
            continue
        found = _measured(one, other, mine, theirs)
        if found is None:
            continue
        tables = frozenset((str(one.table.ref), str(other.table.ref)))
        former = best.get(tables)
        if former is None or (found.shared, found.field) > (former.shared, former.field):
            best[tables] = found
    # Of five lists of the same customers, each is told against the two that hold most of it.
    told: dict[str, int] = defaultdict(int)
    kept: list[Overlap] = []
    for each in sorted(best.values(), key=lambda o: (-o.shared, o.field, o.other)):
        table = str(columns[each.field].table.ref)
        if told[table] < _FOR_ONE:
            told[table] += 1
            kept.append(each)
    return tuple(kept[:_MOST])


def _measured(
    one: PersonColumn, other: PersonColumn, mine: Sketch, theirs: Sketch
) -> Overlap | None:
    if mine.distinct > theirs.distinct:
        one, other, mine, theirs = other, one, theirs, mine
    threshold = min(mine.threshold, theirs.threshold)
    compared, found, _ = common(mine, theirs)
    share = min(1.0, (float(threshold) + 1) / 2.0**64)
    shared = round(found / share)
    if min(shared, found) < LEAST_PERSONS or shared < _LEAST_SHARE * mine.distinct:
        return None
    whole = mine.complete and theirs.complete
    return Overlap(
        field=one.address,
        other=other.address,
        by=one.by,
        persons=mine.distinct,
        other_persons=theirs.distinct,
        shared=min(shared, mine.distinct),
        compared=compared,
        read="part" if not whole else "all" if threshold == ALL else "drawn",
    )


def _spelling(by: str) -> Callable[[str], str | None]:
    spelt = _SPELT[by]

    def spell(value: str) -> str | None:
        try:
            return spelt(value)
        except canonical.NotCanonical:
            return None

    return spell


def _wanted(columns: Iterable[PersonColumn]) -> dict[str, tuple[Table, list[Field]]]:
    found: dict[str, tuple[Table, list[Field]]] = {}
    for column in columns:
        found.setdefault(str(column.table.ref), (column.table, []))[1].append(column.field)
    return found
