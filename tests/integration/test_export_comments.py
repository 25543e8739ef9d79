"""`sladd export comments` on real servers: comments gain a mark, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.commands import Project

pytestmark = pytest.mark.services

ODD = 'e"post `%s` \\'


def project(folder: Path, url: str) -> Project:
    one = Project(folder)
    one.configure(f"sources:\n  shop:\n    database: {url}\n")
    scanned = one.run("discover")
    assert scanned.code == 0, scanned.err
    return one


def run(url: str, *statements: str) -> list:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    answer: list = []
    with engine.connect() as connection:
        for statement in statements:
            result = connection.execute(sa.text(statement.replace(":", "\\:")))
            answer = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return answer


def comments(url: str) -> dict[str, str]:
    inspector = sa.inspect(sa.create_engine(url))
    return {c["name"]: c["comment"] or "" for c in inspector.get_columns("customers")}


MAILS = ", ".join(f"({i}, 'ola.nordmann{i}@example.no', {i % 7})" for i in range(1, 61))


@pytest.fixture
def shop_pg(postgresql) -> str:
    url = postgresql.new_database()
    odd = ODD.replace('"', '""')
    run(
        url,
        f'CREATE TABLE customers (id int PRIMARY KEY, "{odd}" text, antall int)',
        f"INSERT INTO customers VALUES {MAILS}",
        f"COMMENT ON COLUMN customers.\"{odd}\" IS 'Hvor vi skriver; it''s \\ ours'",
        "COMMENT ON COLUMN customers.antall IS 'Kjøp'",
        "CREATE VIEW mails AS SELECT * FROM customers",
    )
    return url


def test_postgresql_is_printed_then_applied_then_left_alone(shop_pg, tmp_path):
    """What stood there stays in front; a second run has nothing to do; the data is the same."""
    shop = project(tmp_path, shop_pg)
    before = run(shop_pg, "SELECT * FROM customers ORDER BY id")
    printed = shop.run("export", "comments", "shop")
    assert printed.code == 0, printed.err
    assert comments(shop_pg)[ODD] == "Hvor vi skriver; it's \\ ours"
    assert "COMMENT ON COLUMN" in printed.out
    applied = shop.run("export", "comments", "shop", "--apply", shop_pg)
    assert applied.code == 0, applied.err
    told = comments(shop_pg)
    assert told[ODD] == "Hvor vi skriver; it's \\ ours [sladd: user.contact.email; is]"
    assert told["antall"].startswith("Kjøp")
    again = shop.run("export", "comments", "shop")
    assert (again.out, again.code) == ("", 0)
    assert run(shop_pg, "SELECT * FROM customers ORDER BY id") == before


def test_what_is_printed_for_postgresql_does_what_apply_does(shop_pg, tmp_path):
    """The script can be reviewed, kept in git, and run by somebody else."""
    import psycopg

    shop = project(tmp_path, shop_pg)
    script = shop.run("export", "comments", "shop").out
    with psycopg.connect(shop_pg.replace("+psycopg", "")) as connection:
        connection.execute(script.encode())
    assert comments(shop_pg)[ODD].endswith("ours [sladd: user.contact.email; is]")


def test_a_rejected_finding_takes_the_mark_and_nothing_else(shop_pg, tmp_path):
    """The decision of a person reaches the database, and the comment of a person stays."""
    shop = project(tmp_path, shop_pg)
    assert shop.run("export", "comments", "shop", "--apply", shop_pg).code == 0
    field = next(
        line.split("\t")[0]
        for line in shop.run("findings").out.splitlines()
        if "user.contact.email" in line
    )
    assert shop.run("decide", field, "reject", "--reason", "oppdiktet").code == 0
    assert shop.run("export", "comments", "shop", "--apply", shop_pg).code == 0
    assert comments(shop_pg)[ODD] == "Hvor vi skriver; it's \\ ours"


def test_another_database_is_refused(shop_pg, postgresql, tmp_path):
    """A wrong address would mark the columns of somebody else."""
    shop = project(tmp_path, shop_pg)
    elsewhere = postgresql.new_database()
    shop.run("export", "comments", "shop", "--apply", elsewhere).one_line(
        2, 954, "another database"
    )
    shop.run(
        "export", "comments", "shop", "--apply", "postgresql://o:${NO_SUCH_VARIABLE}@h/d"
    ).one_line(2, 953, "NO_SUCH_VARIABLE")


def test_a_reader_cannot_apply(shop_pg, postgresql, tmp_path):
    """One line says so, without user or password; nothing was changed."""
    shop = project(tmp_path, shop_pg)
    run(
        shop_pg,
        "DROP ROLE IF EXISTS comments_reader",
        "CREATE ROLE comments_reader LOGIN PASSWORD 'reader-pw'",
    )
    reader = postgresql.url(shop_pg.rpartition("/")[2], "comments_reader", "reader-pw")
    refused = shop.run("export", "comments", "shop", "--apply", reader)
    line = refused.one_line(3, 207)
    assert "reader-pw" not in line
    assert "sladd" not in comments(shop_pg)[ODD]
    wrong = postgresql.url(shop_pg.rpartition("/")[2], "comments_reader", "wrong-pw")
    shop.run("export", "comments", "shop", "--apply", wrong).one_line(3, 202)


CREATE = """CREATE TABLE customers (
  id int unsigned NOT NULL AUTO_INCREMENT,
  `e"post ``%s`` \\` varchar(80) CHARACTER SET latin1 COLLATE latin1_danish_ci NOT NULL DEFAULT 'a''b, (x' COMMENT 'Hvor vi skriver; it''s \\\\ ours, (x',
  antall decimal(10,2) unsigned zerofill DEFAULT 1.50 COMMENT 'Kjøp',
  kjonn enum('m,an','k''vinne)') DEFAULT NULL,
  endret timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  dato datetime(3) NOT NULL DEFAULT '0000-00-00 00:00:00.000',
  doc longtext DEFAULT NULL CHECK (json_valid(doc)),
  dobbelt decimal(12,2) GENERATED ALWAYS AS (antall * 2) VIRTUAL,
  lagret varchar(90) GENERATED ALWAYS AS (concat(kjonn, ', ')) STORED,
  skjult int INVISIBLE DEFAULT 3,
  PRIMARY KEY (id),
  UNIQUE KEY epost (`e"post ``%s`` \\`),
  CONSTRAINT positiv CHECK (antall >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='Kunder, (alle)'"""  # fmt: skip


@pytest.fixture
def shop_maria(mariadb) -> str:
    import pymysql

    url = mariadb.new_database()
    with (
        pymysql.connect(
            host=mariadb.host,
            port=mariadb.port,
            user=mariadb.user,
            password=mariadb.password,
            database=url.rpartition("/")[2],
            charset="utf8mb4",
            autocommit=True,
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET SESSION sql_mode = ''")
        cursor.execute(CREATE)
        rows = ", ".join(
            f"({i}, 'ola.nordmann{i}@example.no', {i}, 'm,an', '{{\"epost\": \"kari{i}@example.no\"}}')"
            for i in range(1, 61)
        )
        odd = ODD.replace("`", "``")
        cursor.execute(f"INSERT INTO customers (id, `{odd}`, antall, kjonn, doc) VALUES {rows}")
        cursor.execute("CREATE VIEW mails AS SELECT * FROM customers")
    return url


def definition(url: str) -> str:
    return str(run(url, "SHOW CREATE TABLE customers")[0][1])


def test_mariadb_restates_every_kind_of_column_exactly(shop_maria, tmp_path):
    """Defaults, character sets, checks, generated and hidden columns: only comments differ."""
    from sladd.exports.definition import read_definition

    shop = project(tmp_path, shop_maria)
    before, rows = definition(shop_maria), run(shop_maria, "SELECT * FROM customers ORDER BY id")
    assert "ALTER TABLE" in shop.run("export", "comments", "shop").out
    assert definition(shop_maria) == before
    applied = shop.run("export", "comments", "shop", "--apply", shop_maria)
    assert applied.code == 0, applied.err
    found, was = read_definition(definition(shop_maria)), read_definition(before)
    assert found.comment(ODD) == "Hvor vi skriver; it's \\ ours, (x [sladd: user.contact.email; is]"
    assert "customers.doc: MariaDB would copy the whole table" in applied.err
    none = dict.fromkeys(was.columns, "")
    assert found.with_comments(none).items == was.with_comments(none).items
    assert run(shop_maria, "SELECT * FROM customers ORDER BY id") == rows
    again = shop.run("export", "comments", "shop", "--apply", shop_maria)
    assert (again.code, again.err.splitlines()[-1]) == (0, "0 columns commented")


def test_every_column_of_mariadb_can_be_commented(shop_maria):
    """Each kind is restated, but for the two that MariaDB would copy the table for."""
    from sladd.exports.definition import read_definition
    from sladd.exports.mariadb import MariadbComments
    from sladd.exports.tags import ColumnTag
    from sladd.model import How, TableRef
    from sladd.sources.database.address import read_address

    before = read_definition(definition(shop_maria))
    tags = {
        TableRef("shop", "customers"): {
            name: ColumnTag(name, ("user.name",), ("contact",), How.IS) for name in before.columns
        }
    }
    commenter = MariadbComments(read_address("shop", shop_maria, Path()), writes=True)
    try:
        done = commenter.apply(tags)
    finally:
        commenter.close()
    left = {where.rpartition(".")[2] for where, _ in done.skipped}
    assert left == {"doc", "lagret"} == {n for n in before.columns if before.is_copied(n)}
    after = read_definition(definition(shop_maria))
    marked = {n for n in after.columns if after.comment(n).endswith("[sladd: user.name; is]")}
    assert marked == set(before.columns) - left
    own = {name: before.comment(name) for name in before.columns}
    assert after.with_comments(own).items == before.items


def test_what_is_printed_for_mariadb_does_what_apply_does(shop_maria, mariadb, tmp_path):
    """The script runs in a session with another mode and character set."""
    import pymysql

    from sladd.exports.definition import read_definition

    shop = project(tmp_path, shop_maria)
    script = shop.run("export", "comments", "shop").out
    connection = pymysql.connect(
        host=mariadb.host,
        port=mariadb.port,
        user=mariadb.user,
        password=mariadb.password,
        database=shop_maria.rpartition("/")[2],
        sql_mode="ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES",
        client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS,
    )
    with connection, connection.cursor() as cursor:
        # Modes are read with a statement, not with a packet: the head goes first.
        head, _, rest = script.partition("ALTER")
        for statement in head.strip().split(";\n"):
            cursor.execute(statement.rstrip(";"))
        cursor.execute("ALTER" + rest)
        while cursor.nextset():
            pass
    found = read_definition(definition(shop_maria))
    assert found.comment(ODD).endswith("(x [sladd: user.contact.email; is]")


def test_a_comment_without_room_is_left_and_named(shop_maria, tmp_path):
    """A comment is not cut to make place for ours."""
    from sladd.exports.definition import read_definition

    full = "x" * 1020
    was = read_definition(definition(shop_maria))
    changed = was.with_comments({ODD: full}).columns[ODD]
    engine = sa.create_engine(shop_maria)
    raw = engine.raw_connection()
    raw.cursor().execute(f"ALTER TABLE customers MODIFY COLUMN {changed}")
    raw.close()
    engine.dispose()
    shop = project(tmp_path, shop_maria)
    applied = shop.run("export", "comments", "shop", "--apply", shop_maria)
    assert applied.code == 0
    assert "1024 characters" in applied.err
    assert read_definition(definition(shop_maria)).comment(ODD) == full


def test_a_file_has_no_comments(tmp_path):
    """The error says which databases can be commented."""
    one = Project(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("epost\nola@example.no\n", "utf-8")
    one.configure("sources:\n  shop:\n    files: data/*.csv\n")
    one.run("export", "comments", "shop").one_line(2, 951, "no field")
    assert one.run("discover").code == 0
    one.run("export", "comments", "shop").one_line(2, 959, "MariaDB")
