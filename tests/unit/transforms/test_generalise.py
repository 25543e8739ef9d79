"""Values fall into the class they belong to, and what is unreadable into none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sladd.errors import TransformError
from sladd.model import StorageType
from transforms import Context, generalise

S = StorageType
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "


def _run(values: Any, to: str, storage: StorageType = S.STRING, **parameters: Any) -> list[Any]:
    context = Context(
        parameters={"to": to, **parameters}, storage=storage, as_of=dt.date(2026, 3, 1)
    )
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return list(generalise.apply(array, context).to_pylist())


@pytest.mark.parametrize(
    ("to", "value", "expected"),
    [
        ("region", "0150", "Oslo"),
        ("region", "1295", "Oslo"),
        ("region", "1337", "Østlandet utenom Oslo"),
        ("region", "4612", "Sørlandet"),
        ("region", "5003", "Vestlandet"),
        ("region", "4006", "Vestlandet"),
        ("region", "6002", "Vestlandet"),
        ("region", "7030", "Trøndelag"),
        ("region", "9008", "Nord-Norge"),
        ("region", "NO-7030", "Trøndelag"),
        ("region", "150", "Oslo"),
        ("region", "SW1A 1AA", None),
        ("region", "11122", None),
        ("region", "0000", None),
        ("region", "4460", "Vestlandet"),
        ("region", "7001", "Trøndelag"),
        ("region", "4408", None),
        ("region", "Kautokeino", "Nord-Norge"),
        ("region", "Bryne", "Vestlandet"),
        ("county", "0150", "Oslo"),
        ("county", "4460 MOI", "Rogaland"),
        ("county", "NO-4460 Moi", "Rogaland"),
        ("county", "bryne", "Rogaland"),
        ("county", "Herøy", None),
        ("county", "7001", None),
        ("county", "Moen 12, 6659 RINDAL", "Trøndelag"),
        ("county", "Postboks 1234 Sentrum", None),
        ("municipality", "1555", "Vestby"),
        ("municipality", "Son", "Vestby"),
        ("municipality", "Kárášjohka", "Karasjok"),
        ("municipality", "5748", None),
        ("municipality", "Bryne", None),
        ("municipality", "kari@example.no", None),
        ("browser", WINDOWS + "Chrome/126.0 Safari/537.36 Edg/126.0", "Edge"),
        ("system", WINDOWS + "Chrome/126.0 Safari/537.36 Edg/126.0", "Windows"),
        ("system", "curl/8.5.0", None),
        ("hour", "2026-03-01T14:05:00Z", "14"),
        ("hour", "1.3.2026 kl. 9.30", "09"),
        ("hour", "23:59", "23"),
        ("hour", "2026-03-01", None),
        ("hour", "25:00", None),
        ("hour", "01.03.26", None),
        ("part_of_day", "05:59", "night"),
        ("part_of_day", "06:00", "morning"),
        ("part_of_day", "11.59", "late morning"),
        ("part_of_day", "12:00", "afternoon"),
        ("part_of_day", "18:00:00", "evening"),
        ("weekday", "2026-03-01", "Sunday"),
        ("weekday", "2.3.2026", "Monday"),
        ("weekday", "i morgen", None),
        ("month_of_year", "17. mai 2024", "May"),
        ("digits", "7030", "70"),
        ("network", "192.0.2.77", "192.0.2.0/24"),
        ("network", "2001:db8:1:2::7", "2001:db8:1::/48"),
        ("network", "::ffff:192.0.2.77", "192.0.2.0/24"),
        ("network", "fe80::1%eth0", "fe80::/48"),
        ("network", "192.0.2.77/32", "192.0.2.0/24"),
        ("network", "192.0.2", None),
        ("network", "kari@example.no", None),
        ("age_band", "1984-03-02", "40–49"),
        ("age_band", "01.03.1986", "40–49"),
        ("age_band", "2. mars 1986", "30–39"),
        ("age_band", "1930-01-01", "90+"),
        ("age_band", "2027-01-01", None),
        ("age_band", "1799-01-01", None),
        ("age_band", "ukjent", None),
        ("family", WINDOWS + "Chrome/126.0.0.0 Safari/537.36", "Chrome, Windows"),
        ("family", WINDOWS + "Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("family", PHONE + "Version/17.5 Mobile/15E148 Safari/604.1", "Safari, iOS"),
        ("family", PHONE + "CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome, iOS"),
        ("family", "Mozilla/5.0 (compatible; Googlebot/2.1)", "Bot"),
        ("family", "curl/8.0", "Program"),
        ("family", "Kari Nordmann", "Other"),
    ],
)
def test_texts(to, value, expected):
    """One value of each kind, and what is none."""
    assert _run([value, None], to) == [expected, None]


@pytest.mark.parametrize(
    ("value", "width", "expected"),
    [
        ("540 000,50", 100_000, "500000–599999"),
        ("599999.99", 100_000, "500000–599999"),
        ("1.234.567,89", 1_000_000, "1000000–1999999"),
        ("1,234.5", 1000, "1000–1999"),
        ("0", 10, "0–9"),
        ("-1", 10, "-10–-1"),
        ("0.7", 0.5, "0.5–<1"),
        ("NaN", 10, None),
        ("Infinity", 10, None),
        ("kr 500", 10, None),
    ],
)
def test_bands_of_equal_width(value, width, expected):
    """Norwegian and English numbers; the upper edge belongs to the next band."""
    assert _run([value], "band", width=width) == [expected]


def test_bands_between_edges_are_open_at_both_ends():
    """Below the first and from the last."""
    values = pa.array([-1, 0, 99, 100, 5_000, None])
    assert _run(values, "band", S.INTEGER, edges=[0, 100, 1000]) == [
        "<0",
        "0–99",
        "0–99",
        "100–999",
        "1000+",
        None,
    ]


def test_numbers_as_sources_store_them():
    """Integers, floats and decimals of one size fall into one band."""
    for values, storage in (
        (pa.array([45_000]), S.INTEGER),
        (pa.array([45_000.0]), S.FLOAT),
        (pa.array([Decimal("45000.00")]), S.DECIMAL),
    ):
        assert _run(values, "band", storage, width=10_000) == ["40000–49999"]
    assert _run(pa.array([150]), "region", S.INTEGER) == ["Oslo"]


def test_ages_are_computed_at_as_of():
    """The day before the birthday one is a year younger; a year of birth counts by years."""
    born = pa.array([dt.date(1986, 3, 1), dt.date(1986, 3, 2), None])
    assert _run(born, "age_band", S.DATE) == ["40–49", "30–39", None]
    assert _run(pa.array([1986, 20, 2030]), "age_band", S.INTEGER) == ["40–49", None, None]
    assert _run(["1986-03-01"], "age_band", width=5, top=40) == ["40+"]


def test_unreadable_values_become_null_and_are_counted():
    """Never passed on as they are."""
    context = Context(parameters={"to": "network"}, storage=S.STRING)
    made = generalise.apply(pa.array(["x", "192.0.2.1", None, "x"]), context)
    assert made.to_pylist() == [None, "192.0.2.0/24", None, None]
    assert context.counts["unparsed"] == 2


@pytest.mark.parametrize(
    ("values", "parameters"),
    [
        (["1"], {"to": "band"}),
        (["1"], {"to": "band", "edges": [3, 2]}),
        ([True], {"to": "region"}),
        ([dt.date(2026, 1, 1)], {"to": "band", "width": 1}),
        ([dt.date(2026, 1, 1)], {"to": "hour"}),
        ([1], {"to": "browser"}),
        ([1], {"to": "weekday"}),
        (["1986-03-01"], {"to": "age_band"}),
    ],
)
def test_what_cannot_be_done_is_refused(values, parameters):
    """Missing width, edges out of order, a type without that class, an age without a date."""
    context = Context(parameters=parameters, storage=S.STRING)
    with pytest.raises(TransformError) as caught:
        generalise.apply(pa.array(values), context)
    assert caught.value.code in {301, 305, 306}


def test_numbers_of_municipalities_are_read_as_such_when_asked():
    """Four digits are a postcode unless the rule says what they are."""
    numbers = pa.array([301, 1515, 9999])
    made = _run(numbers, "municipality", S.INTEGER, of="municipality_number")
    assert made == ["Oslo", "Herøy (Møre og Romsdal)", None]


def test_times_as_sources_store_them():
    """A time with a zone counts at that zone's clock; a time of day has no date."""
    moment = dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)
    stored = pa.array([moment, None], pa.timestamp("us", "Europe/Oslo"))
    assert _run(stored, "hour", S.TIMESTAMP) == ["00", None]
    assert _run(stored, "weekday", S.TIMESTAMP) == ["Sunday", None]
    clock = pa.array([dt.time(7, 5), None])
    assert _run(clock, "part_of_day", S.TIME) == ["morning", None]
    assert _run(pa.array([dt.date(2026, 3, 1)]), "month_of_year", S.DATE) == ["March"]


def test_labels_are_in_the_language_of_the_release():
    """Bokmål, nynorsk and English name days differently."""
    for language, day in (("nb", "mandag"), ("nn", "måndag"), ("en", "Monday")):
        context = Context(parameters={"to": "weekday"}, storage=S.DATE, language=language)
        made = generalise.apply(pa.array([dt.date(2026, 3, 2)]), context)
        assert made.to_pylist() == [day]
