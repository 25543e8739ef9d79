"""Dates of birth, ages and children, told from other dates and numbers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.columns import ScanOptions
from detectors.columns.birth import AGE, BORN
from detectors.columns.children import CHILD, is_childrens
from detectors.columns.days import EPOCH, at_least, days_in_text
from sladd.model import How
from sladd.sources.nested import expand_json

TODAY = date(2026, 6, 15)
N = 160


def options(**other: int) -> ScanOptions:
    return ScanOptions(expand_json=expand_json, today=TODAY, **other)  # type: ignore[arg-type]


def births(youngest: float = 18, oldest: float = 85, n: int = N, seed: int = 5) -> list[date]:
    rng = random.Random(seed)
    return [
        TODAY - timedelta(days=rng.randint(int(365.25 * youngest), int(365.25 * oldest)))
        for _ in range(n)
    ]


def events(years: float, n: int = N, seed: int = 5, *, weekdays: bool = True) -> list[date]:
    rng = random.Random(seed)
    found: list[date] = []
    while len(found) < n:
        day = TODAY - timedelta(days=rng.randint(0, int(365 * years)))
        if not weekdays or day.weekday() < 5:
            found.append(day)
    return found


WRITTEN: dict[str, Callable[[date], object]] = {
    "date": lambda d: d,
    "midnight": lambda d: datetime(d.year, d.month, d.day),
    "ISO": lambda d: d.isoformat(),
    "Norwegian": lambda d: d.strftime("%d.%m.%Y"),
    "Norwegian, two digits": lambda d: f"{d.day}.{d.month}.{d.year % 100:02}",
    "six digits": lambda d: d.strftime("%d%m%y"),
    "six digits as a number": lambda d: int(d.strftime("%d%m%y")),
    "eight digits": lambda d: d.strftime("%d%m%Y"),
    "eight digits, year first": lambda d: d.strftime("%Y%m%d"),
    "with an hour of nothing": lambda d: f"{d.isoformat()} 00:00:00",
}


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("header", ["felt7", "fødselsdato", "fdato"])
def test_births_are_told_however_they_are_written(scanner, how, header):
    """Under a name that says so, and under one that says nothing."""
    columns = {header: [WRITTEN[how](d) for d in births()]}
    finding = scanner.findings("t17", columns, options=options())[header]
    assert (finding.how, finding.category) == (How.IS, BORN), finding.evidence
    if header == "fødselsdato":
        assert finding.confidence >= 0.95


@pytest.mark.parametrize(
    ("header", "made"),
    [
        ("opprettet", events(4)),
        ("felt7", events(4)),
        ("felt7", events(30)),  # whoever is employed for long
        ("felt7", events(70, weekdays=False)),  # films, companies: up to this year
        ("felt7", [TODAY + timedelta(days=d) for d in range(N)]),  # expiry
        ("fdato", events(3)),  # fakturadato
        ("gyldig_til", [TODAY + timedelta(days=37 * d) for d in range(N)]),
        (
            "felt7",
            [datetime(1970, 1, 1, 8) + timedelta(days=97 * d, hours=d % 9) for d in range(N)],
        ),
        ("felt7", [date(1985, 3, 12)] * N),
        ("felt7", [date(1700, 1, 1) + timedelta(days=391 * d) for d in range(N)]),
    ],
)
def test_other_dates_are_no_births(scanner, header, made):
    """Orders, hires, releases, expiries, history, one day: none is a date of birth."""
    finding = scanner.findings("t17", {header: made}, options=options())[header]
    assert finding.how is How.NONE, (finding.category, finding.confidence)


def test_a_year_of_birth_needs_a_name_or_persons_beside_it(scanner):
    """A year alone is anything that happened."""
    years = [d.year for d in births()]
    assert scanner.findings("t17", {"c": years}, options=options())["c"].how is How.NONE
    for table, header in (("kunder", "felt7"), ("t17", "fødselsår")):
        found = scanner.findings(table, {header: years}, options=options())[header]
        assert found.category == BORN


def test_order_numbers_of_six_digits_are_no_dates(scanner):
    """One in 27 numbers of six digits is a day of a month of a year."""
    columns = {"felt7": [f"{n:06}" for n in range(120_000, 120_000 + 37 * N, 37)]}
    assert scanner.findings("t17", columns, options=options())["felt7"].how is How.NONE


@pytest.mark.parametrize(
    ("header", "values", "found"),
    [
        ("alder", [18 + i % 70 for i in range(N)], True),
        ("age", [f"{18 + i % 60} år" for i in range(N)], True),
        ("aldersgruppe", ["18–24", "25–34", "35-44", "65+"] * 40, True),
        ("felt7", ["18–24", "25–34", "35–44", "45-54", "65+"] * 32, True),
        ("felt7", ["0-17", "18-39", "40-66", "over 67"] * 40, True),
        ("age", [37 * i for i in range(N)], False),  # days
        ("felt7", [18 + i % 70 for i in range(N)], False),  # any number
        ("felt7", ["0-100", "100-200", "200-500", "500+"] * 40, False),  # prices
        ("felt7", ["36-38", "39-41", "42-44", "45-47"] * 40, False),  # socks
        ("language", [18 + i % 70 for i in range(N)], False),
    ],
)
def test_ages_are_told_from_other_numbers(scanner, header, values, found):
    """Ages need a name, bands of ages do not."""
    finding = scanner.findings("t17", {header: values}, options=options())[header]
    assert (finding.category == AGE and finding.how is How.IS) is found


def fnr(born: date, number: int = 0) -> str:
    """A synthetic number (month + 80) of that day."""
    from detectors.norway.fodselsnummer import birth_date

    first = 500 if born.year >= 2000 else 100
    start = f"{born.day:02}{born.month + 80:02}{born.year % 100:02}"
    for individual in range(first + number, first + 400):
        for check in range(100):
            made = f"{start}{individual:03}{check:02}"
            if birth_date(made) == born:
                return made
    raise AssertionError("no number of that day")


def children_said(finding) -> list[dict]:
    return [dict(e.facts) for e in finding.evidence if e.signal == "children"]


def test_children_are_counted_from_dates_of_birth(scanner):
    """How many, of how many, under what age; and the finding is of the class of children."""
    made = births(n=60) + births(3, 15.5, n=12)
    finding = scanner.findings("kunder", {"fdato": made}, options=options())["fdato"]
    assert children_said(finding) == [{"under": 12, "persons": 72, "age": 16}]
    assert CHILD in finding.also
    younger = scanner.findings("kunder", {"fdato": made}, options=options(child_age=3))["fdato"]
    assert children_said(younger) == []


def test_children_are_counted_from_numbers_and_ages(scanner):
    """Identity numbers tell the century; ages are numbers."""
    numbers = [fnr(d) for d in births(n=30)] + [fnr(d, 7) for d in births(4, 15, n=6)]
    found = scanner.findings("kunder", {"fnr": numbers}, options=options())["fnr"]
    (said,) = children_said(found)
    assert (said["under"], said["persons"]) == (6, len(set(numbers)))
    as_number = {"fnr": [int(n) for n in numbers]}
    assert children_said(scanner.findings("kunder", as_number, options=options())["fnr"]) == [said]
    ages = scanner.findings("kunder", {"alder": [30, 41] * 40 + [9] * 7}, options=options())
    assert children_said(ages["alder"]) == [{"under": 7, "persons": 87, "age": 16}]


def test_fewer_than_five_children_are_not_counted_out_loud(scanner):
    """They are said to be few, and the number is nowhere."""
    made = births(n=60) + births(3, 15.5, n=4)
    finding = scanner.findings("kunder", {"fdato": made}, options=options())["fdato"]
    assert children_said(finding) == [{"few": True, "persons": 64, "age": 16}]
    assert CHILD not in finding.also


def test_a_table_of_children_is_said_to_be_one(scanner, made):
    """By its name: whoever stands in it is a child."""
    columns = {"fornavn": made.many(made.first, 40), "fdato": births(6, 15, n=40)}
    found = scanner.findings("elever", columns, options=options())
    assert all(CHILD in f.also for f in found.values())
    assert {"table": True} in children_said(found["fornavn"])
    assert is_childrens("shop.barnehagebarn")
    assert not is_childrens("barnevogner")


def test_a_birthday_decides_who_is_a_child():
    """Sixteen years to the day is no child any more; one day less is."""
    day = (date(2010, 6, 15) - EPOCH).days
    assert day <= at_least(16, TODAY)
    assert day + 1 > at_least(16, TODAY)
    assert at_least(16, date(2028, 2, 29)) == (date(2012, 2, 29) - EPOCH).days
    assert at_least(15, date(2028, 2, 29)) == (date(2013, 2, 28) - EPOCH).days


@given(st.dates(date(1927, 1, 1), TODAY))
def test_every_spelling_of_a_day_is_read_as_that_day(day):
    """Norwegian, ISO and digits agree; two digits mean the latest year that is not to come."""
    full = [
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day:%d%m%Y}",
        f"{day.day}. {day.month}. {day.year}",
    ]
    short = [f"{day:%d%m%y}", f"{day:%d.%m.%y}"]
    texts = [t for t in full if " " not in t] + (short if day.year > TODAY.year - 100 else [])
    found, timed = days_in_text(texts, today=TODAY)
    assert timed == 0.0
    if day.year % 100 <= TODAY.year % 100 and day.year < 2000:
        found = found[: len(found) - len(short)]  # 1926 and 2026 are one in two digits
    assert set(found) == {(day - EPOCH).days}


def test_no_value_is_in_what_is_said(scanner):
    """Neither a date nor an age of anyone stands in the finding."""
    made = births(n=60) + births(3, 15.5, n=12)
    finding = scanner.findings("kunder", {"fdato": made}, options=options())["fdato"]
    told = json.dumps([dict(e.facts) for e in finding.evidence]) + repr(finding)
    assert not [d for d in made if d.isoformat() in told or f"{d:%d.%m.%Y}" in told]


def test_time_zones_do_not_move_a_midnight(scanner):
    """A birth stored at midnight in Oslo is at midnight, whatever UTC says."""
    stamps = pa.array([datetime(d.year, d.month, d.day) for d in births()], pa.timestamp("us"))
    import pyarrow.compute as pc

    stamps = pc.assume_timezone(stamps, "Europe/Oslo", nonexistent="earliest", ambiguous="earliest")
    finding = scanner.findings("t17", {"felt7": stamps}, options=options())["felt7"]
    assert finding.category == BORN
