"""`gate.files`: a release as it was written passes, and each way of changing it is seen."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd import gate
from sladd.errors import GateError
from sladd.gate import statements
from sladd.gate.rescan import draw
from sladd.release import ReleaseForeignKey, dumps, loads, sign


def failed(result) -> dict[str, list[str]]:
    """Names of the checks that said no, with the columns they speak of."""
    found: dict[str, list[str]] = {}
    for check in result.checks:
        if not check.passed:
            found.setdefault(check.name, []).append(check.column)
    return found


@pytest.fixture(scope="module")
def original(tmp_path_factory, builder) -> Path:
    return builder.publish(tmp_path_factory.mktemp("gate") / "r")


@pytest.fixture
def folder(original, tmp_path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "copy"))


def rewrite(folder: Path, builder, **update) -> None:
    """Change the manifest and sign it again, as a publisher with a fault would."""
    manifest = loads((folder / "manifest.json").read_bytes()).model_copy(update=update)
    data = dumps(manifest)
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.sig").write_bytes(sign(data, builder.KEY))


def replace_rows(folder: Path, builder, name: str, change, *, in_database: bool = True) -> None:
    """Give a table other rows, with hashes and signature that fit."""
    import hashlib

    manifest = loads((folder / "manifest.json").read_bytes())
    file = manifest.table(name).files[0]
    path = folder / file.path
    rows = change(pq.read_table(path))
    pq.write_table(rows, path, store_schema=False)
    if in_database:
        with duckdb.connect(str(folder / "analytics.duckdb")) as opened:
            opened.register("rows", rows)
            opened.execute(f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM rows")
    tables = tuple(
        table.model_copy(
            update={
                "rows_out": rows.num_rows,
                "files": (
                    file.model_copy(
                        update={
                            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                            "rows": rows.num_rows,
                        }
                    ),
                ),
            }
        )
        if table.name == name
        else table
        for table in manifest.tables
    )
    files = tuple(
        file.model_copy(
            update={"sha256": hashlib.sha256((folder / file.path).read_bytes()).hexdigest()}
        )
        for file in manifest.files
    )
    rewrite(folder, builder, tables=tables, files=files)


def test_release_as_written_passes(original, builder):
    """Nothing to say against it, and what stays open is said."""
    result = gate.files(original, rescan=None, public_key=builder.KEY.public_key())
    assert failed(result) == {}
    assert result.passed
    assert any("needs the source" in line for line in result.not_checked)
    assert any("no detectors" in line for line in result.not_checked)
    assert not any("who signed" in line for line in result.not_checked)
    assert any("who signed" in line for line in gate.files(original, rescan=None).not_checked)


def test_release_passes_from_its_folder_of_versions(original):
    """`latest` is followed."""
    assert gate.files(original.parent, rescan=None).passed


def test_checking_leaves_no_trace(original):
    """A read-only release can be verified: nothing is written beside it."""
    before = sorted(path.name for path in original.rglob("*"))
    gate.files(original, rescan=None)
    assert sorted(path.name for path in original.rglob("*")) == before


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" ")


TAMPERED = {
    "changed parquet": (lambda f: append(f / "orders/part-00.parquet"), "file hashes"),
    "missing parquet": (lambda f: (f / "orders/part-00.parquet").unlink(), "file hashes"),
    "truncated parquet": (
        lambda f: (f / "orders/part-00.parquet").write_bytes(b"PAR1"),
        "file hashes",
    ),
    "link instead of a file": (
        lambda f: (
            (f / "dictionary.csv").rename(f.parent / "d.csv"),
            (f / "dictionary.csv").symlink_to(f.parent / "d.csv"),
        ),
        "file hashes",
    ),
    "changed dictionary": (lambda f: append(f / "dictionary.csv"), "file hashes"),
    "changed report": (lambda f: append(f / "REPORT.html"), "file hashes"),
    "no database": (lambda f: (f / "analytics.duckdb").unlink(), "database"),
    "broken database": (lambda f: (f / "analytics.duckdb").write_bytes(b"x" * 9000), "database"),
    "changed manifest": (lambda f: append(f / "manifest.json"), "signature"),
    "no signature": (lambda f: (f / "manifest.sig").unlink(), "signature"),
    "no key": (lambda f: (f / "manifest.pub").unlink(), "signature"),
    "no real key": (lambda f: (f / "manifest.pub").write_bytes(b"x"), "signature"),
    "extra file": (lambda f: (f / "customers.csv").write_text("x"), "nothing extra"),
    "extra file in a table": (lambda f: (f / "orders/x.parquet").write_text("x"), "nothing extra"),
    "extra folder link": (lambda f: (f / "x").symlink_to("/etc"), "nothing extra"),
}


@pytest.mark.parametrize(("change", "check"), TAMPERED.values(), ids=TAMPERED)
def test_change_to_a_file_is_seen(folder, change, check):
    """Whatever is changed, removed or added, the right question answers no."""
    change(folder)
    result = gate.files(folder, rescan=None)
    assert check in failed(result)
    assert not result.passed


def test_extra_file_is_counted_not_named(folder):
    """The name of a file that somebody put there can be a person's."""
    (folder / "Kari_Nordmann.csv").write_text("x")
    assert not any("Kari" in str(check) for check in gate.files(folder, rescan=None).checks)


def test_another_signer_is_seen_by_who_knows_the_key(folder, builder):
    """With its own key beside it a forged release looks right; with the real one it does not."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from sladd.release import dump_public_key, fingerprint

    forger = Ed25519PrivateKey.generate()
    manifest = loads((folder / "manifest.json").read_bytes())
    data = dumps(manifest.model_copy(update={"signed_by": fingerprint(forger.public_key())}))
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.sig").write_bytes(sign(data, forger))
    (folder / "manifest.pub").write_bytes(dump_public_key(forger.public_key()))
    assert failed(gate.files(folder, rescan=None)) == {}
    known = gate.files(folder, rescan=None, public_key=builder.KEY.public_key())
    assert list(failed(known)) == ["signature"]


def test_expired_release_says_so(folder, builder):
    """After its date the answer is no, with what to do."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    rewrite(folder, builder, expires=now + timedelta(days=1))
    assert failed(gate.files(folder, rescan=None, now=now)) == {}
    late = gate.files(folder, rescan=None, now=now + timedelta(days=2))
    assert list(failed(late)) == ["expiry"]


def test_label_without_the_words_fails(folder, builder):
    """A release that calls itself anonymous does not pass."""
    rewrite(folder, builder, label="anonymous")
    assert "label" in failed(gate.files(folder, rescan=None))


def _set(rows: pa.Table, name: str, values) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, values)


CHANGED_ROWS = {
    "row gone": (
        "orders",
        lambda rows: rows.slice(1),
        {},
    ),
    "key twice": (
        "customers",
        lambda rows: _set(rows, "id", [[*rows["id"].to_pylist()[:39], rows["id"][0].as_py()]]),
        {"primary key": ["customers.id"], "foreign key": ["orders.customer_id → customers"]},
    ),
    "orphan": (
        "orders",
        lambda rows: _set(rows, "customer_id", [["a" * 26, *rows["customer_id"].to_pylist()[1:]]]),
        {"foreign key": ["orders.customer_id → customers"]},
    ),
    "value among pseudonyms": (
        "orders",
        lambda rows: _set(
            rows, "customer_id", [["kunde@example.no", *rows["customer_id"].to_pylist()[1:]]]
        ),
        {
            "foreign key": ["orders.customer_id → customers"],
            "pseudonyms": ["orders.customer_id"],
        },
    ),
    "null": (
        "customers",
        lambda rows: _set(rows, "region", pa.nulls(40, pa.string())),
        {"nulls": ["customers.region"]},
    ),
    "other type": (
        "orders",
        lambda rows: _set(rows, "amount", rows["amount"].cast(pa.int32())),
        {"types": ["orders"], "foreign key": ["orders.customer_id → customers"]},
    ),
}


@pytest.mark.parametrize(("table", "change", "checks"), CHANGED_ROWS.values(), ids=CHANGED_ROWS)
def test_rows_that_do_not_fit_the_manifest_are_seen(folder, builder, table, change, checks):
    """Hashes and signature fit; the content still has to."""
    replace_rows(folder, builder, table, change)
    found = failed(gate.files(folder, rescan=None))
    for name, columns in checks.items():
        assert set(columns) <= set(found[name])
    assert set(found) <= set(checks) | {"nulls", "database rows"}


def test_orphans_that_were_there_when_published_pass(folder, builder):
    """A source with loose ends is not the release's fault; the count has to agree."""
    replace_rows(folder, builder, "orders", CHANGED_ROWS["orphan"][1])
    keys = loads((folder / "manifest.json").read_bytes()).foreign_keys
    counted = ReleaseForeignKey(**{**keys[0].model_dump(), "orphans": 1})
    rewrite(folder, builder, foreign_keys=(counted,))
    assert failed(gate.files(folder, rescan=None)) == {}


def test_database_with_other_rows_is_seen(folder, builder):
    """The copy that analysts take along must be the release."""
    replace_rows(folder, builder, "orders", lambda rows: rows.slice(1), in_database=False)
    assert list(failed(gate.files(folder, rescan=None))) == ["database rows"]


def test_a_wide_database_is_compared_in_more_memory(folder, monkeypatch):
    """A row group is held as a whole; what else is asked keeps to its limit."""
    monkeypatch.setattr(statements, "_LESS_MB", (1, 2))
    assert failed(gate.files(folder, rescan=None)) == {}


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("CREATE TABLE x AS SELECT 1 AS a", "database"),
        ("CREATE VIEW x AS SELECT * FROM orders", "database"),
        ("CREATE MACRO x() AS 1", "database"),
        ("COMMENT ON TABLE orders IS 'harmless'", "database comments"),
        ("UPDATE orders SET amount = amount + 1 WHERE amount = 3", "database rows"),
    ],
)
def test_anything_else_in_the_database_is_seen(folder, sql, check):
    """A table too many, a view, a macro, a comment that hides what it is."""
    with duckdb.connect(str(folder / "analytics.duckdb")) as opened:
        opened.execute(sql)
    assert check in failed(gate.files(folder, rescan=None))


def test_metadata_in_parquet_is_seen(folder, builder):
    """Pandas writes names and an index into the file; a release does not."""
    path = folder / "orders/part-00.parquet"
    rows = pq.read_table(path).replace_schema_metadata({"pandas": "{}"})
    pq.write_table(rows, path)
    assert "file metadata" in failed(gate.files(folder, rescan=None))


DIRECT, QUASI = "user.contact.email", "user.contact.address.postal_code"
SECRET = "user.government_id.national_identification_number"


@pytest.mark.parametrize(
    ("found", "fails"),
    [
        ((("region", DIRECT, "is", 0.9),), True),
        ((("region", SECRET, "contains", 0.9),), True),
        ((("region", "nobody.knows.this", "is", 0.9),), True),
        ((("region", DIRECT, "is", 0.2),), False),
        ((("region", DIRECT, "none", 0.9),), False),
        ((("region", QUASI, "is", 0.9),), False),
        ((), False),
    ],
    ids=str,
)
def test_identifier_that_no_transform_emits_fails(original, found, fails):
    """Detectors decide what is there, the manifest what may be."""
    rescan = lambda rows, table: found if table == "customers" else ()  # noqa: E731
    result = gate.files(original, rescan=rescan)
    assert failed(result) == ({"re-scan": ["customers.region"]} if fails else {})


def test_identifier_that_the_transform_emits_passes(folder, builder):
    """A rule that keeps e-mail, or a fake that looks like one, says so in the manifest."""
    manifest = loads((folder / "manifest.json").read_bytes())
    first = manifest.tables[0]
    columns = tuple(
        column.model_copy(update={"emits": DIRECT}) if column.name == "region" else column
        for column in first.columns
    )
    tables = (first.model_copy(update={"columns": columns}), manifest.tables[1])
    rewrite(folder, builder, tables=tables)
    rescan = lambda rows, table: (("region", DIRECT, "is", 0.9),) * (table == "customers")  # noqa: E731
    assert failed(gate.files(folder, rescan=rescan)) == {}


def test_rescan_sees_every_row_of_a_small_table_and_says_when_not(original):
    """The detectors get the real rows; a part of them is called a part."""
    seen = {}

    def rescan(rows, table):
        seen[table] = rows.num_rows
        return ()

    assert not any("every row" in line for line in gate.files(original, rescan=rescan).not_checked)
    assert seen == {"customers": 40, "orders": 100}
    partly = gate.files(original, rescan=rescan, rescan_rows=30)
    assert any("every row" in line for line in partly.not_checked)
    assert seen["customers"] < 40
    assert seen["orders"] < 100


def test_drawn_rows_are_spread(original):
    """The first rows of a sorted table are not the table."""
    table = loads((original / "manifest.json").read_bytes()).table("orders")
    drawn = draw(original, table, 10)["id"].to_pylist()
    every = draw(original, table, 100)["id"].to_pylist()
    assert drawn[0] == every[0]
    assert drawn[-1] == every[-1]
    assert 10 <= len(drawn) <= 12


def test_no_release_is_an_error(tmp_path):
    """A wrong path is not a release that failed."""
    with pytest.raises(GateError) as error:
        gate.files(tmp_path, rescan=None)
    assert error.value.code == 600


def test_manifest_with_a_path_outside_is_an_error(folder):
    """The gate reads no file that a manifest points at elsewhere."""
    raw = json.loads((folder / "manifest.json").read_bytes())
    raw["files"][0]["path"] = "../../etc/passwd"
    (folder / "manifest.json").write_text(json.dumps(raw))
    with pytest.raises(GateError) as error:
        gate.files(folder, rescan=None)
    assert error.value.code == 603
