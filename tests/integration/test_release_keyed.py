"""Releases with every keyed transform: published, checked from their files, and joined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import shop
from tests.commands import Project

RULES = """\
    rules:
      - {field: shop/customers.id, transform: encrypt}
      - {field: shop/orders.customer_id, transform: encrypt}
      - {field: shop/customers.epost, transform: encrypt, show_version: true}
      - {field: shop/customers.navn, transform: pseudonym, bits: 96, prefix: "navn-", show_version: true}
      - {field: shop/customers.mobil, transform: format_preserving}
      - {field: shop/orders.belop, transform: round, to: 10}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop with a customer whose e-mail address is '' and one without any."""
    made = shop.build(tmp_path_factory.mktemp("keyed") / "p", wide=False)
    made.sql(
        "ALTER TABLE customers ADD COLUMN mobil TEXT",
        "UPDATE customers SET mobil = '4' || printf('%07d', (id * id * 7919 + id * 104729) % 10000000)",
        "UPDATE customers SET epost = '' WHERE id = 3",
        "UPDATE customers SET epost = NULL, mobil = NULL WHERE id = 4",
    )
    made.configure(shop.CONFIG + RULES)
    for words in (("discover",), ("publish", "analytics")):
        done = made.run(*words)
        assert done.code == 0, done.err + done.out
    return made


def _rows(project: Project, sql: str) -> list[dict[str, object]]:
    done = project.run("query", "analytics", sql, "--format", "json")
    assert done.code == 0, done.err
    rows: list[dict[str, object]] = json.loads(done.out)
    return rows


def test_ciphertexts_and_prefixed_pseudonyms_pass_the_gate(project):
    """The manifest says how they are written, and the written files are held against it."""
    done = project.run("verify", str(Path("releases/analytics/latest")))
    assert done.code == 0, done.out + done.err


def test_encrypted_keys_join(project):
    """Every order finds its customer, as in the source."""
    (row,) = _rows(
        project,
        "SELECT count(*) AS n, count(c.id) AS joined FROM orders o"
        " LEFT JOIN customers c ON o.customer_id = c.id",
    )
    assert row == {"n": 120, "joined": 120}


def test_null_and_empty_stay_apart_under_encryption(project):
    """One address was '', one was never given."""
    (row,) = _rows(
        project,
        "SELECT count(*) FILTER (epost IS NULL) AS missing, count(*) FILTER (epost = '') AS blank,"
        " count(*) FILTER (epost LIKE 'v1:%') AS sealed FROM customers",
    )
    assert row == {"missing": 1, "blank": 1, "sealed": 58}


def test_each_column_is_written_as_its_rule_says(project):
    """The prefix, the length of 96 bits, the form of a telephone number, the rounding."""
    rows = _rows(project, "SELECT navn, mobil FROM customers WHERE mobil IS NOT NULL")
    assert {str(r["navn"])[:8] for r in rows} == {"navn-v1:"}
    assert {len(str(r["navn"])) for r in rows} == {8 + 20}
    assert {(str(r["mobil"])[:3], len(str(r["mobil"]))) for r in rows} == {("+47", 11)}
    amounts = _rows(project, "SELECT DISTINCT belop % 10 AS rest FROM orders")
    assert amounts == [{"rest": 0.0}]
