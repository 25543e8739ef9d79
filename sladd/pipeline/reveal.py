"""Lead single pseudonyms of a release back to the values they were made of.

Ciphertexts are opened with the key. A keyed pseudonym holds nothing of its value: the source is
read again until a value gives the same one. A token of a vault is first led to its lookup, and
the source is read until a value is found by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sladd.model import Plan, Progress
from sladd.pipeline.bind import Bound
from sladd.pipeline.discover import silent
from sladd.pipeline.planning import make_plan
from sladd.pipeline.recovery import Recovery, Search, joined
from sladd.pipeline.rederive import fields_of, streamed
from sladd.pipeline.reversible import columns_of, places_of
from sladd.pipeline.vault import vault_of
from sladd.release import Manifest, read_manifest, version_folder

_IN_TEXT = re.compile(r"<[^<>\s]+ ([a-z2-7]{20,52})>")  # as redact_text writes them


@dataclass(frozen=True, slots=True)
class Revealed:
    """One pseudonym and what it was made of. Holds a value: never printed as a whole."""

    pseudonym: str
    value: str = field(repr=False)
    type: str  # entity or canonical type
    place: str  # field of the source, or column of the release


@dataclass(slots=True)
class Outcome:
    """What became of each pseudonym that was asked for. Holds values.

    Attributes:
        found: those led back.
        unknown: those that no column of the release could hold.
        forgotten: tokens without a row in the vault.
        lost: those whose value the source no longer has.
    """

    found: list[Revealed] = field(default_factory=list, repr=False)
    unknown: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def manifest_of(bound: Bound, name: str, version: str | None = None) -> tuple[Manifest, Path]:
    """The manifest of a published version of a release, and its folder.

    Raises:
        GateError: there is none (SLADD-600).
    """
    folder = bound.config.folder_of(name)
    if version is not None:
        folder = folder / version_folder(version.removeprefix("v="))
    from sladd.release import resolve

    return read_manifest(folder), resolve(folder)


def reveal(
    bound: Bound,
    name: str,
    pseudonyms: Sequence[str],
    *,
    column: str | None = None,
    version: str | None = None,
    key_version: int | None = None,
    tell: Progress = silent,
) -> Outcome:
    """Lead pseudonyms back. Who may, and that it is written down, is the caller's to see to.

    Args:
        bound: the configuration.
        name: of the release.
        pseudonyms: as they stand in the release, or in its redacted texts with their label.
        column: `table.column` of the release they stand in; all columns where not given.
        version: of the release; the latest where not given.
        key_version: by which they were made; that of the release where neither this nor the
            pseudonym says it.
        tell: progress.

    Raises:
        RevealError: nothing leads back from that column (SLADD-455), there is no such column
            (456), or the key is another (457).
        GateError: the release was never published (SLADD-600).
    """
    plan = make_plan(bound, name)
    manifest, folder = manifest_of(bound, name, version)
    columns = columns_of(manifest, column)
    recovery = Recovery(bound, plan, manifest, key_version or manifest.key_version)
    asked = {_IN_TEXT.sub(r"\1", each): each for each in dict.fromkeys(pseudonyms)}
    outcome = Outcome()
    left = dict(asked)
    for text, whole in asked.items():
        opened = recovery.opened(text, columns, chosen=column is not None)
        if opened is not None:
            outcome.found.append(Revealed(whole, *opened))
            del left[text]
    with vault_of(bound, name) as tokens:
        places = places_of(folder, manifest, columns, list(left))
        searches: list[Search] = []
        for text, whole in left.items():
            fitting = recovery.keyed(text, places.get(text) or columns)
            if not fitting:
                outcome.unknown.append(whole)
                continue
            made = [
                s for f in fitting if (s := recovery.search(f, text, whole, tokens)) is not None
            ]
            if not made:
                outcome.forgotten.append(whole)
            searches += made
        _go_through(bound, plan, joined(searches), outcome, tell)
    done = {each.pseudonym for each in outcome.found}
    rest = {*outcome.unknown, *outcome.forgotten, *done}
    outcome.lost = [whole for whole in asked.values() if whole not in rest]
    order = {whole: n for n, whole in enumerate(asked.values())}
    outcome.found.sort(key=lambda each: order[each.pseudonym])
    return outcome


def _go_through(
    bound: Bound, plan: Plan, searches: list[Search], outcome: Outcome, tell: Progress
) -> None:
    """Read the fields of each type until everything is found."""
    fields = {
        str(f.field): (f, search.key_type)
        for search in searches
        for f in fields_of(plan, search.key_type)
    }
    by_type: dict[str, list[Search]] = {}
    for search in searches:
        by_type.setdefault(search.key_type, []).append(search)
    open_ = {whole for search in searches for whole in search.wanted.values()}
    if not open_:
        return
    for planned, texts in streamed(bound, [f for f, _ in fields.values()], tell=tell):
        _, key_type = fields[str(planned.field)]
        for search in by_type[key_type]:
            for whole, value in search.seen(texts):
                if whole in open_:
                    open_.discard(whole)
                    outcome.found.append(Revealed(whole, value, key_type, str(planned.field)))
        if not open_:
            return
