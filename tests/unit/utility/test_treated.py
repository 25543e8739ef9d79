"""What is left of the columns of a pseudonymised release, told from the plan."""

from __future__ import annotations

import pytest

import transforms
from sladd.model import FieldPlan, FieldRef, How, StorageType, TablePlan, TableRef
from sladd.pipeline.utility.treated import left, treated_tables

SPECS = {name: one.SPEC for name, one in transforms.registry().items()}


@pytest.mark.parametrize(
    ("transform", "wanted"),
    [
        ("keep", "all"),
        ("pseudonym", "equality"),
        ("encrypt", "equality"),
        ("format_preserving", "equality"),
        ("generalise", "classes"),
        ("truncate_date", "classes"),
        ("round", "classes"),
        ("top_code", "classes"),
        ("bucket", "classes"),
        ("mask", "text"),
        ("redact_text", "text"),
        ("fake", "shape"),
        ("replace", "nothing"),
        ("json_paths", "parts"),
    ],
)
def test_each_transform_leaves_what_it_leaves(transform, wanted):
    """Equality to join on, classes to count by, or only the look of a value."""
    assert left(SPECS[transform]) == wanted


def test_every_transform_is_told():
    """A new one is of some kind, without a line here."""
    assert all(left(spec) for spec in SPECS.values())


def test_table_counts_rows_dropped_fields_and_values_that_could_not_be_read():
    """The numbers of the manifest, by column."""
    table = TableRef("shop", "kunder")

    def planned(column: str, output: str, transform: str) -> FieldPlan:
        return FieldPlan(
            FieldRef(table, column), output, StorageType.STRING, transform, {}, "", How.IS, "", ""
        )

    fields = (
        planned("epost", "epost", "pseudonym"),
        planned("fdato", "fdato", "truncate_date"),
        planned("navn", "", "drop"),
    )
    (told,) = treated_tables(
        [TablePlan(table, "kunder", fields)],
        SPECS,
        rows={"kunder": (10, 8)},
        unreadable={"kunder.fdato: unparsed": 2, "andre.fdato: unparsed": 9},
    )
    assert (told.rows_before, told.rows_after, told.dropped) == (10, 8, 1)
    assert [(c.name, c.left, c.unreadable) for c in told.columns] == [
        ("epost", "equality", 0),
        ("fdato", "classes", 2),
    ]
