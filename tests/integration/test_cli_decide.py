"""Decisions on fields whose own names are personal data, by the names that are shown."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands import Project

NAME = "kari.hansen@example.no"


def test_a_masked_name_is_decided_by_the_name_shown(tmp_path: Path) -> None:
    """What `findings` prints is what `decide` takes, and the raw name is never printed."""
    project = Project(tmp_path)
    project.configure("sources:\n  shop:\n    database: sqlite:///shop.db\n")
    project.sql(f'CREATE TABLE t (id INTEGER PRIMARY KEY, "{NAME}" TEXT)')
    project.sql(f"INSERT INTO t VALUES (1, '{NAME}'), (2, 'ola@example.no')")
    assert project.run("discover").code == 0
    rows = json.loads(project.run("findings", "--all", "--json").out)
    (shown,) = [row["field"] for row in rows if row["column"] != "id"]
    assert "kari" not in shown
    done = project.run("decide", shown, "reject", "--reason", "test data")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{shown}: rejected")
    wrong = project.run("decide", f"{shown}x", "reject", "--reason", "test data")
    assert "kari" not in wrong.one_line(2, 168, shown)


def test_a_check_with_nothing_to_look_at_does_not_pass(tmp_path: Path) -> None:
    """No source is an error of the configuration; a source that was never scanned, a problem."""
    project = Project(tmp_path)
    project.configure("languages: [nb]\n")
    project.run("check").one_line(2, 131, "no source")
    project.configure("sources:\n  shop:\n    database: sqlite:///shop.db\n")
    offline = project.run("check", "--offline")
    assert (offline.code, offline.out.splitlines()[0]) == (
        1, "shop: never scanned · sladd discover shop",
    )  # fmt: skip
