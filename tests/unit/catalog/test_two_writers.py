"""Two processes write one SQLite catalog at once, and a third reads."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sladd.catalog import database, open_catalog
from sladd.errors import CatalogError
from tests.unit.catalog import writer
from tests.unit.catalog.conftest import URL
from tests.unit.catalog.scanned import EMAIL, field, scan, table

ROUNDS = 8


def test_two_processes_lose_nothing(catalog, tmp_path):
    """Every scan and decision of both is kept, the trail is whole, readers see whole states."""
    scan(catalog, table("t", field("t", "c", EMAIL)))
    path = os.pathsep.join(part for part in [*sys.path, str(Path.cwd())] if part)
    running = [
        subprocess.Popen(
            [sys.executable, writer.__file__, URL, str(tmp_path), name, str(ROUNDS)],
            env={**os.environ, "PYTHONPATH": path},
        )
        for name in ("kari", "ola")
    ]
    while any(process.poll() is None for process in running):
        assert [f.address for f in catalog.fields.all(source="shop")] == ["shop/t.c"]
        assert len(catalog.fields.all(source="kari")) in {0, 1}
    assert [process.returncode for process in running] == [0, 0]
    history = catalog.verdicts.history("shop/t.c")
    for name in ("kari", "ola"):
        assert [v.reason for v in history if v.by == name] == [str(n) for n in range(ROUNDS)]
        assert [f.address for f in catalog.fields.all(source=name)] == [f"{name}/own.c{ROUNDS - 1}"]
    assert catalog.fields.all(source="shop")[0].verdict == history[-1]
    assert len(catalog.scans.all()) == 1 + 4 * ROUNDS
    assert {s.status for s in catalog.scans.all()} == {"finished"}
    assert catalog.audit.verify() == []
    assert len(catalog.audit.entries()) == 2 + 10 * ROUNDS


def test_writer_that_never_ends_is_told(tmp_path, monkeypatch):
    """Who waits too long gets one line, and the catalog is usable afterwards."""
    monkeypatch.setattr(database, "WAIT_S", 0.2)
    with open_catalog(URL, root=tmp_path) as catalog:
        holder = sqlite3.connect(tmp_path / ".sladd/catalog.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogError) as caught:
            catalog.audit.append("a", "b", "c")
        assert caught.value.code == 505
        assert catalog.audit.entries() == []
        holder.execute("ROLLBACK")
        holder.close()
        catalog.audit.append("a", "b", "c")
        assert len(catalog.audit.entries()) == 1
