"""Each group of schemas stands apart: names, places and numbers of its own, valid and of nobody."""

from __future__ import annotations

from collections import Counter

from benchmarks.accuracy import columns, filling, schemas
from benchmarks.accuracy.world import World, luhn, words

SYSTEMS = schemas.load()


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


def test_account_numbers_of_every_country_carry_valid_check_digits() -> None:
    """ISO 13616: the number with country and check digits last leaves 1 when divided by 97."""
    (sap,) = (s for s in SYSTEMS if s.name == "SAP Business One")
    customers = filling.fill(sap, 400)[0].cells["DflIBAN"]
    numbers = [str(n) for n in customers if n is not None and len(str(n)) > len("ukjent")]
    assert len({n[:2] for n in numbers}) > 1
    for number in numbers:
        turned = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
        assert int(turned) % 97 == 1
