"""Opening a catalog: where it lands, who may read it, and what is refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sladd.catalog import open_catalog, schema
from sladd.catalog.database import open_database
from sladd.errors import CatalogError
from tests.unit.catalog.conftest import URL
from tests.unit.catalog.scanned import scan, table


def test_relative_path_starts_at_root_and_only_the_owner_reads_it(tmp_path):
    """Folder 0700, file and side files 0600, under any umask."""
    mask = os.umask(0)
    try:
        with open_catalog(URL, root=tmp_path) as catalog:
            scan(catalog, table("t"))
    finally:
        os.umask(mask)
    folder = tmp_path / ".sladd"
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes.pop("catalog.db") == 0o600
    assert set(modes.values()) <= {0o600}


def test_file_is_in_wal_mode(tmp_path):
    """Readers do not stop a writer."""
    open_catalog(URL, root=tmp_path).close()
    raw = sqlite3.connect(tmp_path / ".sladd/catalog.db")
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_migrations_give_the_schema_that_the_code_uses(tmp_path):
    """No table or column differs between `schema.py` and the migrations, and HEAD is the newest."""
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    open_catalog(URL, root=tmp_path).close()
    with open_database(URL, root=tmp_path).reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": schema.VERSION_TABLE}
        )
        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == schema.HEAD
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parents[1] / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_opening_again_keeps_what_is_there(tmp_path):
    """The second opening migrates nothing."""
    with open_catalog(URL, root=tmp_path) as catalog:
        scan(catalog, table("t"))
    with open_catalog(URL, root=tmp_path) as catalog:
        assert [t.table.ref.name for t in catalog.tables.all()] == ["t"]


def test_processes_that_start_at_once_create_it_once(tmp_path):
    """Three first openings at the same moment all succeed."""
    code = (
        "import sys; from pathlib import Path; from sladd.catalog import open_catalog\n"
        f"c = open_catalog({URL!r}, root=Path(sys.argv[1])); c.audit.append('open', 'x', 'y')"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=_env()) for _ in range(3)
    ]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    with open_catalog(URL, root=tmp_path) as catalog:
        assert len(catalog.audit.entries()) == 3
        assert catalog.audit.verify() == []


def test_newer_schema_is_refused_with_the_command_that_mends(tmp_path):
    """A catalog of a later sladd is left alone."""
    open_catalog(URL, root=tmp_path).close()
    raw = sqlite3.connect(tmp_path / ".sladd/catalog.db")
    raw.execute(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(CatalogError) as caught:
        open_catalog(URL, root=tmp_path)
    assert caught.value.code == 504
    assert "pip install --upgrade sladd" in str(caught.value)


def test_corrupt_file_is_one_line(tmp_path):
    """Rubbish in the file is told from an empty one, and stays as it is."""
    (tmp_path / "c.db").write_bytes(b"rubbish " * 1000)
    with pytest.raises(CatalogError) as caught:
        open_catalog("sqlite:///c.db", root=tmp_path)
    assert caught.value.code == 503
    assert "\n" not in str(caught.value)
    assert (tmp_path / "c.db").read_bytes() == b"rubbish " * 1000


def test_damage_inside_the_file_is_one_line(tmp_path):
    """A file whose pages were overwritten is said to be damaged when it is read."""
    with open_catalog("sqlite:///c.db", root=tmp_path) as catalog:
        scan(catalog, *(table(f"t{n}") for n in range(50)))
    path = tmp_path / "c.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(CatalogError) as caught:
        open_catalog("sqlite:///c.db", root=tmp_path).tables.all()
    assert caught.value.code == 503


def test_database_of_something_else_is_not_written_to(tmp_path):
    """A source named as catalog by mistake keeps its bytes."""
    path = tmp_path / "shop.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE customers (id INTEGER)")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    with pytest.raises(CatalogError, match="no catalog"):
        open_catalog("sqlite:///shop.db", root=tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite://", 501),
        ("sqlite:///:memory:", 501),
        ("sqlite:///c.db?mode=ro", 501),
        ("mysql://user:hemmelig@host/db", 501),
        ("hemmelig", 501),
        ("sqlite:///file/c.db", 502),
        ("sqlite:///folder", 502),
        ("postgresql+psycopg://user:hemmelig@127.0.0.1:1/db?connect_timeout=3", 506),
    ],
)
def test_unusable_place_is_one_line_without_the_password(tmp_path, url, code):
    """What cannot hold a catalog is told before anything is scanned."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CatalogError) as caught:
        open_catalog(url, root=tmp_path)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
    assert "hemmelig" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_folder_without_write_permission_is_one_line(tmp_path):
    """A folder of someone else is told as such."""
    (tmp_path / "theirs").mkdir(mode=0o500)
    with pytest.raises(CatalogError) as caught:
        open_catalog("sqlite:///theirs/c.db", root=tmp_path)
    assert caught.value.code == 502


def test_repr_shows_no_url(tmp_path):
    """A catalog that is printed names its kind only."""
    with open_catalog(URL, root=tmp_path) as catalog:
        assert repr(catalog) == "<Catalog in sqlite>"


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_a_scan_that_runs_while_the_catalog_is_migrated_can_be_finished(tmp_path):
    """What 0009 kept of it stays; the mark that nothing set is gone."""
    with open_catalog(URL, root=tmp_path) as before:
        number = before.scans.begin("shop", ruleset="r1", by="engineer")
        before.scans.record(number, table("customers"))
    raw = sqlite3.connect(tmp_path / ".sladd/catalog.db")
    raw.execute("ALTER TABLE sladd_scan_tables ADD COLUMN carried BOOLEAN NOT NULL DEFAULT 0")
    raw.execute(f"UPDATE {schema.VERSION_TABLE} SET version_num = '0009'")
    raw.commit()
    raw.close()
    with open_catalog(URL, root=tmp_path) as after:
        drift = after.scans.finish(number, seen_tables=[])
        assert drift.new_tables == ("shop/customers",)
    raw = sqlite3.connect(tmp_path / ".sladd/catalog.db")
    columns = [row[1] for row in raw.execute("PRAGMA table_info(sladd_scan_tables)")]
    raw.close()
    assert columns == ["scan_id", "table_key", "state_id"]
