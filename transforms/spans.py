"""What is written into a text in the place of what was found there.

A label (`<NAVN>`), a label with the pseudonym that columns of that kind have, or the fake that
they have. A fake takes the case of what it replaces and leaves the genitive where it was:
`KARI NORDMANNS ordre` becomes `BLID FURUKVISTS ordre`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sladd import canonical
from sladd.model import Span
from transforms.contract import Context, needs_key
from transforms.fakes import KINDS, Fakery, Kind, kind_of, vocabulary
from transforms.fakes.addresses import names_town
from transforms.fakes.persons import Mention, Persons, is_name
from transforms.pseudonym import Pseudonymiser
from transforms.vault import VaultPseudonymiser

_WHOLE = ("address", "company", "email", "street", "url")  # fakes that have others in them
_OF_ADDRESSES = ("street", "postal_code", "place")
WAYS = ("label", "pseudonym", "fake")
Write = Callable[[str], str]


def way_of(told: object, category: str) -> str:
    """How spans of a category are written.

    Args:
        told: a way for all of them, or category or prefix → way; the longest prefix counts, and
            what it does not cover becomes a label.
        category: of the span.
    """
    if not isinstance(told, Mapping):
        return str(told)
    covering = [c for c in told if category == c or category.startswith(c + ".")]
    return str(told[max(covering, key=len)]) if covering else "label"


class Writers:
    """Writes the spans of one column. Holds keys: never printed or pickled.

    Args:
        context: of the column.
        told: as in `way_of`.
        language: of the words of fakes.
        name: of the transform, for its errors.
    """

    def __init__(self, context: Context, told: object, language: str, name: str) -> None:
        self._context, self._told, self._name = context, told, name
        self._words = vocabulary(language)
        self._fakery: Fakery | None = None
        self._pseudonymisers: dict[str, Pseudonymiser | VaultPseudonymiser] = {}
        self._made: dict[tuple[str, str], str] = {}

    def __repr__(self) -> str:
        return "<Writers>"

    @property
    def personal(self) -> bool:
        """Whether a name is written by whose it is, and not only by how it reads."""
        return way_of(self._told, "user.name") != "label"

    def writer(self, span: Span, persons: Persons) -> Write:
        """The function that writes a span of a text that may mean these persons."""
        label = tag(self._context.labels.get(span.category, "") or span.type)
        way = way_of(self._told, span.category)
        kind = kind_of(span.category) if way == "fake" else None
        if way == "label" or (way == "fake" and kind is None):
            return lambda _: f"<{label}>"
        if self._context.derive is None:
            raise needs_key(self._name)
        if kind is None:
            return lambda found: self._labelled(label, span.category, found, persons)
        if is_name(span.category):
            return lambda found: self._named(found, persons)
        return lambda found: _cased(self._fake(kind, found), found)

    def _labelled(self, label: str, category: str, found: str, persons: Persons) -> str:
        kind, ending = canonical.key_type_of(category), ""
        if is_name(category):
            mention = persons.mention(found)
            found, ending = mention.name, mention.ending
        if kind not in self._pseudonymisers:
            self._pseudonymisers[kind] = self._pseudonymiser(kind, canonical.type_of(category))
        return f"<{label} {self._pseudonymisers[kind].one(found)}>{ending}"

    def _pseudonymiser(self, key_type: str, kind: str) -> Pseudonymiser | VaultPseudonymiser:
        if self._context.vault is not None:
            return VaultPseudonymiser(self._context.vault, key_type, kind)
        assert self._context.derive is not None  # noqa: S101 - `writer` has looked
        return Pseudonymiser(self._context.derive(key_type), kind)

    def _named(self, found: str, persons: Persons) -> str:
        mention = persons.mention(found)
        body = found[: len(found) - len(mention.ending)]
        return _cased(self._parts(mention), body) + mention.ending

    def _parts(self, mention: Mention) -> str:
        """As much of the fake of a person as the text says of the name."""
        whole = self._fake(KINDS["name"], mention.name)
        first, _, last = whole.partition(" ")
        said = [
            part for part, is_said in ((first, mention.given), (last, mention.surname)) if is_said
        ]
        return " ".join(part for part in said if part)

    def _fake(self, kind: Kind, value: str) -> str:
        if kind.name in _OF_ADDRESSES and names_town(value):
            kind = KINDS["address"]  # finders give a street with its town as one
        known = (kind.name, value)
        if known not in self._made:
            if self._fakery is None:
                assert self._context.derive is not None  # noqa: S101 - `writer` has looked
                self._fakery = Fakery(self._context.derive, self._words)
            self._made[known] = str(kind.make([value], self._fakery)[0].as_py())
        return self._made[known]


def pieces(told: object, language: str) -> str:
    """A pattern of everything that is invented in texts, with a genitive; "" for nothing."""
    words = vocabulary(language)
    faked = [k for k in KINDS.values() if any(way_of(told, c) == "fake" for c in k.categories)]
    # RE2 takes the first alternative that fits: what can be a part of another comes after it.
    faked.sort(key=lambda kind: (is_name(kind.categories[0]), kind.name not in _WHOLE))
    patterns = [kind.pattern(words) for kind in faked]
    return "(?:" + "|".join(patterns) + ")(?:['’]?s)?" if patterns else ""


def tag(label: str) -> str:
    """A label in capitals that cannot break out of its brackets."""
    return re.sub(r"[<>\s]+", "_", label.strip()).upper()


def _cased(fake: str, found: str) -> str:
    """The fake in the case of what it replaces: capitals, small letters, or as it is."""
    if found.isupper():
        return fake.upper()
    return fake.lower() if found.islower() else fake
