"""What several words make of a column's name together, where no list has it as a whole.

A noun for persons and a word for numbers are a person's number (`guarantorid`, `Selger-kode`);
what was done `by` is whoever did it; consent is consent wherever it stands; and what stands
behind a preposition says for whom, not what (`message_to_recipient`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from detectors.columns.header_match import HeaderMatch
from detectors.columns.spelling import folded, joined

Read = Callable[[Sequence[str]], Sequence[HeaderMatch]]

_PERSON, _WORKER = "user.unique_id", "user.unique_id.employee"
_AGENTS = ("er", "or", "ee")  # of who does something, or to whom it is done
_NO_AGENTS = ("meter", "ster", "nummer", "ther", "gger", "number", "order", "folder", "ctor", "dor")
_LEAST_AGENT = 5  # letters
_KEYS_OF = frozenset({"id", "ids", "uid", "guid", "uuid", "fk", "key", "no", "nr", "ref"})
_DOES = 2.4  # log-odds: words end so by chance
_NUMBERED = 2.6  # log-odds, as the weaker numbers of the lexicon
_BEFORE = 0.9  # of what a name says before a preposition
_STATES = frozenset({"code", "kode", "kod"})  # a return's code is a reason, not a number
_NAMES = frozenset({"name", "navn", "namn", "names"})
_USERS = frozenset({"user", "bruker", "brukar", "benutzer", "person", "utilisateur", "gebruiker"})
_SHORT = frozenset(
    {"id", "nr", "no", "ip", "zip", "dob", "tlf", "sms", "fax", "uid", "url", "by", "av", "sub"}
)
_TO = frozenset({"to", "til", "till"})
_COUNTRIES = frozenset({"country", "countrycode", "land", "landkode", "nation"})
_ORIGINS = (
    (
        "user.demographic.nationality",
        frozenset({"citizenship", "citizen", "nationality", "statsborger", "statsborgerskap", "statsborgarskap",
                   "medborgarskap", "medborgerskap", "staatsangehorigkeit"}),
    ),
    (
        "user.demographic.country_of_birth",
        frozenset({"birth", "born", "fode", "fodsels", "fodelse", "geburts"}),
    ),
)  # fmt: skip
_DEALT = frozenset({"order", "ordre", "invoice", "faktura", "bilag", "ticket", "sak", "case", "booking", "bestilling", "rechnung",
                    "auftrag", "bestallning", "kvittering", "receipt", "shipment", "sending", "forsendelse"})  # fmt: skip
_RECORD = frozenset({"profile", "profil", "record", "account", "person", "user", "bruker"})
_NOT_BY = frozenset({"order", "ordered", "group", "grouped", "sort", "sorted", "stand", "near", "use", "best", "powered", "step",
                     "ship", "deliver", "filter", "filtered", "search", "divided", "multiplied", "limit", "followed"})  # fmt: skip
# Who gets it, where something is given: `assigned_to`, `tildelt_til`.
_GIVEN = frozenset({"assigned", "assign", "reports", "reporting", "escalated", "delegated", "handed", "issued", "transferred", "routed",
                    "tildelt", "overfort", "flyt", "rapporterer", "utlevert", "utlant", "lent", "tilldelad", "zugewiesen"})  # fmt: skip
_SITE_NAMES = frozenset(
    {"username", "user", "handle", "login", "nick", "nickname", "screenname", "account", "acct"}
)
_WITH_IN = frozenset(
    {"sign", "signed", "log", "logged", "opt", "check", "clock", "stamp", "plug", "add", "built"}
)
_HASHES = frozenset(
    {"sha", "md", "hash", "hashed", "hashet", "hasha", "hashad", "gehasht", "hashes"}
)
_SECRET = frozenset({"key", "token", "secret", "passcode", "pin", "otp"})  # kept hashed
_HASHABLE = ("user.contact.email", "user.contact.phone_number", "user.name", "user.government_id")
_HASHED = 2.4  # weight of a name that says what was hashed
_PIECE = 4  # letters from which a word may be a piece of a longer one


@dataclass(frozen=True)
class Composition:
    """The words of `composition.toml`, folded."""

    keys: frozenset[str]
    persons: frozenset[str]
    workers: frozenset[str]
    dealings: frozenset[str]
    done: frozenset[str]
    by: frozenset[str]
    prepositions: frozenset[str]
    verbs: frozenset[str]
    consents: frozenset[str]
    topics: frozenset[str]
    acts: frozenset[str]
    records: frozenset[str]
    pictures: frozenset[str]
    places: frozenset[str]
    impersonal: frozenset[str]
    more: frozenset[str]
    plain: frozenset[str]
    frames: frozenset[str]
    no_agents: frozenset[str]
    sites: frozenset[str]
    short: Mapping[str, str]

    @property
    def words(self) -> frozenset[str]:
        """All that a name in one word is cut at."""
        return (
            self.keys | self.persons | self.workers | self.dealings | self.done
            | self.topics | self.acts | self.more
        )  # fmt: skip

    def compose(self, parts: Sequence[str], read: Read) -> list[HeaderMatch]:
        """What the words mean together; [] when they mean nothing.

        Args:
            parts: two words or more, as `spelling.words` cuts them.
            read: reads some of them by themselves.
        """
        said = [joined([part]) for part in parts]
        return (
            self._hashed(parts, said, read)
            or self._consent(said)
            or self._doer(said)
            or self._at_site(said)
            or self._number(said)
            or self._before_preposition(parts, said, read)
        )

    def numbered(self, parts: Sequence[str]) -> list[HeaderMatch]:
        """Whose number the words say, or who did it, where a list has them as something else."""
        said = [joined([part]) for part in parts]
        return self._doer(said) or [
            match for match in self._number(said) if match.category.startswith(_PERSON)
        ]

    def _hashed(self, parts: Sequence[str], said: Sequence[str], read: Read) -> list[HeaderMatch]:
        """What can be computed again from an address is a pseudonym: `email_sha256`."""
        rest = [part for part, word in zip(parts, said, strict=True) if word not in _HASHES]
        if not rest or len(rest) == len(parts):
            return []
        if said[-1] in _SECRET or (said[-1] in _HASHES and len(said) > 1 and said[-2] in _SECRET):
            return [HeaderMatch("user.authorization.credentials", "secret", 2.8, "hashed")]
        told = [m for m in read(rest) if m.category.startswith(_HASHABLE) and m.weight >= _HASHED]
        if not told:
            return []
        return [HeaderMatch("user.unique_id.pseudonymous", "hex", 3.0, "hashed")]

    def origin(self, parts: Sequence[str]) -> list[HeaderMatch]:
        """The country that someone is of, not where they live: `citizenship_country_code`."""
        said = [joined([part]) for part in parts]
        pairs = {*said, *(a + b for a, b in pairwise(said))}
        if not pairs & _COUNTRIES:
            return []
        for category, of in _ORIGINS:
            if word := min(pairs & of, default=""):
                return [HeaderMatch(category, "words", 3.2, word)]
        return []

    def picture(self, parts: Sequence[str]) -> list[HeaderMatch]:
        """Where the picture of someone is kept, in a table of persons."""
        said = [joined([part]) for part in parts]
        word = next((each for each in said[:-1] if each in self.pictures), "")
        if not word or said[-1] not in self.places:
            return []
        return [HeaderMatch("user.content.self_image", "picture", 2.4, word)]

    def named_in_path(self, name: str) -> list[HeaderMatch]:
        """A name at the end of a path is that of the person before it: `commit.author.name`."""
        *before, last = name.split(".")
        if not before or folded(last) not in _NAMES:
            return []
        word = next((each for each in reversed(before) if not each.isdigit()), "")
        word = folded(word).removesuffix("s")
        if word not in self.persons | self.workers:
            return []
        return [HeaderMatch("user.name", "name", 3.0, word)]

    def someone(self, said: Sequence[str], read: Sequence[HeaderMatch]) -> tuple[HeaderMatch, ...]:
        """The number of someone where the word for them alone heads whole numbers: `manager`."""
        word = joined(said[-1:])
        if not any(match.category == "user.name" for match in read):
            return ()
        if word in self.workers:
            return (HeaderMatch(_WORKER, "number_held", _NUMBERED, word),)
        if word in self.persons:
            return (HeaderMatch(_PERSON, "number_held", _NUMBERED, word),)
        return ()

    def dealing(self, parts: Sequence[str]) -> list[HeaderMatch]:
        """The number of a dealing that is called like it: `Opprinnelig ordre`."""
        word = joined(parts[-1:])
        if word not in _DEALT:
            return []
        return [HeaderMatch("user.link_key", "dealing", 2.4, word)]

    def refused(self, word: str) -> list[HeaderMatch]:
        """What someone does not want, written as one word: `donotbulkemail`."""
        if not word.startswith("donot"):
            return []
        return [HeaderMatch("user.privacy_preferences", "consent", 2.8, "do_not")]

    def _consent(self, said: Sequence[str]) -> list[HeaderMatch]:
        if refused := self.refused(said[0]):
            return refused
        if ("do", "not") in pairwise(said):
            return [HeaderMatch("user.privacy_preferences", "consent", 2.8, "do_not")]
        if self.records & set(said[1:]):
            alone = self.consents & set(said)
            if not alone or said[-1] in self.records:
                return []
        found = next((word for word in said if word in self.consents), "")
        pairs = {*said, *(a + b for a, b in pairwise(said))}
        if not found and pairs & self.consents:
            found = min(pairs & self.consents)
        if not found and set(said) & self.topics and set(said) & self.acts:
            found = next(word for word in said if word in self.acts)
        return [HeaderMatch("user.privacy_preferences", "consent", 2.8, found)] if found else []

    def _doer(self, said: Sequence[str]) -> list[HeaderMatch]:
        """`modified_by`, and `usermodified`: who did it, called by name, number or user name."""
        if said[-1] in self.keys and said[-1] not in _STATES and len(said) > 2:  # `approved_by_id`
            of_number = self._doer(said[:-1])
            return [match for match in of_number if match.shape == "number_of"]
        if said[-1] in _USERS and said[-2] in self.by and len(said) > 2:  # `created_by_user`
            said = said[:-1]
        if said[-1] in _USERS and said[-2] in _TO and len(said) > 2:  # `assigned_to_user`
            said = [*said[:-2], "by"]
        by = said[-1] in self.by and (said[-2] in self.done or said[-2] not in _NOT_BY)
        by |= said[-1] in _TO and said[-2] in _GIVEN
        turned = said[-1] in self.done and said[-2] in _USERS
        turned |= said[-1] in _USERS and said[-2] in self.done
        if not by and not turned:
            return []
        return [
            HeaderMatch("user.name", "full_name", 2.4, said[-1]),
            HeaderMatch("user.account.username", "login", 2.4, said[-1]),
            HeaderMatch(_PERSON if turned else _WORKER, "number_of", 2.6, said[-1]),
        ]

    def _number(self, said: Sequence[str]) -> list[HeaderMatch]:
        if said[-1] not in self.keys:
            return []
        if len(said) > 2 and said[-2] in _RECORD:  # `creator_profile_id`
            said = [*said[:-2], said[-1]]
        before = {said[-2], *(("".join(said[-3:-1]),) if len(said) > 2 else ())}
        if before & self.impersonal:
            return []
        before |= {word.removesuffix("s") for word in before}
        if word := min(before & self.workers, default=""):
            shape = "id" if said[-1] in _STATES else "number_of"
            return [HeaderMatch(_WORKER, shape, _NUMBERED, word)]
        if word := min(before & self.persons, default=""):
            return [HeaderMatch(_PERSON, "id", _NUMBERED, word)]
        if (word := min(before & self.dealings, default="")) and said[-1] not in _STATES:
            return [HeaderMatch("user.link_key", "id", _NUMBERED, word)]
        if said[-1] in _KEYS_OF and self._does(said[-2]):
            return [HeaderMatch(_PERSON, "number_of", _DOES, said[-2])]
        return []

    def _at_site(self, said: Sequence[str]) -> list[HeaderMatch]:
        """Who someone is where they log in or are known by other means: `github_id`."""
        if len(said) != 2 or said[0] not in self.sites:
            return []
        if said[1] in _SITE_NAMES:
            return [HeaderMatch("user.account.username", "username", _NUMBERED, said[0])]
        if said[1] in _KEYS_OF | {"sub", "oid", "sid"}:
            return [HeaderMatch(_PERSON, "id", _NUMBERED, said[0])]
        return []

    def _does(self, word: str) -> bool:
        """Whether a word is one for who does something, by its ending: `grader`, `observer`."""
        word = word.removesuffix("s")
        return (
            len(word) >= _LEAST_AGENT
            and word.endswith(_AGENTS)
            and not word.endswith(_NO_AGENTS)
            and word not in self.no_agents
            and word not in self.plain
        )

    def _before_preposition(
        self, parts: Sequence[str], said: Sequence[str], read: Read
    ) -> list[HeaderMatch]:
        for at in range(1, len(parts) - 1):
            if said[at] not in self.prepositions or said[at - 1] in self.verbs:
                continue
            if said[at] == "in" and said[at - 1] in _WITH_IN:
                continue
            if said[at - 1] in _NAMES:
                return list(read((*parts[at + 1 :], *parts[:at])))
            return [match.scaled(_BEFORE) for match in read(parts[:at])]
        return []


@cache
def composition() -> Composition:
    """The words that ship with sladd."""
    text = files("detectors.lexicon").joinpath("composition.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    short = {folded(form): word for word, forms in raw.pop("short").items() for form in forms}
    return Composition(
        **{key: frozenset(map(folded, listed)) for key, listed in raw.items()},
        short={form: folded(word) for form, word in short.items()},
    )


def cut(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """The fewest known words that a word is written of; () where they do not make it up.

    >>> cut("usermodified", frozenset({"user", "modified"}))
    ('user', 'modified')
    """
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    best[0] = ()
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            before, piece = best[start], word[start:end]
            # Between the parts of a compound may stand an s: `guardiansname`.
            if before and piece not in known and piece[1:] in known and piece[0] == "s":
                piece = piece[1:]
            if before is None or not (piece in _SHORT or (len(piece) >= _PIECE and piece in known)):
                continue
            old = best[end]
            if old is None or len(before) + 1 < len(old):
                best[end] = (*before, piece)
    found = best[-1] or ()
    return found if len(found) > 1 else ()
