"""Comments of PostgreSQL: `COMMENT ON COLUMN`, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from sladd.exports.comments import Comments, Statement, Tags, relations
from sladd.exports.mark import marked
from sladd.sources.database.address import Address

_HEAD = ("SET standard_conforming_strings = on", "SET lock_timeout = '10s'")
_COLUMNS = """
SELECT n.nspname, c.relname, a.attname, coalesce(col_description(c.oid, a.attnum), '')
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname = ANY(%s)
"""


class PostgresqlComments:
    """Implements `Commenter`."""

    def __init__(self, address: Address, *, writes: bool) -> None:
        url = address.url
        options: dict[str, Any] = {k: v for k, v in url.query.items() if isinstance(v, str)}
        given = {
            "host": url.host,
            "port": url.port,
            "user": url.username,
            "password": url.password,
            "dbname": url.database,
        }
        options |= {name: value for name, value in given.items() if value is not None}
        options = {"connect_timeout": 10, **options, "client_encoding": "utf8"}
        self._connection = psycopg.connect(**options)
        self._connection.read_only = not writes

    def close(self) -> None:
        """Release the connection."""
        self._connection.close()

    def plan(self, tags: Tags) -> Comments:
        """What would change."""
        with self._connection.transaction():
            return self._planned(tags)

    def apply(self, tags: Tags) -> Comments:
        """Change it: all of it or nothing."""
        with self._connection.transaction():
            for setting in _HEAD:
                self._run(setting.replace("SET ", "SET LOCAL ", 1))
            comments = self._planned(tags)
            for statement in comments.statements:
                self._run(statement.sql)
            return comments

    def _run(self, sql: str) -> None:
        # Bytes without parameters go to the server as they are: a `%` in a name is a `%`.
        self._connection.execute(sql.encode())

    def _planned(self, tags: Tags) -> Comments:
        known = self._known(tags)
        statements, skipped = [], []
        for ref in relations(tags):
            there = known.get((ref.schema or "public", ref.name), {})
            for name, tag in tags[ref].items():
                if name not in there:
                    if tag.categories:
                        skipped.append((f"{ref}.{name}", "there is no column of that name"))
                    continue
                after = marked(there[name], tag)
                if after != there[name]:
                    place = ".".join(map(_name, (ref.schema or "public", ref.name, name)))
                    said = _text(after) if after else "NULL"
                    sql = f"COMMENT ON COLUMN {place} IS {said}"
                    statements.append(Statement(ref, (name,), sql))
        return Comments(_HEAD, tuple(statements), tuple(skipped))

    def _known(self, tags: Tags) -> Mapping[tuple[str, str], Mapping[str, str]]:
        schemas = sorted({ref.schema or "public" for ref in tags})
        found: dict[tuple[str, str], dict[str, str]] = {}
        for schema, table, column, comment in self._connection.execute(_COLUMNS, (schemas,)):
            found.setdefault((schema, table), {})[column] = comment
        return found


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
