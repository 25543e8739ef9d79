"""One fact under two names joins two tables of a release, and that is found by trying."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from sladd.pipeline.copies import Published, copies

PERSONS = [bytes([n]) * 16 for n in range(40)]


def published(name: str, column: str, values: list[object], persons: list[bytes]) -> Published:
    return Published(
        name, {column: pa.chunked_array([pa.array(values)])}, pa.array(persons, pa.binary(16))
    )


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        pytest.param([Decimal(n * 7) for n in range(40)], True, id="the same sum, another type"),
        pytest.param([n * 7 for n in range(40)][::-1], False, id="like values of other persons"),
        pytest.param([n % 5 for n in range(40)], False, id="values that many share"),
        pytest.param([f"{n * 7}" for n in range(40)], False, id="texts are no numbers"),
        pytest.param([0, 7, 14, *[None] * 37], False, id="three alike by chance"),
    ],
)
def test_a_fact_under_two_names_is_found_by_whom_it_leads_to(values, refused):
    """Rows in any order; what counts is whose they are."""
    one = published("kunder", "poeng", [n * 7 for n in range(40)], PERSONS)
    order = [(n * 17) % 40 for n in range(40)]
    other = published("klubb", "saldo", [values[n] for n in order], [PERSONS[n] for n in order])
    found = list(copies([one, other], 5))
    assert [check.column for check in found] == ["kunder.poeng"] * refused
    assert not refused or "saldo: of 40 values that one row of each has, 40 lead" in found[0].detail
