"""Positions of persons: pairs of columns, pairs and points in a cell."""

from __future__ import annotations

import random

import pytest

from detectors.columns.position import PRECISE
from sladd.model import How

RNG = random.Random(3)
NORTH = [round(58 + 12 * RNG.random(), 5) for _ in range(60)]
EAST = [round(5 + 20 * RNG.random(), 5) for _ in range(60)]
BOTH = list(zip(NORTH, EAST, strict=True))


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("t17", {"a": NORTH, "b": EAST}),
        ("t17", {"lengde": EAST, "bredde": NORTH}),
        ("t17", {"a": [str(x) for x in NORTH], "b": [str(x).replace(".", ",") for x in EAST]}),
        ("leveranser", {"lat": NORTH, "lng": EAST}),
        ("rides", {"pickup_latitude": [x - 90 for x in NORTH], "pickup_longitude": [-x for x in EAST]}),
        ("t17", {"a": [f"{n},{e}" for n, e in BOTH]}),
        ("t17", {"a": [f"{n:.2f},{e:.2f}" for n, e in BOTH]}),
        ("t17", {"a": [f"POINT({e} {n})" for n, e in BOTH]}),
        ("t17", {"a": [f"SRID=4326;POINT Z ({e} {n} 12.5)" for n, e in BOTH]}),
        ("kunder", {"geohash": ["u4xsu", "u4pru", "u5r2v", "u4ez1"] * 10}),
    ],
)  # fmt: skip
def test_positions_are_found(scanner, table, columns):
    """By degrees beside each other, in one cell, or by their name."""
    found = scanner.findings(table, columns)
    assert {(f.how, f.category) for f in found.values()} == {(How.IS, PRECISE)}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("varehus", {"lat": NORTH, "lng": EAST}),
        ("butikker", {"a": NORTH, "b": EAST}),
        ("products", {"a": NORTH, "b": EAST}),
        ("t17", {"pris": [round(x, 2) for x in NORTH], "mva": [round(x, 2) for x in EAST]}),
        ("t17", {"a": NORTH, "b": [x * 9 for x in EAST]}),
        ("t17", {"a": NORTH}),
        ("t17", {"a": [59.911, 60.392] * 30, "b": [10.752, 5.322] * 30}),  # two places
        ("t17", {"a": [f"{x:.3f}" for x in NORTH], "b": ["x"] * 60}),
        ("t17", {"lat": [x * 1000 for x in NORTH], "b": EAST}),
    ],
)
def test_other_numbers_are_no_positions(scanner, table, columns):
    """Shops, products, prices, lone columns, and numbers that are no degrees."""
    found = scanner.findings(table, columns)
    assert PRECISE not in {f.category for f in found.values() if f.how is How.IS}
