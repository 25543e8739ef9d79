"""What several words make of a column's name together, where no list has it as a whole.

A noun for persons and a word for numbers are a person's number (`guarantorid`, `Selger-kode`);
what was done `by` is whoever did it; consent is consent wherever it stands; and what stands
behind a preposition says for whom, not what (`message_to_recipient`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from detectors.columns import doers, permissions
from detectors.columns.composed_words import Words
from detectors.columns.header_match import HeaderMatch
from detectors.columns.spelling import folded, joined

Read = Callable[[Sequence[str]], Sequence[HeaderMatch]]

_PERSON = "user.unique_id"
_BEFORE = 0.9  # of what a name says before a preposition
_NAMES = frozenset({"name", "navn", "namn", "names"})
_SHORT = frozenset(
    ("id", "nr", "no", "nro", "ip", "zip", "dob", "tlf", "sms", "fax", "uid", "url", "by", "av", "sub")
)  # fmt: skip
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
_WITH_IN = frozenset(
    {"sign", "signed", "log", "logged", "opt", "check", "clock", "stamp", "plug", "add", "built"}
)
_HASHES = frozenset(
    {"sha", "md", "hash", "hashed", "hashet", "hasha", "hashad", "gehasht", "hashes"}
)
_SECRET = frozenset({"key", "token", "secret", "passcode", "pin", "otp"})  # kept hashed
_CODES = frozenset({"code", "kode", "kod", "token", "key", "secret", "nonce"})
_OPENS = frozenset({"password", "passord", "passwd", "pwd", "pass", "passwort", "losenord", "adgangskode", "activation", "aktivering", "aktiverings",
                    "persist", "persistence", "perishable", "remember", "reset", "recovery", "forgot", "unlock"})  # fmt: skip
_HASHABLE = ("user.contact.email", "user.contact.phone_number", "user.name", "user.government_id")
_HASHED = 2.4  # weight of a name that says what was hashed
_PIECE = 4  # letters from which a word may be a piece of a longer one


@dataclass(frozen=True)
class Composition(Words):
    """What these words say together."""

    def compose(self, parts: Sequence[str], read: Read) -> list[HeaderMatch]:
        """What the words mean together; [] when they mean nothing.

        Args:
            parts: two words or more, as `spelling.words` cuts them.
            read: reads some of them by themselves.
        """
        said = [joined([part]) for part in parts]
        return (
            _opening(said)
            or self._hashed(parts, said, read)
            or permissions.consent(self, said)
            or doers.doer(self, said)
            or doers.referred(self, said)
            or doers.at_site(self, said)
            or doers.number(self, said)
            or self._before_preposition(parts, said, read)
        )

    def numbered(self, parts: Sequence[str]) -> list[HeaderMatch]:
        """Whose number the words say, or who did it, where a list has them as something else."""
        said = [joined([part]) for part in parts]
        return (
            doers.doer(self, said)
            or doers.referred(self, said)
            or [match for match in doers.number(self, said) if match.category.startswith(_PERSON)]
        )

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

    def dealing(self, parts: Sequence[str]) -> list[HeaderMatch]:
        """The number of a dealing that is called like it: `Opprinnelig ordre`."""
        word = joined(parts[-1:])
        if word not in _DEALT:
            return []
        return [HeaderMatch("user.link_key", "dealing", 2.4, word)]

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


def _opening(said: Sequence[str]) -> list[HeaderMatch]:
    """A code or key that lets somebody in: `reset_password_code`, `persist_token`."""
    if said[-1] not in _CODES or not _OPENS & set(said[:-1]):
        return []
    return [HeaderMatch("user.authorization.credentials", "secret", 2.8, said[-1])]


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
