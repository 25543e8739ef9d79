"""What is to be decided, in order, and how much of it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sladd.catalog import worklist
from sladd.catalog.doors.door import Door
from sladd.catalog.worklist import Chosen, Standing, TableStanding, Tally


class Worklist(Door):
    """Reached as `catalog.worklist`; each method is one transaction."""

    def keys(self, chosen: Chosen) -> Sequence[str]:
        """Keys of the fields asked for, the worst first: weight × persons × doubt."""
        with self.database.reading() as connection:
            return worklist.keys(connection, chosen, self.taxonomy)

    def standing(self, keys: Sequence[str]) -> Sequence[Standing]:
        """The fields of these keys as lists show them, in the order given."""
        with self.database.reading() as connection:
            return worklist.standing(connection, keys, self.taxonomy)

    def standing_in(self, table: str) -> Sequence[Standing]:
        """The fields of the table of that key, in the order of its columns."""
        with self.database.reading() as connection:
            return worklist.of_table(connection, table, self.taxonomy)

    def alike(self, field: str, *, most: int) -> Sequence[Standing]:
        """Open findings like that of the key: the same category, and the same name or shape."""
        with self.database.reading() as connection:
            return worklist.alike(connection, field, self.taxonomy, most=most)

    def tally(self, bands: Sequence[float]) -> Sequence[Tally]:
        """Every field counted by source, what it holds, band of confidence, and decision."""
        with self.database.reading() as connection:
            return worklist.tally(connection, self.taxonomy, bands)

    def tables(self) -> Sequence[TableStanding]:
        """Every table that is there, by address, with its fields counted."""
        with self.database.reading() as connection:
            return worklist.tables(connection, self.taxonomy)

    def search(self, words: str, *, most: int, after: int = 0) -> tuple[Sequence[Standing], int]:
        """Columns whose shown name holds the words, and how many there are in all."""
        with self.database.reading() as connection:
            return worklist.search(connection, words, self.taxonomy, most=most, after=after)

    def still_hold(self, first: int, until: int, *, by: str) -> Sequence[Standing]:
        """Fields whose verdicts of these numbers are this person's and all hold; else none."""
        with self.database.reading() as connection:
            return worklist.still_hold(connection, first, until, by, self.taxonomy)

    def source_names(self) -> Sequence[str]:
        """Sources of which a table is known."""
        with self.database.reading() as connection:
            return worklist.source_names(connection)

    def decided_at(self) -> Sequence[datetime]:
        """When each field was first decided on, oldest first."""
        with self.database.reading() as connection:
            return worklist.decided_at(connection)

    def found_after(self) -> Mapping[int, int]:
        """Finished scan → fields of its source with a finding after it."""
        with self.database.reading() as connection:
            return worklist.found_after(connection)
