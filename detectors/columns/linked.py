"""Fields that are about a person only because a key leads to one.

Purchase history without a name is personal while the key exists (GDPR art. 4(1)): what stands
in a table of persons, or in one that hangs on it, is `linked`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from detectors.columns.machines import of_what_ran
from detectors.columns.passing import in_passing
from detectors.columns.spelling import folded, words
from detectors.columns.tables import IMPERSONAL, kind_of_table
from sladd.model import Evidence, FieldScan, Finding, How, TableScan

_DIRECT = (
    "user.name", "user.contact.email", "user.contact.phone_number", "user.government_id.national",
    "user.government_id.immigration", "user.government_id.passport", "user.account",
    "user.device.ip_address", "user.device.cookie_id", "user.device.session_id",
    "user.device.device_id", "user.financial.bank_account", "user.financial.credit_card",
    "user.unique_id", "user.biometric",
)  # fmt: skip
_BY_KIND = {
    "order": "user.behavior.purchase_history",
    "cart": "user.behavior.cart",
    "web": "user.behavior.browsing_history",
    "search": "user.behavior.search_history",
    "consent": "user.privacy_preferences",
}
_NUMBER = ("user.unique_id", "user.account.username")  # what a key of persons holds
_OWN_KEYS = frozenset({"number", "primary"})
# What the key of any table is called.
_ANY_KEY = frozenset(
    ("id", "name", "navn", "namn", "code", "kode", "nr", "no", "number", "nummer", "uuid", "guid", "key", "uid",
     "pk", "rowid", "ref")
)  # fmt: skip
_OF_THINGS = frozenset({"", "thing"})  # kinds of tables that name persons whom they are not about
_BY_NAME = 0.85  # of what is known of a number, where a name alone leads to it
_LEADS = "leads_to"
_WAYS = frozenset({"same_table", "key_path", "suggested_key"})
_NO_PATHS: Mapping[str, tuple[tuple[str, ...], float]] = MappingProxyType({})
_THRESHOLD = 0.5
_STATED = 0.99  # a path that the configuration names, and the most that evidence can bring
_STEP = 0.99  # a foreign key may lead to a thing that a person once owned
_UNSEEN = 0.9  # the table at the end of the path was not scanned


def _kind(scan: TableScan) -> str:
    return kind_of_table(scan.table.ref.name, [field.field.ref.column for field in scan.fields])


def is_person_table(scan: TableScan) -> bool:
    """Whether a table holds direct identifiers of natural persons, one or more in each row."""
    kind = _kind(scan)
    if kind in {*IMPERSONAL, "organisation"}:
        return False  # a supplier with a contact person is still a supplier
    return any(
        field.finding.how is How.IS
        and field.finding.category.startswith(_DIRECT)
        and field.finding.confidence >= _THRESHOLD
        and not (kind in _OF_THINGS and in_passing(field.field.ref.column, kind))
        for field in scan.fields
    )


def link(
    tables: Sequence[TableScan],
    person_paths: Mapping[str, tuple[str, ...]],
    suggested: Mapping[str, tuple[tuple[str, ...], float]] = _NO_PATHS,
) -> Sequence[TableScan]:
    """Mark the fields of tables that are about persons, and of those that hang on them.

    Args:
        tables: the scans of one source, or of several with paths between them.
        person_paths: `str(TableRef)` → the key path to the data subject, for example
            `("orders.customer_id", "customers.id")`; declared or configured.
        suggested: the same over keys that were measured and that nobody confirmed, with the
            confidence that they hold. Their findings say "if the key is confirmed", are less
            sure by that much, and make no person path.

    Returns:
        The scans in their order; findings that were there are left as they are.
    """
    tables = _keyed(tables)
    persons = {str(scan.table.ref): _sureness(scan) for scan in tables if is_person_table(scan)}
    paths = {name: path for name, path in person_paths.items() if path}
    _follow(tables, persons, paths)
    by_name = {str(scan.table.ref): scan for scan in tables}
    result: list[TableScan] = []
    for scan in tables:
        name = str(scan.table.ref)
        configured = bool(person_paths.get(name))
        impersonal = _kind(scan) in IMPERSONAL
        if name in persons:
            result.append(_marked(scan, "user", 2.2, (), persons[name], how="same_table"))
        elif name in paths and (configured or not impersonal):
            sure = _STATED if configured else _at_the_end(scan, paths, persons, by_name)
            result.append(_marked(scan, "user", 3.0, paths[name], sure, how="key_path"))
        elif name in suggested and not impersonal:
            path, held = suggested[name]
            sure = held * _UNSEEN
            result.append(_marked(scan, "user", 1.5, path, sure, how="suggested_key"))
        else:
            result.append(scan)
    return result


def _keyed(tables: Sequence[TableScan]) -> list[TableScan]:
    """The scans with each key that leads to a person called what it leads to.

    A scan of one table knows the table behind a key by its name alone; here it was read.
    """
    numbers: dict[tuple[str, str], tuple[str, float]] = {}
    for scan in tables:
        if len(scan.table.primary_key) != 1 or not is_person_table(scan):
            continue
        own = next((f for f in scan.fields if _is_column(f, scan.table.primary_key[0])), None)
        if own is None or own.finding.how is not How.IS:
            continue
        found = own.finding
        if found.category.startswith(_NUMBER) and found.confidence >= _THRESHOLD:
            known = (found.category, found.confidence)
            numbers[str(scan.table.ref), own.field.ref.column] = known
    named = _numbers_by_name(tables)
    result = []
    for scan in tables:
        leads = {
            column: known
            for (whose, column), known in named.items()
            if _of_the_same(scan.table.ref.name, whose)
            and any(_is_column(f, column) for f in scan.fields)
            and (column,) != tuple(scan.table.primary_key or ())
        }
        leads |= {
            key.columns[0]: numbers[str(key.target), key.target_columns[0]]
            for key in scan.table.foreign_keys
            if len(key.columns) == 1 and (str(key.target), key.target_columns[0]) in numbers
        }
        fields = tuple(_leading(field, leads) for field in scan.fields)
        result.append(replace(scan, fields=fields) if leads else scan)
    return result


def _numbers_by_name(tables: Sequence[TableScan]) -> dict[tuple[str, str], tuple[str, float]]:
    """Numbers of persons by their table and column, where the column is called like few others."""
    found: dict[tuple[str, str], tuple[str, float]] = {}
    for scan in tables:
        if not is_person_table(scan):
            continue
        for field in scan.fields:
            name, finding = field.field.ref.column, field.finding
            numbers = any(
                e.signal == "key" and e.facts.get("role") in _OWN_KEYS for e in finding.evidence
            )
            if (
                numbers and finding.how is How.IS and not field.field.ref.path
                and finding.category.startswith(_NUMBER) and folded(name) not in _ANY_KEY
            ):  # fmt: skip
                known = (finding.category, finding.confidence * _BY_NAME)
                found[scan.table.ref.name, name] = known
    return found


def _of_the_same(table: str, whose: str) -> bool:
    """Whether a table is called after another, as `DebtorOrder` is after `Debtor`."""
    of, before = words(table), words(whose)
    before = [*before[:-1], before[-1].removesuffix("s")] if before else before
    same = [word.removesuffix("s") for word in of[: len(before)]] == [
        word.removesuffix("s") for word in before
    ]
    return bool(before) and len(of) > len(before) and same


def _is_column(field: FieldScan, name: str) -> bool:
    return field.field.ref.column == name and not field.field.ref.path


def _leading(field: FieldScan, leads: Mapping[str, tuple[str, float]]) -> FieldScan:
    column = field.field.ref.column
    if column not in leads or field.field.ref.path:
        return field
    category, confidence = leads[column]
    finding = field.finding
    if finding.how is How.IS and (
        finding.category == category or not finding.category.startswith(_NUMBER)
    ):
        return field  # it says itself what it is
    if field.rows > 0 and field.nulls == field.rows:
        return field
    facts: dict[str, str | int | float | bool] = {
        "by": _LEADS, "role": "foreign", "table_kind": "person",
    }  # fmt: skip
    sure = round(min(confidence * _STEP, _STATED), 4)
    # Its own evidence comes back when the key goes: see `unlinked`.
    before = replace(finding, evidence=(Evidence("key", 3.4, facts), *finding.evidence))
    return replace(
        field, finding=replace(before, how=How.IS, category=category, type="", confidence=sure)
    )


def unlinked(scan: TableScan) -> TableScan:
    """The scan as it was before `link`: keys come and go while a table stays unchanged."""
    fields = tuple(_unmarked(field) for field in scan.fields)
    return replace(scan, fields=fields, person_path=(), entity=None)


def _unmarked(field: FieldScan) -> FieldScan:
    finding = field.finding
    first = finding.evidence[0] if finding.evidence else None
    ways = _WAYS if finding.how is How.LINKED else {_LEADS}
    if first is None or first.facts.get("by") not in ways:
        return field
    before = Finding(finding.field, How.NONE, "", "", 0.0, finding.evidence[1:])
    return replace(field, finding=before)


def _sureness(scan: TableScan) -> float:
    """How sure it is that the table is about persons: as sure as that any identifier is one."""
    wrong = 1.0
    for found in (field.finding for field in scan.fields):
        if found.how is How.IS and found.category.startswith(_DIRECT):
            wrong *= 1.0 - found.confidence
    return min(1.0 - wrong, _STATED)


def _at_the_end(
    scan: TableScan,
    paths: Mapping[str, tuple[str, ...]],
    persons: Mapping[str, float],
    by_name: Mapping[str, TableScan],
) -> float:
    """How sure it is that the table at the end of the path is about persons."""
    path = paths[str(scan.table.ref)]
    end = path[-1].rsplit(".", 1)[0] if path else ""
    found = [sure for name, sure in persons.items() if by_name[name].table.ref.name == end]
    steps = max(1, len(path) // 2)
    return float((max(found) if found else _UNSEEN) * _STEP**steps)


def _follow(
    tables: Sequence[TableScan], persons: Mapping[str, float], paths: dict[str, tuple[str, ...]]
) -> None:
    """Add the paths that declared foreign keys make, however many steps long."""
    grew = True
    while grew:
        grew = False
        for scan in tables:
            name = str(scan.table.ref)
            if name in persons or name in paths:
                continue
            if _kind(scan) in IMPERSONAL:
                continue
            for key in scan.table.foreign_keys:
                if _kind(scan) in _OF_THINGS and in_passing(key.columns[0], _kind(scan)):
                    continue
                target = str(key.target)
                if target not in persons and target not in paths:
                    continue
                step = (
                    f"{scan.table.ref.name}.{key.columns[0]}",
                    f"{key.target.name}.{key.target_columns[0]}",
                )
                paths[name] = (*step, *paths.get(target, ()))
                grew = True
                break


def _marked(
    scan: TableScan, default: str, weight: float, path: tuple[str, ...], sure: float, *, how: str
) -> TableScan:
    category = _BY_KIND.get(_kind(scan), default)
    facts: dict[str, str | int | float | bool] = {"by": how, "table": scan.table.ref.name}
    if path:
        facts |= {"path": " → ".join(path), "steps": len(path) // 2}
    evidence = Evidence("key", weight, facts)
    log = _kind(scan) == "web"
    fields = tuple(
        field if log and of_what_ran(field.field.ref.column)
        else _linked(field, category, evidence, round(sure, 4))
        for field in scan.fields
    )  # fmt: skip
    if how == "suggested_key":
        return replace(scan, fields=fields)
    return replace(scan, fields=fields, person_path=scan.person_path or path)


def _linked(field: FieldScan, category: str, evidence: Evidence, confidence: float) -> FieldScan:
    if field.finding.how is not How.NONE:
        return field
    if field.rows > 0 and field.nulls == field.rows:
        return field  # nothing is said about anyone
    finding = Finding(
        field.field.ref, How.LINKED, "", category, confidence, (evidence, *field.finding.evidence)
    )
    return replace(field, finding=finding)
