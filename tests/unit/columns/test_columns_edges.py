"""Odd tables, and what a scan must never say."""

from __future__ import annotations

import datetime as dt
import json
import time

import pyarrow as pa
import pytest

from detectors.columns import link, name_is_personal
from detectors.columns.profile import profile
from detectors.columns.shapes import shape_of
from sladd.model import How, StorageType


def test_empty_null_single_and_mixed_columns_are_scanned(scanner):
    """Every column gets a scan, whatever stands in it."""
    scan = scanner.table(
        "t",
        {
            "tom": pa.array([None] * 3, pa.string()),
            "blank": ["", " ", "\t"],
            "dato": [dt.date(2024, 1, n) for n in (1, 2, 3)],
            "bytes": [b"\x00", b"\xff", None],
            "blandet": ["x", "1", "kari@example.no"],
            "liste": pa.array([["a@example.no"], [], None]),
            "kat": pa.array(["x", "y", "x"]).dictionary_encode(),
            "inf": [float("nan"), float("inf"), 1.5],
        },
    )
    assert len(scan.fields) == 8
    by = {f.field.ref.column: f for f in scan.fields}
    assert by["tom"].nulls == 3
    assert by["tom"].finding.how is How.NONE
    assert by["blandet"].finding.how is How.CONTAINS
    assert scanner.table("t", {}).fields == ()


def test_one_row_is_enough_for_a_name_and_a_value(scanner, made):
    """A table of one row is judged by both."""
    finding = scanner.findings("kunder", {"epost": ["kari@example.no"]})["epost"]
    assert finding.category == "user.contact.email"


def test_five_hundred_columns_are_scanned_in_seconds(scanner):
    """A wide table costs no more than its columns."""
    started = time.process_time()
    scan = scanner.table("t", {f"c{n}": [str(n), "x", None] for n in range(500)})
    assert len(scan.fields) == 500
    assert time.process_time() - started < 20


def test_few_values_is_said_of_repeated_ones():
    """At most 50 distinct values, each five times or more."""
    assert profile(pa.array(["a", "b"] * 5), StorageType.STRING).few_values
    assert not profile(pa.array(["a"] * 5 + ["b"] * 4), StorageType.STRING).few_values


def canaries(made) -> dict[str, list[str]]:
    n = 60
    places = made.many(made.place, n)
    return {
        "navn": made.many(made.name, n), "epost": made.many(made.email, n),
        "felt3": made.many(made.fnr, n), "mobil": made.many(made.mobile, n),
        "adresse": made.many(made.street, n), "postnr": [p[0] for p in places],
        "poststed": [p[1] for p in places], "merknad": made.many(made.words, n),
        "passord": made.many(made.hash, n), "kode": [f"AAA-{c}" for c in "ABCDEFGHIJ"] * 6,
    }  # fmt: skip


def test_no_finding_or_evidence_holds_a_value(scanner, made):
    """Canary: nothing of the input stands in anything a scan prints."""
    columns = canaries(made)
    scan = scanner.table("kunder", columns)
    said = repr(scan) + "".join(str(dict(e.facts)) for f in scan.fields for e in f.finding.evidence)
    for header, cells in columns.items():
        for cell in cells:
            if header != "postnr":  # four digits are found in any text of numbers
                assert cell not in said, header
    assert not any(f.finding.shapes for f in scan.fields if f.field.ref.column == "passord")


def test_profiles_are_neither_printed_nor_pickled():
    """A profile holds cell values."""
    import pickle

    column = profile(pa.array(["hemmelig"]), StorageType.STRING)
    assert "hemmelig" not in repr(column)
    with pytest.raises(TypeError):
        pickle.dumps(column)


def test_a_shape_masks_every_letter_and_digit():
    """`Aaaa 99`; other characters are punctuation or a question mark."""
    assert shape_of("Ågot N. 42€") == "Aaaa A. 99?"


PERSONAL = [
    "kari.nordmann@example.no", "Kari_Nordmann_cv.pdf", "KariNordmann", "nordmann, kari",
    "10915596784", "fnr 109155 96784", "+47 912 34 567", "912 34 567", "tlf 91234567",
    "Per Hansen", "kunde_kari_nordmann",
]  # fmt: skip
PLAIN = [
    "fornavn", "kari_traa_products", "epost", "per_dag", "dato", "20240115", "ordre_20240115",
    "antall_per_dag", "stein_type", "felt17", "postnr", "", "max_price", "Ark1", "Kunder 2024",
    "mars_april", "sol_og_vind", "post_edit_time", "orders_45230001", "total_sum", "min_dag", "by", "id",
]  # fmt: skip


@pytest.mark.parametrize("name", PERSONAL)
def test_a_name_that_is_personal_data_is_seen(name):
    """E-mails, numbers and full names in names of columns, keys, sheets and files."""
    assert name_is_personal(name)


@pytest.mark.parametrize("name", PLAIN)
def test_an_ordinary_name_is_shown(name):
    """Headers are words, not persons."""
    assert not name_is_personal(name)


def test_a_personal_column_name_is_not_shown(scanner):
    """A CSV without a header has a person in its first row."""
    (scan,) = scanner.table("t", {"kari.nordmann@example.no": ["a"]}).fields
    assert "nordmann" not in scan.name_shown


def test_tables_that_hang_on_persons_are_linked(scanner, made):
    """Orders and their lines are about the customer; products are about no one."""
    n = 30
    people = scanner.table(
        "kunder", {"id": list(range(n)), "epost": made.many(made.email, n), "x": ["a"] * n},
        primary=("id",),
    )  # fmt: skip
    orders = scanner.table(
        "ordrer", {"id": list(range(n)), "kunde": list(range(n)), "sum": [1.5] * n},
        primary=("id",), foreign={"kunde": ("kunder", "id")},
    )  # fmt: skip
    lines = scanner.table(
        "ordrelinjer", {"ordre": list(range(n)), "antall": [1] * n},
        foreign={"ordre": ("ordrer", "id")},
    )  # fmt: skip
    goods = scanner.table("produkter", {"navn": ["Kari Traa"] * n, "pris": [1.5] * n})
    linked = link([people, orders, lines, goods], {})
    how = {(s.table.ref.name, f.field.ref.column): f.finding for s in linked for f in s.fields}
    assert how["kunder", "x"].how is How.LINKED
    assert how["ordrer", "sum"].category == "user.behavior.purchase_history"
    assert how["ordrelinjer", "antall"].how is How.LINKED
    assert how["produkter", "navn"].how is How.NONE
    assert linked[2].person_path[0] == "ordrelinjer.ordre"
    assert link(linked, {}) == list(linked)


def test_cells_that_are_no_json_are_a_field_of_their_own(scanner):
    """A column of JSON with a few plain texts: no field stands twice, and the texts are judged."""
    cells = [
        json.dumps({"epost": f"kunde{n}@example.no", "antall": n})
        if n % 10
        else f"ny{n}@example.no"
        for n in range(60)
    ]
    scan = scanner.table("t", {"meta": cells})
    paths = [f.field.ref.path for f in scan.fields]
    assert len(paths) == len(set(paths))
    by = {f.field.ref.path: f.finding for f in scan.fields}
    assert by["epost",].category == by["$text",].category == "user.contact.email"
