"""Keys that nobody declared: how many are found, and what is not taken for one."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.keys import Salt
from sladd.config import SourceConfig
from sladd.model import LinkKind, LinkState
from sladd.pipeline.links.measure import across_sources, within_source
from sladd.pipeline.links.reading import Budget
from sladd.sources import open_source
from tests.unit.links import schemas
from tests.unit.links.conftest import (
    ROOT,
    measured,
    open_database,
    open_files,
    plain_scans,
    short,
    write_csv,
)


def test_the_shop_gets_its_foreign_keys_back(tmp_path: Path) -> None:
    """With its keys struck out, 95 % of them are suggested again, and none that is not there."""
    shutil.copy(ROOT / "data/samples/shop.db", tmp_path / "shop.db")
    with closing(open_database(tmp_path / "shop.db")) as source:
        truth = {
            f"{table.ref.name}.{key.columns[0]} -> {key.target.name}.{key.target_columns[0]}"
            for table in source.tables()
            for key in table.foreign_keys
        }
        links = measured(source)
    keys = short((link for link in links if link.kind is LinkKind.KEY), "shop")
    assert len(truth) == 19
    assert len(keys & truth) >= 0.95 * len(truth)
    # The sample declares no key here on purpose; the README of the samples says it is one.
    assert keys - truth == {"web_sessions.kunde -> customers.id"}
    inside = short((link for link in links if link.kind is LinkKind.EMBEDDED), "shop")
    assert inside == {"invoices.kid -> customers.kundenr", "invoices.kid -> invoices.invoice_no"}


def test_an_english_database_without_foreign_keys(tmp_path: Path) -> None:
    """18 of 19 keys are found and no false one; `ShipVia` names no shipper."""
    schemas.northwind(tmp_path / "nw.db")
    with closing(open_database(tmp_path / "nw.db")) as source:
        found = short(measured(source), "shop")
    assert found <= schemas.NORTHWIND_TRUTH
    assert schemas.NORTHWIND_TRUTH - found == {"Orders.ShipVia -> Shippers.ShipperID"}


def test_a_duckdb_file_gives_the_same_keys(tmp_path: Path) -> None:
    """What DuckDB keeps is measured as what SQLite does; without its primary keys, too."""
    schemas.northwind(tmp_path / "nw.db")
    with (
        closing(sqlite3.connect(tmp_path / "nw.db")) as before,
        duckdb.connect(str(tmp_path / "nw.duckdb")) as after,
    ):
        for (name,) in before.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            frame = pd.read_sql_query(f"SELECT * FROM {name}", before)
            after.register("frame", frame)
            after.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
    config = SourceConfig(database="duckdb:///nw.duckdb")
    with closing(open_source("shop", config, root=tmp_path)) as source:
        found = {name.replace("main.", "") for name in short(measured(source), "shop")}
    assert found <= schemas.NORTHWIND_TRUTH
    assert len(found) >= 17


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    """A target of which only a part was read gives a lower bound, and no more."""
    write_csv(tmp_path, "kunder", "kundenr navn", [(n * 7, "x") for n in range(1000, 71_000)])
    write_csv(tmp_path, "ordre", "ordrenr kundenr", [(n, (1000 + n * 28) * 7) for n in range(2500)])
    with closing(open_files(tmp_path)) as source, source.snapshot() as snapshot:
        scans = plain_scans(source)
        (link,) = within_source(scans, snapshot, salt=Salt(), budget=Budget(600, rows=60_000))
    facts = next(e.facts for e in link.evidence if e.signal == "link_inclusion")
    assert facts["whole"] is False and facts["found"] < facts["compared"]
    assert link.confidence < 0.9


@pytest.mark.parametrize(
    ("column", "first", "found"),
    [("id", 1, False), ("kundenr", 1, True), ("kundenr", 30_001, True), ("id", 30_001, True)],
)
def test_from_one_system_to_another(tmp_path: Path, column: str, first: int, found: bool) -> None:
    """Both systems have a customer number 7: an `id` counted from one says nothing of that."""
    pointing = "kunde_id" if column == "id" else column
    numbers = range(first, first + 200)
    write_csv(tmp_path / "a", "kunder", f"{column} navn", [(n, "x") for n in numbers])
    rows = [(n, first + n * 7 % 200) for n in range(5000, 5400)]
    write_csv(tmp_path / "b", "ordre", f"ordrenr {pointing}", rows)
    with ExitStack() as stack:
        snapshots, scans = {}, []
        for name in ("a", "b"):
            config = SourceConfig(files="*.csv")
            source = stack.enter_context(closing(open_source(name, config, root=tmp_path / name)))
            scans += plain_scans(source)
            snapshots[name] = stack.enter_context(source.snapshot())
        links = across_sources(scans, snapshots, salt=Salt(), budget=Budget(600))
    ends = [(link.start, link.end) for link in links]
    assert ends == ([(f"b/ordre.{pointing}", f"a/kunder.{column}")] if found else [])
    assert all(link.confidence < 0.9 for link in links if first == 1)


@pytest.mark.parametrize("seed", [2, 3])
def test_a_norwegian_export_without_any_keys(tmp_path: Path, seed: int) -> None:
    """Every key of the export is found, and every number inside its KIDs, and nothing else."""
    schemas.erp(tmp_path, seed=seed)
    with closing(open_files(tmp_path)) as source:
        links = measured(source)
    assert short(links, "erp") == schemas.ERP_TRUTH | schemas.ERP_NUMBERS
    assert all(link.state is LinkState.SUGGESTED and link.confidence < 1 for link in links)


def test_a_declared_key_is_not_suggested_again(tmp_path: Path) -> None:
    """What the source says itself needs no measurement."""
    shutil.copy(ROOT / "data/samples/shop.db", tmp_path / "shop.db")
    with closing(open_database(tmp_path / "shop.db")) as source:
        keys = [link for link in measured(source, declared=True) if link.kind is LinkKind.KEY]
    assert short(keys, "shop") == {"web_sessions.kunde -> customers.id"}


def test_running_numbers_are_not_keys_of_each_other(tmp_path: Path, links_of) -> None:
    """1…n is included in every other 1…m: without a name that says nothing."""
    write_csv(tmp_path, "butikker", "id navn", [(n, f"b{n}") for n in range(1, 301)])
    write_csv(tmp_path, "maskiner", "id lopenr_x", [(n, n) for n in range(1, 201)])
    write_csv(tmp_path, "malinger", "nr seksjonsnr", [(n, 1 + n % 90) for n in range(1, 501)])
    assert links_of() == {}


def test_keys_without_a_telling_name_are_found_by_their_values(tmp_path: Path, links_of) -> None:
    """Codes that stand in another table by no accident are suggested, less surely."""
    draw = random.Random(4)
    codes = [f"{draw.choice('ABCDEFG')}{draw.randint(100000, 999999)}" for _ in range(200)]
    write_csv(tmp_path, "anlegg", "anleggsnr sted", [(c, "x") for c in codes])
    rows = [(n, draw.choice(codes)) for n in range(400)]
    write_csv(tmp_path, "besok", "lopenr_b objektnr", rows)
    (link,) = links_of().values()
    assert (link.start, link.end) == ("erp/besok.objektnr", "erp/anlegg.anleggsnr")
    assert 0.6 <= link.confidence < 0.9


def test_a_name_alone_makes_no_key(tmp_path: Path, links_of) -> None:
    """`kundenr` of another company's customers is not a key of ours."""
    write_csv(tmp_path, "kunder", "kundenr navn", [(n, "x") for n in range(1000, 1300)])
    write_csv(tmp_path, "leads", "id kundenr", [(n, 7000 + n) for n in range(200)])
    assert links_of() == {}


def test_orphans_are_told_and_forgiven(tmp_path: Path, links_of) -> None:
    """Some rows point at customers that were deleted."""
    write_csv(tmp_path, "kunder", "kundenr navn", [(n * 7, "x") for n in range(100, 500)])
    rows = [(n, (100 + n) * 7 if n % 50 else 999_999 + n) for n in range(300)]
    write_csv(tmp_path, "ordre", "ordrenr kundenr", rows)
    link = links_of()["ordre.kundenr -> kunder.kundenr"]
    facts = next(e.facts for e in link.evidence if e.signal == "link_inclusion")
    assert (facts["compared"], facts["found"]) == (300, 294)


def test_numbers_kept_as_text_are_compared_as_numbers(tmp_path: Path, links_of) -> None:
    """Leading zeros are seen through, and told: pseudonyms of the two will not join."""
    write_csv(tmp_path, "kunder", "kundenr navn", [(f"{n:06d}", "x") for n in range(500, 900)])
    write_csv(tmp_path, "ordre", "ordrenr kundenr", [(n, 500 + n % 390) for n in range(800)])
    link = links_of()["ordre.kundenr -> kunder.kundenr"]
    types = next(e.facts for e in link.evidence if e.signal == "link_type")
    assert types["padded"] is True


def test_a_target_that_repeats_is_no_key(tmp_path: Path, links_of) -> None:
    """A column of a table of lines holds its numbers many times."""
    write_csv(tmp_path, "ordre", "ordrenr varenr", [(n // 3, n) for n in range(3000, 3900)])
    write_csv(tmp_path, "faktura", "fakturanr ordrenr", [(n, 1000 + n) for n in range(300)])
    assert "faktura.ordrenr -> ordre.ordrenr" not in links_of()


def test_kid_of_other_numbers_holds_none_of_the_row(tmp_path: Path, links_of) -> None:
    """A KID with its check digit that was made of something else leads nowhere."""
    draw = random.Random(5)
    rows = [
        (n, draw.randint(10000, 99999), schemas.luhn(str(draw.randint(10**9, 10**10))))
        for n in range(60001, 60301)
    ]
    write_csv(tmp_path, "fakturaer", "fakturanr kontraktsnr kid", rows)
    assert not [link for link in links_of().values() if link.kind is LinkKind.EMBEDDED]


def test_rejected_links_stay_away_and_the_next_best_stands_in(tmp_path: Path) -> None:
    """A person's no is heard in the next measurement."""
    rows = [(n, 5000 + n, "x") for n in range(1, 201)]
    write_csv(tmp_path, "kunder", "id kundenr navn", rows)
    write_csv(tmp_path, "ordre", "ordrenr kundenr", [(n, 5001 + n % 200) for n in range(400)])
    with closing(open_files(tmp_path)) as source:
        (link,) = measured(source)
        assert link.end == "erp/kunder.kundenr"
        assert measured(source, rejected=[link.name]) == ()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, seed: int) -> None:
    """Links, confidence and evidence are the same whatever order the rows come in."""
    draw = random.Random(seed)
    customers = [(n * 3, "x") for n in range(50, 150)]
    orders = [(n, 150 + 3 * (n * 7 % 95)) for n in range(200)]
    found = []
    for mixed in (False, True):
        folder = tmp_path_factory.mktemp("rows")
        for rows in (customers, orders):
            if mixed:
                draw.shuffle(rows)
        write_csv(folder, "kunder", "kundenr navn", customers)
        write_csv(folder, "ordre", "ordrenr kundenr", orders)
        with closing(open_files(folder)) as source:
            found.append(measured(source))
    assert found[0] == found[1]
    assert [link.end for link in found[0]] == ["erp/kunder.kundenr"]


def test_scans_of_the_tests_are_like_real_ones(tmp_path: Path) -> None:
    """The hand-written scans know distinct values, and which are few."""
    write_csv(tmp_path, "kunder", "kundenr navn", [(n, "x") for n in range(10, 20)])
    with closing(open_files(tmp_path)) as source:
        (scan,) = plain_scans(source)
    assert [(f.distinct, f.few_values) for f in scan.fields] == [(10, False), (1, True)]
