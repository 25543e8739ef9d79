"""A sample of a table scanned: every column, nested field and key judged, then side by side."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.agreement import add_agreement
from detectors.columns.beside import add_beside, add_regions, settle_numbers
from detectors.columns.children import add_children
from detectors.columns.conclusion import field_scan
from detectors.columns.eav import pair_of, split
from detectors.columns.encoded import as_text, counts_of, encoded, encoded_sample, plain
from detectors.columns.header_lists import lexicon
from detectors.columns.headers import HeaderLexicon
from detectors.columns.judgement import Judged, judge, settle_mailboxes
from detectors.columns.kept_secrets import add_secrets
from detectors.columns.led_to import add_among_themselves, add_led_to
from detectors.columns.machines import settle_machines
from detectors.columns.names import name_is_personal
from detectors.columns.neighbours import add_neighbours
from detectors.columns.options import ScanOptions
from detectors.columns.own_values import add_own_names, add_own_pages, add_own_values
from detectors.columns.position import add_positions
from detectors.columns.postal_places import add_places
from detectors.columns.prefixes import shared_prefix, typed, untyped
from detectors.columns.profile import profiled
from detectors.columns.recognition import Recognition
from detectors.columns.row_keys import add_keys, of_employees
from detectors.columns.spelling import words
from detectors.columns.standing import add_alike, add_standing
from detectors.columns.surroundings import Surroundings
from detectors.columns.tables import head_of_name, kind_of_name, kind_of_table, topic_of_name
from detectors.columns.whose import settle_whose
from sladd.model import Field, FieldRef, Sample, StorageType, TableScan

if TYPE_CHECKING:
    from detectors.registry import Detectors

_JSON = r"^\s*[\[{]"
_JSON_SHARE = 0.8  # of the values beginning like JSON, from which a string column is JSON
_PLAIN = "$text"  # the place of cells that are no JSON in a column of it
_MOST_NESTED = 400  # fields made of one JSON column


def scan_table(sample: Sample, *, detectors: Detectors, options: ScanOptions) -> TableScan:
    """Say what every field of a table holds, with the evidence.

    The order of the rows changes nothing, and neither findings nor evidence hold a value.

    Args:
        sample: rows of the table; may be empty, then names and types decide.
        detectors: the recognisers of this run.
        options: languages, budgets, callables.

    Returns:
        One `FieldScan` for each field of the sample, then those made of nested JSON and of the
        keys of an EAV table.
    """
    started = time.perf_counter()
    judged = judge_table(sample, detectors=detectors, options=options)
    return TableScan(
        table=sample.table,
        fields=tuple(field_scan(j, shown=_shown(j.field.ref)) for j in judged),
        rows=sample.rows,
        drawn=sample.drawn,
        seconds=round(time.perf_counter() - started, 4),
    )


def judge_table(
    sample: Sample, *, detectors: Detectors, options: ScanOptions
) -> tuple[Judged, ...]:
    """Judge every field of a table, as `scan_table`, with all its candidates."""
    sample = encoded_sample(sample)
    fields = sample.fields
    kind = kind_of_table(sample.table.ref.name, [f.ref.column for f in fields])
    book = lexicon(tuple(options.languages))
    kind = _register(sample, kind, book)
    table = sample.table.ref.name
    head = head_of_name(table)
    if kind == "person" and head == "lookup":
        head = kind  # the `accounts` of users
    staff = kind == "person" and head in {"person", ""} and of_employees(table)
    around = Surroundings(kind, kind == "organisation", head, topic_of_name(table), staff)
    prefix = shared_prefix([f.ref.column for f in fields], book)
    hungarian = typed([f.ref.column for f in fields])
    recognition = Recognition(detectors.declarations)
    pair = pair_of(sample, options.eav)

    judged: list[Judged] = []
    extra: list[Judged] = []
    data = [column.chunk(0) for column in sample.data.columns]
    for field, column in zip(fields, data, strict=True):
        name = _name(field, book).removeprefix(prefix)
        if hungarian and not field.ref.path:
            name = untyped(name)

        def one(
            field: Field,
            name: str,
            column: pa.Array,
            about: Surroundings = around,
        ) -> Judged:
            return judge(
                field, name, profiled(column, field.type), around=about, lexicon=book,
                recognition=recognition, options=options,
            )  # fmt: skip

        if pair and field.ref.column == pair[1] and not field.ref.path:
            children = [
                one(_child(field, (key,)), key, encoded(values))
                for key, values in _keys(sample, pair, column)
            ]
            if children:
                judged.append(_parent(one(field, name, column), children))
                extra += children
                continue
        parts = list(_json_parts(field, column, options))
        if parts:
            children = [one(child, _name(child, book), encoded(values)) for child, values in parts]
            settle_all(children)
            # A JSON key is judged with the keys beside it, as a column among columns.
            add_neighbours_of(children)
            judged.append(_parent(one(field, name, pa.nulls(len(column), pa.string())), children,
                                  column=column))  # fmt: skip
            extra += children
            continue
        judged.append(one(field, name, column))

    rows = {
        str(field.ref): column
        for field, column in zip(fields, data, strict=True)
        if field.type is not StorageType.JSON
    }
    add_places(judged, rows)
    add_agreement(judged, rows)
    add_standing(judged)
    add_positions(judged, kind)
    add_neighbours(judged)
    add_beside(judged)
    add_alike(judged)
    settle_numbers(judged)
    add_regions(judged)
    settle_whose(judged, around)
    add_keys(judged, sample.table, kind, [e.accepted for e in extra if e.accepted])
    add_secrets(judged, sample.table.ref.name)
    settle_machines(judged, sample.table.ref.name, kind)
    add_led_to(judged, sample.table)
    add_among_themselves(judged)
    add_own_names(judged, rows)
    add_own_values(judged, rows, options.text_known)
    add_own_pages(judged, rows)
    settle_all(judged)
    settle_all(extra)
    about = sample.table.ref.name
    add_children([*judged, *extra], about, today=options.today, limit=options.child_age)
    for parent in judged:
        inner = [e for e in extra if e.accepted and e.field.ref.top == parent.field.ref]
        parent.nested = _whole(sorted({e.accepted for e in inner}))
        parent.nested_confidence = max((e.best.confidence for e in inner if e.best), default=0.0)
    return (*judged, *extra)


_OF_CODES = ("user.demographic", "user.job_title", "user.education", "user.contact.address.country")
_SOMEONE = ("user.unique_id", "user.name", "user.contact.email", "user.account")


def _register(sample: Sample, kind: str, book: HeaderLexicon) -> str:
    """The kind of a table: `lookup` where it only lists what its own name says (`job_title`)."""
    if kind not in {"", "thing"}:
        return kind
    last = words(sample.table.ref.name)[-2:]
    said = book.read("_".join(last)) or book.read(last[-1] if last else "")
    if not said or not said[0].category.startswith(_OF_CODES) or said[0].weight < _SURE:
        return kind
    keys = set(sample.table.primary_key or ())
    told = [book.read(f.ref.column)[:1] for f in sample.fields if f.ref.column not in keys]
    someone = any(
        m.category.startswith(_SOMEONE) and m.weight >= _SURE for [m] in filter(None, told)
    )
    return kind if someone or sample.table.foreign_keys else "lookup"


_SURE = 2.4  # weight of a name that needs no other


def settle_all(columns: Sequence[Judged]) -> None:
    """Tell role mailboxes from persons' in every column."""
    for judged in columns:
        settle_mailboxes(judged.candidates)


def add_neighbours_of(children: Sequence[Judged]) -> None:
    """Neighbours among the fields of one JSON column, by the object they stand in."""
    by_object: dict[tuple[str, ...], list[Judged]] = {}
    for child in children:
        by_object.setdefault(child.field.ref.path[:-1], []).append(child)
    for siblings in by_object.values():
        add_positions(siblings, "")
        add_neighbours(siblings)


def _parent(parent: Judged, children: Sequence[Judged], column: pa.Array | None = None) -> Judged:
    """A column that is judged by its parts: by itself it is none of its candidates."""
    if column is not None:
        parent.profile = profiled(column, StorageType.STRING)
    if any(child.accepted for child in children):
        parent.candidates = []
        parent.inside = []
    return parent


def _name(field: Field, book: HeaderLexicon | None = None) -> str:
    """The name the lexicon reads: the last word of a path that says something."""
    parts = [p for p in field.ref.path if p not in {"[]", "*", "$key", _PLAIN}]
    if not parts:
        return field.ref.column
    parts.insert(0, field.ref.column)
    if book is not None:
        joined = "_".join(parts[-2:])
        # `user.id` says more than `id`; `user.email` no more than `email`.
        alone = book.read(parts[-1])
        if not any(m.category for m in alone) and any(m.category for m in book.read(joined)):
            return joined
    return parts[-1]


def _child(field: Field, path: tuple[str, ...]) -> Field:
    ref = FieldRef(field.ref.table, field.ref.column, (*field.ref.path, *path))
    return replace(field, ref=ref, type=StorageType.STRING, unique=False, native_type="")


def _keys(
    sample: Sample, pair: tuple[str, str], column: pa.Array
) -> Iterator[tuple[str, pa.Array]]:
    place = next(
        i for i, f in enumerate(sample.fields) if f.ref.column == pair[0] and not f.ref.path
    )
    # Each key's values among all of them: so many entries that hardly any row has.
    yield from split(as_text(sample.data.column(place)), plain(column))


def _json_parts(
    field: Field, column: pa.Array, options: ScanOptions
) -> Iterator[tuple[Field, pa.Array]]:
    """The fields inside a column of JSON text."""
    if options.expand_json is None or field.type not in {StorageType.STRING, StorageType.JSON}:
        return
    if not pa.types.is_dictionary(column.type) or not pa.types.is_string(column.type.value_type):
        return
    filled = column.drop_null()
    if not len(filled):
        return
    # One look at the first cells spares the other columns a pass; JSON begins with a bracket.
    looked = pc.mean(pc.match_substring_regex(as_text(filled.slice(0, 50)), _JSON)).as_py()
    if looked == 0:
        return
    begun = pc.match_substring_regex(filled.dictionary, _JSON).to_numpy(zero_copy_only=False)
    if counts_of(filled)[begun].sum() < _JSON_SHARE * len(filled):
        return
    parts = options.expand_json(
        as_text(filled), max_depth=options.json_depth, name_is_personal=name_is_personal
    )
    if not any(parts):  # nothing but texts under the empty path
        return
    for path, values in sorted(parts.items())[:_MOST_NESTED]:
        # Cells that are no JSON hold something too, and must not go by the column's own name.
        child = _child(field, tuple(path) or (_PLAIN,))
        yield replace(child, type=_type(values)), values


def _whole(nested: Sequence[str]) -> tuple[str, ...]:
    """Categories of nested fields; given names beside family names are whole names, and lead."""
    if {"user.name.first", "user.name.last"} <= set(nested):
        return ("user.name", *(each for each in nested if each != "user.name"))
    return tuple(nested)


def _type(values: pa.Array) -> StorageType:
    kind = values.type
    if pa.types.is_boolean(kind):
        return StorageType.BOOLEAN
    if pa.types.is_integer(kind):
        return StorageType.INTEGER
    if pa.types.is_floating(kind):
        return StorageType.FLOAT
    return StorageType.STRING


def _shown(ref: FieldRef) -> str:
    """The name to show; a name that is personal data is replaced by its place-holder."""
    parts = (ref.column, *ref.path)
    return ".".join(_masked(part) if name_is_personal(part) else part for part in parts)


def _masked(name: str) -> str:
    return f"column#{hashlib.sha256(name.encode()).hexdigest()[:4]}"


def kind_of(sample: Sample) -> str:
    """What the sample's table is about, by its name alone."""
    return kind_of_name(sample.table.ref.name)
