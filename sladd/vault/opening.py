"""From an address in `sladd.yaml` to a store; a place beside what it leads back from is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sladd.errors import VaultError
from sladd.keyring.places import check_directory, check_place
from sladd.vault.store import Store

if TYPE_CHECKING:
    import sqlalchemy as sa


def open_store(
    address: str, *, root: Path, targets: Sequence[Path] = (), apart: Sequence[str] = ()
) -> Store:
    """Open a vault; a missing SQLite file, or the tables in PostgreSQL, are made.

    Args:
        address: `sqlite:///…` or `postgresql+psycopg://…`.
        root: where relative paths start.
        targets: directories that receive releases.
        apart: URLs of databases that the vault must not share: catalog and release targets.

    Raises:
        VaultError: the address is none (SLADD-430), others can read it (431), it is no vault
            (432), cannot be used (433), is held by another (434), or is not apart (435).
        KeyringError: its file lies in an unsafe place (SLADD-405…407).
    """
    url = check_store(address, root=root, targets=targets, apart=apart)
    if url.get_backend_name() == "sqlite":
        from sladd.vault.sqlite import SqliteStore

        path = _path(url, root)
        store = SqliteStore(path)
        check_directory(path, what="vault")
        return store
    from sladd.vault.postgresql import PostgresqlStore

    return PostgresqlStore(url)


def check_store(
    address: str, *, root: Path, targets: Sequence[Path], apart: Sequence[str]
) -> sa.URL:
    """The address, after it was checked without opening anything.

    Raises:
        VaultError: it is none (SLADD-430), or not apart from catalog or target (SLADD-435).
        KeyringError: the file would lie in a release or a git work tree (SLADD-405, 406).
    """
    url = _url(address)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        path = _path(url, root)
        check_place(path, targets, what="vault")
        if path.parent.exists():
            check_directory(path, what="vault")
    own = _identity(url, root)
    for other in apart:
        if _identity(_url(other, what="other"), root) == own:
            raise VaultError(
                "the vault lies in the same database as the catalog or a release",
                code=435,
                where="sladd.yaml, vault",
                mend="give it a database of its own, with a user of its own",
            )
    return url


def _url(address: str, *, what: str = "vault") -> sa.URL:
    import sqlalchemy as sa

    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    fits = url is not None and (
        what == "other"
        or (url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"})
        or url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}
    )
    if url is None or not fits:
        raise VaultError(
            "the address of the vault is none",
            code=430,
            where="sladd.yaml, vault",
            mend="write sqlite:////home/me/.local/share/sladd/vault.db or postgresql+psycopg://…",
        )
    return url


def _path(url: sa.URL, root: Path) -> Path:
    given = Path(url.database or "").expanduser()
    return given if given.is_absolute() else root / given


def _identity(url: sa.URL, root: Path) -> tuple[str, ...]:
    if url.get_backend_name() == "sqlite":
        return ("sqlite", str(_path(url, root).resolve()))
    host = url.host or "localhost"
    port = url.port or (5432 if url.get_backend_name() == "postgresql" else 3306)
    return (
        url.get_backend_name(),
        "localhost" if host in {"127.0.0.1", "::1"} else host,
        str(port),
        url.database or "",
    )
