"""Who did something, and whose number it is, by the words of a column's name."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.composed_words import Words
from detectors.columns.header_match import HeaderMatch
from detectors.columns.spelling import joined

RECORD = frozenset({"profile", "profil", "record", "account", "person", "user", "bruker"})
_PERSON, _WORKER = "user.unique_id", "user.unique_id.employee"
_AGENTS = ("er", "or", "ee")  # of who does something, or to whom it is done
_NO_AGENTS = ("meter", "ster", "nummer", "ther", "gger", "number", "order", "folder", "ctor", "dor")
_LEAST_AGENT = 5  # letters
_KEYS_OF = frozenset({"id", "ids", "uid", "guid", "uuid", "fk", "key", "no", "nr", "ref"})
_CALLED = 1.6  # log-odds that someone is told by name where a word for them is all
_DOES = 2.4  # log-odds: words end so by chance
_NUMBERED = 2.6  # log-odds, as the weaker numbers of the lexicon
_STATES = frozenset({"code", "kode", "kod"})  # a return's code is a reason, not a number
_USERS = frozenset({"user", "bruker", "brukar", "benutzer", "person", "utilisateur", "gebruiker"})
_ACCOUNTS = frozenset({"account", "acct", "konto"})
# Who has an account in a ledger of customers.
_HOLDERS = frozenset({"customer", "client", "debtor", "kunde", "debitor", "kund", "cust"})
_IDS = frozenset({"id", "ids", "uid", "fk", "guid", "uuid"})
# Behind a key: what is said of it, and not in which role someone is.
_ABOUT_IT = frozenset({"type", "status", "verified", "hash", "count", "label", "name", "at", "date", "url", "version", "source", "old",
                       "new", "prefix", "suffix", "length", "number", "no", "nr"})  # fmt: skip
_REFERENCES = frozenset(
    {"ref", "refr", "reference", "referanse", "referens", "referenz", "zeichen"}
)
_OURS = frozenset({"our", "var", "vores", "vor", "unsere", "unser", "egen"})
_YOURS = frozenset({"your", "deres", "dykkar", "ihre", "ihr", "er", "jeres", "kundens"})
_TO = frozenset({"to", "til", "till"})
_NOT_BY = frozenset({"order", "ordered", "group", "grouped", "sort", "sorted", "stand", "near", "use", "best", "powered", "step",
                     "ship", "deliver", "filter", "filtered", "search", "divided", "multiplied", "limit", "followed"})  # fmt: skip
_WHERE = frozenset({"levering", "leverings", "lev", "faktura", "fakturerings", "post", "bo", "bopels", "bosteds", "fode", "fodsels", "hjem",
                    "forsendelses", "kunde", "kundens", "adresse", "privat", "arbejds", "besogs", "besoks", "postnr", "postnummer"})  # fmt: skip
# Who gets it, where something is given: `assigned_to`, `tildelt_til`.
_GIVEN = frozenset({"assigned", "assign", "reports", "reporting", "escalated", "delegated", "handed", "issued", "transferred", "routed",
                    "tildelt", "overfort", "flyt", "rapporterer", "utlevert", "utlant", "lent", "tilldelad", "zugewiesen"})  # fmt: skip
_SITE_NAMES = frozenset(
    {"username", "user", "handle", "login", "nick", "nickname", "screenname", "account", "acct"}
)


def doer(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """`modified_by`, and `usermodified`: who did it, called by name, number or user name."""
    if said[-1] in known.keys and said[-1] not in _STATES and len(said) > 2:  # `approved_by_id`
        of_number = doer(known, said[:-1])
        return [match for match in of_number if match.shape in {"number_of", "staff_key"}]
    if said[-1] in _USERS and said[-2] in known.by and len(said) > 2:  # `created_by_user`
        said = said[:-1]
    if said[-1] in _USERS and said[-2] in _TO and len(said) > 2:  # `assigned_to_user`
        said = [*said[:-2], "by"]
    if said[-1] == "by" and said[-2] in _WHERE:
        return []  # a town, in Norwegian and Danish
    by = said[-1] in known.by and (said[-2] in known.done or said[-2] not in _NOT_BY)
    by |= said[-1] in _TO and said[-2] in _GIVEN
    turned = said[-1] in known.done and said[-2] in _USERS
    turned |= said[-1] in _USERS and said[-2] in known.done
    if not by and not turned:
        return []
    return [
        HeaderMatch("user.name", "full_name", 2.4, said[-1]),
        HeaderMatch("user.account.username", "login", 2.4, said[-1]),
        HeaderMatch(
            _PERSON if turned else _WORKER, "number_of" if turned else "staff_key", 2.6, said[-1]
        ),
    ]


def number(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """Whose number it is, or of which dealing: `guarantorid`, `Selger-kode`."""
    if said[-1] in _ACCOUNTS and said[-2].removesuffix("s") in _HOLDERS:
        return [HeaderMatch(_PERSON, "number_of", _DOES, said[-2])]
    if said[-1] not in known.keys:
        return _in_a_role(known, said)
    if len(said) > 2 and said[-2] in RECORD:  # `creator_profile_id`
        said = [*said[:-2], said[-1]]
    before = {said[-2], *(("".join(said[-3:-1]),) if len(said) > 2 else ())}
    if before & known.impersonal:
        return []
    before |= {word.removesuffix("s") for word in before}
    if word := min(before & known.workers, default=""):
        shape = "id" if said[-1] in _STATES else "staff_key"
        return [HeaderMatch(_WORKER, shape, _NUMBERED, word)]
    if word := min(before & known.persons, default=""):
        return [HeaderMatch(_PERSON, "id", _NUMBERED, word)]
    if (word := min(before & known.dealings, default="")) and said[-1] not in _STATES:
        return [HeaderMatch("user.link_key", "id", _NUMBERED, word)]
    if said[-1] in _KEYS_OF and _does(known, said[-2]):
        return [HeaderMatch(_PERSON, "number_of", _DOES, said[-2])]
    return []


def _in_a_role(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """A key to persons, and what the one it leads to is here: `users_id_supervisor`."""
    for at in range(1, len(said) - 1):
        word = said[at - 1].removesuffix("s")
        if said[at] not in _IDS or word not in known.persons | known.workers:
            continue
        if _ABOUT_IT & set(said[at + 1 :]):
            return []
        worker = word in known.workers or said[-1] in known.workers
        return [HeaderMatch(_WORKER if worker else _PERSON, "number_of", _NUMBERED, said[-1])]
    return []


def referred(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """Whom a letter names for questions: `Vores ref.` is one of us, `Ihre Referenz` one of them."""
    del known
    if len(said) != 2 or said[1] not in _REFERENCES or said[0] not in _OURS | _YOURS:
        return []
    name = HeaderMatch("user.name", "name", 2.2, said[1])
    if said[0] in _YOURS:
        return [name]
    return [HeaderMatch(_WORKER, "staff_key", _NUMBERED, said[1]), name]


def held(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """Someone whom one word alone tells, and no list has: `responsible`, `coworker`."""
    word = said[-1]
    if word in known.workers:
        return [
            HeaderMatch(_WORKER, "staff_key", _NUMBERED, word),
            HeaderMatch("user.name", "full_name", _CALLED, word),
        ]
    return []


def at_site(known: Words, said: Sequence[str]) -> list[HeaderMatch]:
    """Who someone is where they log in or are known by other means: `github_id`."""
    if len(said) != 2 or said[0] not in known.sites:
        return []
    if said[1] in _SITE_NAMES:
        return [HeaderMatch("user.account.username", "username", _NUMBERED, said[0])]
    if said[1] in _KEYS_OF | {"sub", "oid", "sid"}:
        return [HeaderMatch(_PERSON, "id", _NUMBERED, said[0])]
    return []


def _does(known: Words, word: str) -> bool:
    """Whether a word is one for who does something, by its ending: `grader`, `observer`."""
    word = word.removesuffix("s")
    return (
        len(word) >= _LEAST_AGENT
        and word.endswith(_AGENTS)
        and not word.endswith(_NO_AGENTS)
        and word not in known.no_agents
        and word not in known.plain
    )


def someone(
    known: Words, said: Sequence[str], read: Sequence[HeaderMatch]
) -> tuple[HeaderMatch, ...]:
    """The number of someone where the word for them alone heads whole numbers: `manager`."""
    word = joined(said[-1:])
    if not any(match.category == "user.name" for match in read):
        return ()
    if word in known.workers:
        return (HeaderMatch(_WORKER, "staff_key", _NUMBERED, word),)
    if word in known.persons:
        return (HeaderMatch(_PERSON, "held_key", _NUMBERED, word),)
    return ()
