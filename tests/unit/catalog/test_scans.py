"""Scans: what holds after them, drift between them, and what a crash leaves."""

from __future__ import annotations

import dataclasses
import time
from datetime import datetime, timedelta, timezone

import pytest

from sladd.catalog import Tagged, open_catalog
from sladd.errors import CatalogError
from sladd.model import How, NotScanned, StorageType
from tests.unit.catalog.conftest import URL
from tests.unit.catalog.scanned import EMAIL, NATIONAL_ID, field, scan, table

CUSTOMERS = table("customers", field("customers", "id"), field("customers", "epost", EMAIL))
ORDERS = table("orders", field("orders", "id"))


def test_first_scan_is_all_new(catalog):
    """Everything is new: fields, findings and tables."""
    drift = scan(catalog, CUSTOMERS, ORDERS)
    assert drift.previous is None
    assert drift.new == ("shop/customers.epost", "shop/customers.id", "shop/orders.id")
    assert drift.new_findings == ("shop/customers.epost",)
    assert drift.new_tables == ("shop/customers", "shop/orders")
    assert catalog.tables.all() == [CUSTOMERS, ORDERS]


def test_same_scan_again_is_no_drift(catalog):
    """More rows of the same kind are no change."""
    scan(catalog, CUSTOMERS)
    more = table(
        "customers", field("customers", "id"), field("customers", "epost", EMAIL, distinct=95)
    )
    drift = scan(catalog, more)
    assert (drift.new, drift.changed, drift.gone) == ((), (), ())
    assert catalog.tables.all() == [more]


def test_drift_names_new_changed_and_gone(catalog):
    """A column came, one changed its tag, one its type, one went with its table."""
    scan(catalog, table("t", field("t", "a", EMAIL), field("t", "b"), field("t", "c")), ORDERS)
    drift = scan(
        catalog,
        table(
            "t",
            field("t", "a"),
            field("t", "b", storage=StorageType.INTEGER),
            field("t", "d", EMAIL),
        ),
    )
    assert drift.new == ("shop/t.d",)
    assert drift.gone == ("shop/orders.id", "shop/t.c")
    assert drift.gone_tables == ("shop/orders",)
    assert [(c.field, c.before, c.after) for c in drift.changed] == [
        (
            "shop/t.a",
            Tagged(StorageType.STRING, How.IS, *EMAIL),
            Tagged(StorageType.STRING, How.NONE, "", ""),
        ),
        (
            "shop/t.b",
            Tagged(StorageType.STRING, How.NONE, "", ""),
            Tagged(StorageType.INTEGER, How.NONE, "", ""),
        ),
    ]
    assert drift.new_findings == ("shop/t.d",)
    assert drift.gone_findings == ("shop/t.a",)
    assert catalog.scans.last_drift("shop") == drift


def test_gone_fields_are_remembered_and_come_back_as_new(catalog):
    """They are listed on request only, and keep the day they were first seen."""
    scan(catalog, CUSTOMERS, ORDERS)
    first = catalog.fields.all()[0].first_seen
    scan(catalog, ORDERS)
    assert [f.address for f in catalog.fields.all()] == ["shop/orders.id"]
    gone = [f for f in catalog.fields.all(gone=True) if f.gone]
    assert [f.address for f in gone] == ["shop/customers.id", "shop/customers.epost"]
    assert gone[0].last_seen < catalog.fields.all()[0].last_seen
    assert scan(catalog, CUSTOMERS, ORDERS).new == ("shop/customers.epost", "shop/customers.id")
    assert catalog.fields.all()[0].first_seen == first


def test_table_that_could_not_be_read_is_not_gone(catalog):
    """Listed or reported as not scanned, it keeps what was known of it."""
    scan(catalog, CUSTOMERS, ORDERS)
    missed = NotScanned("shop/orders", "no permission", 204)
    drift = scan(catalog, seen=("shop/customers",), missed=(missed, missed))
    assert drift.gone == ()
    assert catalog.tables.all() == [CUSTOMERS, ORDERS]
    assert catalog.scans.not_scanned() == [missed]
    assert catalog.scans.not_scanned("exports") == []


def test_source_that_did_not_answer_loses_nothing(catalog):
    """A whole source that was not scanned is never counted as empty."""
    scan(catalog, CUSTOMERS)
    assert scan(catalog, missed=(NotScanned("shop", "unreachable", 201),)).gone == ()
    assert catalog.tables.all() == [CUSTOMERS]


def test_crashed_scan_leaves_the_former_state(catalog):
    """What was recorded does not count before the scan is finished."""
    scan(catalog, CUSTOMERS)
    crashed = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    catalog.scans.record(crashed, table("customers", field("customers", "fnr", NATIONAL_ID)))
    catalog.scans.record_not_scanned(crashed, [NotScanned("shop/x", "y", 200)])
    assert catalog.tables.all() == [CUSTOMERS]
    assert catalog.scans.not_scanned() == []
    assert [s.status for s in catalog.scans.all()] == ["finished", "running"]
    drift = scan(catalog, CUSTOMERS)
    assert (drift.new, drift.gone, drift.changed) == ((), (), ())
    assert [s.status for s in catalog.scans.all()] == ["finished", "interrupted", "finished"]


def test_failing_table_leaves_nothing_half_recorded(catalog):
    """A table is recorded whole or not at all, and the scan goes on."""
    number = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    twice = field("orders", "id")
    with pytest.raises(CatalogError, match="twice"):
        catalog.scans.record(number, table("orders", field("orders", "a"), twice, twice))
    catalog.scans.record(number, CUSTOMERS)
    catalog.scans.finish(number, seen_tables=[])
    assert catalog.tables.all() == [CUSTOMERS]


def test_table_recorded_twice_in_a_scan_counts_once(catalog):
    """The second word holds, so a task may be tried again."""
    number = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    catalog.scans.record(number, table("customers", field("customers", "x")))
    catalog.scans.record(number, CUSTOMERS)
    catalog.scans.finish(number, seen_tables=[])
    assert catalog.tables.all() == [CUSTOMERS]
    assert [(s.tables, s.rows) for s in catalog.scans.all()] == [(1, 100)]


def test_a_table_recorded_again_as_it_was_does_not_drift(catalog):
    """Its fingerprint is known under the same rules only, so that it need not be read."""
    scan(catalog, CUSTOMERS, ORDERS)
    assert catalog.scans.fingerprint("shop/customers", "r1") == "f1"
    assert catalog.scans.fingerprint("shop/customers", "r2") is None
    assert catalog.scans.fingerprint("shop/other", "r1") is None
    for _ in range(3):
        drift = scan(catalog, CUSTOMERS, ORDERS)
        assert (drift.new, drift.gone, drift.changed) == ((), (), ())
        assert catalog.tables.all() == [CUSTOMERS, ORDERS]
        assert catalog.scans.fingerprint("shop/customers", "r1") == "f1"


def test_one_table_is_read_by_its_address(catalog):
    """A table that has gone or was never there is none."""
    scan(catalog, CUSTOMERS, ORDERS)
    scan(catalog, ORDERS)
    assert catalog.tables.one("shop/orders") == ORDERS
    assert catalog.tables.one("shop/customers") is None
    assert catalog.tables.one("shop/nothing") is None


def test_table_without_fingerprint_is_always_scanned(catalog):
    """An unknown fingerprint never equals itself."""
    scan(
        catalog,
        dataclasses.replace(ORDERS, table=dataclasses.replace(ORDERS.table, fingerprint="")),
    )
    assert catalog.scans.fingerprint("shop/orders", "r1") is None


def test_state_of_a_running_scan_survives_another_that_finishes(catalog):
    """Two scans of one source at once: the one that finishes last holds."""
    scan(catalog, CUSTOMERS)
    slow = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    catalog.scans.record(slow, CUSTOMERS)
    catalog.scans.record(slow, ORDERS)
    scan(catalog, table("customers", field("customers", "x")))
    catalog.scans.finish(slow, seen_tables=[])
    assert catalog.tables.all() == [CUSTOMERS, ORDERS]


def test_superseded_states_are_cleared(catalog):
    """Ten scans keep as many rows as one."""
    from sladd.catalog import schema

    def rows() -> list[int]:
        with catalog._database.reading() as connection:
            return [
                len(connection.execute(each.select()).all())
                for each in (schema.table_states, schema.field_states, schema.scan_tables)
            ]

    scan(catalog, CUSTOMERS, ORDERS)
    once = rows()
    for _ in range(9):
        scan(catalog, CUSTOMERS, ORDERS)
    assert rows() == once == [2, 3, 0]


def test_sources_do_not_touch_each_other(catalog):
    """A scan of one source leaves the other's tables."""
    scan(catalog, CUSTOMERS)
    other = table("logg", field("logg", "ip", source="web"), source="web")
    assert scan(catalog, other, source="web").gone == ()
    assert [f.address for f in catalog.fields.all(source="web")] == ["web/logg.ip"]
    assert catalog.tables.all("shop") == [CUSTOMERS]
    number = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    with pytest.raises(CatalogError, match="not of source shop"):
        catalog.scans.record(number, other)


def test_finished_or_unknown_scan_takes_no_more(catalog):
    """Writing to it is an error, not a silent change."""
    number = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    catalog.scans.finish(number, seen_tables=[])
    for scan_id in (number, 99):
        with pytest.raises(CatalogError) as caught:
            catalog.scans.record(scan_id, CUSTOMERS)
        assert caught.value.code == 514


def test_fields_carry_the_facts_of_their_table(catalog):
    """Rows, how they were drawn, entity and person path; `all=False` leaves out what is clean."""
    scan(catalog, CUSTOMERS, ORDERS)
    (found,) = catalog.fields.all(marked=True)
    assert found.address == "shop/customers.epost"
    assert (found.rows, found.table_rows, found.drawn) == (100, 1000, "random_rows")
    assert (found.entity, found.person_path) == ("shop/customers.id", ("shop/customers.id",))
    assert found.scan == CUSTOMERS.fields[1]
    assert found.scan_id == catalog.scans.all()[0].id


def test_times_are_utc_and_exact(tmp_path):
    """What the clock says comes back to the microsecond, whatever its zone."""
    moment = datetime(2026, 3, 29, 4, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with open_catalog(URL, root=tmp_path, clock=lambda: moment) as catalog:
        scan(catalog, CUSTOMERS)
        assert catalog.scans.all()[0].started == moment
        assert catalog.fields.all()[0].first_seen.utcoffset() == timedelta(0)


@pytest.mark.slow
def test_recording_and_listing_grow_no_faster_than_the_fields(catalog):
    """A large database fits: four times the fields take about four times as long."""

    def seconds(source: str, tables: int) -> float:
        made = [
            table(
                f"t{n}",
                *(field(f"t{n}", f"c{m}", EMAIL, source=source) for m in range(200)),
                source=source,
            )
            for n in range(tables)
        ]
        began = time.process_time()
        drift = scan(catalog, *made, source=source)
        assert len(drift.new) == 200 * tables
        assert len(catalog.fields.all(source=source)) == 200 * tables
        return time.process_time() - began

    seconds("warm", 1)
    # Measured 3.7 to 4.0 times; a quadratic step that takes as long as the rest makes it 6.4.
    assert seconds("large", 40) < 6 * seconds("small", 10)
