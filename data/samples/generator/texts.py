"""Free text as customers and staff write it: templates filled with people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .draws import weighted
from .numbers import national_number
from .people import People
from .products import Product

_LANGUAGES = {"nb": 7.0, "nn": 2.0, "en": 1.0}


@dataclass(frozen=True)
class Writer:
    """Fills the templates of one use with the people of a shop."""

    templates: Mapping[str, Sequence[tuple[str, str]]]
    people: People
    products: Sequence[Product]
    agents: Sequence[str]

    def write(
        self, rng: np.random.Generator, use: str, writers: Sequence[int], order: int
    ) -> list[tuple[str, str]]:
        """One text for each of `writers`.

        Args:
            rng: where the choices come from.
            use: comment, note, review, engraving, delivery or subject.
            writers: indices of people; each text is by, and mostly about, that person.
            order: an order number for the texts that name one.

        Returns:
            Pairs of language and text.
        """
        choices = self.templates[use]
        weights = [_LANGUAGES[language] for language, _ in choices]
        picked = weighted(rng, weights, len(writers)).tolist()
        others = rng.integers(0, len(self.people), len(writers)).tolist()
        rolls = rng.integers(0, 1_000_000, len(writers)).tolist()
        written = []
        for who, pick, other, roll in zip(writers, picked, others, rolls, strict=True):
            language, text = choices[pick]
            if "{" in text:
                text = text.format_map(self._slots(text, who, other, roll, order))
            if roll % 11 == 0 and use != "engraving":
                text = text.lower()  # many write without capitals
            written.append((language, text))
        return written

    def _slots(self, text: str, who: int, other: int, roll: int, order: int) -> dict[str, str]:
        people = self.people
        slots = dict(people.slots(who))
        slots["first2"] = people.called(other)
        slots["name2"] = people.name(other)
        slots["phone2"] = people.mobile(other)
        slots["company"] = people.company_name(who)
        slots["product"] = self.products[roll % len(self.products)].name
        slots["order"] = str(order + roll % 500)
        slots["agent"] = self.agents[roll % len(self.agents)]
        slots["date"] = f"{roll % 28 + 1}.{roll % 12 + 1}."
        if "{fnr}" in text:
            number = national_number(
                people.birthday(who), roll % 500, female=bool(people.female[who])
            )
            slots["fnr"] = number if roll % 3 else f"{number[:6]} {number[6:]}"
        return slots
