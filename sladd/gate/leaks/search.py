"""The leak test: no original of the source stands in the release, in any spelling known here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from sladd.gate.leaks.beside import beside, documents
from sladd.gate.leaks.finding import Finder
from sladd.gate.leaks.found import Candidates, Hits, Resolved
from sladd.gate.leaks.hashes import Hashes
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.release import Made, Values, groups, leaves, leaves_by_place
from sladd.gate.leaks.shapes import BY_RULE, WORDS, Kind
from sladd.gate.leaks.spans import person_digests
from sladd.gate.leaks.words import Digests
from sladd.gate.places import Path as Place
from sladd.gate.places import is_nested, path
from sladd.model import Check
from sladd.release import Manifest, ReleaseColumn, ReleaseTable

_UNCHANGED = 0.99  # of the cells: what a coarser class still has in common is its own doing
_FEWEST = 5  # distinct values below which that is no statement


def find_leaks(
    folder: Path,
    manifest: Manifest,
    needles: Needles,
    columns: Sequence[Made],
    persons: Mapping[str, str],
    hashes: Hashes,
) -> list[Check]:
    """Look for every original in every cell, and in what stands beside the cells.

    Args:
        folder: of the release, with its manifest.
        manifest: of the release.
        needles: what was taken from the source.
        columns: what the plan says of the columns.
        persons: table → column that holds the pseudonym of each row's person.
        hashes: told of everything in the cells that looks like one.
    """
    finder = Finder(needles)
    numbers = {f.field: n for n, f in enumerate(needles.fields)}
    by_name = {(c.table, c.column): c for c in columns}
    candidates: list[Candidates] = []
    for table in manifest.tables:
        names = [n for c in table.columns for n in (c.name, *_places(c).values())]
        mine = {n: Candidates(by_name.get((table.name, n), Made(table.name, n))) for n in names}
        _search(folder, table, finder, mine, persons.get(table.name, ""), needles, numbers, hashes)
        candidates += mine.values()
    redacted = next((c for c in columns if c.redacted), None)
    if redacted is not None:  # else the documents hold what the cells hold, which is searched
        for name, texts in documents(folder, manifest):
            made = replace(redacted, table=name, column="", field="")
            candidates.append(_text(texts, made, finder, hashes))
    outside = [
        _text(texts, Made(name, ""), finder, hashes) for name, texts in beside(folder, manifest)
    ]
    resolved = Resolved(needles, [*candidates, *outside])
    return [*_cells(candidates, resolved, needles), *_outside(outside, resolved, needles)]


def _text(texts: pa.Array, made: Made, finder: Finder, hashes: Hashes) -> Candidates:
    found = Candidates(made)
    values = Values(texts, np.arange(len(texts)), np.zeros(len(texts), np.int64))
    found.add(values, *finder.find(texts, found.tokens), None)
    hashes.look(texts, made.address)
    return found


def _search(
    folder: Path,
    table: ReleaseTable,
    finder: Finder,
    mine: Mapping[str, Candidates],
    person: str,
    needles: Needles,
    numbers: Mapping[str, int],
    hashes: Hashes,
) -> None:
    nested = {c.name: known for c in table.columns if (known := _places(c))}
    wanted = [c.name for c in table.columns if not mine[c.name].made.hidden]
    if person and person not in wanted:
        wanted.append(person)
    for file in table.files:
        for group in groups(folder / file.path, wanted):
            owners: Digests | None = None
            if person in group.column_names:
                owners = _owners(group.column(person), needles)
            for name in group.column_names:
                column, inside = group.column(name), nested.get(name, {})
                for at, values in _values(column, inside=bool(inside)):
                    found = mine[inside.get(at, name)]
                    own = numbers.get(found.made.field)
                    if not found.made.hidden:
                        _look(values, found, finder, owners, own, hashes)


def _places(column: ReleaseColumn) -> dict[Place, str]:
    """The places in a column of structs, lists or maps → what they are called."""
    parts = column.parts or () if is_nested(column) else ()
    return {path(part.name): column.place(part) for part in parts}


def _values(column: pa.ChunkedArray, *, inside: bool) -> Iterable[tuple[Place, Values]]:
    if inside:
        return leaves_by_place(column)
    return (((), values) for values in leaves(column))


def _look(
    values: Values,
    found: Candidates,
    finder: Finder,
    owners: Digests | None,
    own: int | None,
    hashes: Hashes,
) -> None:
    found.cells += len(values.place)
    found.distinct = max(found.distinct, len(values.texts))
    if not values.temporal:
        found.add(values, *finder.find(values.texts, found.tokens), owners)
        hashes.look(values.texts, found.made.address)
    if own is not None and not found.made.kept:
        found.add(values, *finder.cells(values.texts, own), owners)


def _owners(column: pa.ChunkedArray, needles: Needles) -> Digests:
    owners = np.zeros(len(column), np.uint64)
    for values in leaves(column):
        digests = person_digests(values.texts, "", needles.hasher)
        owners[values.row] = digests[values.place]
    return owners


def _cells(
    candidates: Iterable[Candidates], resolved: Resolved, needles: Needles
) -> Iterable[Check]:
    cells = clean = 0
    for column in candidates:
        leaks = [
            hit
            for hit in resolved.hits(column)
            if hit.counts and not _allowed(hit, column, needles)
        ]
        if column.made.redacted:
            yield from _redacted(leaks, column, needles)
            leaks = [hit for hit in leaks if not _stated(hit)]
        for hit in leaks:
            yield Check("leak", False, _said(hit, column.made, needles), column.made.address)
        cells += column.cells
        clean += not leaks
    if cells or clean:
        fields = len(needles.fields)
        detail = f"the originals of {fields} fields were looked for in {cells} cells"
        yield Check("leaks", True, detail)


def _allowed(hit: Hits, column: Candidates, needles: Needles) -> bool:
    """Whether the plan lets these originals stand there."""
    made, field = column.made, needles.fields[hit.field]
    own = field.field == made.field
    if hit.kind is Kind.CELL:
        if not own or made.kept:
            return True
        if made.replaced:
            return False
        few = hit.distinct < _FEWEST or hit.cells < _UNCHANGED * column.cells
        return few or hit.own < _UNCHANGED * hit.cells
    # Another column's originals are let out where both columns may show theirs.
    return made.kept and (own or field.kept)


def _stated(hit: Hits) -> bool:
    """Whether a find in a redacted text falls under the risk that the release states.

    Names, addresses and bare numbers of others do. What rules find, and what is known of the
    row's own person, must be gone.
    """
    return hit.kind not in BY_RULE or (hit.kind is Kind.DIGITS and not hit.own)


def _redacted(leaks: Sequence[Hits], column: Candidates, needles: Needles) -> Iterable[Check]:
    """What a redacted text still holds, against what the release states."""
    for hit in leaks:
        if not _stated(hit):
            continue
        field, made = needles.fields[hit.field], column.made
        share = _share(made.remaining, hit.kind, field.category)
        what = f"{_cells_hold(hit)} of {field.field}"
        if share is None and hit.kind is not Kind.DIGITS:
            said = f"{what}; what redaction misses of them was not measured"
            yield Check("residual risk", True, said, made.address)
            continue
        mentions, share = made.mentions + hit.cells, share or 0.0
        # Three standard deviations above what was measured; one find is no share of anything.
        allowed = mentions * share + 3 * (mentions * share * (1 - share)) ** 0.5
        passed = hit.cells <= (max(allowed, 1) if share else 0)
        detail = f"{what} of {mentions} found there; the release states {share:.1%}"
        if not passed:
            detail += f"; drop {made.field or made.address}"
        yield Check("residual risk", passed, detail, made.address)


def _share(remaining: Mapping[str, float], kind: Kind, category: str) -> float | None:
    """The stated share of a category, or of the nearest one above it."""
    if kind is Kind.NAME:
        return remaining.get("user.name")
    while category:
        if category in remaining:
            return remaining[category]
        category = category.rpartition(".")[0]
    return None


def _said(hit: Hits, made: Made, needles: Needles) -> str:
    said = f"{_cells_hold(hit)} of {needles.fields[hit.field].field}"
    if hit.own:
        said += f", {hit.own} of them in rows of the same person"
    elif hit.by_chance:
        said += f"; chance gives {hit.by_chance:.1f} of {hit.distinct} different ones"
    field = made.field or made.address
    if made.redacted:
        return f"{said}; drop {field}, or add a recogniser for what its redaction missed"
    if hit.kind is Kind.CELL or field == needles.fields[hit.field].field:
        return f"{said}; give {field} the transform pseudonym, or drop it"
    return f"{said}; give {field} redact_text, or drop it"


def _cells_hold(hit: Hits) -> str:
    cells = "1 cell holds" if hit.cells == 1 else f"{hit.cells} cells hold"
    return f"{cells} {WORDS[hit.kind]}"


def _outside(
    candidates: Iterable[Candidates], resolved: Resolved, needles: Needles
) -> Iterable[Check]:
    places = wrong = 0
    for text in candidates:
        places += 1
        for hit in resolved.hits(text):
            if not hit.counts or hit.kind is Kind.CELL:
                continue
            wrong += 1
            what = f"{WORDS[hit.kind]} of {needles.fields[hit.field].field} stands there"
            mend = "take it out of the comment, name or text that it came from"
            yield Check("leak beside the cells", False, f"{what}; {mend}", text.made.table)
    if not wrong:
        yield Check("beside the cells", True, f"{places} names, comments, metadata and documents")
