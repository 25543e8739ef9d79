"""A vault is refused wherever it would travel with data, or be read by others."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from sladd.errors import KeyringError, VaultError
from sladd.vault import open_store
from tests.services import Server
from tests.unit.vault.conftest import Opener, tokens
from transforms.vault import VaultPseudonymiser


def test_a_new_vault_is_closed_to_others(tmp_path: Path) -> None:
    """The file 0600 and its folder 0700, whatever the umask; so are the files beside it."""
    before = os.umask(0)
    try:
        store = open_store("sqlite:///new/v.db", root=tmp_path)
        VaultPseudonymiser(tokens(store), "name", "name").one("Kari")
    finally:
        os.umask(before)
    files = list((tmp_path / "new").iterdir())
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert len(files) > 1  # SQLite's log, which holds rows, too
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    store.close()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_vault_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The line holds the command that mends it."""
    open_store("sqlite:///new/v.db", root=tmp_path).close()
    (tmp_path / "new" / "v.db").chmod(mode)
    with pytest.raises(VaultError, match="chmod 600") as caught:
        open_store("sqlite:///new/v.db", root=tmp_path)
    assert caught.value.code == 431


def test_a_vault_in_an_unsafe_folder_is_refused(tmp_path: Path) -> None:
    """In a release, in a git work tree, and where others can write; nothing is made there."""
    (tmp_path / "git" / ".git").mkdir(parents=True)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    codes = {}
    for name in ("releases/x", "git", "open"):
        with pytest.raises(KeyringError, match="vault") as caught:
            open_store(f"sqlite:///{name}/v.db", root=tmp_path, targets=[tmp_path / "releases"])
        codes[name] = caught.value.code
        assert not (tmp_path / name / "v.db").exists()
    assert codes == {"releases/x": 405, "git": 406, "open": 407}


@pytest.mark.parametrize(
    ("store", "catalog"),
    [
        ("sqlite:///a/catalog.db", "sqlite:///./a/../a/catalog.db"),
        ("postgresql+psycopg://v:x@db/c", "postgresql+psycopg://other:y@db:5432/c"),
        ("postgresql+psycopg://v:x@127.0.0.1/c", "postgresql://localhost/c"),
    ],
)
def test_a_vault_in_the_database_of_the_catalog_is_refused(
    tmp_path: Path, store: str, catalog: str
) -> None:
    """However the same database is spelled, and before it is connected to."""
    with pytest.raises(VaultError, match="same database") as caught:
        open_store(store, root=tmp_path, apart=[catalog])
    assert caught.value.code == 435


@pytest.mark.parametrize(
    "address",
    [
        "hemmelig77",
        "sqlite://",
        "mysql://v:hemmelig77@db/x",
        "sqlite:///:memory:",
        "pg://x:hemmelig77",
    ],
)
def test_what_is_no_address_is_told_without_repeating_it(tmp_path: Path, address: str) -> None:
    """It could hold a password."""
    with pytest.raises(VaultError) as caught:
        open_store(address, root=tmp_path)
    assert caught.value.code == 430
    assert "hemmelig77" not in str(caught.value)


def test_another_database_is_not_written_to(tmp_path: Path) -> None:
    """A catalog, or anything else, is refused as it is; so is a text file."""
    (tmp_path / "x").mkdir(mode=0o700)
    with sqlite3.connect(tmp_path / "x" / "other.db") as db:
        db.execute("CREATE TABLE t (a)")
    (tmp_path / "x" / "text.db").write_text("no database at all, however long it is" * 50)
    for name in ("other.db", "text.db"):
        (tmp_path / "x" / name).chmod(0o600)
        before = (tmp_path / "x" / name).read_bytes()
        with pytest.raises(VaultError) as caught:
            open_store(f"sqlite:///x/{name}", root=tmp_path)
        assert caught.value.code == 432
        assert (tmp_path / "x" / name).read_bytes() == before


def test_nothing_of_a_deleted_row_is_left_in_the_files(tmp_path: Path) -> None:
    """Rows that were moved by many inserts leave copies in split pages: they are gone as well."""
    store = open_store("sqlite:///new/v.db", root=tmp_path)
    (space,) = tokens(store).spaces("name", "name")
    rows = {f"{n * 7919 % 100_003:026d}": f"token{n:021d}" for n in range(20_000)}
    for start in range(0, 20_000, 500):
        some = list(rows.items())[start : start + 500]
        store.add(space, dict(some))
    gone = list(rows)[::37]
    assert store.delete(space, gone) == len(gone)
    assert store.forget() is True
    written = b"".join(p.read_bytes() for p in (tmp_path / "new").iterdir())
    left = [n for n in gone if n.encode() in written or rows[n].encode() in written]
    assert left == []
    kept = list(rows)[1]
    assert kept.encode() in written
    store.close()


def test_deleting_waits_for_a_publish_that_reads(tmp_path: Path) -> None:
    """A second connection is open, as during a publish; the files are rewritten all the same."""
    one, two = (open_store("sqlite:///new/v.db", root=tmp_path) for _ in range(2))
    worker = VaultPseudonymiser(tokens(two), "name", "name")
    token = worker.one("Kari Nordmann")
    (space,) = tokens(one).spaces("name", "name")
    (lookup,) = one.lookups(space, [token]).values()
    assert one.delete(space, [lookup]) == 1
    assert one.forget() is True
    assert token.encode() not in b"".join(p.read_bytes() for p in (tmp_path / "new").iterdir())
    assert worker.one("Kari Nordmann") != token


@pytest.mark.services
def test_a_schema_that_everybody_may_read_is_refused(postgresql: Server, tmp_path: Path) -> None:
    """PUBLIC is every role of the database."""
    import sqlalchemy as sa

    address = postgresql.new_database()
    open_store(address, root=tmp_path).close()
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("GRANT USAGE ON SCHEMA sladd_vault TO PUBLIC")
        connection.exec_driver_sql("GRANT SELECT ON sladd_vault.token TO PUBLIC")
    engine.dispose()
    with pytest.raises(VaultError, match="REVOKE") as caught:
        open_store(address, root=tmp_path)
    assert caught.value.code == 431


@pytest.mark.services
def test_a_wrong_password_is_one_line_without_it(postgresql: Server, tmp_path: Path) -> None:
    """Neither the password nor libpq's words."""
    with pytest.raises(VaultError) as caught:
        open_store(postgresql.url(password="hemmelig77"), root=tmp_path)
    assert caught.value.code == 433
    assert "hemmelig77" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_opened_vault_names_its_place_without_a_password(opened: Opener) -> None:
    """`where` stands in errors and receipts."""
    store = opened()
    assert store.where.startswith("vault ")
    assert "@" not in store.where
