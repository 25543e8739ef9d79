"""What the catalog keeps in memory of its fields: never stale, and narrowly read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sladd.catalog import Catalog, Chosen, open_catalog
from sladd.model import Decision
from tests.unit.catalog.conftest import URL
from tests.unit.catalog.scanned import EMAIL, NATIONAL_ID, NOTHING, field, scan, table

LINK = ("ID", "user.link_key")


def _everything(catalog: Catalog) -> tuple[object, ...]:
    worklist = catalog.worklist
    return (
        worklist.tables(),
        [worklist.chosen(Chosen(state=each)) for each in ("open", "reopened", "decided", "all")],
        catalog.fields.masked(),
    )


def _number(catalog: Catalog, address: str) -> int:
    (found,) = [
        e.verdict for e in catalog.worklist.chosen(Chosen(state="all")) if e.address == address
    ]
    return found


def _masked(catalog: Catalog) -> None:
    kari = replace(field("d", "Kari Nordmann", EMAIL), name_shown="xxxx xxxxxxxx")
    scan(catalog, table("d", kari, field("d", "id"), source="shop"))


CHANGES: dict[str, Callable[[Catalog], object]] = {
    "confirmed": lambda c: c.verdicts.decide("shop/b.epost", Decision.CONFIRMED, reason="ja", by="ola"),
    "rejected": lambda c: c.verdicts.decide(
        "shop/b.epost", Decision.REJECTED, reason="nei", by="ola"
    ),
    "changed": lambda c: c.verdicts.decide(
        "shop/b.tom", Decision.CHANGED, category="user.name", reason="ja", by="ola"
    ),
    "decided again": lambda c: c.verdicts.decide(
        "shop/a.epost", Decision.REJECTED, reason="nei", by="ola"
    ),
    "taken back": lambda c: c.verdicts.undo(
        _number(c, "shop/a.epost"), _number(c, "shop/a.epost"), by="kari"
    ),
    "reopened": lambda c: scan(
        c, table("a", field("a", "epost", NATIONAL_ID, ("checksum",)), field("a", "id", LINK))
    ),
    "gone": lambda c: scan(c, table("b", field("b", "epost", EMAIL))),
    "another source": lambda c: scan(
        c, table("x", field("x", "epost", EMAIL, source="crm"), source="crm"), source="crm"
    ),
    "masked": _masked,
}  # fmt: skip


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Two tables; a verdict on one field."""
    scan(
        catalog,
        table("a", field("a", "epost", EMAIL), field("a", "id", LINK)),
        table("b", field("b", "epost", EMAIL), field("b", "tom", NOTHING)),
    )
    catalog.verdicts.decide("shop/a.epost", Decision.CONFIRMED, reason="ja", by="kari")
    return catalog


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_process_changes_is_known_at_once(
    filled: Catalog, tmp_path: Path, change: str
) -> None:
    """As if all had been read anew, after every kind of change."""
    before = _everything(filled)
    with open_catalog(URL, root=tmp_path) as other:
        CHANGES[change](other)
    after = _everything(filled)
    assert after != before
    with open_catalog(URL, root=tmp_path) as fresh:
        assert after == _everything(fresh)


def test_a_decision_reads_its_own_field_again_and_no_other(filled: Catalog) -> None:
    """The other fields, and the tables without it, are the very objects that were there."""
    before = {each.address: each for each in filled.worklist.tables()}
    CHANGES["confirmed"](filled)
    after = {each.address: each for each in filled.worklist.tables()}
    assert after["shop/a"] is before["shop/a"]
    epost, tom = after["shop/b"].columns
    assert epost.state == "confirmed"
    assert tom is before["shop/b"].columns[1]


def test_an_older_catalog_in_the_place_of_the_file_is_read_anew(
    filled: Catalog, tmp_path: Path
) -> None:
    """A backup that is restored under a running desk is what the desk shows."""
    file = tmp_path / ".sladd" / "catalog.db"
    with filled._database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    backup = file.read_bytes()
    before = _everything(filled)
    CHANGES["rejected"](filled)
    assert _everything(filled) != before
    filled.close()
    for left in file.parent.glob("catalog.db-*"):
        left.unlink()
    file.write_bytes(backup)
    assert _everything(filled) == before


def test_a_sure_national_id_waits_before_an_unsure_key(catalog: Catalog) -> None:
    """It leaves only by a decision, and a key between tables tells of nobody by itself."""

    def sure(one, confidence: float):
        return replace(one, finding=replace(one.finding, confidence=confidence))

    columns = (
        sure(field("t", "ordre", LINK), 0.4),
        sure(field("t", "epost", EMAIL), 0.99),
        sure(field("t", "navn", ("PERSON", "user.name")), 0.6),
        sure(field("t", "fnr", NATIONAL_ID), 0.99),
    )
    scan(catalog, table("t", *columns))
    waiting = [each.shown for each in catalog.worklist.chosen(Chosen())]
    assert waiting == ["fnr", "navn", "ordre", "epost"]
