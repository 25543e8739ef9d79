"""Releases whose transforms know whose row it is: published, checked, and held to the source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import sample_shop
from tests.commands import Project
from tests.per_person import (
    CONFIG,
    ORDERS,
    PERSONS,
    TABLES,
    build,
    filled,
    published,
    query,
    source,
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Any]]:
    """The shop, published, and the manifest."""
    project = build(tmp_path_factory.mktemp("persons") / "p")
    return project, published(project)


def test_the_gate_passes_a_release_by_person(shop):
    """The written files are what the manifest says, and verify agrees."""
    project, manifest = shop
    assert manifest["gate"]["passed"]
    assert project.run("verify", str(Path("releases/analytics/latest"))).code == 0


def test_the_days_between_order_and_sending_stay_over_three_tables(shop):
    """A line's person is found over its order, and its date moves like the order's and birth's."""
    project, _ = shop
    before = source(
        project,
        "SELECT julianday(l.sent) - julianday(o.ordered), julianday(o.ordered) - julianday(c.born)"
        " FROM lines l JOIN orders o ON l.order_id = o.id JOIN customers c ON o.customer_id = c.id",
    )
    after = query(
        project,
        "SELECT date_diff('day', o.ordered::DATE, l.sent::DATE) a,"
        " date_diff('day', c.born::DATE, o.ordered::DATE) b"
        " FROM lines l JOIN orders o ON l.order_id = o.id JOIN customers c ON o.customer_id = c.id",
    )
    assert len(after) == 2 * ORDERS
    assert sorted((r["a"], r["b"]) for r in after) == sorted((int(a), int(b)) for a, b in before)


def test_no_date_is_the_source_s_and_persons_move_apart(shop):
    """Nobody's shift is 0, and not everybody has the same one."""
    project, _ = shop
    given = dict(source(project, "SELECT customer_id, min(ordered) FROM orders GROUP BY 1"))
    joined = query(
        project,
        "SELECT c.born::VARCHAR born, min(o.ordered)::VARCHAR first FROM orders o"
        " JOIN customers c ON o.customer_id = c.id GROUP BY 1, c.id",
    )
    # The days from birth to the first order are a person's own in this shop.
    born = dict(source(project, "SELECT id, born FROM customers"))
    days: dict[int, list[str]] = {}
    for person, first in given.items():
        if person is not None:
            days.setdefault(_days(born[person], first), []).append(first)
    shifts = [
        _days(days[_days(row["born"], row["first"])][0], row["first"])
        for row in joined
        if len(days[_days(row["born"], row["first"])]) == 1
    ]
    assert len(shifts) > PERSONS / 2
    assert 0 not in shifts
    assert len(set(shifts)) > PERSONS / 4
    assert max(abs(shift) for shift in shifts) <= 90


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days


def test_dates_of_nobody_are_gone_and_counted(shop):
    """A guest's order, its line, an orphan line and an empty key get no shift of their own."""
    project, manifest = shop
    counts = manifest["counts"]
    assert counts["orders.ordered: no_person"] == 1
    assert counts["lines.sent: no_person"] == 2
    assert counts["lines.price: no_person"] == 2
    assert counts["sessions.seen: no_person"] == 1
    (row,) = query(project, "SELECT count(*) n, count(sent) dated FROM lines")
    assert row == {"n": 2 * ORDERS + 2, "dated": 2 * ORDERS}


def test_a_text_key_in_another_source_moves_with_its_person(shop):
    """`besok.kundenr` in a file and `customers.id` in the database are one person's keys."""
    project, _ = shop
    rows = query(
        project,
        "SELECT date_diff('day', c.born::DATE, strptime(b.dato, '%d.%m.%Y')::DATE) d FROM besok b"
        " JOIN customers c ON b.kundenr = c.number",
    )
    born = dict(source(project, "SELECT id, born FROM customers"))
    want = [_days(born[n], f"2024-03-{1 + n % 28:02d}") for n in range(1, PERSONS + 1)]
    assert sorted(row["d"] for row in rows) == sorted(want)


def test_a_session_that_keeps_the_key_as_text_moves_with_the_customer(shop):
    """The time of day is gone, the days to the birth are the same."""
    project, _ = shop
    rows = query(
        project,
        "SELECT date_diff('day', c.born::DATE, s.seen::DATE) d, s.seen::VARCHAR seen"
        " FROM sessions s JOIN customers c ON s.customer_id = c.id",
    )
    born = dict(source(project, "SELECT id, born FROM customers"))
    want = [_days(born[1 + n % PERSONS], f"2024-0{1 + n % 9}-11") for n in range(1, 200)]
    assert sorted(row["d"] for row in rows) == sorted(want)
    assert all(row["seen"][10:].strip(" 0:.") == "" for row in rows)


def test_a_shuffled_column_keeps_its_values_in_each_group(shop):
    """As many of each rating in each year as before, on other orders."""
    project, _ = shop
    after = query(project, "SELECT year, rating, count(*) n FROM orders GROUP BY ALL")
    before = source(project, "SELECT year, rating, count(*) FROM orders GROUP BY 1, 2")
    assert sorted((r["year"], r["rating"], r["n"]) for r in after) == sorted(before)


def test_surrogate_keys_join_and_are_not_the_pseudonyms(shop):
    """Lines find their orders by a key of this release."""
    project, manifest = shop
    (row,) = query(project, "SELECT count(*) n FROM lines l JOIN orders o ON l.order_id = o.id")
    assert row["n"] == 2 * ORDERS + 1
    columns = {
        c["name"]: c for t in manifest["tables"] if t["name"] == "lines" for c in t["columns"]
    }
    assert columns["order_id"]["key_type"]
    assert columns["sent"]["key_type"] == ""


def test_a_release_is_the_same_bytes_again(shop, tmp_path):
    """Shifts, noise and exchange depend on the key alone, not on the order of the rows."""
    project, manifest = shop
    other = build(tmp_path / "p")
    (other / "sladd.yaml").write_text(
        CONFIG.replace("../keys", str(project.folder.parent / "keys")), encoding="utf-8"
    )
    other.sql(
        "CREATE TABLE turned AS SELECT * FROM orders ORDER BY customer_id DESC, ordered",
        "DELETE FROM orders",
        "INSERT INTO orders SELECT * FROM turned",
        "DROP TABLE turned",
    )
    again = published(other)
    assert [t["files"] for t in again["tables"]] == [t["files"] for t in manifest["tables"]]


SAMPLE = CONFIG.replace(
    "    to: releases/analytics\n", "    to: releases/analytics\n    sample: {share: 0.3}\n"
)


def test_a_sample_holds_the_same_persons_in_all_tables_and_joins(tmp_path):
    """Rows of persons outside stay out everywhere, tables of nobody come whole, and it is counted."""
    project = build(tmp_path / "p", SAMPLE)
    manifest = published(project)
    assert manifest["sample"] == {"share": 0.3, "persons": "customer"}
    rows = {t["name"]: t["rows_out"] for t in manifest["tables"]}
    assert 0 < rows["customers"] < PERSONS
    assert rows["products"] == 40
    assert rows["kunder"] == rows["besok"] == rows["customers"]
    (joined,) = query(
        project,
        "SELECT count(*) n, count(o.id) o, count(c.id) c FROM lines l"
        " LEFT JOIN orders o ON l.order_id = o.id LEFT JOIN customers c ON o.customer_id = c.id",
    )
    assert joined["n"] == joined["o"] == joined["c"] == rows["lines"] > 0
    out = {x["table"]: x["rows"] for x in manifest["left_out"]}
    assert out["customers"] == PERSONS - rows["customers"]
    assert out["lines"] == 2 * ORDERS + 2 - rows["lines"]
    assert {x["reason"] for x in manifest["left_out"]} == {"persons outside the sample"}


def test_a_table_without_a_way_to_a_person_is_refused_with_the_line_to_write(tmp_path):
    """The plan says which key to add, before anything moves."""
    project = build(
        tmp_path / "p",
        CONFIG.replace("rules:\n", "rules:\n      - {field: shop/products.stock, transform: noise, scale: 1}\n"),
    )  # fmt: skip
    assert project.run("discover").code == 0
    done = project.run("publish", "analytics")
    done.one_line(1, 319, "shop/products.stock", "person: {products: COLUMN}", "sladd discover")


def test_a_group_that_is_no_column_is_refused(tmp_path):
    """`within` names a column of the table."""
    project = build(tmp_path / "p", CONFIG.replace("within: year", "within: yaer"))
    assert project.run("discover").code == 0
    done = project.run("publish", "analytics")
    done.one_line(1, 327, "shop/orders.rating", "did you mean 'year'?")


SHOP = """\
sources:
  shop:
    database: sqlite:///shop.db
    person: {web_sessions: kunde}
entities:
  customer: [shop/customers.id, shop/web_sessions.kunde]
keys:
  main: {file: ../keys/main.key}
releases:
  analytics:
    domain: test
    from: [shop]
    to: releases/analytics
    rules:
      - {field: shop/orders.created_at, transform: shift_dates}
      - {field: shop/invoices.issued_at, transform: shift_dates}
      - {field: shop/customers.fdato, transform: shift_dates}
      - {field: shop/order_lines.pris, transform: noise, scale: 0.05, relative: true}
"""


@pytest.mark.services
def test_intervals_stay_in_a_release_from_postgresql(tmp_path, postgresql):
    """Instants with a zone, numeric and date columns of a real server, lines over their orders."""
    import sqlalchemy as sa

    url = postgresql.new_database()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    tables = [
        text.replace("TIMESTAMP", "TIMESTAMPTZ")
        .replace("customer_id TEXT", "customer_id BIGINT")
        .replace("price INTEGER", "price NUMERIC(10, 2)")
        for text in TABLES
    ]
    with engine.begin() as connection:
        for text in tables:
            connection.exec_driver_sql(text)
        for table, rows in filled():
            kept = [row.replace("''", "NULL") for row in rows if "(9002" not in row]
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES {', '.join(kept)}")
    config = CONFIG.replace("sqlite:///shop.db", url).replace("{sessions:", "{public.sessions:")
    config = config.replace("shop/", "shop/public.").replace(
        "shop/public.sessions.seen, transform: shift_dates",
        "shop/public.sessions.seen, transform: shift_dates, time: keep",
    )
    project = build(tmp_path / "p", config)
    manifest = published(project)
    assert manifest["gate"]["passed"]
    with engine.connect() as connection:
        before = connection.exec_driver_sql(
            "SELECT l.sent - o.ordered, s.seen AT TIME ZONE 'UTC' - o.ordered"
            " FROM lines l JOIN orders o ON l.order_id = o.id"
            " JOIN sessions s ON s.customer_id = o.customer_id"
        ).fetchall()
        prices = connection.exec_driver_sql("SELECT sum(price), count(*) FROM lines").one()
    after = query(
        project,
        "SELECT l.sent - o.ordered a, epoch(s.seen AT TIME ZONE 'UTC' - o.ordered::TIMESTAMP) b"
        " FROM lines l JOIN orders o ON l.order_id = o.id"
        " JOIN sessions s ON s.customer_id = o.customer_id",
    )
    assert len(after) > 1000
    assert sorted((r["a"], int(r["b"])) for r in after) == sorted(
        (days, int(span.total_seconds())) for days, span in before
    )
    (noisy,) = query(project, "SELECT sum(price)::DOUBLE total, count(price) n FROM lines")
    assert noisy["n"] == prices[1] - 1  # the line of a guest's order
    assert noisy["total"] == pytest.approx(float(prices[0]), rel=0.05)
    assert noisy["total"] != float(prices[0])


def test_the_sample_shop_keeps_intervals_between_orders_and_invoices(tmp_path, scanned_shop):
    """The shop that ships with sladd: dates as texts, over invoices and lines, and a clean gate."""
    project = sample_shop.copied(scanned_shop, tmp_path / "p", SHOP)
    manifest = published(project)
    assert manifest["gate"]["passed"]
    before = source(
        project,
        "SELECT julianday(date(i.issued_at)) - julianday(date(o.created_at))"
        " FROM invoices i JOIN orders o ON i.order_id = o.id",
    )
    after = query(
        project,
        "SELECT i.issued_at::DATE - o.created_at::DATE d, o.created_at::VARCHAR moved"
        " FROM invoices i JOIN orders o ON i.order_id = o.id",
    )
    assert sorted(row["d"] for row in after) == sorted(int(d) for (d,) in before)
    assert len(after) > 50
    given = {at[:10] for (at,) in source(project, "SELECT created_at FROM orders")}
    assert len({row["moved"][:10] for row in after} - given) > len(after) / 20
