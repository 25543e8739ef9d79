"""The gate's questions to an anonymised release, asked of written files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.gate.anonymity import check_anonymity
from sladd.gate.statements import open_memory
from sladd.gate.tables import view
from sladd.model import Check
from sladd.release import Manifest, ReleaseColumn, ReleaseFile, ReleaseTable
from sladd.targets.order import sort_rows

ALIKE = {"sted": ["Oslo"] * 6 + ["Bergen"] * 6, "vare": ["krus", "penn"] * 6}


def asked(tmp_path: Path, tables: dict[str, dict[str, list[Any]]], **more: Any) -> list[Check]:
    """Write tables, say of all that they are quasi-identifiers of persons, and ask."""
    roles, guarantee = more.pop("roles", {}), {"k": 5, **more.pop("guarantee", {})}
    made, told = [], {}
    for name, data in tables.items():
        (tmp_path / name).mkdir()
        path = f"{name}/part.parquet"
        written = pa.table(data)
        if not more.get("as_given"):
            written = written.take(pa.array(sort_rows(written)))
        pq.write_table(written, tmp_path / path)
        columns = tuple(
            ReleaseColumn(
                name=c, type=str(written.schema.field(c).type), transform="keep",
                role=roles.get(c, "quasi"), **more.get("columns", {}).get(c, {}),
            )
            for c in data
        )  # fmt: skip
        rows = written.num_rows
        file = ReleaseFile(path=path, sha256="0" * 64, rows=rows)
        made.append(
            ReleaseTable(name=name, rows_in=rows, rows_out=rows, files=(file,), columns=columns)
        )
        told[name] = {
            "unit": "person", "k": more.get("claimed", 6), "persons": rows, **more.get("told", {})
        }  # fmt: skip
    manifest = Manifest(
        release="open", version="20260101T000000Z-ab12", kind="anonymised", label="x",
        created="2026-01-01T00:00:00Z", as_of="2026-01-01", domain="open", policy_sha256="0",
        key_id="k", tables=tuple(made),
        risk=more.get("risk", {"anonymity": {"guarantee": guarantee, "tables": told}}),
    )  # fmt: skip
    with open_memory(str(tmp_path)) as opened:
        sources = {t.name: view(opened, tmp_path, t) for t in manifest.tables}
        return list(check_anonymity(opened, tmp_path, manifest, sources))


def failed(checks: list[Check]) -> list[str]:
    """Names of the questions that were answered with no."""
    return [check.name for check in checks if not check.passed]


def test_classes_large_enough_pass(tmp_path):
    """Six and six persons, five asked for."""
    checks = asked(tmp_path, {"t": {"sted": ALIKE["sted"]}})
    assert not failed(checks)
    assert any("passes anonymity tests (k=6)" in check.detail for check in checks)


def test_a_null_alone_fails(tmp_path):
    """NULL is a value of its own."""
    checks = asked(tmp_path, {"t": {"sted": [*ALIKE["sted"], None]}}, claimed=1)
    assert failed(checks) == ["anonymity"]


def test_the_smallest_change_is_named(tmp_path):
    """Rows to leave out, or the column that makes the difference."""
    data = {"sted": ALIKE["sted"], "vare": [*["krus"] * 11, "pokal"]}
    checks = asked(tmp_path, {"t": data}, claimed=1)
    (detail,) = [c.detail for c in checks if not c.passed]
    assert "leave out the 1 rows of such classes (8.33% of the table" in detail
    assert "leave out the column vare" in detail


def test_a_claim_that_the_file_does_not_keep_fails(tmp_path):
    """The manifest says more than the file shows."""
    assert failed(asked(tmp_path, {"t": {"sted": ALIKE["sted"]}}, claimed=9)) == ["anonymity"]


def test_a_rare_value_that_tells_nothing_fails(tmp_path):
    """An insensitive column is not one when few share a value."""
    data = {"sted": ALIKE["sted"], "vare": [*["krus"] * 11, "pokal"]}
    checks = asked(tmp_path, {"t": data}, roles={"vare": "insensitive"})
    assert failed(checks) == ["rare values"]


def test_a_key_fails(tmp_path):
    """A column that joins has no place in an anonymised release."""
    checks = asked(
        tmp_path, {"t": {"sted": ALIKE["sted"]}}, columns={"sted": {"key_type": "customer"}}
    )
    assert failed(checks) == ["unlinked"]


def test_a_column_without_a_role_fails(tmp_path):
    """Nobody said what it is."""
    assert "unlinked" in failed(asked(tmp_path, {"t": ALIKE}, roles={"vare": ""}, claimed=6))


def test_few_different_sensitive_values_fail(tmp_path):
    """All of Oslo bought one thing."""
    data = {"sted": ALIKE["sted"], "vare": ["krus"] * 6 + ["krus", "penn"] * 3}
    checks = asked(tmp_path, {"t": data}, roles={"vare": "sensitive"}, guarantee={"l": 2, "t": 0.2})
    assert failed(checks) == ["diversity", "closeness"]


def test_what_two_tables_share_is_joined_and_counted(tmp_path):
    """Five persons of a place in each: enough; one in the other: not."""
    enough = asked(tmp_path, {"a": {"sted": ALIKE["sted"]}, "b": {"sted": ["Oslo"] * 6}})
    (link,) = [c for c in enough if c.name == "shared_columns"]
    assert link.passed
    assert "1 combinations in both, the smallest with 6 rows" in link.detail


def test_a_narrow_join_of_two_tables_fails(tmp_path):
    """One row of a place in the second table meets the class of the first."""
    checks = asked(
        tmp_path,
        {"a": {"sted": ALIKE["sted"]}, "b": {"sted": [*["Oslo"] * 6, "Bergen"]}},
    )
    assert "shared_columns" in failed(checks)


def test_a_manifest_that_promises_nothing_fails(tmp_path):
    """An anonymised release without a guarantee is none."""
    assert failed(asked(tmp_path, {"t": ALIKE}, risk={})) == ["anonymity"]


def test_rows_in_the_order_of_the_source_fail(tmp_path):
    """Their places are a number that nobody wrote."""
    data = {"sted": ["Oslo", "Bergen"] * 6}
    assert failed(asked(tmp_path, {"t": data}, as_given=True)) == ["row order"]


def test_every_kind_of_value_has_its_order(tmp_path):
    """NULL after NaN after numbers, as the target sorts them; both zeros are one number."""
    nan = float("nan")
    data = {"x": [None, nan, 1.5, -0.0, 0.0, -2.0] * 5, "y": ["b", "a", None] * 10}
    checks = asked(tmp_path, {"t": data}, roles={"x": "sensitive", "y": "sensitive"})
    assert "row order" not in failed(checks)


@pytest.mark.parametrize(
    ("told", "name"),
    [({"classes": 3}, "3 classes"), ({"rows": 13, "rows_suppressed": 2}, "11 rows")],
)
def test_a_row_put_back_or_a_level_mixed_in_is_not_what_the_manifest_says(tmp_path, told, name):
    """Counts of classes and rows are claims, too."""
    checks = asked(tmp_path, {"t": {"sted": ALIKE["sted"]}}, told=told)
    assert failed(checks) == ["anonymity"]
    assert any(name in check.detail for check in checks)


@pytest.mark.parametrize("role", ["insensitive", "sensitive"])
def test_a_column_that_others_know_goes_out_in_large_classes_only(tmp_path, role):
    """Each sex is common; with the place it tells three persons apart, whatever its role."""
    data = {"sted": ALIKE["sted"], "kjonn": ["K"] * 3 + ["M"] * 3 + ["K"] * 3 + ["M"] * 3}
    checks = asked(
        tmp_path, {"t": data}, roles={"kjonn": role},
        columns={"kjonn": {"category": "user.demographic.gender"}},
    )  # fmt: skip
    assert failed(checks) == ["unlisted quasi-identifier"]


def test_small_counts_of_a_table_about_nobody_fail(tmp_path):
    """One customer in a place is that customer; none, or many, is nobody."""
    data = {"postnr": ["0150", "5003", "9008"], "antall_kunder": [40, 0, 1]}
    columns = {"postnr": {"category": "user.contact.address.postal_code"}}
    every = {"postnr": "insensitive", "antall_kunder": "insensitive"}
    more = {"roles": every, "columns": columns, "told": {"unit": "nobody"}}
    checks = asked(tmp_path, {"t": data}, **more)
    assert failed(checks) == ["small counts"]
    (tmp_path / "more").mkdir()
    data["antall_kunder"] = [40, 0, 5]
    assert not failed(asked(tmp_path / "more", {"t": data}, **more))
