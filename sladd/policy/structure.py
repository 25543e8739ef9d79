"""Which places of nested columns leave together, in the shape that their file had."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sladd.model import FieldPlan, TablePlan
from sladd.policy.inputs import PolicyField
from sladd.policy.names import path_name
from sladd.policy.profile import Reasons

ITEM, ANY, KEY = "[]", "*", "$key"
_MARKS = frozenset("[]*.$")  # of paths: a key with one in it could be taken for another place
Path = tuple[str, ...]


def together(
    planned: Sequence[FieldPlan], fields: Sequence[PolicyField], reasons: Reasons
) -> list[FieldPlan]:
    """The fields of a table with those of nested columns as places in one column.

    What stands under keys that are data leaves only where the keys do: without them nobody
    could tell the values apart.

    Args:
        planned: each decided by itself.
        fields: the same, as they were found.
        reasons: why a field is dropped, in words.
    """
    columns = [c for c, mine in _groups(planned, fields).items() if _one_column(*mine)]
    named = {(f.field.column, f.field.path) for f in planned if f.output}
    made = []
    for one in planned:
        field = one
        if field.output and field.field.column in columns:
            if all(k in named for k in _keys(field.field.column, field.field.path)):
                place = path_name((field.field.column, *field.field.path))
                field = replace(field, output=place, within=field.field.column)
            else:
                field = replace(
                    field, output="", reason="no_key", reason_text=reasons.say("no_key")
                )
        made.append(field)
    return made


def apart(tables: Sequence[TablePlan]) -> Iterator[str]:
    """Nested columns that cannot be put together again, for the notes of a plan."""
    for table in tables:
        columns = {
            f.field.column
            for f in table.fields
            if f.output and not f.within and any(step != ITEM for step in f.field.path)
        }
        for column in sorted(columns):
            yield (
                f"{table.table}.{column}: its places stay columns of their own, as their names do "
                "not tell them apart in one column, are personal, or hold different things in "
                "different files"
            )


def _groups(
    planned: Sequence[FieldPlan], fields: Sequence[PolicyField]
) -> Mapping[str, tuple[list[Path], list[bool]]]:
    """Column → the paths in it, and whether each is called in a release what it is called."""
    groups: dict[str, tuple[list[Path], list[bool]]] = {}
    for one, found in zip(planned, fields, strict=True):
        paths, shown = groups.setdefault(one.field.column, ([], []))
        paths.append(one.field.path)
        said = found.scan.name_shown if found.scan is not None else ""
        shown.append(said in {"", ".".join((one.field.column, *one.field.path))})
    return groups


def _one_column(paths: Collection[Path], shown: Collection[bool]) -> bool:
    """Whether the places of a column can be told apart in one, and lead to one thing each."""
    steps = {step for path in paths for step in path}
    if not steps - {ITEM} or not all(shown):
        return False  # a plain column or list is whole already
    if any(_MARKS & set(step) for step in steps - {ITEM, ANY, KEY}):
        return False
    below: dict[Path, set[str]] = {}
    for path in paths:
        for place, step in enumerate(path):
            below.setdefault(path[:place], set()).add(step)
    if any(path in below for path in paths if not _is_map(below.get(path, set()))):
        return False  # a text in one file and an object in another
    return all(_alike(steps) for steps in below.values())


def _is_map(steps: Collection[str]) -> bool:
    """Whether nothing but the name of an entry lies below, whose value is the place itself."""
    return set(steps) == {KEY}


def _alike(steps: Collection[str]) -> bool:
    """Whether all are elements, entries or keys, and no two keys differ in case alone."""
    if {ITEM, ANY} & set(steps):
        return len(steps) == 1
    return len({step.casefold() for step in steps}) == len(steps)


def _keys(column: str, path: Path) -> Iterator[tuple[str, Path]]:
    """The fields that name the entries which a place lies in."""
    for place, step in enumerate(path):
        if step == ANY:
            yield column, (*path[: place + 1], KEY)
