"""The accuracy benchmark judges fairly: its labels, its cells, and its arithmetic."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.accuracy import columns, filling, makers, reliability, schemas, scores
from benchmarks.accuracy.filling import Asked
from benchmarks.accuracy.judging import Answer, Judged
from benchmarks.accuracy.row import Row
from benchmarks.accuracy.schemas import Column, Label
from benchmarks.accuracy.world import World, check, luhn, words
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


def test_the_third_group_is_apart() -> None:
    """Three hundred columns and more, asked with both headers, of persons that no other group has."""
    third = [s for s in SYSTEMS if s.group == "third"]
    assert sum(len(t.columns) for s in third for t in s.tables) >= 300
    assert {s.section for s in third} == {"third"}
    for key in ("given", "family", "streets", "places"):
        assert set(words("third")[key]).isdisjoint(words("no")[key]), key
    (fiken,) = (s for s in third if s.name == "Fiken")
    hidden = filling.asked(fiken, filling.fill(fiken, 10), "third obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_the_fourth_group_is_apart() -> None:
    """As large as the third group, of ten systems, and of persons that no other group has."""
    fourth = [s for s in SYSTEMS if s.group == "fourth"]
    assert len(fourth) == 10
    assert sum(len(t.columns) for s in fourth for t in s.tables) >= 800
    assert {s.section for s in fourth} == {"fourth"}
    for key in ("given", "family", "streets", "places"):
        for other in ("no", "third"):
            assert set(words("fourth")[key]).isdisjoint(words(other)[key]), (key, other)
    (zendesk,) = (s for s in fourth if s.name == "Zendesk")
    hidden = filling.asked(zendesk, filling.fill(zendesk, 10), "fourth obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_the_fifth_group_is_apart() -> None:
    """As large as the fourth, of other systems and of persons that no other group has."""
    fifth = [s for s in SYSTEMS if s.group == "fifth"]
    assert len(fifth) == 10
    assert sum(len(t.columns) for s in fifth for t in s.tables) >= 800
    assert {"fifth", "fifth obscured"} <= set(columns.GROUPS)
    assert {s.section for s in fifth} == {"fifth"}
    for section in ("fifth", "fifth_se", "fifth_dk", "fifth_de", "fifth_gb"):
        for key in ("given", "family", "streets", "places"):
            for other in ("no", "third", "fourth"):
                assert set(words(section)[key]).isdisjoint(words(other)[key]), (section, key, other)
    (keycloak,) = (s for s in fifth if s.name == "Keycloak")
    hidden = filling.asked(keycloak, filling.fill(keycloak, 10), "fifth obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_some_persons_of_the_fifth_group_live_abroad_and_are_written_as_there() -> None:
    """Street, postcode and place come from one country; most live in Norway."""
    people = World("test", "no", section="fifth").persons
    home = Counter(p.country for p in people)
    assert set(home) == {"NO", "SE", "DK", "DE", "GB"}
    assert 0.7 < home["NO"] / len(people) < 0.9
    for person in people:
        section = "fifth" if person.country == "NO" else f"fifth_{person.country.lower()}"
        assert f"{person.postcode} {person.place}" in words(section)["places"]
    assert all(p.country == "NO" for p in World("test", "no", section="fourth").persons)


def test_the_sixth_group_is_apart() -> None:
    """Ten systems of persons that no other group has."""
    sixth = [s for s in SYSTEMS if s.group == "sixth"]
    assert len(sixth) == 10
    assert sum(len(t.columns) for s in sixth for t in s.tables) >= 600
    assert {"sixth", "sixth obscured"} <= set(columns.GROUPS)
    assert set(columns.UNREAD) <= set(columns.GROUPS)
    sections = {"sixth", "sixth_se", "sixth_dk", "sixth_de", "sixth_gb"}
    assert {s.section for s in sixth} <= sections
    before = {s.section for s in SYSTEMS if s.group != "sixth"}
    before |= {f"fifth_{c}" for c in ("se", "dk", "de", "gb")}
    for section in sections:
        for key in ("given", "family", "streets", "places"):
            for other in before:
                assert set(words(section)[key]).isdisjoint(words(other)[key]), (section, key, other)
    (desk,) = (s for s in sixth if s.name == "osTicket")
    hidden = filling.asked(desk, filling.fill(desk, 10), "sixth obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_the_seventh_group_is_apart() -> None:
    """Ten systems of persons that no earlier group has."""
    seventh = [s for s in SYSTEMS if s.group == "seventh"]
    assert len(seventh) == 10
    assert sum(len(t.columns) for s in seventh for t in s.tables) >= 1000
    assert {"seventh", "seventh obscured"} <= set(columns.GROUPS)
    sections = {"seventh", "seventh_dk"}
    assert {s.section for s in seventh} == sections
    before = {s.section for s in SYSTEMS if s.group != "seventh"}
    before |= {f"{group}_{c}" for group in ("fifth", "sixth") for c in ("se", "dk", "de", "gb")}
    for section in sections:
        for key in ("given", "family", "streets", "places"):
            for other in before:
                assert set(words(section)[key]).isdisjoint(words(other)[key]), (section, key, other)
    (desk,) = (s for s in seventh if s.name == "GLPI")
    hidden = filling.asked(desk, filling.fill(desk, 10), "seventh obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_the_eighth_group_is_apart() -> None:
    """Ten systems of persons that no earlier group has."""
    eighth = [s for s in SYSTEMS if s.group == "eighth"]
    assert len(eighth) == 10
    assert sum(len(t.columns) for s in eighth for t in s.tables) >= 1000
    assert {"eighth", "eighth obscured"} <= set(columns.GROUPS)
    sections = {"eighth", "eighth_fi", "eighth_nl"}
    assert {s.section for s in eighth} <= sections
    before = {s.section for s in SYSTEMS if s.group != "eighth"} | {"seventh_dk"}
    before |= {f"{group}_{c}" for group in ("fifth", "sixth") for c in ("se", "dk", "de", "gb")}
    for section in sections:
        for key in ("given", "family", "streets", "places"):
            for other in before | (sections - {section}):
                assert set(words(section)[key]).isdisjoint(words(other)[key]), (section, key, other)
    (clinic,) = (s for s in eighth if s.name == "Open Dental")
    hidden = filling.asked(clinic, filling.fill(clinic, 10), "eighth obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_the_ninth_group_is_apart_and_unread() -> None:
    """Ten systems of persons that no other group has, whose errors are counted and never listed."""
    ninth = [s for s in SYSTEMS if s.group == "ninth"]
    assert len(ninth) == 10
    assert sum(len(t.columns) for s in ninth for t in s.tables) >= 800
    assert {"ninth", "ninth obscured"} == set(columns.UNREAD) <= set(columns.GROUPS)
    sections = {"ninth", "ninth_nl"}
    assert {s.section for s in ninth} == sections
    before = {s.section for s in SYSTEMS if s.group != "ninth"} | {"seventh_dk", "eighth_nl"}
    before |= {f"{group}_{c}" for group in ("fifth", "sixth") for c in ("se", "dk", "de", "gb")}
    for section in sections:
        for key in ("given", "family", "streets", "places"):
            for other in before | (sections - {section}):
                assert set(words(section)[key]).isdisjoint(words(other)[key]), (section, key, other)
    (forum,) = (s for s in ninth if s.name == "phpBB")
    hidden = filling.asked(forum, filling.fill(forum, 10), "ninth obscured")
    assert not {a.shown_column for a in hidden} & {a.column for a in hidden}


def test_the_customers_of_a_foreign_shop_live_where_it_is() -> None:
    """Their postcodes, telephone numbers and numbers of persons are all of the one country."""
    assert {p.country for p in World("test", "de", section="sixth_de").persons} == {"DE"}
    (shop,) = (s for s in SYSTEMS if s.name == "Nätbutik (svenska)")
    staff = next(f for f in filling.fill(shop, 60) if f.table.name == "anställda")
    numbers = [str(n) for n in staff.cells["Personnummer"] if n is not None and "-" in str(n)[1:]]
    assert numbers
    for number in numbers:
        assert number[9:12] in {"980", "981", "238", "239"}
        assert luhn(number[2:8] + number[9:12]) == number[2:8] + number[9:]


def test_a_danish_ledger_holds_danes_and_companies_with_valid_numbers() -> None:
    """Its customers live in Denmark, and the weighted digits of a company's number divide by 11."""
    assert {p.country for p in World("test", "da", section="seventh_dk").persons} == {"DK"}
    (ledger,) = (s for s in SYSTEMS if s.name == "e-conomic (dansk)")
    sellers = next(f for f in filling.fill(ledger, 60) if f.table.name == "leverandører")
    numbers = [str(n) for n in sellers.cells["CVR-nr."] if n is not None and len(str(n)) == 8]
    assert numbers
    for number in numbers:
        total = sum(w * int(d) for w, d in zip((2, 7, 6, 5, 4, 3, 2, 1), number, strict=True))
        assert total % 11 == 0


def test_a_finnish_shop_holds_finns_and_numbers_with_valid_check_digits() -> None:
    """Birth date and serial divided by 31 give the sign; serials from 900 are nobody's for good."""
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    (shop,) = (s for s in SYSTEMS if s.name == "MyCashflow (suomalainen)")
    filled = {f.table.name: f for f in filling.fill(shop, 60)}
    assert {p.country for p in World("test", "fi", section="eighth_fi").persons} == {"FI"}
    numbers = [str(n) for n in filled["henkilöstö"].cells["Henkilötunnus"] if n and len(str(n)) > 9]
    assert numbers
    for number in numbers:
        assert int(number[7:10]) >= 900
        assert signs[int(number[:6] + number[7:10]) % 31] == number[10]
    sellers = [str(n) for n in filled["toimittajat"].cells["Y-tunnus"] if n and "-" in str(n)[1:]]
    assert sellers
    for number in sellers:
        total = sum(w * int(d) for w, d in zip((7, 9, 10, 5, 8, 4, 2), number[:7], strict=True))
        assert (total + int(number[8])) % 11 == 0


def test_a_dutch_shop_holds_people_in_the_netherlands_and_numbers_for_tests() -> None:
    """Weighted by 9 to 2 and -1, the digits of a BSN divide by 11; from 99999 on they are nobody's."""
    assert {p.country for p in World("test", "nl", section="ninth_nl").persons} == {"NL"}
    (shop,) = (s for s in SYSTEMS if s.name == "CCV Shop (Nederlands)")
    staff = next(f for f in filling.fill(shop, 60) if f.table.name == "personeel")
    numbers = [str(n) for n in staff.cells["BSN"] if n is not None and len(str(n)) == 9]
    assert numbers
    for number in numbers:
        assert number.startswith("99999")
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        assert sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def test_a_servers_address_is_not_asked_for_under_an_obscured_header() -> None:
    """It looks like anybody's: only its header says that it is the company's own machine's."""
    assert makers.tells("server_ip", "person") is None
    assert makers.tells("ip6", "person")


def test_account_numbers_of_every_country_carry_valid_check_digits() -> None:
    """ISO 13616: the number with country and check digits last leaves 1 when divided by 97."""
    (sap,) = (s for s in SYSTEMS if s.name == "SAP Business One")
    customers = filling.fill(sap, 400)[0].cells["DflIBAN"]
    numbers = [str(n) for n in customers if n is not None and len(str(n)) > len("ukjent")]
    assert len({n[:2] for n in numbers}) > 1
    for number in numbers:
        turned = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
        assert int(turned) % 97 == 1


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
