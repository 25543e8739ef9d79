"""Columns that number the rows of a table: `Code`, `ExternalCode`, `number`, a second `uuid`.

Alone such a name says nothing. In a table of persons, or of orders, a column that gives each row
another value, and whose name is a word for a number and no more, is how someone else finds them.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.judgement import Judged
from detectors.columns.named import SERIES
from detectors.columns.spelling import words
from detectors.columns.tables import kind_of_name
from detectors.columns.weighing import Candidate
from sladd.model import KeyRole, StorageType

UUID = r"(?i)^\s*[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\s*$"  # of a row (RFC 9562)
_NUMBERS = frozenset(
    ("code", "kode", "no", "nr", "num", "number", "nummer", "id", "uid", "uuid", "guid",
     "identifier", "identifikator", "reference", "ref", "referanse", "key", "nokkel", "barcode",
     "strekkode", "badge", "card", "kort", "license", "licence", "autorisasjon")
)  # fmt: skip
_OTHER = frozenset(
    ("order", "cart", "address", "lookup", "product", "organisation", "property", "web", "search",
     "review", "support", "consent")
)  # fmt: skip
"""Kinds of tables whose rows a number may be of, where a word for them stands before it."""

_THINGS = frozenset(
    ("group", "gruppe", "gln", "ean", "gtin", "plan", "price", "pris", "template", "mal", "list",
     "liste", "batch", "lot", "parti", "campaign", "kampanje", "channel", "kanal", "media", "file",
     "picture", "image", "bilde", "country", "land", "method", "metode", "currency", "valuta",
     "accountancy", "bank", "our", "zip", "post", "postal", "branch", "category", "area", "phone", "mobile", "tax",
     "vat", "street", "house", "flat", "company", "department", "clearing", "route", "version",
     "entry", "submission", "response", "svar", "row", "rad", "line", "linje", "instr", "instrument", "uniform", "drakt", "utstyr", "skap", "skåp", "locker", "equipment")
)  # fmt: skip
# What opens something, or what a row was marked with: no number of whom it belongs to.
_SECRETS = frozenset(
    ("confirm", "confirmation", "activation", "reset", "api", "access", "private", "public", "secret",
     "session", "security", "encryption", "license", "licence", "unsubscribe", "verification", "idempotency", "sort")
)  # fmt: skip
_ENDINGS = ("number", "numero", "nummer", "code", "uid", "uuid", "guid", "id")
_NO_IDS = frozenset(
    ("paid", "valid", "tid", "bid", "grid", "fluid", "void", "avoid", "prepaid", "unpaid", "aid")
)
_DATED = r"^\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\s*\d{1,2}:\d\d"
_DATES = 0.2  # share of the values from which a column holds days or times
_TYPES = frozenset((StorageType.STRING, StorageType.INTEGER, StorageType.UUID))
_SHAPE = r"^\s*#?[\pL\d][\pL\d_./:#-]{0,43}\s*$"
_NAMES = frozenset({"name", "navn", "namn"})  # what a record is called may be its number
_ACCOUNT = "account"  # of a customer, where each has one
_ACCOUNTS = r"^\s*\pL{0,3}[0-9]{3,9}\s*$"
_LEAST = 5  # rows below which that all values differ says nothing
_DISTINCT = 0.85  # share of the filled rows with a value of their own (one in ten may be spoilt); of integers all
_FILLED = 0.5  # share of the rows that must have a value
_ABOUT = (
    "user.job_title", "user.demographic", "user.education", "user.workplace", "user.contact.address",
    "user.health_and_medical",
)  # fmt: skip
_OTHERWISE = 2.4  # weight of a name that says that a column is something else
_TELLS = 3.0  # log-odds, a little under a declared key's


def add_numbers(
    columns: Sequence[Judged], category: str, kind: str, *, accounts: bool = False
) -> None:
    """Let what numbers every row of a table of persons or orders be their number.

    Args:
        columns: of one such table, with their candidates.
        category: of the numbers of what it holds.
        kind: what that is (`tables.csv`).
        accounts: whether each of them may have an account in a ledger.
    """
    for judged in columns:
        if judged.field.ref.path or judged.field.role is KeyRole.FOREIGN:
            continue
        own = [c for c in judged.candidates if c.category.startswith(category)]
        if judged.accepted not in {"", "user.link_key"} or not _numbers_rows(
            judged, accounts=accounts
        ):
            continue
        if any(m.weight >= _OTHERWISE and _of_another(m.category) for m in judged.headers):
            continue  # the code of a position is no number of whoever holds it
        if not own:
            own = [Candidate(category, "")]
            judged.candidates.extend(own)
        for candidate in own:
            muted = sum(
                e.weight for e in candidate.evidence if e.signal == "header" and e.weight < 0
            )
            candidate.barred = False
            candidate.add("key", _TELLS - muted, role="number", table_kind=kind)


def _of_another(category: str) -> bool:
    return category.startswith(_ABOUT)


def _numbering(word: str) -> bool:
    """Whether a word is one for numbers, or ends with one: `idnumber`, `euid`."""
    return word in _NUMBERS or (
        word.endswith(_ENDINGS) and word not in _NO_IDS and not word.startswith("row")
    )


def _numbers_rows(judged: Judged, *, accounts: bool) -> bool:
    column = judged.profile
    filled = column.rows - column.nulls
    if column.type not in _TYPES or filled < _LEAST or filled < _FILLED * column.rows:
        return False
    least = 1.0 if column.integers else _DISTINCT
    if column.distinct < least * filled or column.share(_SHAPE) < _DISTINCT:
        return False
    parts = [part.rstrip("0123456789") or part for part in words(judged.field.ref.column)]
    if not parts or column.share(_DATED) >= _DATES:
        return False
    held = accounts and parts == [_ACCOUNT] and column.share(_ACCOUNTS) >= _DISTINCT
    named = parts[-1] in _NAMES and column.share(SERIES) >= _DISTINCT
    if not (_numbering(parts[-1]) or held or named):
        return False
    before = parts[:-1]
    return not any(
        part in _THINGS | _SECRETS or {kind_of_name(part), kind_of_name(f"{part}s")} & _OTHER
        for part in before
    )
