"""Broken files through `sladd discover`, and odd ones through `publish` and `query` as well."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.commands import Outcome, Project
from tests.shop import build

SECRET = "hemmelig@example.no"


def _bomb(path: Path) -> None:
    """Some kilobytes whose directory says that a sheet unpacks to 10 GB."""
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"<x/>")
        archive.filelist[-1].file_size = 10 << 30


def _truncated(path: Path) -> None:
    pq.write_table(pa.table({"epost": [SECRET] * 999}), path)
    path.write_bytes(path.read_bytes()[:-25])


def _locked(path: Path) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000 + name + b"\x00" * 500)


BROKEN = {
    "empty.csv": (lambda p: p.touch(), 255),
    "truncated.parquet": (_truncated, 243),
    "locked.xlsx": (_locked, 244),
    "bomb.xlsx": (_bomb, 245),
    "zeros.csv": (lambda p: p.write_bytes(b"\x00" * 4000), 248),
}
# Odd, and read all the same: bytes, rows in the release, what a query must see.
ODD = {
    "latin1": ("farge;antall\n" + "blå;1\nrød;2\n" * 30).encode("latin-1"),
    "ragged": b"a;b;c\n" + b"1;2;3\n4;5\n6;7;8;9\n" * 20,
    "nul": b"farge;antall\n" + b"gr\x00nn;1\nrosa;2\n" * 30,
    "bare_header": b"id;antall\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shop, with a folder of broken and odd files."""
    project = build(tmp_path_factory.mktemp("files") / "shop", wide=False)
    for name, (make, _) in BROKEN.items():
        make(project / "data" / name)
    for name, content in ODD.items():
        (project / "data" / f"{name}.csv").write_bytes(content)
    project.configure(project.config.replace("from: [shop, exports]", "from: [exports]"))
    return project


@pytest.fixture(scope="module")
def discovered(project: Project) -> Outcome:
    """What `sladd discover exports` says."""
    return project.run("discover", "exports")


@pytest.fixture(scope="module")
def published(project: Project, discovered: Outcome) -> Outcome:
    """What `sladd publish` says then."""
    return project.run("publish", "analytics")


def test_each_broken_file_is_one_line_and_the_rest_goes_on(discovered: Outcome) -> None:
    """Exit code 0, as the source was read; every line has its code and file."""
    assert discovered.code == 0, discovered
    lines = {line.split(" · ")[1]: line for line in discovered.lines if "SLADD-2" in line}
    for name, (_, code) in BROKEN.items():
        assert lines[f"exports/data/{name}"].startswith(f"SLADD-{code}: not scanned"), lines
    assert SECRET not in discovered.err + discovered.out
    assert "exports: 5 tables scanned" in discovered.out
    assert "Traceback" not in discovered.err


def test_check_and_report_name_the_broken_files(project: Project, discovered: Outcome) -> None:
    """A file that was not scanned is never called clean."""
    checked = project.run("check")
    assert checked.code == 1
    report = project.run("report", "--format", "md", "--lang", "en")
    for name in BROKEN:
        assert f"exports/data/{name}" in checked.out
        assert name in report.out


def test_json_lists_what_was_not_scanned(project: Project, discovered: Outcome) -> None:
    """The same for a machine, without words on standard output that are no JSON."""
    import json

    (said,) = json.loads(project.run("discover", "exports", "--json").out)
    assert {m["where"]: m["code"] for m in said["missed"]}.items() >= {
        (f"exports/data/{name}", code) for name, (_, code) in BROKEN.items()
    }


def test_odd_files_are_published(project: Project, published: Outcome) -> None:
    """Latin-1 and NUL bytes become tables, whole."""
    assert published.code == 0, published.err
    project.assert_release_stands()
    counts = {
        "latin1": 60,
        "nul": 60,
        "varer": 50,
    }
    for table, rows in counts.items():
        done = project.run("query", "analytics", f'SELECT count(*) AS n FROM "{table}"', "--json")
        assert done.out.split() == ["[", "{", '"n":', str(rows), "}", "]"], (table, done)


def test_latin1_is_read_as_such(project: Project, published: Outcome) -> None:
    """No replacement character, no mojibake."""
    done = project.run("query", "analytics", "SELECT DISTINCT farge FROM latin1 ORDER BY 1")
    assert done.out.split() == ["farge", "blå", "rød"]


def test_ragged_rows_are_counted_and_said(
    project: Project, discovered: Outcome, published: Outcome
) -> None:
    """Rows that fit no column are left out, never silently: by scan, check and the release."""
    (line,) = [line for line in discovered.lines if "ragged" in line]
    assert line.startswith("SLADD-246: not scanned · exports/data/ragged.csv · rows · 40 rows")
    assert "40 rows" in project.run("check").out
    (line,) = [line for line in published.lines if "ragged" in line]
    assert line.startswith("SLADD-246: 40 rows with too few or too many columns were left out")
    done = project.run("query", "analytics", "SELECT count(*) FROM ragged")
    assert done.out.splitlines()[1] == "20"
    manifest = next((project / "releases/analytics").glob("v=*/manifest.json")).read_text("utf-8")
    assert "40 rows with too few or too many columns" in manifest


def test_a_header_without_rows_stays_out_until_decided(
    project: Project, published: Outcome
) -> None:
    """Text of which nothing was seen could be anything: the plan says so."""
    rows = [r for r in project.run("plan", "analytics").out.splitlines() if "bare_header" in r]
    assert len(rows) == 2
    assert all("\tdrop\t" in row and "sladd decide" in row for row in rows)
