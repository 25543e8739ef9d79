"""Invented persons: Norwegian by frequency, of other origins, and with names nobody has."""

from __future__ import annotations

from pathlib import Path
from random import Random

from detectors.ner import world_names
from detectors.ner.training.corpora import rows

# Shares of persons. Names from elsewhere are over-represented on purpose: the lists know the
# Norwegian ones anyway. Blends teach the model to believe the sentence.
NORWEGIAN, WORLDLY = 0.56, 0.34
COMMON = 0.5  # of Norwegian names are drawn by the square root of their bearers, the rest evenly


class People:
    """Draws names.

    Attributes:
        given: every given name, Norwegian and others.
        surnames: every surname.
    """

    def __init__(self, corpora: Path, random: Random) -> None:
        self.random = random
        given = rows(corpora / "names" / "given_names.csv")
        surnames = rows(corpora / "names" / "surnames.csv")
        self._given = [row["name"] for row in given]
        self._given_weights = [int(row["bearers_2020"] or 0) ** 0.5 for row in given]
        self._surnames = [row["name"] for row in surnames]
        # The most frequent surnames have no count of bearers; Wikidata's says enough.
        self._surname_weights = [
            max(int(row["wikidata_persons"] or 0), int(row["bearers"] or 0) / 50) ** 0.5
            for row in surnames
        ]
        self.world = world_names()
        self.given = {*self._given, *(n for names, _ in self.world.values() for n in names)}
        self.surnames = {*self._surnames, *(n for _, names in self.world.values() for n in names)}

    def draw(self) -> tuple[str, str]:
        """A given name and a surname of one origin."""
        lot = self.random.random()
        if lot < NORWEGIAN:
            return self._norwegian_given(), self._norwegian_surname()
        if lot < NORWEGIAN + WORLDLY:
            given, surnames = self.world[self.random.choice(list(self.world))]
            first, last = self.random.choice(given), self.random.choice(surnames)
            # Names mix by marriage.
            mixed = self.random.random()
            if mixed < 0.08:
                return first, self._norwegian_surname()
            return (self._norwegian_given(), last) if mixed < 0.16 else (first, last)
        return self._blend(pool=self._given), self._blend(pool=self._surnames)

    def single(self) -> str:
        """A given name as one is called by it."""
        name = self.draw()[0]
        return f"{name}-{self._norwegian_given()}" if self.random.random() < 0.05 else name

    def surname(self) -> str:
        """A surname by itself."""
        return self.draw()[1]

    def full(self) -> str:
        """A name of two words or more."""
        first, last = self.draw()
        lot = self.random.random()
        if lot < 0.60:
            return f"{first} {last}"
        if lot < 0.72:
            return f"{first} {self._middle(first)} {last}"
        if lot < 0.77:
            return f"{first}-{self._middle(first)} {last}"
        if lot < 0.85:
            return f"{first} {self.surname()} {last}"
        if lot < 0.89:
            return f"{first} {last}-{self.surname()}"
        if lot < 0.94:
            return f"{first} {self.random.choice('ABCDEFGHIJKLMNOPRSTVW')}. {last}"
        if lot < 0.97:
            return f"{first[0]}. {last}"
        return f"{first} {last} {self.surname()}"

    def person(self) -> str:
        """A name as one signs with it: mostly full, sometimes the given name."""
        return self.full() if self.random.random() < 0.7 else self.single()

    def _middle(self, first: str) -> str:
        for given, _ in self.world.values():
            if first in given and self.random.random() < 0.7:
                return self.random.choice(given)
        return self._norwegian_given()

    def _norwegian_given(self) -> str:
        if self.random.random() < COMMON:
            return self.random.choices(self._given, self._given_weights)[0]
        return self.random.choice(self._given)

    def _norwegian_surname(self) -> str:
        if self.random.random() < COMMON:
            return self.random.choices(self._surnames, self._surname_weights)[0]
        return self.random.choice(self._surnames)

    def _blend(self, pool: list[str]) -> str:
        """The beginning of one name and the end of another, from anywhere."""
        pools = [pool, *(names for pair in self.world.values() for names in pair)]
        one, other = (self.random.choice(self.random.choice(pools)) for _ in range(2))
        made = one[: max(2, len(one) // 2)] + other[len(other) // 2 :].lower()
        return made.replace(" ", "").strip("-'") or one
