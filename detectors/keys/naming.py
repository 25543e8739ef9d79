"""What the names of a column and a table say about each other: `kundenr` and `customers`.

Nouns are compared as sets of stems, singular and plural, in nb, nn and en; a lexicon makes
`kunde` and `customer` one noun. A name alone never makes a link, it makes one likely.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from detectors.columns.spelling import words

# In log-odds. `cust_id` is an abbreviation of more than one word, so it says less than
# `customer_id`; a bare noun may hold a name as well as a key.
EXACT, BARE, PREFIXED, SAME, TAIL, SHORT, OWN, WORKER = 4.0, 3.2, 3.4, 3.4, 3.0, 2.2, 2.8, 1.8


@dataclass(frozen=True, slots=True)
class Relation:
    """Why a column's name points at a table.

    Attributes:
        kind: exact, bare, prefixed, same, tail, short, own, worker; other: it names another
            table; measure: it counts something; none.
        weight: in log-odds.
    """

    kind: str
    weight: float


NONE = Relation("none", -1.5)
OTHER = Relation("other", -3.0)
MEASURE = Relation("measure", -4.0)


@cache
def _lexicon() -> Mapping[str, list[str]]:
    text = files("detectors.keys").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_lexicon()[name])


@cache
def _groups() -> Mapping[str, str]:
    """Stem of a noun → the name of its group."""
    found: dict[str, str] = {}
    for group in _lexicon()["nouns"]:
        for noun in group:
            for stem in _forms(noun):
                found.setdefault(stem, f"={group[0]}")
    return found


_ENDINGS = ("ene", "ane", "er", "ar", "es", "en", "et", "e", "a", "s", "r", "n")


@cache
def _forms(word: str) -> frozenset[str]:
    """What is left of a word without the endings of plural and definite forms."""
    found = {word}
    if len(word) > 4 and word.endswith("ies"):
        found.add(word[:-3] + "y")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            found.add(word[: -len(ending)])
    return frozenset(found)


@cache
def stems(word: str) -> frozenset[str]:
    """The forms of a word, and the noun it is in other languages."""
    forms = _forms(word)
    groups = _groups()
    return forms | {groups[form] for form in forms if form in groups}


def is_noun(word: str) -> bool:
    """Whether the lexicon has the word."""
    return any(form in _groups() for form in _forms(word))


def same_noun(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two runs of words say the same, written as one word or as several."""
    if not one or not other:
        return False
    if len(one) == len(other):
        return all(stems(a) & stems(b) for a, b in zip(one, other, strict=True))
    return bool(_joined(one) & _joined(other))


def _joined(parts: Sequence[str]) -> frozenset[str]:
    head = "".join(parts[:-1])
    return frozenset(stem for stem in stems(head + parts[-1]))


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column's name taken apart: `billing_address_id` is (billing, address) and id."""

    noun: tuple[str, ...]
    tail: str
    folded: str

    @property
    def generic(self) -> bool:
        """Whether it only says that it is a key."""
        return not self.noun


@cache
def column_name(name: str, nouns: frozenset[str] = frozenset()) -> ColumnName:
    """Take a column's name apart.

    Args:
        name: as the source spells it.
        nouns: stems of the tables around, so that `kundenr` ends in `nr` beside `kunder`.
    """
    parts = words(name)
    folded = "".join(parts)
    tail = ""
    while parts and (parts[-1] in _set("tails") or parts[-1].isdigit()):
        tail = parts.pop() if parts[-1] in _set("tails") else (parts.pop() and tail)
    if not tail and parts:
        glued, tail = _glued(parts[-1], nouns)
        parts = [*parts[:-1], glued] if glued else parts[:-1]
    # `id_kunde`, `fk_kunde`
    if not tail and len(parts) > 1 and parts[0] in _set("tails"):
        tail, parts = parts[0], parts[1:]
    elif len(parts) > 1 and parts[0] in {"fk", "pk"}:
        parts = parts[1:]
    return ColumnName(tuple(parts), tail, folded)


def _glued(word: str, nouns: frozenset[str]) -> tuple[str, str]:
    """`kundenummer` → (`kunde`, `nummer`), where `kunde` is a known noun."""
    for tail in sorted(_set("tails"), key=len, reverse=True):
        rest = word.removesuffix(tail)
        if rest == word or len(rest) < 2:
            continue
        sure = tail in {"nr", "nummer", "kode", "number"} and len(rest) >= 3
        if sure or is_noun(rest) or stems(rest) & nouns:
            return rest, tail
    return word, ""


@cache
def table_noun(name: str) -> tuple[str, ...]:
    """The words of a table's name that say what its rows are."""
    parts = [w.rstrip("0123456789") for w in words(name.rsplit(":", 1)[-1])]
    kept = tuple(w for w in parts if w and w not in _set("affixes"))
    return kept or tuple(w for w in parts if w)


def relate(
    column: ColumnName, table: tuple[str, ...], target: ColumnName, *, own: bool
) -> Relation:
    """What a column's name says about pointing at a column of a table.

    Args:
        column: the one that may point.
        table: noun of the table that it may point at.
        target: the key there.
        own: whether both are of one table.
    """
    if own:
        led = {w for w in column.noun if w in _set("own")}
        return Relation("own", OWN) if led else OTHER
    keyed = target.generic or same_noun(target.noun, table) or _ends(table, target.noun)
    if not column.generic:
        if keyed:
            found = _points(column, table)
            if found is not None:
                return found
        if column.noun == target.noun and column.tail and target.tail:
            return Relation("same", SAME)
        if column.folded == target.folded and (column.tail or len(column.folded) > 3):
            return Relation("same", SAME)
    if _measures(column):
        return MEASURE
    if keyed and _works(column, table):
        return Relation("worker", WORKER)
    return NONE


def _measures(column: ColumnName) -> bool:
    """Whether the name counts something: its head does, and nothing says that it is a key."""
    measures = _set("measures")
    if column.folded in measures:
        return True
    return not column.tail and bool(column.noun) and column.noun[-1] in measures


def _points(column: ColumnName, table: tuple[str, ...]) -> Relation | None:
    noun = column.noun
    if same_noun(noun, table):
        return Relation("exact", EXACT) if column.tail else Relation("bare", BARE)
    if _ends(noun, table):
        return Relation("prefixed", PREFIXED if column.tail else PREFIXED - 0.8)
    if _ends(table, noun):
        return Relation("tail", TAIL if column.tail else TAIL - 0.8)
    if column.tail and len(noun) == 1 and len(noun[0]) >= 3:
        if any(stem.startswith(noun[0]) for stem in stems(table[-1])):
            return Relation("short", SHORT)
        # `fakturakunde`: a compound ends with its head.
        if any(noun[0].endswith(s) for s in stems(table[-1]) if len(s) >= 4):
            return Relation("prefixed", PREFIXED - 0.8)
    return None


def _ends(long: Sequence[str], short: Sequence[str]) -> bool:
    """Whether a longer name ends with a shorter one."""
    return bool(short) and len(long) > len(short) and same_noun(long[-len(short) :], short)


def _works(column: ColumnName, table: tuple[str, ...]) -> bool:
    if not any(w in _set("workers") for w in column.noun):
        return False
    return any(stems(table[-1]) & stems(noun) for noun in _set("worker_tables"))
