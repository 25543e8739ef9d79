"""Comments of MariaDB and MySQL, where a column has to be defined anew to get one.

The definition is the server's own (`SHOW CREATE TABLE`), with nothing but the comment replaced.
Applying locks the table, has MariaDB refuse whatever is more than a change of metadata
(`ALGORITHM=INSTANT`), and holds the definition afterwards against the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pymysql

from sladd.errors import ExportError
from sladd.exports.comments import Comments, Statement, Tags, relations
from sladd.exports.definition import Definition, read_definition
from sladd.exports.mark import marked
from sladd.exports.tags import ColumnTag
from sladd.model import TableRef
from sladd.sources.database.address import Address

# Definitions are read and written under one mode: backticks, backslash escapes, zero dates.
_HEAD = ("SET NAMES utf8mb4", "SET SESSION sql_mode = ''")
_LONGEST = 1024  # characters of a column's comment (MariaDB: Identifier names; MySQL: CREATE TABLE)
_COPIES = {1845, 1846}  # MariaDB: the change would take more than ALGORITHM=INSTANT
_WOULD_COPY = "MariaDB would copy the whole table for it"
_NO_SUCH = {1146, 1142, 1051}  # unknown or forbidden table


class MariadbComments:
    """Implements `Commenter`."""

    def __init__(self, address: Address, *, writes: bool) -> None:
        url = address.url
        self._database = str(url.database or "")
        self._connection = pymysql.connect(
            host=url.host or "localhost",
            port=url.port or 3306,
            user=url.username,
            password=str(url.password or ""),
            database=self._database or None,
            charset="utf8mb4",
            connect_timeout=10,
            autocommit=True,
        )
        for setting in (*_HEAD, "SET SESSION lock_wait_timeout = 10"):
            self._rows(setting)
        if not writes:
            self._rows("SET SESSION TRANSACTION READ ONLY")
        self._is_mariadb = "MariaDB" in str(self._rows("SELECT VERSION()")[0][0])
        self._where = f"source {address.source}, {address.shown}"

    def close(self) -> None:
        """Release the connection and its locks."""
        self._connection.close()

    def plan(self, tags: Tags) -> Comments:
        """What would change. Run it soon: it states the definitions of now."""
        statements, skipped = [], []
        for ref in relations(tags):
            found = self._definition(ref)
            if found is None:
                skipped.append((str(ref), "no table, or no right to see its definition"))
                continue
            wanted, left = self._wanted(ref, found, tags[ref])
            skipped += left
            for name, comment in wanted.items():
                if self._is_mariadb and found.is_copied(name):
                    skipped.append((f"{ref}.{name}", _WOULD_COPY))
                else:
                    statements.append(self._statement(ref, found, name, comment))
        return Comments(_HEAD, tuple(statements), tuple(skipped))

    def apply(self, tags: Tags) -> Comments:
        """Change one column after another.

        Raises:
            ExportError: it is no MariaDB (SLADD-958), or a definition would not be what it was
                (SLADD-955).
        """
        if not self._is_mariadb:
            raise ExportError(
                "comments are put into MariaDB only; MySQL does not refuse more than that",
                code=958,
                where=self._where,
                mend="leave --apply out, look at the SQL, and run it",
            )
        statements, skipped = [], []
        for ref in relations(tags):
            if self._definition(ref) is None:
                skipped.append((str(ref), "no table, or no right to see its definition"))
                continue
            self._rows(f"LOCK TABLES {self._place(ref)} WRITE")
            try:
                before = self._definition(ref)
                if before is None:
                    continue
                wanted, left = self._wanted(ref, before, tags[ref])
                skipped += left
                for name, comment in wanted.items():
                    done = self._changed(ref, name, comment)
                    if done is None:
                        skipped.append((f"{ref}.{name}", _WOULD_COPY))
                    else:
                        statements.append(done)
            finally:
                self._rows("UNLOCK TABLES")
        return Comments(_HEAD, tuple(statements), tuple(skipped))

    def _changed(self, ref: TableRef, name: str, comment: str) -> Statement | None:
        """Change one comment under the lock; None where the server would copy the table."""
        before = self._definition(ref)
        if before is None:
            return None
        statement = self._statement(ref, before, name, comment)
        try:
            self._rows(statement.sql)
        except pymysql.MySQLError as error:
            if error.args and error.args[0] in _COPIES:
                return None
            raise
        after = self._definition(ref)
        if after is None or after.items != before.with_comments({name: comment}).items:
            self._rows(self._statement(ref, before, name, before.comment(name)).sql)
            raise ExportError(
                "the column would not be what it was, so it was left as it was",
                code=955,
                where=f"{ref}.{name}",
                mend="leave --apply out, and look at the SQL",
            )
        return statement

    def _wanted(
        self, ref: TableRef, found: Definition, tags: Mapping[str, ColumnTag]
    ) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Column → its new comment, where that differs; and what cannot be commented."""
        wanted: dict[str, str] = {}
        skipped: list[tuple[str, str]] = []
        for name, tag in tags.items():
            if name not in found.columns:
                if tag.categories:
                    skipped.append((f"{ref}.{name}", "there is no column of that name"))
                continue
            before = found.comment(name)
            after = marked(before, tag)
            if len(after) > _LONGEST:
                skipped.append((f"{ref}.{name}", f"the comment would pass {_LONGEST} characters"))
            elif after != before:
                wanted[name] = after
        return wanted, skipped

    def _statement(self, ref: TableRef, found: Definition, name: str, comment: str) -> Statement:
        column = found.with_comments({name: comment}).columns[name]
        sql = f"ALTER TABLE {self._place(ref)} MODIFY COLUMN {column}"
        if self._is_mariadb:
            sql += ", ALGORITHM=INSTANT"
        return Statement(ref, (name,), sql)

    def _place(self, ref: TableRef) -> str:
        return f"{_name(ref.schema or self._database)}.{_name(ref.name)}"

    def _definition(self, ref: TableRef) -> Definition | None:
        """How the server defines a table; None for a view, or what is not there."""
        try:
            row = self._rows(f"SHOW CREATE TABLE {self._place(ref)}")[0]
        except pymysql.MySQLError as error:
            if error.args and error.args[0] in _NO_SUCH:
                return None
            raise
        return read_definition(str(row[1])) if len(row) == 2 else None

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
