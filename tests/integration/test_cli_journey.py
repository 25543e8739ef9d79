"""The whole journey of a project, from `init` to the second publish, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.commands import Project
from tests.shop import build


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A folder with data and no configuration."""
    folder = tmp_path_factory.mktemp("journey") / "shop"
    project = build(folder, wide=False)
    (folder / "sladd.yaml").unlink()
    return project


def test_from_init_to_the_second_publish(project: Project, tmp_path: Path) -> None:
    """Every step does what the one before it promised; order matters, so it is one test."""
    _init(project, tmp_path)
    _discover(project)
    _report(project)
    _decide(project)
    _publish(project)
    _query(project)
    _again(project)


def _init(project: Project, tmp_path: Path) -> None:
    key = tmp_path / "keys" / "main.key"
    done = project.run("init", ".", "--key", str(key))
    assert done.code == 0, done.err
    assert key.stat().st_mode & 0o777 == 0o600
    assert ".sladd/" in (project / ".gitignore").read_text()
    # The file as written is valid, and says what is missing.
    project.run("discover").one_line(2, 131, "no source")
    text = project.config.replace(
        "sources: {}",
        "sources:\n  shop:\n    database: sqlite:///shop.db\n  exports:\n    files: data/*",
    ).replace(
        "releases: {}",
        "releases:\n  analytics:\n    domain: test\n    from: [shop, exports]\n"
        "    to: releases/analytics",
    )
    project.configure(text)
    assert project.run("doctor").code == 0


def _discover(project: Project) -> None:
    assert project.run("findings").out == "no field is known yet: sladd discover\n"
    done = project.run("discover", "--json")
    assert done.code == 0
    assert {s["source"]: s["scanned"] for s in json.loads(done.out)} == {"shop": 5, "exports": 1}
    rows = json.loads(project.run("findings", "--format", "json").out)
    assert "shop/customers.navn" in {row["field"] for row in rows}
    listed = project.run("findings").out.splitlines()
    assert listed[0].split("\t") == ["field", "how", "category", "confidence", "verdict"]
    assert len(listed) == len(rows) + 1
    assert project.run("findings", "--format", "csv").out.startswith("format,field,")


def _report(project: Project) -> None:
    for style in ("html", "xlsx", "md", "json"):
        path = f"report.{style}"
        done = project.run("report", "--format", style, "-o", path, "--lang", "en")
        assert done.out.startswith(f"wrote {path}")
        assert (project / path).stat().st_size > 500
    assert project.run("report", "--format", "md").out.startswith("#")


def _decide(project: Project) -> None:
    assert project.run("check").out == "nothing to decide\n"
    # A table that came overnight.
    project.sql("CREATE TABLE late (id INTEGER PRIMARY KEY, antall INTEGER)")
    drifted = project.run("check")
    assert drifted.code == 1
    assert "shop/late.antall: new since the last scan · sladd discover shop" in drifted.out
    assert "shop: 6 tables scanned" in project.run("discover", "shop").out
    assert project.run("check").code == 0
    # Without a release there is no rule either: then every personal field waits for a decision.
    bare = project.config.split("releases:")[0]
    (project / "bare.yaml").write_text(bare, encoding="utf-8")
    checked = project.run("check", "--json", "-c", "bare.yaml")
    assert checked.code == 1
    waiting = [p["where"] for p in json.loads(checked.out)]
    assert "shop/customers.navn" in waiting
    project.run("decide", "customers.navnn", "confirm", "--reason", "x").one_line(
        2, 168, "did you mean shop/customers.navn"
    )
    project.run("decide", "shop/customers.navn", "user.nam", "--reason", "x").one_line(
        2, 512, "did you mean 'user.name'?"
    )
    project.run("decide", "shop/customers.navn", "confirm", "--reason", "a@example.no").one_line(
        2, 160, "--reason"
    )
    # The address of a plain field: nothing was found there, so there is nothing to confirm.
    project.run("decide", "shop/no_key.farge", "confirm", "--reason", "x").one_line(2, 511)
    for field in waiting:
        done = project.run("decide", field, "confirm", "--reason", "tested", "--by", "officer")
        assert done.out.startswith(f"{field}: confirmed as ")
        assert done.out.endswith(", by officer\n")
    assert project.run("check", "-c", "bare.yaml").out == "nothing to decide\n"
    said = project.run("decide", "shop/no_key.farge", "user.preference", "--reason", "x", "--json")
    assert said.code in {0, 2}, said
    text = project.run("verdicts", "export").out
    assert project.run("verdicts", "export", "-o", "v.yaml").out == "wrote v.yaml\n"
    assert (project / "v.yaml").read_text(encoding="utf-8") == text
    again = project.run("verdicts", "import", "-", stdin=text)
    assert again.out.startswith("0 applied, ")
    project.run("verdicts", "import", "none.yaml").one_line(2, 161, "none.yaml")


def _publish(project: Project) -> None:
    rows = json.loads(project.run("plan", "analytics", "--json").out)["fields"]
    assert {row["field"]: row["transform"] for row in rows}["shop/customers.navn"] == "pseudonym"
    listed = project.run("plan", "analytics", "--only", "pseudonym").out.splitlines()
    _, *chosen = [line.split("\t") for line in listed if "\t" in line]
    assert chosen
    assert all(row[1].startswith("pseudonym") for row in chosen)
    done = project.run("publish", "analytics")
    assert (done.code, done.err) == (0, "")
    verified = project.run("verify", "analytics", "--json")
    assert json.loads(verified.out)["passed"] is True


def _query(project: Project) -> None:
    sql = (
        "SELECT c.navn, count(*) AS n FROM orders JOIN customers c ON c.id = customer_id GROUP BY 1"
    )
    table = project.run("query", "analytics", sql, "--limit", "3")
    assert len(table.out.splitlines()) == 4
    assert "more rows: --limit" in table.err
    written = project.run("query", "analytics", "-", "-o", "names.parquet", stdin=sql)
    assert written.code == 0, written.err
    found = pyarrow.parquet.read_table(project / "names.parquet")
    assert sum(found["n"].to_pylist()) == 120
    assert project.run("query", "analytics", sql, "-o", "names.csv").code == 0
    assert pyarrow.csv.read_csv(project / "names.csv").num_rows == found.num_rows
    as_csv = project.run("query", "analytics", "SELECT 1 AS a", "--format", "csv")
    assert as_csv.out.split() == ['"a"', "1"]
    project.run("query", "analytics", sql, "--max-rows", "5").one_line(1, 612, "--max-rows")
    slow = "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c"
    project.run("query", "analytics", slow, "--timeout", "0.2").one_line(1, 611, "--timeout")
    project.run("query", "analytics", "DROP TABLE orders").one_line(1, 610)
    project.run("query", "analytics", sql, "-o", "names.docx").one_line(2, 167, "--format")


def _again(project: Project) -> None:
    done = project.run("discover")
    assert "shop: 0 tables scanned, 6 unchanged" in done.out
    assert "exports: 0 tables scanned, 1 unchanged" in done.out
    for _ in range(2):
        assert project.run("publish", "analytics").code == 0
    kept = [name for name in project.versions() if name.startswith("v=")]
    assert len(kept) == 2, "keep_versions is 2"
    project.assert_release_stands()
