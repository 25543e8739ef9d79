"""One value, one pseudonym, wherever and however it is stored; keys counted before and after."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from tests.commands import Project

PERSONS = [
    # number, phone, e-mail, and the same phone and e-mail in another spelling
    (n, f"+47 91{n:02d} 34 {n:02d}", f"Kunde{n}@Example.no", f"91{n:02d}34{n:02d}", f"kunde{n}@example.no")
    for n in range(10, 60)
]  # fmt: skip

CONFIG = """\
sources:
  a: {{database: "sqlite:///shop.db"}}
  b: {{database: "{postgresql}", include: ["medlem"]}}
  c: {{database: "{mariadb}", include: ["{table}"]}}
  d: {{files: "data/*.csv"}}
  e: {{files: "data/*.parquet"}}
entities:
  person: [a/kunde.id, b/public.medlem.nr, c/{table}.nr, d/abonnent.nr, e/deltaker.nr]
keys:
  main: {{file: ../keys/main.key}}
releases:
  analytics:
    domain: test
    from: [a, b, c, d, e]
    csv: true
    leave_out: [objected]
    leave_out_columns: {{objected: [a/kunde.reservert]}}
    to: releases/analytics
"""


@pytest.fixture
def project(tmp_path: Path, postgresql, mariadb, request) -> Project:
    """The same persons in SQLite (integers), PostgreSQL and CSV (padded), MariaDB and Parquet."""
    made = Project(tmp_path / "p")
    (made.folder / "data").mkdir(parents=True)
    made.sql(
        "CREATE TABLE kunde (id INTEGER PRIMARY KEY, telefon TEXT, epost TEXT, verver INTEGER"
        " REFERENCES kunde(id), reservert INTEGER)",
        "CREATE TABLE linje (ordre INTEGER, nr INTEGER, kunde INTEGER REFERENCES kunde(id),"
        " PRIMARY KEY (ordre, nr))",
        "CREATE TABLE levering (id INTEGER PRIMARY KEY, ordre INTEGER, nr INTEGER,"
        " FOREIGN KEY (ordre, nr) REFERENCES linje(ordre, nr))",
        "INSERT INTO kunde VALUES "
        + ", ".join(
            f"({n}, '{tel}', '{post}', {n - 1 if n > 10 else 'NULL'}, {int(n == 59)})"
            for n, tel, post, _, _ in PERSONS
        ),
        "INSERT INTO kunde VALUES (70, '', NULL, NULL, 0), (71, NULL, '', NULL, 0)",
        "INSERT INTO linje VALUES " + ", ".join(f"({n}, {i}, {n})" for n in range(10, 60) for i in (1, 2)),
        "INSERT INTO levering VALUES "
        + ", ".join(f"({n}, {n}, {1 + n % 2})" for n in range(10, 60))
        + ", (90, NULL, 1)",
    )  # fmt: skip
    url = postgresql.new_database()
    table = f"m_{abs(hash(str(tmp_path))) % 10**9}"
    for address, name, padded in ((url, "medlem", True), (mariadb.url(), table, False)):
        engine = sa.create_engine(address)
        kind = "varchar(10)" if padded else "int"
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"CREATE TABLE {name} (nr {kind} PRIMARY KEY, mobil varchar(20), epost varchar(60))"
            )
            connection.execute(
                sa.text(f"INSERT INTO {name} VALUES (:nr, :tel, :post)"),
                [
                    {"nr": f"{n:05d}" if padded else n, "tel": tel, "post": post}
                    for n, _, _, tel, post in PERSONS
                ],
            )
        engine.dispose()
    lines = [f"{n:05d};{tel};{post}" for n, tel, _, _, post in PERSONS]
    (made / "data" / "abonnent.csv").write_text("nr;telefon;epost\n" + "\n".join(lines) + "\n")
    pq.write_table(
        pa.table(
            {
                "nr": [n for n, *_ in PERSONS],
                "telefon": [tel for *_, tel, _ in PERSONS],
                "epost": [post.upper() for *_, post in PERSONS],
            }
        ),
        made / "data" / "deltaker.parquet",
    )
    made.configure(CONFIG.format(postgresql=url, mariadb=mariadb.url(), table=table))
    key = made.folder.parent / "keys" / "main.key"
    assert made.run("keys", "init", str(key)).code == 0
    yield made
    engine = sa.create_engine(mariadb.url())
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    engine.dispose()


@pytest.mark.usefixtures("postgresql", "mariadb")
def test_one_value_has_one_pseudonym_everywhere(project):
    """Five stores, three spellings, keys as numbers and as padded text; who objected is in none."""
    found = project.run("discover")
    assert found.code == 0, found.err
    listed = json.loads(project.run("findings", "--all", "--format", "json").out)
    for field in (f["field"] for f in listed if f["column"] in {"telefon", "mobil", "epost"}):
        kind = "email" if field.endswith("epost") else "phone_number"
        said = project.run("decide", field, f"user.contact.{kind}", "--reason", "oppgitt")
        assert said.code == 0, said.err
    done = project.run("publish", "analytics")
    assert done.code == 0, done.err
    folder = project / "releases" / "analytics" / "latest"
    manifest = json.loads((folder / "manifest.json").read_text())
    tables = {
        t["name"]: pq.read_table([folder / f["path"] for f in t["files"]]).to_pylist()
        for t in manifest["tables"]
    }
    stores = [name for name in tables if name not in {"linje", "levering"}]
    assert len(stores) == 5
    keys, phones, mails = [], [], []
    for name in stores:
        rows = tables[name]
        number = "id" if "id" in rows[0] else "nr"
        phone = "mobil" if "mobil" in rows[0] else "telefon"
        whole = [row for row in rows if row[phone] and row["epost"]]
        keys.append({row[number] for row in whole})
        phones.append({row[phone] for row in whole})
        mails.append({row["epost"] for row in whole})
    for same in (keys, phones, mails):
        assert len(same[0]) == 49  # 50 persons, one of whom objected
        assert all(each == same[0] for each in same)
    kunde = tables["kunde"]
    assert (
        sum(row["epost"] is None for row in kunde) == sum(row["epost"] == "" for row in kunde) == 1
    )

    counted = {(k["table"], tuple(k["columns"]), k["kind"]): k for k in manifest["integrity"]}
    pair = counted["linje", ("ordre", "nr"), "primary"]
    assert pair["rows_before"] == pair["rows_after"] == pair["distinct_after"] == 98
    assert pair["distinct_before"] == 98
    join = counted["levering", ("ordre", "nr"), "foreign"]
    assert (join["target"], join["rows_before"], join["orphans_before"]) == ("linje", 49, 0)
    assert (join["rows_after"], join["orphans_after"]) == (49, 0)
    own = counted["kunde", ("verver",), "foreign"]
    assert (own["target"], own["orphans_before"], own["orphans_after"]) == ("kunde", 0, 0)
    (mail,) = [c for t in manifest["tables"] if t["name"] == "kunde" for c in t["columns"] if c["name"] == "epost"]  # fmt: skip
    assert (mail["nulls_before"], mail["nulls"], mail["empty_before"], mail["empty"]) == (
        1,
        1,
        1,
        1,
    )
    page = (folder / "REPORT.html").read_text()
    assert "Nøkler, før og etter" in page
    assert "linje.ordre, nr" in page.replace("<wbr>", "")
    assert project.run("verify", "analytics").code == 0
