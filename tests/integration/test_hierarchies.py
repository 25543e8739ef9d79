"""A shop's own hierarchy, from the CSV file to the release."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from sladd.errors import ConfigError, ManyErrors
from sladd.keyring import create_key_file
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.planning import make_plan
from sladd.pipeline.publish import publish
from sladd.targets.language import language
from sladd.targets.treatment import treatment

FILE = "Lager;Drift;Alle\r\nInnkjøp;Drift;Alle\r\nSalg;Marked;Alle\r\n"
ADDRESSES = [
    ("Lager", "1555", "SON"),
    ("Innkjøp", "4460", "MOI"),
    ("Salg", "5748", "STYVI"),
    ("Ledelse", "9730", "Kárášjohka"),
]


def _config(folder: Path, file: str = FILE, *, encoding: str = "cp1252", **rule: Any) -> Path:
    key = folder / "keys" / "main.key"
    if not key.exists():
        create_key_file(key)
    project = folder / "project"
    (project / "hierarchies").mkdir(parents=True, exist_ok=True)
    (project / "hierarchies" / "departments.csv").write_bytes(file.encode(encoding))
    database = folder / "shop.db"
    if not database.exists():
        with sqlite3.connect(database) as db:
            db.execute("CREATE TABLE staff (department TEXT, postal_code TEXT, city TEXT)")
            db.executemany("INSERT INTO staff VALUES (?,?,?)", ADDRESSES * 10)
    department = {"field": "shop/staff.department", "transform": "generalise", "to": "departments"}
    rules = [
        {**department, **rule},
        {"field": "shop/staff.postal_code", "transform": "generalise", "to": "municipality"},
        {"field": "shop/staff.city", "transform": "generalise", "to": "county"},
    ]
    settings = {
        "catalog": "sqlite:///catalog.db",
        "keys": {"main": {"file": str(key)}},
        "hierarchies": {"departments": {"file": "hierarchies/departments.csv"}},
        "sources": {"shop": {"database": f"sqlite:///{database}"}},
        "releases": {"r": {"domain": "d", "from": ["shop"], "to": "out", "rules": rules}},
    }
    path = project / "sladd.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return path


def _refused(path: Path) -> list[tuple[int, str]]:
    with pytest.raises((ConfigError, ManyErrors)) as caught:
        bind(path)
    error = caught.value
    errors = error.errors if isinstance(error, ManyErrors) else [error]
    return [(each.code, str(each)) for each in errors]


@pytest.fixture
def bound(tmp_path: Path) -> Bound:
    """A shop with a scanned table and a file of departments in Windows-1252."""
    made = bind(_config(tmp_path, level=1))
    discover(made)
    return made


def test_values_leave_as_their_classes(bound):
    """Own classes, municipalities and counties; what is not known is null, never passed on."""
    release = publish(bound, "r")
    rows = pq.read_table(release.path / "staff").to_pylist()
    assert {tuple(row.values()) for row in rows} == {
        ("Drift", "Vestby", "Akershus"),
        ("Drift", "Lund", "Rogaland"),
        ("Marked", None, None),
        (None, "Karasjok", "Finnmark"),
    }
    lost = {k: n for k, n in release.manifest.counts.items() if ": " in k}
    assert lost == {
        "staff.department: unparsed": 10,
        "staff.postal_code: unparsed": 10,
        "staff.city: unparsed": 10,
    }
    column = next(c for c in release.manifest.tables[0].columns if c.name == "department")
    for lang, phrase in (("nb", "nivå 1 i hierarkiet departments"), ("en", "level 1")):
        assert phrase in treatment(column, language(lang))


def test_the_policy_hash_covers_what_the_file_says(bound, tmp_path):
    """A class that changes makes another policy; the way of writing the file does not."""
    before = make_plan(bound, "r").policy_sha256
    same = bind(_config(tmp_path, FILE.replace(";", ","), encoding="utf-16", level=1))
    assert make_plan(same, "r").policy_sha256 == before
    other = bind(_config(tmp_path, FILE.replace("Marked", "Kunde"), level=1))
    assert make_plan(other, "r").policy_sha256 != before


def test_lines_that_contradict_each_other_are_named(tmp_path):
    """And the values in them are not."""
    wrong = FILE + "Lager;Marked;Alle\r\nButikk;Drift;Andre\r\n"
    told = _refused(_config(tmp_path, wrong))
    assert [code for code, _ in told] == [143, 143, 144]
    assert "line 4 and line 1" in told[0][1]
    assert "line 5 and line 1" in told[1][1]
    everything = " ".join(text for _, text in told)
    assert not any(word in everything for word in ("Lager", "Marked", "Butikk", "Andre"))


def test_a_missing_file_and_a_missing_level_are_refused(tmp_path):
    """Before anything is read."""
    path = _config(tmp_path, level=3)
    assert [code for code, _ in _refused(path)] == [146]
    (path.parent / "hierarchies" / "departments.csv").unlink()
    assert [code for code, _ in _refused(path)] == [142]


def test_a_hierarchy_cannot_take_the_name_of_a_built_in_class(tmp_path):
    """`to: region` would have two meanings."""
    path = _config(tmp_path)
    path.write_text(path.read_text("utf-8").replace("departments:", "region:"), "utf-8")
    assert [code for code, _ in _refused(path)] == [145]


def test_a_header_names_the_levels(tmp_path):
    """Where the configuration says that there is one."""
    path = _config(tmp_path, "Avdeling;Divisjon;Firma\n" + FILE)
    path.write_text(path.read_text("utf-8").replace("departments.csv", "departments.csv\n    header: true"), "utf-8")  # fmt: skip
    table = bind(path).hierarchies["departments"]
    assert table.levels == ("Avdeling", "Divisjon", "Firma")
    assert len(table.rows) == 3
