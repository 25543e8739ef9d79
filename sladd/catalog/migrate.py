"""Bring the schema of a catalog to the version this sladd knows; never back."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from sladd.catalog.database import Database
from sladd.catalog.schema import HEAD, VERSION_TABLE
from sladd.errors import CatalogError


def migrate(database: Database) -> None:
    """Migrate forward, under the writers' lock, so that two starts at once do it once.

    Raises:
        CatalogError: the catalog was written by a newer sladd (SLADD-504).
    """
    # The common case reads one row and does not load Alembic.
    with database.reading() as connection:
        if version(connection) == HEAD:
            return
    with database.writing() as connection:
        _upgrade(connection, database.where)


def version(connection: sa.Connection) -> str | None:
    """The revision of the catalog's schema; None for an empty database."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(
        sa.text(f"SELECT version_num FROM {VERSION_TABLE}")
    ).scalar()
    return found


def _upgrade(connection: sa.Connection, where: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%")
    )
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = version(connection)
    if found is not None and found not in known:
        raise CatalogError(
            f"the catalog was written by a newer sladd (schema {found}, this one knows {HEAD})",
            code=504,
            where=where,
            mend="pip install --upgrade sladd",
        )
    command.upgrade(config, "head")
