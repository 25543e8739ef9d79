"""What is to be decided, in order, and how much of it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sladd.catalog import worklist
from sladd.catalog.doors.door import Door
from sladd.catalog.known import Kept
from sladd.catalog.standing import Standing, TableStanding
from sladd.catalog.worklist import Chosen, Decisions, Tally


@dataclass(frozen=True, repr=False)
class Worklist(Door):
    """Reached as `catalog.worklist`; each method tells of one state of the catalog."""

    kept: Kept

    def chosen(self, chosen: Chosen) -> Sequence[Standing]:
        """The fields asked for, the worst first: weight × persons × doubt."""
        return worklist.chosen_fields(self.kept.now(), chosen)

    def standing(self, keys: Sequence[str]) -> Sequence[Standing]:
        """The fields of these keys as lists show them, in the order given."""
        fields = self.kept.now().fields
        return [fields[key] for key in keys if key in fields]

    def alike(self, field: str) -> Sequence[Standing]:
        """Open findings like that of the key: the same category, and the same name or shape."""
        return worklist.alike(self.kept.now(), field)

    def tally(self, bands: Sequence[float]) -> Sequence[Tally]:
        """Every field counted by source, what it holds, band of confidence, and decision."""
        return worklist.tally(self.kept.now(), bands)

    def tables(self) -> Sequence[TableStanding]:
        """Every table that is there, by address, with its fields and how many of them stand how."""
        return tuple(self.kept.now().tables.values())

    def table(self, key: str) -> TableStanding | None:
        """The table of that key with its fields; None where the sources have no such table."""
        return self.kept.now().tables.get(key)

    def search(self, words: str) -> Sequence[Standing]:
        """Columns whose shown name holds the words: personal ones first, then by table."""
        return worklist.search(self.kept.now(), words)

    def still_hold(self, first: int, until: int, *, by: str) -> Sequence[Standing]:
        """Fields whose verdicts of these numbers are this person's and all hold; else none."""
        known = self.kept.now()
        with self.database.reading() as connection:
            return worklist.still_hold(connection, known, first, until, by)

    def decisions(self) -> Decisions:
        """When the decisions that hold were taken."""
        return worklist.decisions(self.kept.now())

    def found_after(self) -> Mapping[int, int]:
        """Finished scan → fields of its source with personal data, as the scan saw them."""
        with self.database.reading() as connection:
            return worklist.found_after(connection)
