"""What a column's name says: words of web shops and payroll systems in nb, nn, en and Sámi.

The lexicon is data (`detectors/lexicon/headers.*.csv`). Names are compared folded: `Fødselsnr`,
`foedselsnr`, `fodselsNr` and `FODSELS_NR` are one word. A name never decides against values.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

_MOJIBAKE = {"Ã¸": "ø", "Ã˜": "Ø", "Ã¥": "å", "Ã…": "Å", "Ã¦": "æ", "Ã†": "Æ"}
_FOLDS = (
    ("æ", "ae"), ("ø", "o"), ("å", "a"), ("đ", "d"), ("ŋ", "n"), ("ŧ", "t"), ("ß", "ss"),
)  # fmt: skip
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("aa", "a"))  # how æøå are written without them
_CAMEL = re.compile(r"(?<=[a-zæøå0-9])(?=[A-ZÆØÅ])|(?<=[A-ZÆØÅ])(?=[A-ZÆØÅ][a-zæøå])")
_SPLIT = re.compile(r"[^a-z0-9]+")
_NAME_OF = frozenset({"name", "navn", "namn", "nm"})
_KEYS = frozenset({"id", "fk"})
_CALLED = ("user.contact.address", "organization.name")


@dataclass(frozen=True)
class HeaderMatch:
    """One reading of a column's name.

    Attributes:
        category: taxonomy key; "" for what is known to be no personal data.
        shape: what the values must look like (`values.toml`).
        weight: log-odds, natural logarithm.
        token: the word of the lexicon, never the column's own name.
        organisation: the name says that it belongs to a company (`supplier_email`).
        thing: the name says that it belongs to a thing (`product_name`).
    """

    category: str
    shape: str
    weight: float
    token: str
    organisation: bool = False
    thing: bool = False


def words(name: str) -> list[str]:
    """The words of a name, folded to ASCII; `kundeFødselsdato` is `kunde fodselsdato`."""
    text = unicodedata.normalize("NFC", name)
    for wrong, right in _MOJIBAKE.items():
        text = text.replace(wrong, right)
    text = _CAMEL.sub(" ", text).lower()
    for letter, plain in _FOLDS:
        text = text.replace(letter, plain)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return [word for word in _SPLIT.split(text) if word]


def folded(name: str) -> str:
    """The words as one, with æøå spelt one way."""
    text = "".join(words(name))
    for pair, plain in _DIGRAPHS:
        text = text.replace(pair, plain)
    return text


def _folded(parts: Iterable[str]) -> str:
    text = "".join(parts)
    for pair, plain in _DIGRAPHS:
        text = text.replace(pair, plain)
    return text


@dataclass(frozen=True)
class Affixes:
    """Words around the head of a name, folded."""

    roles: frozenset[str]
    organisations: frozenset[str]
    things: frozenset[str]
    tails: frozenset[str]
    negating_tails: frozenset[str]
    negating_heads: frozenset[str]
    alone: frozenset[str]


class HeaderLexicon:
    """Every known word, for some languages."""

    def __init__(self, entries: Mapping[str, tuple[HeaderMatch, ...]], affixes: Affixes) -> None:
        self._entries = entries
        self._affixes = affixes
        self._known: dict[str, tuple[HeaderMatch, ...]] = {}

    def read(self, name: str) -> tuple[HeaderMatch, ...]:
        """What a name may mean, the most likely first; () when it says nothing."""
        if name not in self._known:
            found = self._read(words(name))
            self._known[name] = tuple(sorted(found, key=lambda m: (-m.weight, m.category)))
        return self._known[name]

    def knows(self, word: str) -> bool:
        """Whether the word stands in the lexicon or among the affixes."""
        key = folded(word)
        a = self._affixes
        return key in self._entries or key in a.roles | a.organisations | a.things | a.tails

    def _read(self, parts: Sequence[str]) -> list[HeaderMatch]:
        if not parts:
            return []
        whole = _folded(parts)
        # A number at the end counts columns (`tlf2`), unless the lexicon has it (`ad1`).
        bare = [p.rstrip("0123456789") for p in parts]
        bare = [p for p in bare if p] or list(parts)
        for candidate in (whole, _folded(bare)):
            if candidate in self._entries:
                return list(self._entries[candidate])
        if bare[0] in _KEYS and len(bare) > 1:  # `id_customer` is `customer_id`
            return self._read((*bare[1:], "id"))
        affixes = self._affixes
        organisation = thing = False
        for index in range(
            len(bare)
        ):  # the longest ending that is known: nouns end with their head
            head, tail = bare[:index], bare[index:]
            if index and (found := self._entries.get(_folded(tail))):
                if tail[-1:] == tail and tail[0] in _NAME_OF and (of := self._named(head)):
                    return of
                joined = [_folded([word]) for word in head]
                organisation = any(w in affixes.organisations for w in joined)
                thing = any(w in affixes.things for w in joined)
                whose = affixes.roles | affixes.organisations
                # Norwegian's genitive: `selgers_navn`, `kundens_epost`.
                known = all(w in whose or w.removesuffix("s") in whose for w in joined)
                if any(w in affixes.negating_heads for w in joined):
                    return []
                return _scaled(found, 0.95 if known else 0.75, organisation, thing)
        last = _folded(bare[-1:])
        if last in affixes.negating_tails:
            return []
        for index in range(len(bare) - 1, 0, -1):  # the longest beginning: `epost_kunde`
            head, tail = bare[:index], bare[index:]
            if (found := self._entries.get(start := _folded(head))) and start not in affixes.alone:
                rest = [_folded([word]) for word in tail]
                if any(w in affixes.negating_tails for w in rest):
                    return []
                organisation = any(w in affixes.organisations for w in rest)
                thing = any(w in affixes.things for w in rest)
                known = all(
                    w in affixes.tails or w in affixes.roles or w in affixes.organisations
                    for w in rest
                )
                return _scaled(found, 0.9 if known else 0.5, organisation, thing)
        return self._glued(_folded(bare))

    def _named(self, head: Sequence[str]) -> list[HeaderMatch]:
        """What is called so: the name of a town is a town, that of a company a company."""
        found = self._entries.get(_folded(head), ())
        if any(m.category.startswith(_CALLED) for m in found):
            return _scaled(found, 0.95, organisation=False, thing=False)
        return []

    def _glued(self, whole: str) -> list[HeaderMatch]:
        """Compounds in one word: `kundeepost`, `leverandornavn`, `epostkunde`."""
        affixes = self._affixes
        groups = (
            (affixes.roles, False, False),
            (affixes.organisations, True, False),
            (affixes.things, False, True),
        )
        for cut in range(2, len(whole) - 1):
            before, after = whole[:cut], whole[cut:]
            for group, organisation, thing in groups:
                if len(after) >= 3 and before in group and after in self._entries:
                    return _scaled(self._entries[after], 0.9, organisation, thing)
                if len(before) >= 3 and after in group and before in self._entries:
                    return _scaled(self._entries[before], 0.8, organisation, thing)
        return []


def _scaled(
    found: Sequence[HeaderMatch], factor: float, organisation: bool, thing: bool
) -> list[HeaderMatch]:
    return [
        replace(m, weight=round(m.weight * factor, 2), organisation=organisation, thing=thing)
        for m in found
    ]


@cache
def lexicon(languages: tuple[str, ...]) -> HeaderLexicon:
    """The lexicon of some languages, with the words of known systems.

    Args:
        languages: of `nb`, `nn`, `en`, `se`. Norwegian brings Sámi and English with it: shops
            in Norway name their columns in all of them.
    """
    wanted = set(languages)
    if wanted & {"nb", "nn"}:
        wanted |= {"nb", "nn", "se"}
    wanted |= {"en", "systems", "neighbours", "special", "shops"}
    gathered: dict[str, dict[str, HeaderMatch]] = defaultdict(dict)
    folder = files("detectors.lexicon")
    for language in ("nb", "nn", "se", "en", "systems", "neighbours", "special", "shops"):
        if language not in wanted:
            continue
        with folder.joinpath(f"headers.{language}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for token in row["tokens"].split():
                    match = HeaderMatch(row["category"], row["shape"], float(row["weight"]), token)
                    readings = gathered[folded(token)]
                    older = readings.get(match.category)
                    if older is None or older.weight < match.weight:
                        readings[match.category] = match
    raw = tomllib.loads(folder.joinpath("affixes.toml").read_text(encoding="utf-8"))
    affixes = Affixes(**{key: frozenset(map(folded, raw[key])) for key in Affixes.__annotations__})
    return HeaderLexicon({key: tuple(v.values()) for key, v in gathered.items()}, affixes)
