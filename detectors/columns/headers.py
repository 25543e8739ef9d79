"""What a column's name says: as a whole, by its head, and by what it is made of.

The words are data (`detectors.columns.header_lists`). A name never decides against values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from detectors.columns import doers, permissions
from detectors.columns.abbreviations import Abbreviations
from detectors.columns.affixes import Affixes
from detectors.columns.composition import Composition, composition, cut
from detectors.columns.compounds import compound, glued
from detectors.columns.header_match import NAME_OF, HeaderMatch, belonging
from detectors.columns.inflection import entry
from detectors.columns.phrases import asked, either, unremarked
from detectors.columns.spelling import folded, joined, uncounted, words

COUNTING = frozenset({"number", "nummer", "no", "nr", "num", "nbr"})
_KEYS = frozenset({"id", "fk"})
_VAGUE = 1.6  # weight up to which a word at the end (`code`, `value`) gives way to the one before
_VAGUELY = frozenset({"id", "code", "kode", "number", "nummer", "value", "key", "label"})
_COUNTED = (
    "user.government_id", "user.contact.phone_number", "user.financial", "user.contact.address.street",
    "organization.registration_number", "user.payment.kid", "user.contact.address.postal_code",
)  # fmt: skip
_SECRETS = "user.authorization"  # whose number is none
_CODED = (
    "user.demographic", "user.authorization", "user.job_title", "user.education", "user.device",
    "user.contact.address.country", "user.health_and_medical",
)  # fmt: skip
_ABBREVIATED = 0.9  # of what a name says when it is spelt out
_GUESSED = 0.8  # when what it is short for is in no list
_IN_PATH = 0.95  # of what the last step of a path says by itself
_WHERE = frozenset({"url", "uri", "endpoint", "path", "ttl"})  # of a secret: none itself
_PAIR = 2  # words
_LETTERS = 2  # that a word has at most which is short for a part of a system: `TMApprover`
_LEAST_CUT = 6  # letters of a word that may be several
_CALLED_BY = ("user.name", "user.account", "user.contact.phone_number")  # as numbers of someone are
_CALLED = ("user.contact.address", "organization.name")


class HeaderLexicon:
    """Every known word, for some languages."""

    def __init__(
        self,
        entries: Mapping[str, tuple[HeaderMatch, ...]],
        affixes: Affixes,
        *,
        about: Mapping[str, Mapping[str, tuple[HeaderMatch, ...]]] | None = None,
        composed: Composition | None = None,
        vocabulary: frozenset[str] = frozenset(),
    ) -> None:
        """Keep the words.

        Args:
            entries: readings by folded word.
            affixes: words around them.
            about: kind of table → readings that hold in such tables only.
            composed: words that mean something together.
            vocabulary: words that a name in one word is cut at.
        """
        self._entries = entries
        self._affixes = affixes
        self._about = about or {}
        self._composed = composed or composition()
        self._vocabulary = vocabulary
        self._abbreviations = Abbreviations(self._composed.short, vocabulary, self._composed.plain)
        self._known: dict[tuple[str, str], tuple[HeaderMatch, ...]] = {}

    def read(self, name: str, kind: str = "") -> tuple[HeaderMatch, ...]:
        """What a name may mean, the most likely first; () when it says nothing.

        Args:
            name: of a column.
            kind: of its table (`tables.csv`): `department` says where a person works.
        """
        if (name, kind) not in self._known:

            def whole(part: str) -> list[HeaderMatch]:
                return self._read_name(part, kind)

            def bare(part: str) -> list[HeaderMatch]:
                return self._read_parts(part, kind)

            def of_person(part: str) -> list[HeaderMatch]:
                return self._read_parts(part, "person")  # whoever is asked is one

            def phrase(part: str) -> list[HeaderMatch]:
                return (
                    asked(part, self._composed, self._listed, of_person)
                    or either(part, self._affixes, self._listed, bare)
                    or whole(part)
                )

            found = unremarked(name, phrase(name), phrase)
            self._known[name, kind] = tuple(sorted(found, key=lambda m: (-m.weight, m.category)))
        return self._known[name, kind]

    def _listed(self, name: str) -> bool:
        """Whether a list has the name as a whole."""
        return folded(name) in self._entries

    def _read_name(self, name: str, kind: str) -> list[HeaderMatch]:
        """What a name means without the remark behind it."""
        found = self._read_parts(name, kind)
        *path, last = name.split(".")
        if not path or not last or last.isdigit():
            return found
        # The steps to a place may be called anything; its own name tells.
        told = self._read_parts(last, kind)
        if max((m.weight for m in told if m.category), default=0.0) <= max(
            (m.weight for m in found), default=0.0
        ):
            return found
        said = [joined([part]) for part in words(".".join(path))]
        return [
            replace(match.scaled(_IN_PATH), organisation=self._affixes.of_organisation(said))
            for match in told
        ]

    def _read_parts(self, name: str, kind: str) -> list[HeaderMatch]:
        parts = words(name)
        found = (
            self._composed.named_in_path(name)
            or self._read_about(parts, kind)
            or self._read(parts)
            or self._cut(parts, kind)
        )
        if any(match.category for match in found):
            return found
        return (
            self._guessed(parts, kind)
            or self._spelt_out(parts, kind)
            or found
            or compound(parts, self._entries, self._affixes)
            or self._composed.dealing(parts)
        )

    def knows(self, word: str) -> bool:
        """Whether the word stands in the lexicon or among the affixes."""
        key = folded(word)
        return key in self._entries or key in self._affixes.words

    def _read_about(self, parts: Sequence[str], kind: str) -> list[HeaderMatch]:
        """What a name says in tables of this kind alone, whosever it is."""
        own = self._about.get(kind)
        if not own or not parts:
            return []
        for start in range(len(parts)):
            if found := own.get(joined(parts[start:])) or own.get(joined(uncounted(parts[start:]))):
                return list(found)
            if joined(parts[start : start + 1]) not in self._affixes.roles | self._composed.sites:
                break
        return self._composed.picture(parts)

    def _cut(self, parts: Sequence[str], kind: str) -> list[HeaderMatch]:
        """A name in one word, read as the words that it is written of."""
        pieces: list[str] = []
        for part in uncounted(parts):
            short = len(part) < _LEAST_CUT or joined([part]) in self._entries
            pieces += (() if short else cut(part, self._vocabulary)) or (part,)
        if len(pieces) == len(parts):
            return []
        return self._read_about(pieces, kind) or self._read(pieces)

    def _spelt_out(self, parts: Sequence[str], kind: str) -> list[HeaderMatch]:
        """A name of abbreviations read as what they are short for: `CUST_NBR`."""
        full = self._abbreviations.listed(uncounted(parts))
        found = self._read_about(full, kind) or self._read(full)
        return [match.scaled(_ABBREVIATED) for match in found if match.category]

    def _guessed(self, parts: Sequence[str], kind: str) -> list[HeaderMatch]:
        """Words cut short that are in no list, where all that they may stand for says the same."""
        told: list[list[HeaderMatch]] = []
        for full in self._abbreviations.guessed(uncounted(parts)):
            found = self._read_about(full, kind) or self._read(full)
            told.append(sorted(found, key=lambda m: -m.weight)[:1])
        if not told or not all(told) or len({match.category for [match] in told}) > 1:
            return []
        best = max((match for [match] in told), key=lambda m: m.weight)
        return [best.scaled(_GUESSED)] if best.category else []

    def _read(self, parts: Sequence[str]) -> list[HeaderMatch]:
        if not parts:
            return []
        # A number at the end counts columns (`tlf2`), unless the lexicon has it (`ad1`).
        bare = uncounted(parts)
        if whole := self._entries.get(joined(parts)) or entry(bare, self._entries):
            return self._with_rest(bare, whole)
        if of := self._composed.origin(bare):
            return of
        if bare[0] in _KEYS and len(bare) > 1:  # `id_customer` is `customer_id`
            return self._read((*bare[1:], "id"))
        if len(bare) == 1:
            return (
                permissions.refused(bare[0])
                or self._done_by(bare[0])
                or doers.held(self._composed, [joined(bare)])
                or glued(joined(bare), self._entries, self._affixes)
            )
        composed = self._composed.compose(bare, self._read)
        found = self._ending(bare, least=2 if composed else 1)
        if found is not None:
            told = {match.category for match in composed}
            return composed + [match for match in found if match.category not in told]
        if composed:
            return composed
        if bare[-1] in COUNTING and (of := self._before(bare[:-1], bare[-1], ())):
            return of
        if joined(bare[-1:]) in self._affixes.negating_tails:
            return []
        ending = glued(joined(bare[-1:]), self._entries, self._affixes) or self._cut(bare[-1:], "")
        if secret := [m.scaled(0.9) for m in ending if m.category.startswith(_SECRETS)]:
            return secret  # `user_newpasswd`
        found = self._beginning(bare)
        if found is None:
            found = glued(joined(bare), self._entries, self._affixes)
        said = [joined([part]) for part in bare]
        if not found and self._affixes.known(said[:-1]):
            return doers.held(self._composed, said)
        return found

    def _done_by(self, word: str) -> list[HeaderMatch]:
        """Who did it, written as one word: `createduser`."""
        pieces = cut(word, self._vocabulary)
        return doers.doer(self._composed, pieces) if len(pieces) == _PAIR else []

    def _with_rest(self, bare: Sequence[str], whole: Sequence[HeaderMatch]) -> list[HeaderMatch]:
        """The readings, and what else the words of a known name mean together: a `contact_no` may be a number of someone.

        A list that has a name as a whole knows one of its meanings; the values choose.
        """
        told = {match.category: match for match in whole}
        if not any(category.startswith(_CALLED_BY) for category in told):
            return list(whole)
        more = [*doers.someone(self._composed, bare, whole)]
        if len(bare) > 1:
            more += self._composed.numbered(bare)
        for match in more:
            known = told.get(match.category)
            if known is None or known.weight < match.weight:
                told[match.category] = match
        return list(told.values())

    def _ending(self, bare: Sequence[str], *, least: int) -> list[HeaderMatch] | None:
        """The longest ending that is known: nouns end with their head. None: there is none."""
        affixes = self._affixes
        for index in range(1, len(bare) - least + 1):
            head, tail = bare[:index], bare[index:]
            found = entry(tail, self._entries)
            if not found:
                continue
            if len(tail) == 1 and tail[0] in NAME_OF and (of := self._named(head)):
                return of
            if (
                len(tail) == 1
                and tail[0] in _VAGUELY
                and (of := self._before(head, tail[0], found))
            ):
                return of
            said = [joined([word]) for word in head]
            if any(w in affixes.negating_heads for w in said):
                return []
            thing = any(w in affixes.things for w in said)
            if len(tail) == 1:
                found = (*found, *doers.someone(self._composed, tail, found))
            return belonging(
                found, 0.95 if affixes.known([w for w in said if len(w) > _LETTERS]) else 0.75,
                affixes.of_organisation([*said, *(joined([word]) for word in tail)]), thing, tail,
            )  # fmt: skip
        return None

    def _before(
        self, head: Sequence[str], tail: str, found: Sequence[HeaderMatch]
    ) -> list[HeaderMatch]:
        """What stands before a word that says little: a `locale_id` is a language."""
        if any(match.category or match.weight > _VAGUE for match in found):
            return []
        return [
            match.scaled(0.9)
            for match in self._read(head)
            if match.category.startswith(_COUNTED if tail in COUNTING else _CODED)
            and not (tail == "id" and match.category.startswith(_SECRETS))
        ]

    def _beginning(self, bare: Sequence[str]) -> list[HeaderMatch] | None:
        """The longest beginning that is known: `epost_kunde`. None: there is none."""
        affixes = self._affixes
        for index in range(len(bare) - 1, 0, -1):
            head, tail = bare[:index], bare[index:]
            if (found := self._entries.get(start := joined(head))) and start not in affixes.alone:
                rest = [joined([word]) for word in tail]
                secret = any(match.category.startswith(_SECRETS) for match in found)
                if any(w in affixes.negating_tails or (secret and w in _WHERE) for w in rest):
                    return []
                organisation = any(w in affixes.organisations for w in rest)
                thing = any(w in affixes.things for w in rest)
                known = all(
                    w in affixes.tails or w in affixes.roles or w in affixes.organisations
                    for w in rest
                )
                return belonging(found, 0.9 if known else 0.5, organisation, thing, head)
        return None

    def _named(self, head: Sequence[str]) -> list[HeaderMatch]:
        """What is called so: the name of a town is a town, that of a company a company."""
        found = self._entries.get(joined(head), ())
        if any(m.category.startswith(_CALLED) for m in found):
            return belonging(found, 0.95, False, False, head)
        return []
