"""What the keys of a table identify: its rows, and those that it points at."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.composition import composition
from detectors.columns.judgement import Judged
from detectors.columns.numbers import add_numbers
from detectors.columns.spelling import folded, joined, words
from detectors.columns.tables import head_of_name, kind_of_name, of_accounts
from detectors.columns.weighing import Candidate
from sladd.model import How, KeyRole, Table

_PERSONAL = (
    "user.contact.email", "user.name", "user.government_id", "user.contact.phone_number",
    "user.demographic.date_of_birth", "user.account.username",
)  # fmt: skip


def add_keys(columns: Sequence[Judged], table: Table, kind: str) -> None:
    """Say what primary and foreign keys identify.

    The key of a table of persons is a person's number, and a key that points there as well.
    """
    targets = {
        key.columns[0]: _about(key.target.name)
        for key in table.foreign_keys
        if len(key.columns) == 1
    }
    names = {key.columns[0]: key.target.name for key in table.foreign_keys if len(key.columns) == 1}
    personal = any(judged.accepted.startswith(_PERSONAL) for judged in columns if judged.accepted)
    # A contact person belongs to a customer, and is a person all the same.
    head = head_of_name(table.ref.name)
    if kind == "person" and head == "lookup" and of_accounts(table.ref.name):
        head = kind  # `accounts` that somebody logs in to
    persons = kind == "person" and personal and head == "person"
    named = persons and any(judged.accepted.startswith("user.name") for judged in columns)
    if kind in {"order", "support"} and head_of_name(table.ref.name) == kind:
        add_numbers(columns, "user.link_key", kind)
    if persons:
        firms = any(kind_of_name(word) == "organisation" for word in words(table.ref.name))
        add_numbers(columns, _number_of(table.ref.name), kind, accounts=not firms)
    for judged in columns:
        column = judged.field.ref.column
        if judged.field.ref.path:
            continue
        if column in targets:
            _key(judged, targets[column], "foreign", names[column])
            _whose_number(judged, targets[column], names[column])
        elif (
            table.primary_key == (column,)
            or judged.field.role is KeyRole.PRIMARY
            or _numbers_the_rows(judged, table, kind)
        ):
            if kind == "organisation":
                for candidate in judged.candidates:
                    candidate.barred |= candidate.category == "user.unique_id"
                continue
            about = kind
            other = {c for c, k in targets.items() if k == "person" and names[c] != table.ref.name}
            if other and not named:
                about = "order" if kind in {"", "person", "address"} else kind  # a person's record
                if _takes_part(table.ref.name):
                    for candidate in judged.candidates:
                        candidate.barred |= candidate.category == "user.unique_id"
            elif kind == "" and personal:
                record = folded(table.ref.name).endswith(_RECORDS)
                about = "person" if not record and _rows_are_persons(columns) else ""
            elif kind == "person" and not persons and not named and head:
                about = ""  # a `user_token` is no user
            elif kind == "person" and not personal and columns[0].profile.rows:
                about = ""
            _key(judged, about, "primary", table.ref.name)


def _about(name: str) -> str:
    """What the rows of a table are: of a person's salary, salaries."""
    kind, head = kind_of_name(name), head_of_name(name)
    return head or kind if kind == "person" else kind


def _takes_part(name: str) -> bool:
    """Whether a table lists in what somebody takes part: its rows are parts, and no persons."""
    said = words(name)
    return bool(said) and joined([said[-1].removesuffix("s")]) in _PARTS


# Who someone is to an event or a letter.
_PARTS = frozenset({"participant", "subscriber", "attendee", "registrant", "recipient", "invitee", "follower",
                    "deltaker", "deltakar", "abonnent", "mottaker", "teilnehmer", "deltager", "deltagare"})  # fmt: skip
# What happened to persons, or was done by them.
_RECORDS = (
    "history",
    "historikk",
    "historik",
    "verlauf",
    "log",
    "logg",
    "protokoll",
    "share",
    "shares",
    "queue",
)
_NUMBERED = frozenset({"id", "no", "nr", "uid", "recordid", "lopenr", "pk", "rowid"})


def _numbers_the_rows(judged: Judged, table: Table, kind: str) -> bool:
    """Whether a column is the key of a table of persons that declares none, as exports do."""
    if table.primary_key or kind != "person" or folded(judged.field.ref.column) not in _NUMBERED:
        return False
    column = judged.profile
    if column.rows == 0:
        return True  # an empty table is what its names say
    filled = column.rows - column.nulls  # in an export one in ten may be spoilt
    return column.rows >= 2 and filled >= _OWN * column.rows and column.distinct >= _OWN * filled


_NAMED_BY = ("user.name", "user.contact.email", "user.contact.phone_number")
_GIVES = frozenset({"sender", "avsender", "absender", "afsender", "giver", "donor", "buyer", "purchaser", "kjoper", "payer", "betaler",
                    "inviter", "caller", "lender", "creator", "requester"})  # fmt: skip
_GETS = frozenset({"recipient", "mottaker", "mottakar", "empfanger", "modtager", "mottagare", "payee", "invitee", "beneficiary",
                   "borrower", "guest", "attendee"})  # fmt: skip
_OWN = 0.85  # share of the rows that differ in what says who they are
_WHO = (
    "user.contact.email", "user.name.last", "user.government_id", "user.account.username",
    "user.demographic.date_of_birth", "user.contact.phone_number",
)  # fmt: skip


def _rows_are_persons(columns: Sequence[Judged]) -> bool:
    """Whether each row says of someone else who it is, beyond whom it mentions.

    A book has an author and a meeting a chair; a person has an address or a number besides.
    """
    if _two_persons(columns):
        return False
    told = {who for who in _WHO for j in columns if j.accepted.startswith(who)}
    if len(told) != 1 or not columns[0].profile.rows:
        return bool(told)
    return any(
        judged.profile.distinct >= _OWN * max(1, judged.profile.rows - judged.profile.nulls)
        for judged in columns
        if judged.accepted.startswith(_WHO)
    )


def _two_persons(columns: Sequence[Judged]) -> bool:
    """Whether each row names two persons in different parts, and none without: a gift's two."""
    parts: set[str] = set()
    roles = composition().persons | composition().workers
    for judged in columns:
        if not judged.accepted.startswith(_NAMED_BY) or judged.field.ref.path:
            continue
        said = {joined([word]) for word in words(judged.field.ref.column)} & roles
        if len(said) != 1:
            return False
        parts |= said
    return len(parts & _GIVES) > 0 and len(parts & _GETS) > 0


def _key(judged: Judged, kind: str, role: str, table: str) -> None:
    category = {
        "person": "user.unique_id", "order": "user.link_key", "cart": "user.link_key",
        "support": "user.link_key", "address": "user.link_key", "review": "user.link_key",
        "consent": "user.link_key",
    }.get(kind)  # fmt: skip
    if category is None:
        return
    if category == "user.unique_id":
        category = _number_of(table)
    if category == "user.link_key" and judged.accepted.startswith("user.unique_id"):
        return  # its name says whose number it is
    found = [c for c in judged.candidates if c.category.startswith(category)]
    if not found:
        found = [Candidate(category, "")]
        judged.candidates.extend(found)
    for candidate in found:
        candidate.barred = False
        # A key called `id` is known to say nothing by its name.
        muted = sum(e.weight for e in candidate.evidence if e.signal == "header" and e.weight < 0)
        candidate.add("key", 3.4 - muted, role=role, table_kind=kind)
        named = any(e.signal == "header" and e.weight > 0 for e in candidate.evidence)
        if category == "user.link_key" and not named:
            candidate.how = How.LINKED  # a surrogate key says nothing; what it leads to does


_ANYONE = frozenset(
    {"user", "users", "bruker", "brukere", "brukar", "brukarar", "account", "accounts"}
)


def _whose_number(judged: Judged, kind: str, target: str) -> None:
    """A key to a table of contacts is a contact's, although its name speaks of who works here."""
    if kind != "person" or of_employees(target) or _ANYONE & set(words(target)):
        return
    for candidate in judged.candidates:
        if (
            candidate.category == "user.unique_id.employee"
            and _number_of(target) == "user.unique_id"
        ):
            candidate.category = "user.unique_id"


def _number_of(table: str) -> str:
    return "user.unique_id.employee" if of_employees(table) else "user.unique_id"


def of_employees(table: str) -> bool:
    """Whether a table's name says that its rows work for whoever keeps it."""
    return any(w.startswith(_STAFF) or w == "personal" for w in words(table))


_STAFF = (
    "ansatt",
    "tilsett",
    "employee",
    "staff",
    "personell",
    "personale",
    "medarbe",
    "mitarbeiter",
    "anstalld",
    "workforce",
)
