"""The anonymised release of the sample shop, from the configuration that ships."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from sladd.release import read_manifest
from tests.commands import Project
from tests.sample_shop import copied


@pytest.fixture(scope="module")
def project(tmp_path_factory, scanned_shop) -> Project:
    """The sample shop, published as open data."""
    project = copied(scanned_shop, tmp_path_factory.mktemp("sample") / "p")
    done = project.run("publish", "open")
    assert done.code == 0, done.err + done.out
    return project


def test_customers_and_added_up_orders_pass_gate_and_verify(project):
    """Everything the gate asks is answered with yes, at publish and afterwards."""
    manifest = read_manifest(project / "releases" / "open")
    assert {t.name for t in manifest.tables} == {"customers", "orders", "products"}
    told = manifest.risk["anonymity"]["tables"]
    assert told["customers"]["k"] >= 5
    assert told["orders"]["k"] >= 5
    assert told["products"]["unit"] == "nobody"
    checked = project.run("verify", "open", "--json")
    assert checked.code == 0, checked.out
    assert json.loads(checked.out)["passed"] is True


def test_who_objected_is_not_in_it(project):
    """Restriction, objection and withdrawn consent count here as in any release."""
    manifest = read_manifest(project / "releases" / "open")
    assert any(left.table == "customers" and left.rows for left in manifest.left_out)


def test_sensitive_columns_are_measured_without_a_promise(project):
    """No l or t was asked for: what a group gives away is told, and neither passed nor failed."""
    manifest = read_manifest(project / "releases" / "open")
    told = {(g["table"], g["column"]): g for g in manifest.risk["wp216"]["inference"]}
    assert ("customers", "kredittgrense") in told
    assert {guess["passed"] for guess in told.values()} == {None}
    columns = {c["name"]: c["role"] for c in manifest.risk["method"]["tables"][0]["columns"]}
    assert columns["kredittgrense"] == "sensitive"
    folder = (project.folder / "releases" / "open" / "latest").resolve()
    page = (folder / "ANONYMISATION.html").read_text("utf-8")
    assert "Ingen grense (l eller t) er satt." in page
    assert "Alle de tre prøvene er bestått" not in page


def test_nobody_stands_alone_in_the_files(project):
    """Counted here once more, from the Parquet files."""
    folder = (project.folder / "releases" / "open" / "latest").resolve()
    manifest = read_manifest(folder)
    for name in ("customers", "orders"):
        table = manifest.table(name)
        quasi = [c.name for c in table.columns if c.role == "quasi"]
        (file,) = table.files
        counts = pq.read_table(folder / file.path).group_by(quasi).aggregate([([], "count_all")])
        assert min(counts.column("count_all").to_pylist()) >= 5
