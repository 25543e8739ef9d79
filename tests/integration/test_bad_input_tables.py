"""Odd tables, scanned, published and queried: names that attack, 500 columns, nothing in them."""

from __future__ import annotations

import json

import pytest

from tests.commands import Project
from tests.shop import HOSTILE, build


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shop with all its odd tables, scanned and published."""
    project = build(tmp_path_factory.mktemp("tables") / "shop")
    for words in (("discover",), ("publish", "analytics")):
        done = project.run(*words)
        assert done.code == 0, done.err + done.out
        assert done.err == ""
    return project


def _ask(project: Project, sql: str) -> list[dict[str, object]]:
    done = project.run("query", "analytics", sql, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_a_table_without_rows_is_published_empty(project: Project) -> None:
    """It is there, with its columns."""
    assert _ask(project, "SELECT * FROM no_rows") == []
    (described,) = _ask(project, "SELECT count(*) AS n FROM (DESCRIBE no_rows)")
    assert described["n"] == 2


def test_a_table_without_a_primary_key_keeps_its_rows(project: Project) -> None:
    """Equal rows stay as many as they were."""
    assert _ask(project, "SELECT farge, count(*) AS n FROM no_key GROUP BY 1 ORDER BY 1") == [
        {"farge": "blå", "n": 20},
        {"farge": "rød", "n": 20},
    ]


def test_five_hundred_columns_arrive(project: Project) -> None:
    """In their order, with their values."""
    (row,) = _ask(project, "SELECT * FROM wide")
    assert list(row) == [f"c{n}" for n in range(500)]
    assert row["c499"] == 499 % 7


def test_a_name_that_attacks_is_a_name(project: Project) -> None:
    """Spaces, quotes, markup and æøå: the analyst writes the name as it is, quoted."""
    name = HOSTILE.replace('"', '""')
    rows = _ask(project, f'SELECT sum("{name}") AS total FROM "odd {name}"')
    assert rows == [{"total": 30}]


def test_a_name_that_attacks_is_escaped_everywhere(project: Project) -> None:
    """Neither report nor the release's pages hold it as markup."""
    assert project.run("report", "-o", "r.html").code == 0
    assert project.run("report", "--format", "xlsx", "-o", "r.xlsx").code == 0
    pages = [project / "r.html", *(project / "releases").glob("**/REPORT.html")]
    assert len(pages) >= 2
    for page in pages:
        assert "<script>alert(1)" not in page.read_text(encoding="utf-8")
    for path in (project / "releases").rglob("*"):
        assert ".." not in path.name
        assert "<" not in path.name


def test_a_name_that_attacks_can_be_decided(project: Project) -> None:
    """By the address that `sladd findings --all` prints."""
    listed = project.run("findings", "--all", "--json").out
    (address,) = [
        row["field"] for row in json.loads(listed) if "script" in row["column"].casefold()
    ]
    done = project.run("decide", address, "reject", "--reason", "a number of goods")
    assert done.code == 0, done.err


def test_no_line_of_output_breaks_on_a_name(project: Project) -> None:
    """A column name with a line break and a colour code stays one line, without the code."""
    project.sql('CREATE TABLE breaks ("a\nb\x1b[31m" INTEGER)', "INSERT INTO breaks VALUES (1)")
    done = project.run("discover", "shop")
    assert done.code == 0, done
    plan = project.run("plan", "analytics")
    for text in (done.out, plan.out, project.run("findings", "--all").out):
        assert "\x1b" not in text
    assert sum("breaks" in line for line in plan.out.splitlines()) == 1


def test_the_release_stands(project: Project) -> None:
    """`sladd verify` holds for all of these."""
    project.assert_release_stands()
