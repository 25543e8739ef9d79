"""Who a name in a text is: the person of the row, or one that the text has named in full.

`Kari` alone, `Nordmann` alone and `Kari Nordmann` are one person once the row or the text says
so, and are written as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sladd import canonical
from sladd.model import KnownValue
from transforms.fakes.names import split

_NAME, _FIRST, _LAST = "user.name", "user.name.first", "user.name.last"


def is_name(category: str) -> bool:
    """Whether values of a category are persons' names."""
    return category == _NAME or category.startswith(_NAME + ".")


@dataclass(frozen=True, slots=True, repr=False)
class Mention:
    """A name in a text: whose it is, which parts are said, and the genitive behind it.

    Attributes:
        name: in full as far as it is known.
        given: whether the given name is said.
        surname: whether the surname is said.
        ending: characters that belong to the sentence, not to the name.
    """

    name: str
    given: bool
    surname: bool
    ending: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Persons:
    """Full names that may be meant. Holds values: never printed.

    Attributes:
        names: the row's person first.
    """

    names: tuple[str, ...] = ()

    def and_of(self, names: Iterable[str]) -> Persons:
        """With the names of more than one word that a text says itself."""
        full = (name for name in names if len(name.split()) > 1)
        return Persons(tuple(dict.fromkeys((*self.names, *full))))

    def mention(self, found: str) -> Mention:
        """What a name in a text says, and of whom."""
        body, ending = self._owning(found)
        words = canonical.name(body).split()
        for name in self.names:
            given, surname = split(name)
            if words and surname and set(words) <= set(_words(name)):
                others = [word for word in words if word != surname]
                return Mention(name, bool(others) or given in words, surname in words, ending)
        return Mention(body, given=True, surname=len(words) > 1, ending=ending)

    def _owning(self, found: str) -> tuple[str, str]:
        """The name, and the genitive that the finder took for a part of it."""
        for ending in ("'s", "’s"):
            if found.lower().endswith(ending):
                return found[: -len(ending)], found[-len(ending) :]
        last = canonical.name(found).split()[-1:]
        known = {word for name in self.names for word in _words(name)}
        if last and last[0] not in known and last[0].endswith("s") and last[0][:-1] in known:
            return found[:-1], found[-1]
        return found, ""


def persons_of(values: Sequence[KnownValue]) -> Persons:
    """The full names in a row: whole, or put together from their parts."""
    whole = [v.text for v in values if v.category == _NAME]
    first = [v.text for v in values if v.category == _FIRST]
    last = [v.text for v in values if v.category == _LAST]
    parts = [f"{one} {two}" for one, two in zip(first, last, strict=False)]
    return Persons(tuple(dict.fromkeys((*whole, *parts))))


def _words(name: str) -> list[str]:
    return canonical.name(name).replace(",", " ").split()
