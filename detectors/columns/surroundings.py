"""The table that a column stands in, and what it says to what only a context can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.columns.composition import composition
from detectors.columns.tables import BEHAVIOUR, IMPERSONAL
from detectors.columns.weighing import Candidate

# Categories that only a name, a neighbour or a list of names can tell, and that a table of
# products or codes therefore never holds.
SOFT = (
    "user.name", "user.contact.address", "user.content", "user.demographic", "user.job_title",
    "user.workplace", "user.health_and_medical", "user.location", "user.childrens",
    "user.behavior", "user.criminal_history", "user.biometric", "user.account",
    "user.privacy_preferences", "organization.name", "user.education", "user.financial.income",
    "user.financial.salary",
)  # fmt: skip
_DOERS = ("user.name", "user.account")
_LOGIN = "user.account.username"
_FORM = 5.0  # log-odds of a form that nothing else is written in
_COUNTRY = "user.contact.address.country"
_KEPT = "user.authorization"  # what a table of persons keeps for each of them
# Words for what a thing has as well as a person: a course's name, a meeting's place.
_OF_THINGS = (
    "name", "navn", "namn", "title", "tittel", "language", "lang", "locale", "språk", "description",
    "beskrivelse", "note", "notes", "text", "tekst", "city", "sted", "country", "land", "address",
    "adresse", "initials", "subject", "prefix", "region", "content", "body", "job", "position",
    "salary", "lønn", "lonn", "gehalt", "wage",
)  # fmt: skip


_OF_PERSONS = (
    "username",
    "user_name",
    "brukernavn",
    "brukarnamn",
    "poster_name",
    "author_name",
    "owner_name",
    "creator_name",
    "sender_name",
)


@dataclass(frozen=True)
class Surroundings:
    """What a column stands in. Names of columns are the schema's, never values."""

    kind: str
    organisation: bool
    head: str = ""  # kind of the noun that the table's name ends with
    topic: str = ""  # pay or searches, whosever they are
    staff: bool = False  # its rows are persons who work for whoever keeps it

    @property
    def person(self) -> bool:
        """Whether the rows of the table are persons, by its name."""
        return self.kind == "person" and self.head in {"person", ""}

    @property
    def about(self) -> str:
        """The kind of table in which names say more than elsewhere; "" for any other."""
        if self.staff:
            return "staff"
        return "person" if self.person or self.topic == "work" else self.topic


def _names_someone(candidate: Candidate) -> bool:
    """Whether a name says who has to do with a thing, and not what the thing is called."""
    tokens = [e.facts.get("token", "") for e in candidate.evidence if e.signal == "header"]
    return any(
        token and (not str(token).endswith(_OF_THINGS) or str(token).endswith(_OF_PERSONS))
        for token in tokens
    )


def _did_it(candidate: Candidate) -> bool:
    """Whether a name says who did something: `Opprettet av`."""
    by = composition().by
    return any(
        e.signal == "header" and e.weight > 0 and str(e.facts.get("token", "")) in by
        for e in candidate.evidence
    )


def add_table(candidates: Sequence[Candidate], around: Surroundings) -> None:
    """Let the table's name speak to what only a context can tell."""
    for candidate in candidates:
        named = any(e.signal == "header" and e.weight > 0 for e in candidate.evidence)
        if around.kind == "person" and candidate.category.startswith(_KEPT) and named:
            candidate.add("context", 0.8, table=around.kind)  # what they log in with
        if not candidate.category.startswith(SOFT):
            continue
        if around.kind in IMPERSONAL:
            if candidate.category.startswith(_DOERS) and _did_it(candidate):
                continue  # a thing has no name of a person, and was made by one
            strong = max((e.weight for e in candidate.evidence if e.signal == "header"), default=0)
            if around.kind == "lookup" and candidate.category.startswith("user.contact.address"):
                continue
            if candidate.category == _COUNTRY:
                candidate.add("context", -8.0, table=around.kind)  # where it was made
                continue
            if candidate.category == _LOGIN and any(
                e.signal == "pattern" and e.weight >= _FORM for e in candidate.evidence
            ):
                candidate.add("context", -1.0, table=around.kind)  # who a machine is used by
                continue
            # A register of first names would be a table of products; a customer's is not.
            mild = strong >= 3.5 or (
                candidate.category.startswith("user.name") and _names_someone(candidate)
            )
            candidate.add("context", -2.0 if mild else -4.0, table=around.kind)
        elif around.kind == "thing":
            named = any(e.signal == "header" for e in candidate.evidence)
            written = candidate.category.startswith("user.content") and not named
            if not written and not _names_someone(candidate):
                candidate.add("context", -3.0, table=around.kind)
        elif around.kind in {"person", "address"}:
            candidate.add("context", 1.5, table=around.kind)
        elif around.kind in BEHAVIOUR:
            candidate.add("context", 0.8, table=around.kind)
