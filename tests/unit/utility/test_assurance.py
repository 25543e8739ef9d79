"""One call measures a release whose files are written: what it found is what stands in them."""

from __future__ import annotations

import json
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.anonymity import shop
from sladd.pipeline.assurance import AnonymisedTable, Measures, measure, written
from sladd.pipeline.earlier.known import Ledger
from sladd.release.utility import Utility
from sladd.release.wp216 import Wp216
from transforms.anonymity import Answer, Distance, Problem, Sensitive, generalised, search

KEY = b"k" * 32
ADDRESS = "shop/public.kunder"


@pytest.fixture(scope="module")
def persons() -> pa.Table:
    return shop.table(3000)


@pytest.fixture(scope="module")
def answer(persons) -> Answer:
    columns = tuple(c for c in persons.column_names if c != shop.SENSITIVE)
    problem = Problem(
        columns,
        11,
        shop.hierarchies(),
        t=0.4,
        max_suppression=0.05,
        sensitive=(Sensitive(shop.SENSITIVE),),
    )
    return search(persons, problem)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, persons, answer):
    place = tmp_path_factory.mktemp("release")
    (place / "kunder").mkdir()
    pq.write_table(generalised(persons, answer), place / "kunder" / "part-0.parquet")
    return place


def ledger(*entries) -> Ledger:
    return Ledger("open", "v1", KEY, "main-1", {ADDRESS: entries}, lambda _: KEY)


@pytest.fixture(scope="module")
def measures(folder, persons, answer) -> Measures:
    table = AnonymisedTable("kunder", ADDRESS, persons, answer, {"epost": "direct"})
    return measure(folder, [table], ledger())


def test_clean_release_passes_every_test(measures, answer):
    """The guarantee that the search gave is found again in the files."""
    assert all(check.passed for check in measures.checks)
    found = Wp216.model_validate(measures.risk["wp216"])
    assert found.singling_out[0].k == answer.smallest
    assert found.singling_out[0].persons == answer.rows - answer.rows_suppressed
    assert found.thresholds.k == 11
    assert found.thresholds.t == pytest.approx(0.4)
    utility = Utility.model_validate(measures.risk["utility"]).tables[0]
    assert utility.loss == pytest.approx(answer.loss, abs=1e-3)
    assert utility.settings
    roles = [one["role"] for one in measures.risk["method"]["tables"][0]["columns"]]
    assert Counter(roles) == {"quasi_identifier": 6, "sensitive": 1, "direct": 1}


def test_same_release_again_is_no_difference(folder, persons, answer, measures):
    """And one with three customers more is."""
    again = AnonymisedTable("kunder", ADDRESS, persons, answer)
    same = measure(folder, [again], ledger(*measures.counts)).risk["earlier"]["compared"][0]
    assert (same["passed"], same["found"]) == (True, answer.classes)
    fewer = persons.slice(3)
    found = search(fewer, answer.problem)
    table = AnonymisedTable("kunder", ADDRESS, fewer, found)
    other = measure(folder, [table], ledger(*measures.counts)).risk["earlier"]["compared"][0]
    assert not other["passed"]


def test_another_release_of_the_same_persons_is_joined(folder, persons, answer):
    """Rows untouched elsewhere are alone there, and yet no link is surer than 1 in k."""
    other = folder / "whole.parquet"
    pq.write_table(persons, other)
    table = AnonymisedTable("kunder", ADDRESS, persons, answer)
    raw = written(folder, "kunder", answer, release="analytics", version="v9")
    raw = type(raw)("whole", str(other), raw.quasi, raw.sensitive, raw.release, raw.version)
    found = measure(folder, [table], ledger(), others=[raw]).risk["wp216"]["linkability"]
    assert [(one["other_release"], one["few"]) for one in found] == [("analytics", 0)]


def test_measures_hold_no_value_of_few_persons(measures, persons):
    """Birth dates and postcodes of a few are nowhere; nor is anything personal in the checks."""
    told = json.dumps(measures.risk, ensure_ascii=False, default=str)
    told += " ".join(f"{check.detail} {check.column}" for check in measures.checks)
    for column in ("fdato", "postnr", "opprettet"):
        seen = Counter(str(v) for v in persons.column(column).to_pylist() if v is not None)
        few = [value for value, n in seen.items() if n < 11]
        assert few
        assert not [value for value in few if f'"{value}"' in told]


def test_measures_fit_json_and_print_no_rows(measures, persons, answer):
    """What holds rows cannot be printed; what is kept can be written."""
    json.dumps(measures.risk, allow_nan=False)
    table = AnonymisedTable("kunder", ADDRESS, persons, answer)
    assert "nb" not in repr(table)
    assert repr(KEY) not in repr(ledger())


def test_diversity_alone_does_not_bring_a_closeness_that_nobody_asked_for(tmp_path):
    """Nine of ten bought a cup in Oslo: two different values are there, and only those were asked."""
    rows = pa.table(
        {
            "sted": ["Oslo"] * 20 + ["Bergen"] * 20,
            "vare": [*["kopp"] * 18, "penn", "penn", *["penn"] * 18, "kopp", "kopp"],
        }
    )
    (tmp_path / "kjop").mkdir()
    for more, distance in (({"l": 2}, Distance.EQUAL), ({"t": 0.5}, Distance.ORDERED)):
        problem = Problem(("sted",), 4, sensitive=(Sensitive("vare", distance=distance),), **more)
        found = search(rows, problem)
        assert found.labels == {"sted": "value"}
        pq.write_table(generalised(rows, found), tmp_path / "kjop" / "part-0.parquet")
        made = measure(tmp_path, [AnonymisedTable("kjop", ADDRESS, rows, found)], ledger())
        (guess,) = made.risk["wp216"]["inference"]
        assert (guess["passed"], guess["worst"]) == (True, 0.4)


def _row_left_in(made: pa.Table) -> list[pa.Table]:
    return [pa.concat_tables([made, made.slice(0, 1)])]


def _level_mixed(made: pa.Table) -> list[pa.Table]:
    half = made.num_rows // 2
    place = made.column_names.index("opprettet")
    other = pa.array(["2020"] * half, pa.string())
    finer = made.slice(0, half).set_column(place, "opprettet", other)
    return [made.slice(half).cast(finer.schema), finer]


def _row_moved(made: pa.Table) -> list[pa.Table]:
    place = made.column_names.index("kjonn")
    moved = made.column("kjonn").to_pylist()
    moved[0] = {"K": "M", "M": "K", None: "K"}.get(moved[0], "K")
    return [made.set_column(place, "kjonn", pa.array(moved, pa.string()))]


@pytest.mark.parametrize("harm", [_row_left_in, _level_mixed, _row_moved])
def test_files_that_are_not_what_the_search_chose_fail(tmp_path, persons, answer, harm):
    """A row too many, a part at another level, a row in another class."""
    (tmp_path / "kunder").mkdir()
    made = generalised(persons, answer)
    for number, part in enumerate(harm(made)):
        pq.write_table(part, tmp_path / "kunder" / f"part-{number}.parquet")
    found = measure(tmp_path, [AnonymisedTable("kunder", ADDRESS, persons, answer)], ledger())
    assert "as searched" in {check.name for check in found.checks if not check.passed}


def test_persons_with_several_rows_are_counted_as_persons(tmp_path):
    """Twelve rows of four persons are a class of four; the file that told them apart is gone."""
    rows = pa.table(
        {
            "sted": ["Oslo"] * 12 + ["Bergen"] * 12,
            "vare": ["kopp", "penn", "sekk"] * 8,
            "kunde": [n // 3 for n in range(24)],
        }
    )
    problem = Problem(("sted",), 4, sensitive=(Sensitive("vare"),), person="kunde")
    found = search(rows, problem)
    (tmp_path / "kjop").mkdir()
    pq.write_table(generalised(rows, found), tmp_path / "kjop" / "part-0.parquet")
    measured = measure(tmp_path, [AnonymisedTable("kjop", ADDRESS, rows, found)], ledger())
    told = Wp216.model_validate(measured.risk["wp216"])
    assert (told.singling_out[0].k, told.singling_out[0].several) == (4, True)
    assert told.passed("singling_out")
    assert [path.name for path in tmp_path.iterdir()] == ["kjop"]
    columns = measured.risk["utility"]["tables"][0]["columns"]
    assert not any(column["shown"] for column in columns)
