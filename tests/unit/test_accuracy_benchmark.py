"""The accuracy benchmark judges fairly: its labels, its cells, and its arithmetic."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.accuracy import filling, makers, reliability, schemas, scores
from benchmarks.accuracy.filling import Asked
from benchmarks.accuracy.judging import Answer, Judged
from benchmarks.accuracy.row import Row
from benchmarks.accuracy.schemas import Column, Label
from benchmarks.accuracy.world import World, check, words
from detectors.columns.gazetteer import given_names, surnames
from sladd import taxonomy

SYSTEMS = schemas.load()
KNOWN = taxonomy.load()


def columns_of(group: str) -> list[Column]:
    return [c for s in SYSTEMS if s.group == group for t in s.tables for c in t.columns]


def judged(truth: Label, answer: Answer, *, decided: bool = True) -> Judged:
    asked = Asked(
        "S", "t", "c", "clear", Column("c", "text", truth, "name"), decided, True, "t", "c"
    )
    return Judged(asked, answer)


EMAIL, NAME = "user.contact.email", "user.name"


def test_there_are_at_least_six_hundred_labelled_columns_of_shop_systems() -> None:
    """The benchmark is as large as it says, and holds more hard negatives than personal columns."""
    shop = columns_of("shop")
    assert len(shop) >= 600
    assert sum(not c.label.said for c in shop) > len(shop) / 2


def test_a_servers_address_is_not_asked_for_under_an_obscured_header() -> None:
    """It looks like anybody's: only its header says that it is the company's own machine's."""
    assert makers.tells("server_ip", "person") is None
    assert makers.tells("ip6", "person")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("email_rarely", 0.01, 0.15), ("email_sometimes", 0.2, 0.4), ("email_mostly", 0.7, 0.9)],
)
def test_how_often_a_cell_is_filled_is_part_of_a_makers_name(
    name: str, low: float, high: float
) -> None:
    """What a column seldom holds looks the same where it does, so its cells tell as much."""
    make, _ = makers.maker(name)
    world = World("test", "no")
    rng = random.Random("rows")
    rows = [
        Row(n, world, rng, p, p, world.companies[0], True, 1, "", {}, {}, {})
        for n, p in enumerate(world.persons)
    ]
    assert low < sum(make(row, "") is not None for row in rows) / len(rows) < high
    assert makers.tells(name, "person")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_labels_name_categories_makers_and_targets_that_exist(system: schemas.System) -> None:
    """A misspelt category could never be found, and a misspelt maker or key never filled."""
    tables = {t.name: {c.name for c in t.columns} for t in system.tables}
    for table in system.tables:
        assert len(tables[table.name]) == len(table.columns)
        assert not table.person or table.person in tables[table.name]
        for column, (target, other) in table.links.items():
            assert column in tables[table.name]
            assert other in tables[target]
        for column in table.columns:
            makers.maker(column.maker)
            assert column.label.how in {"is", "contains", "linked", "none"}
            assert bool(column.label.category) == (column.label.how != "none")
            for category in (column.label.category, *column.label.others):
                assert not category or category in KNOWN


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_every_system_can_be_written_under_every_header(
    system: schemas.System, tmp_path: Path
) -> None:
    """A type or a key that the database refuses would end a full run after minutes."""
    filled = filling.fill(system, 5)
    for group in ("plain", "plain obscured"):
        asked = filling.asked(system, filled, group)
        place = filling.write(system, filled, asked, tmp_path / group)
        assert set(place) == {"files" if system.files else "database"}
        assert any((tmp_path / group).iterdir())


def test_cells_are_the_same_in_every_run() -> None:
    """A score that changes has changed because of the scanner."""
    system = next(s for s in SYSTEMS if s.name == "Tripletex")
    first, second = filling.fill(system, 40), filling.fill(system, 40)
    assert [f.cells for f in first] == [f.cells for f in second]


def test_a_quarter_of_the_names_stand_in_no_list_of_the_scanner() -> None:
    """A benchmark made of the scanner's own lists would measure nothing."""
    people = World("test", "no").persons
    for names, known in (
        ([p.given.split()[0] for p in people], given_names()),
        ([p.family for p in people], surnames()),
    ):
        folded = {name.casefold() for name in known}
        assert sum(name.casefold() not in folded for name in names) >= len(names) / 5
    listed = words("no")
    for key, known in (("given", given_names()), ("family", surnames())):
        folded = {name.casefold() for name in known}
        assert sum(n.casefold() not in folded for n in listed[key]) >= len(listed[key]) / 4


def test_national_numbers_are_synthetic_and_valid() -> None:
    """Month + 80 is Skatteetaten's range of numbers that belong to nobody."""
    world = World("test", "no")
    for person in world.persons[:200]:
        number = world.national(person)
        assert 81 <= int(number[2:4]) <= 92
        assert check(number[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == int(number[10])


def test_obscured_names_say_nothing_and_keep_the_keys(tmp_path: object) -> None:
    """The obscured database is the same one: its keys are declared, its names are numbers."""
    system = next(s for s in SYSTEMS if s.name == "Tripletex")
    filled = filling.fill(system, 10)
    asked = filling.asked(system, filled, "obscured")
    filling.write(system, filled, asked, tmp_path)  # type: ignore[arg-type]
    with sqlite3.connect(f"{tmp_path}/data.db") as database:
        tables = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE sql > ''")
        ]
        keys = [k for t in tables for k in database.execute(f"PRAGMA foreign_key_list('{t}')")]
    database.close()
    assert all(name[0] == "t" and name[1:].isdecimal() for name in tables)
    assert len(keys) == sum(len(t.links) for t in system.tables)
    assert not {a.shown_column.lower() for a in asked} & {a.column.lower() for a in asked}


def test_what_no_cell_can_tell_is_not_asked_for_under_an_obscured_header() -> None:
    """A date of birth without a header is a date; an e-mail address is one anywhere."""
    system = next(s for s in SYSTEMS if s.name == "Tripletex")
    asked = filling.asked(system, filling.fill(system, 50), "obscured")
    decided = {(a.table, a.column): a.decided for a in asked if a.judged}
    assert decided["employee", "email"]
    assert not decided["employee", "dateOfBirth"]
    assert ("employee", "id") not in decided
    assert ("supplier", "phoneNumber") not in decided


CASES: Sequence[tuple[Label, Answer, bool, bool]] = (
    (Label("is", EMAIL), Answer("is", EMAIL), True, False),
    (Label("is", EMAIL), Answer("is", NAME), False, True),
    (Label("is", EMAIL), Answer("linked", "user"), False, False),
    (Label("is", "user.contact.address.street"), Answer("is", "user.contact.address"), True, False),
    (Label("is", NAME, ("user.name.first",)), Answer("is", "user.name.first"), True, False),
    (Label("contains", "user.content.private"), Answer("contains", NAME, (EMAIL,)), False, True),
    (Label("linked", "user.account"), Answer("is", EMAIL), False, True),
    (Label("linked", "user.account"), Answer("is", "user.demographic.language"), False, False),
    (Label("none"), Answer("is", "user.demographic.language"), False, True),
    (Label("none"), Answer("is", "organization.name"), False, False),
)


@pytest.mark.parametrize(("truth", "answer", "right", "false"), CASES)
def test_an_answer_is_right_false_or_neither(
    truth: Label, answer: Answer, right: bool, false: bool
) -> None:
    """Right: a category of the label is named. False: it claims what the column is not."""
    column = judged(truth, answer)
    assert column.right is right
    assert column.false(KNOWN) is false


def test_precision_and_recall_are_counted_over_columns() -> None:
    """Two of three e-mail columns found, and one claim too many."""
    found = [
        judged(Label("is", EMAIL), Answer("is", EMAIL, confidence=0.9)),
        judged(Label("is", EMAIL), Answer("is", EMAIL, confidence=0.9)),
        judged(Label("is", EMAIL), Answer("none")),
        judged(Label("none"), Answer("is", EMAIL, confidence=0.6)),
        judged(Label("is", EMAIL), Answer("none"), decided=False),
    ]
    score = scores.by_category(found, KNOWN)[EMAIL]
    assert (score.wanted, score.found, score.right) == (3, 3, 2)
    assert scores.by_group(found, KNOWN)["direct"] == score
    assert scores.confusion(found, KNOWN) == {("(none)", EMAIL): 1, (EMAIL, "(none)"): 1}


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe 1998 (Statistics in Medicine 17, table I): 81 of 263 gives 0.2553 to 0.3662."""
    low, high = scores.wilson(81, 263)
    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)


def test_calibration_error_is_the_distance_between_said_and_true() -> None:
    """Ten findings stated at 0.95 of which nine hold are 0.05 off."""
    findings = [(0.95, i > 0) for i in range(10)]
    table = reliability.bins(findings)
    assert reliability.expected_error(table) == pytest.approx(0.05)
    assert reliability.plot(table, "t").count("<circle") == 1
