"""The data dictionary of a release: what an analyst finds."""

from __future__ import annotations

import csv
import io

import pytest

from sladd.targets.dictionary import COLUMNS, dictionary_csv
from tests.unit.release.pages import full


def test_the_dictionary_says_what_an_analyst_asks():
    """Category with its label, what was done in words, and every partner of a join."""
    rows = list(csv.DictReader(io.StringIO(dictionary_csv(full()).decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    by_name = {(row["table"], row["column"]): row for row in rows}
    region = by_name["customers", "region"]
    assert region["category"] == "user.contact.address.postal_code"
    assert region["category_label"] == "Postal code"
    assert region["what_was_done"] == "place made into its part of the country"
    assert by_name["orders", "customer_id"]["joins_with"] == "customers.id"
    assert by_name["customers", "since"]["type"] == "date"


def test_the_dictionary_opens_in_pandas_and_in_excel():
    """Commas and a byte order mark: pandas needs no option, and Excel sees æøå."""
    import pandas as pd

    data = dictionary_csv(full())
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    assert list(pd.read_csv(io.BytesIO(data)).columns) == list(COLUMNS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\t", "\r", "\n", " ="])
def test_no_cell_of_the_dictionary_is_a_formula(start):
    """Names of tables and columns come from the source."""
    base = full()
    column = base.tables[0].columns[0].model_copy(update={"name": f"{start}cmd|'/c calc'!A1"})
    table = base.tables[0].model_copy(update={"name": f"{start}1+1", "columns": (column,)})
    manifest = base.model_copy(update={"tables": (table,), "foreign_keys": ()})
    text = dictionary_csv(manifest).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[0] == f"'{start}1+1"
    assert row[1] == f"'{start}cmd|'/c calc'!A1"
