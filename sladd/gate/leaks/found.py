"""What passed the filter, with the persons in whose rows it stands, and what it turned out to be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sladd.gate.leaks.control import DRAWS, beyond_chance
from sladd.gate.leaks.finding import Tokens
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.release import Made, Values
from sladd.gate.leaks.shapes import MOST_PERSONS, Kind
from sladd.gate.leaks.store import Records, among, tag
from sladd.gate.leaks.words import Digests, Places, mix, unique

_MOST_CELLS = 2_000_000  # candidates of one column: by then it is not a question of counting


@dataclass(slots=True)
class Candidates:
    """What may be originals in one column of the release, or in a text beside its tables."""

    made: Made
    tokens: Tokens = field(default_factory=Tokens)
    cells: int = 0  # cells of the column
    given: int = 0  # cells with a value whose whole-cell digest was looked at
    distinct: float = 0.0
    _digests: list[Digests] = field(default_factory=list)
    _owners: list[Digests] = field(default_factory=list)
    _held: int = 0

    def add(self, values: Values, places: Places, digests: Digests, owners: Digests | None) -> None:
        """Take candidates of one row group.

        Args:
            values: the group's.
            places: shape (c,), of the value in which each candidate stands.
            digests: shape (c,), each value's candidates once.
            owners: shape (rows,), digest of the pseudonym of each row's person.
        """
        if not len(places) or self._held > _MOST_CELLS:
            return
        order = np.argsort(values.place, kind="stable")
        starts = np.searchsorted(values.place, places, sorter=order)
        ends = np.searchsorted(values.place, places, side="right", sorter=order)
        # A value that no row has stands in the file's dictionary, and counts as one cell.
        counts = np.maximum(ends - starts, 1)
        repeated = np.repeat(digests, counts)
        if owners is None:
            mine = np.zeros(len(repeated), np.uint64)
        else:
            within = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
            cell = np.repeat(starts, counts) + within
            known = np.repeat(ends > starts, counts)
            rows = values.row[order[np.minimum(cell, len(order) - 1)]] if len(order) else cell
            mine = (
                np.where(known, owners[rows], np.uint64(0))
                if len(order)
                else np.zeros(len(cell), np.uint64)
            )
        self._digests.append(repeated)
        self._owners.append(mine)
        self._held += len(repeated)

    @property
    def digests(self) -> Digests:
        """Of every cell with a candidate."""
        return np.concatenate(self._digests) if self._digests else np.empty(0, np.uint64)

    @property
    def owners(self) -> Digests:
        """Digest of the pseudonym of the person of each, 0 for none."""
        return np.concatenate(self._owners) if self._owners else np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Hits:
    """Originals of one field and kind that stand in one column.

    Attributes:
        cells: with one, as far as it counts.
        distinct: different originals.
        own: cells in rows of the same person.
        by_chance: different originals that chance gives.
        counts: whether they are more than chance, or the person's own.
    """

    field: int
    kind: Kind
    cells: int
    distinct: int
    own: int
    by_chance: float
    counts: bool


class Resolved:
    """The records of the store that candidates have turned out to be."""

    def __init__(self, needles: Needles, candidates: list[Candidates]) -> None:
        self._needles = needles
        digests = [c.digests for c in candidates]
        owners = [needles.salted(c.owners, Kind.OWNER) for c in candidates]
        asked = unique(np.concatenate([*digests, *owners, np.empty(0, np.uint64)]))
        records = needles.store.matching(asked)
        self._by_tag: dict[int, Records] = {
            int(number): records[records["tag"] == number] for number in np.unique(records["tag"])
        }
        known = self._by_tag.pop(tag(0, Kind.OWNER), records[:0])
        order = np.argsort(known["digest"], kind="stable")
        self._pseudonyms, self._persons = known["digest"][order], known["owner"][order]

    def hits(self, candidates: Candidates) -> list[Hits]:
        """What stands in a column, by field and kind."""
        digests = candidates.digests
        if not len(digests):
            return []
        owners = self._persons_of(candidates.owners)
        found = []
        for number, records in sorted(self._by_tag.items()):
            kind = Kind(number % 16)
            if kind in {Kind.DIGITS_BY_CHANCE, Kind.NAME_BY_CHANCE}:
                continue
            hit = self._of(number // 16, kind, records, digests, owners, candidates)
            if hit is not None:
                found.append(hit)
        return found

    def _of(
        self, number: int, kind: Kind, records: Records, digests: Digests, owners: Digests,
        candidates: Candidates,
    ) -> Hits | None:  # fmt: skip
        known = unique(records["digest"]) if kind is Kind.CELL else _of_few(records)
        chosen = among(digests, known)
        if not chosen.any():
            return None
        pairs = unique(_pair(records["digest"], records["owner"])[records["owner"] != 0])
        mine = chosen & (owners != 0) & among(_pair(digests, owners), pairs)
        distinct = len(unique(digests[chosen]))
        chance = self._chance(number, kind, digests, candidates)
        counts = bool(mine.any()) or self._is_leak(kind, digests[chosen], owners[chosen], chance)
        return Hits(number, kind, int(chosen.sum()), distinct, int(mine.sum()), chance, counts)

    def _is_leak(self, kind: Kind, digests: Digests, owners: Digests, chance: float) -> bool:
        distinct = len(unique(digests))
        if kind is Kind.DIGITS:
            return beyond_chance(distinct, chance)
        if kind is Kind.NAME:
            # What stands in the rows of many persons is a product, a shop, a contact: nobody's own.
            given = owners != 0
            _, persons = _shared(digests[given], owners[given])
            common = int((persons > MOST_PERSONS).sum())
            return beyond_chance(distinct - common, chance)
        return True

    def _chance(self, number: int, kind: Kind, digests: Digests, candidates: Candidates) -> float:
        """Different originals of a kind that a column like this holds by chance."""
        control = {Kind.DIGITS: Kind.DIGITS_BY_CHANCE, Kind.NAME: Kind.NAME_BY_CHANCE}.get(kind)
        if control is None:
            return 0.0
        drawn = self._by_tag.get(tag(number, control))
        measured = 0.0
        if drawn is not None:
            here = unique(digests)
            measured = float(among(here, unique(drawn["digest"])).sum()) / DRAWS
        if kind is Kind.NAME:
            return measured
        counted = self._needles.digits_of(number)
        return max(measured, counted.chance(candidates.tokens.counts()))

    def _persons_of(self, pseudonyms: Digests) -> Digests:
        salted = self._needles.salted(pseudonyms, Kind.OWNER)
        if not len(self._pseudonyms):
            return np.zeros(len(salted), np.uint64)
        place = np.searchsorted(self._pseudonyms, salted)
        place = np.minimum(place, len(self._pseudonyms) - 1)
        same = self._pseudonyms[place] == salted
        return np.where(same & (pseudonyms != 0), self._persons[place], np.uint64(0))


def _of_few(records: Records) -> Digests:
    """Originals that no more than a few persons share."""
    digests, persons = _shared(records["digest"], records["owner"])
    return digests[persons <= MOST_PERSONS]


def _shared(digests: Digests, owners: Digests) -> tuple[Digests, Places]:
    """Each digest once, sorted, and how many persons have it."""
    order = np.lexsort((owners, digests))
    digests, owners = digests[order], owners[order]
    fresh = np.ones(len(digests), bool)
    fresh[1:] = (digests[1:] != digests[:-1]) | (owners[1:] != owners[:-1])
    digests = digests[fresh]
    starts = np.ones(len(digests), bool)
    starts[1:] = digests[1:] != digests[:-1]
    first = np.flatnonzero(starts)
    return digests[first], np.diff(np.append(first, len(digests)))


def _pair(digests: Digests, owners: Digests) -> Digests:
    return mix(digests ^ mix(owners))
