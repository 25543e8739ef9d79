"""What columns of one table say about each other: name parts, addresses, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.encoded import coded
from detectors.columns.gazetteer import key as name_key
from detectors.columns.gazetteer import postcodes
from detectors.columns.judgement import Judged
from detectors.columns.numbers import add_numbers
from detectors.columns.spelling import folded, words
from detectors.columns.tables import head_of_name, kind_of_name, of_accounts
from detectors.columns.weighing import FAMILY, Candidate
from sladd.model import How, KeyRole, StorageType, Table

_ADDRESS = "user.contact.address"
_POSTCODE = f"{_ADDRESS}.postal_code"
_CITY = f"{_ADDRESS}.city"
_SURE = 0.9  # columns that need no more support
_STREET = f"{_ADDRESS}.street"
_COUNTRY = f"{_ADDRESS}.country"
_PHONE = "user.contact.phone_number"
_TEXT = "user.content.private"
_PERSONAL = (
    "user.contact.email", "user.name", "user.government_id", "user.contact.phone_number",
    "user.demographic.date_of_birth", "user.account.username",
)  # fmt: skip
_HELPED: Mapping[str, tuple[str, ...]] = {
    # a category: the neighbours that speak for it
    "user.name.first": ("user.name.last", "user.contact.email", _PHONE, _STREET),
    "user.name.last": ("user.name.first", "user.contact.email", _PHONE, _STREET),
    "user.name": ("user.contact.email", _PHONE, _STREET,
                  "user.government_id.national_identification_number"),
    _STREET: (_POSTCODE, _CITY),
    _POSTCODE: (_CITY, _STREET),
    _CITY: (_POSTCODE, _STREET),
    _COUNTRY: (_POSTCODE, _CITY, _STREET),
    f"{_ADDRESS}.municipality": (_POSTCODE, _CITY, _STREET),
    _PHONE: ("user.contact.email", "user.name", "user.name.last", "user.name.first", _STREET),
    **dict.fromkeys(
        ("user.demographic.date_of_birth", "user.demographic.age_range", "user.job_title",
         "user.demographic.marital_status", "user.health_and_medical", "user.education"),
        ("user.name", "user.name.last", "user.contact.email", "user.demographic.gender"),
    ),
    "user.demographic.gender": ("user.name.first", "user.name", "user.demographic.date_of_birth"),
    "user.account.username": ("user.contact.email", "user.authorization.password"),
    "organization.name": ("organization.registration_number",),
    _TEXT: ("user.name", "user.contact.email", _PHONE, "user.name.first", "user.name.last"),
}  # fmt: skip
_SPOKEN = (  # words of someone who writes to someone, in nb, nn, en
    r"(?i)(?:^|[^\pL])(?:jeg|eg|vi|me|dere|dykk|du|deg|meg|min|mitt|hei|takk|mvh|vennlig|ringe?|"
    r"kunden?|ønsker|ønskjer|ikke|ikkje|helst|kan|please|thanks?|you|your|my|we|hello|hi|dear|not|"
    r"customer|called|wants?|avtalt|bestilte|leveres?|beskjed)(?:$|[^\pL])"
)
_MORE = {_TEXT: 2.2, _PHONE: 1.5, _STREET: 1.5}  # where a neighbour tells more than the usual 1.0


def add_neighbours(columns: Sequence[Judged]) -> None:
    """Let accepted columns speak for the ones beside them, once."""
    accepted = {
        judged.accepted: judged
        for judged in columns
        if judged.accepted and not judged.field.ref.path
    }
    for judged in columns:
        for candidate in judged.candidates:
            helpers = [
                category
                for category in _HELPED.get(candidate.category, ())
                if category in accepted and accepted[category] is not judged
            ]
            if not helpers:
                continue
            if candidate.barred and _told(candidate, judged, helpers):
                candidate.barred = False
            if not candidate.barred:
                weight = _MORE.get(candidate.category, 1.0) + (0.5 if len(helpers) > 1 else 0.0)
                if candidate.category == _TEXT and judged.profile.share(_SPOKEN) < 0.05:
                    weight = 0.0  # a product is described to everyone; no one is spoken to
                candidate.add("neighbour", weight, category=helpers[0], neighbours=len(helpers))


def _told(candidate: Candidate, judged: Judged, helpers: Sequence[str]) -> bool:
    """Whether neighbours make values of the right shape what they look like."""
    values = sum(e.weight for e in candidate.evidence if FAMILY[e.signal] == "value")
    match candidate.category:
        case "user.contact.phone_number":
            return any(e.signal == "scatter" for e in candidate.evidence)
        case "user.contact.address.postal_code":
            # Years are postcodes too, thirty out of thirty-one.
            return values >= 3.0 and judged.profile.share(r"^(?:19|20)[0-9]{2}$") < 0.9
        case "user.contact.address.street":
            return values >= 1.0 and bool({_POSTCODE, _CITY} & set(helpers))
        case "user.contact.address.country":
            return values >= 1.0
        case _:
            return False


def add_places(columns: Sequence[Judged], data: Mapping[str, pa.Array | pa.ChunkedArray]) -> None:
    """Four digits are postcodes where the place of the register stands beside them.

    Half of all four-digit numbers are postcodes, 2024 among them; a place in the same row is
    what tells.

    Args:
        columns: the judged ones.
        data: their values by `str(ref)`, row by row.
    """
    codes = [
        (judged, candidate)
        for judged in columns
        for candidate in judged.candidates
        if candidate.category == _POSTCODE and candidate.type
    ]
    towns = [
        judged
        for judged in columns
        if judged.profile.type is StorageType.STRING
        and any(c.category == _CITY for c in judged.candidates)
    ]
    for judged, candidate in codes:
        for town in towns:
            if not candidate.barred and max(c.confidence for c in town.candidates) > _SURE:
                continue
            if not {str(judged.field.ref), str(town.field.ref)} <= set(data):
                continue
            left, right = (data[str(each.field.ref)] for each in (judged, town))
            if len(left) != len(right):
                continue
            share, pairs = _agreement(left, right)
            if pairs >= 3 and share >= 0.5:
                candidate.barred = False
                facts = {"agree": round(share, 3), "pairs": pairs}
                candidate.add("neighbour", 3.0, **facts)
                for beside in town.candidates:
                    if beside.category == _CITY:
                        beside.add("neighbour", 3.0, **facts)
                break


def _agreement(
    codes: pa.Array | pa.ChunkedArray, towns: pa.Array | pa.ChunkedArray
) -> tuple[float, int]:
    """Share 0-1 of the distinct pairs that the register knows, and how many there were.

    Both are 0 where it cannot be half of them: then no more is asked.
    """
    (left, numbers), (right, names) = coded(codes), coded(towns)
    if numbers.null_count or names.null_count:
        return 0.0, 0  # no text
    padded = pc.utf8_lpad(pc.utf8_trim_whitespace(numbers), 4, "0")
    at = pc.index_in(padded, value_set=pa.array(postcodes(), pa.string()))
    place = at.fill_null(-1).to_numpy(zero_copy_only=False)
    both = (left >= 0) & (right >= 0)
    keys = (left * len(names) + right)[both]
    listed = keys[place[left[both]] >= 0]
    code, town = np.divmod(pc.unique(pa.array(listed)).to_numpy(), max(1, len(names)))
    spelled, which = np.unique(town, return_inverse=True)
    called = [name_key(name.strip()) for name in names.take(pa.array(spelled)).to_pylist()]
    known = sum(
        _places()[there] == called[spelling]
        for there, spelling in zip(place[code].tolist(), which.tolist(), strict=True)
    )
    if not known or 2 * known < np.count_nonzero(np.bincount(left[both])):
        return 0.0, 0  # each number has a pair of its own at least
    pairs = pc.count_distinct(pa.array(keys)).as_py()
    return known / pairs, pairs


@cache
def _places() -> tuple[str, ...]:
    """The places of the register in its order, as they are looked up."""
    return tuple(map(name_key, postcodes().values()))


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
        add_numbers(columns, _number_of(table.ref.name), kind)
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


_OWN = 0.85  # share of the rows that differ in what says who they are
_WHO = (
    "user.contact.email", "user.name.last", "user.government_id", "user.account.username",
    "user.demographic.date_of_birth", "user.contact.phone_number",
)  # fmt: skip


def _rows_are_persons(columns: Sequence[Judged]) -> bool:
    """Whether each row says of someone else who it is, beyond whom it mentions.

    A book has an author and a meeting a chair; a person has an address or a number besides.
    """
    told = {who for who in _WHO for j in columns if j.accepted.startswith(who)}
    if len(told) != 1 or not columns[0].profile.rows:
        return bool(told)
    return any(
        judged.profile.distinct >= _OWN * max(1, judged.profile.rows - judged.profile.nulls)
        for judged in columns
        if judged.accepted.startswith(_WHO)
    )


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
    if kind != "person" or _employees(target) or _ANYONE & set(words(target)):
        return
    for candidate in judged.candidates:
        if (
            candidate.category == "user.unique_id.employee"
            and _number_of(target) == "user.unique_id"
        ):
            candidate.category = "user.unique_id"


def _number_of(table: str) -> str:
    return "user.unique_id.employee" if _employees(table) else "user.unique_id"


def _employees(table: str) -> bool:
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
