"""The directory target: one publish at a time, one switch, nothing foreign touched."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import duckdb
import pytest

from sladd.errors import SladdError, SourceError
from sladd.release import Dropped, current_version, loads, read_manifest, resolve
from sladd.targets import Staging, database, directory, unfinished
from sladd.targets.dictionary import COLUMNS, dictionary_csv
from sladd.targets.report import report_html

FIRST, SECOND, THIRD, FOURTH = (f"2026112{n}T101112Z-ab12" for n in range(2, 6))
HOSTILE = '"><script>alert(1)</script>'


def folders(to: Path) -> list[str]:
    return sorted(entry.name for entry in to.iterdir() if entry.name != ".lock")


def test_publish_leaves_one_version_and_the_link(tmp_path, builder):
    """Staging is gone, `latest` names the version, and its files are those of the contract."""
    to = tmp_path / "r"
    folder = builder.publish(to, FIRST)
    assert folders(to) == ["latest", f"v={FIRST}"]
    assert os.readlink(to / "latest") == f"v={FIRST}"
    assert sorted(entry.name for entry in folder.iterdir()) == [
        "REPORT.html", "analytics.duckdb", "customers", "dictionary.csv",
        "manifest.json", "manifest.pub", "manifest.sig", "orders",
    ]  # fmt: skip


def test_only_so_many_versions_stay(tmp_path, builder):
    """Older versions go; the two newest stay; a reader of `latest` gets the newest."""
    to = tmp_path / "r"
    for version in (FIRST, SECOND, THIRD):
        builder.publish(to, version)
    assert folders(to) == ["latest", f"v={SECOND}", f"v={THIRD}"]
    builder.publish(to, FOURTH, keep_versions=1)
    assert folders(to) == ["latest", f"v={FOURTH}"]
    assert read_manifest(to).version == FOURTH


def test_published_version_stays_when_the_clock_went_back(tmp_path, builder):
    """The version just published is never the one that is deleted."""
    to = tmp_path / "r"
    builder.publish(to, THIRD)
    builder.publish(to, SECOND)
    builder.publish(to, FIRST, keep_versions=1)
    assert folders(to) == ["latest", f"v={FIRST}"]


def test_foreign_folders_are_never_deleted(tmp_path, builder):
    """Another release's version, a folder that only looks like one, notes of a person."""
    to = tmp_path / "r"
    builder.publish(to, FIRST, release="other")
    (to / "v=20200101T000000Z-ffff").mkdir()
    (to / "v=notes").mkdir()
    (to / "readme.txt").write_text("x")
    for version in (SECOND, THIRD):
        builder.publish(to, version, keep_versions=1)
    assert folders(to) == [
        "latest", "readme.txt", "v=20200101T000000Z-ffff", f"v={FIRST}", f"v={THIRD}", "v=notes",
    ]  # fmt: skip


def test_folder_with_other_things_is_refused(tmp_path):
    """`to: .` must not turn a project into a release target."""
    (tmp_path / "pyproject.toml").write_text("")
    with pytest.raises(SourceError) as error:
        Staging.begin(tmp_path, FIRST)
    assert error.value.code == 283
    assert folders(tmp_path) == ["pyproject.toml"]


def test_second_publish_at_once_is_one_error(tmp_path, builder):
    """The second one is refused, the first one goes on unharmed."""
    to = tmp_path / "r"
    with Staging.begin(to, FIRST) as staging:
        manifest = staging.write_documents(builder.draft(staging))
        with pytest.raises(SourceError) as error:
            Staging.begin(to, SECOND)
        assert error.value.code == 280
        assert "\n" not in str(error.value)
        staging.publish(manifest, key=builder.KEY)
    assert current_version(to) == f"v={FIRST}"
    builder.publish(to, SECOND)


def test_error_removes_staging_and_frees_the_lock(tmp_path, builder):
    """After a failed publish the old version stands and the next one can start."""
    to = tmp_path / "r"
    builder.publish(to, FIRST)
    with pytest.raises(RuntimeError), Staging.begin(to, SECOND) as staging:
        builder.draft(staging)
        raise RuntimeError
    assert folders(to) == ["latest", f"v={FIRST}"]
    builder.publish(to, THIRD)


def test_interruption_keeps_parts_for_the_same_version(tmp_path, builder):
    """Ctrl-C leaves finished parts; the same version takes them up, another clears them."""
    to = tmp_path / "r"
    rows = builder.orders()
    with pytest.raises(KeyboardInterrupt), Staging.begin(to, FIRST, run={"plan": "ab"}) as staging:
        staging.write_part(staging.part_path("orders", 3), iter(rows.to_batches()), rows.schema)
        raise KeyboardInterrupt
    assert unfinished(to) == {FIRST: {"plan": "ab"}}
    with pytest.raises(KeyboardInterrupt), Staging.begin(to, FIRST) as staging:
        assert staging.write_part(staging.part_path("orders", 3), iter(()), rows.schema)[0] == 100
        raise KeyboardInterrupt
    builder.publish(to, SECOND)
    assert folders(to) == ["latest", f"v={SECOND}"]
    assert unfinished(to) == {}


def test_staging_is_for_us_alone(tmp_path):
    """Nobody else reads rows that no gate has seen."""
    with Staging.begin(tmp_path / "r", FIRST) as staging:
        assert stat.S_IMODE(staging.path.stat().st_mode) == 0o700


def test_published_files_may_be_read_by_who_may_read_the_target(tmp_path, builder):
    """The mode of the target folder decides."""
    to = tmp_path / "r"
    to.mkdir()
    to.chmod(0o750)
    folder = builder.publish(to)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750
    assert stat.S_IMODE((folder / "orders").stat().st_mode) == 0o750
    assert stat.S_IMODE((folder / "orders" / "part-00.parquet").stat().st_mode) == 0o640


def test_where_links_are_impossible_a_file_says_it(tmp_path, builder, monkeypatch):
    """`latest.json` is as good as the link."""

    def refused(*_, **__):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)
    to = tmp_path / "r"
    builder.publish(to, FIRST)
    builder.publish(to, SECOND)
    assert folders(to) == ["latest.json", f"v={FIRST}", f"v={SECOND}"]
    assert resolve(to).name == f"v={SECOND}"
    monkeypatch.undo()
    builder.publish(to, THIRD)
    assert folders(to) == ["latest", f"v={SECOND}", f"v={THIRD}"]


def test_disk_without_room_is_told_before_the_work(tmp_path):
    """The check is rough, but a release of an exabyte is told at once."""
    with pytest.raises(SourceError) as error:
        Staging.begin(tmp_path / "r", FIRST, expected_bytes=2**60)
    assert error.value.code == 281
    assert folders(tmp_path / "r") == []
    with Staging.begin(tmp_path / "r", FIRST):
        pass


def test_target_that_is_a_file_is_one_error(tmp_path):
    """A wrong `to:` is one line without a trace."""
    (tmp_path / "r").write_text("")
    with pytest.raises(SourceError) as error:
        Staging.begin(tmp_path / "r", FIRST)
    assert error.value.code == 282


def test_manifest_on_disk_is_the_one_given_with_hashes_and_signer(tmp_path, builder):
    """What publish adds is the signer and the hash of the report."""
    folder = builder.publish(tmp_path / "r")
    manifest = loads((folder / "manifest.json").read_bytes())
    assert [file.path for file in manifest.files] == [
        "analytics.duckdb", "dictionary.csv", "REPORT.html",
    ]  # fmt: skip
    assert len(manifest.signed_by) == 32


def test_manifest_that_could_not_be_read_again_is_not_published(tmp_path, builder):
    """A draft with a path out of the release dies before the switch."""
    to = tmp_path / "r"
    with pytest.raises(SladdError), Staging.begin(to, FIRST) as staging:
        manifest = staging.write_documents(builder.draft(staging))
        bad = manifest.files[0].model_copy(update={"path": "../x"})
        staging.publish(manifest.model_copy(update={"left_out": (), "tables": (
            manifest.tables[0].model_copy(update={"files": (bad,)}),
        )}), key=builder.KEY)  # fmt: skip
    assert folders(to) == []


def test_database_holds_tables_with_comments(tmp_path, builder):
    """Not views: the one file is the release. Comments say what it is and what was done."""
    folder = builder.publish(tmp_path / "r")
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as opened:
        tables = dict(opened.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        columns = dict(
            opened.execute(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'customers'"
            ).fetchall()
        )
        views = opened.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone()
    assert set(tables) == {"customers", "orders"}
    assert all("pseudonymised: still personal data" in comment for comment in tables.values())
    assert columns["region"] == "landsdel. keep"
    assert views == (0,)


def test_a_table_that_needs_more_memory_than_others_is_loaded_with_more(
    tmp_path, builder, monkeypatch
):
    """A row group of a wide table is held as a whole."""
    tried = []
    built = database._built
    monkeypatch.setattr(database, "_MEMORY_MB", (1, 2))
    monkeypatch.setattr(database, "_built", lambda *given: tried.append(given[2]) or built(*given))
    folder = builder.publish(tmp_path / "r")
    assert tried == [1, 2]
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as opened:
        assert opened.execute("SELECT count(*) FROM orders").fetchone() == (100,)


def test_hostile_names_reach_the_database_as_names(tmp_path, builder):
    """Quotes, semicolons and markup in table, column and comment are only text."""
    rows = builder.orders().rename_columns([HOSTILE, "a'; DROP TABLE x; --", "æ ø"])
    name = 'o"; DROP TABLE x; --'
    with Staging.begin(tmp_path / "r", FIRST) as staging:
        path = staging.part_path(name, 0)
        staging.write_part(path, iter(rows.to_batches()), rows.schema)
        done = staging.finish_table(name, [path], rows.schema)
        base = builder.draft(staging)
        table = base.tables[1].model_copy(
            update={
                "name": name,
                "comment": "it's; '",
                "files": done.files,
                "columns": tuple(
                    builder.column(f.name, str(f.type), comment="x'); --") for f in done.schema
                ),
            }
        )
        manifest = base.model_copy(update={"tables": (table,), "foreign_keys": ()})
        folder = staging.publish(staging.write_documents(manifest), key=builder.KEY)
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as opened:
        assert opened.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [(name,)]
        comments = opened.execute(
            "SELECT DISTINCT comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    assert comments == [("x'); --. keep",)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " ="])
def test_dictionary_runs_nothing_in_a_spreadsheet(builder, start):
    """A cell that a spreadsheet would compute is made text."""
    manifest = _with_comment(start + "cmd|'/c calc'!A1")
    rows = _dictionary(manifest)
    assert rows[1]["comment"] == "'" + start + "cmd|'/c calc'!A1"
    assert rows[0]["comment"] == "Landsdel, av postnummer"


def test_dictionary_tells_what_joins(builder, tmp_path):
    """The columns of one entity name each other."""
    rows = _dictionary(_golden())
    joins = {(row["table"], row["column"]): row["joins_with"] for row in rows}
    assert tuple(rows[0]) == COLUMNS
    assert joins["orders", "customer_id"] == "customers.id"
    assert joins["customers", "id"] == "orders.customer_id"
    assert joins["orders", "id"] == ""


def test_report_escapes_and_loads_nothing():
    """Markup in names stays text; no script, no address, nothing to fetch."""
    manifest = _with_comment(HOSTILE).model_copy(
        update={"release": HOSTILE, "dropped": (Dropped(field=HOSTILE, reason="rule"),)}
    )
    page = report_html(manifest)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    for word in ("http:", "https:", "src=", "@import", "url("):
        assert word not in page


def test_report_says_the_label_in_both_languages():
    """The label stands on the first screen, Norwegian first."""
    page = report_html(_golden())
    assert page.index("er fortsatt personopplysninger") < page.index("still personal data")
    assert page.index("still personal data") < page.index("<h2>")
    assert 'id="nb" checked' in page


def _golden():
    return loads((Path(__file__).parents[2] / "golden" / "manifest.json").read_bytes())


def _with_comment(comment: str):
    manifest = _golden()
    table = manifest.tables[0]
    first = table.columns[0].model_copy(update={"comment": "Landsdel, av postnummer"})
    second = table.columns[1].model_copy(update={"comment": comment})
    table = table.model_copy(update={"columns": (first, second)})
    return manifest.model_copy(update={"tables": (table,)})


def _dictionary(manifest) -> list[dict[str, str]]:
    text = dictionary_csv(manifest).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_run_note_holds_only_strings(tmp_path):
    """A mangled note of a dead run is passed over."""
    (tmp_path / ".staging-x").mkdir()
    (tmp_path / ".staging-x" / ".run.json").write_text(json.dumps(["x"]))
    assert unfinished(tmp_path) == {}
    assert directory.Staging.begin(tmp_path, FIRST).abort() is None
    assert folders(tmp_path) == []
