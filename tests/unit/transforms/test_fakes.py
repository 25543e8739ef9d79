"""Fakes agree with one another, show that they are fakes, and can be nobody's."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from stdnum import luhn
from stdnum.no import iban, kontonr, orgnr

from detectors.norway import fodselsnummer
from detectors.texts.lexicon import is_given, is_surname, plain
from sladd.errors import TransformError
from sladd.keyring import MasterKey
from sladd.model import StorageType
from sladd.places import postcodes
from transforms import Context, fake
from transforms.fakes import CATEGORIES, KINDS, kind_of, national_ids, vocabulary
from transforms.fakes.vocabulary import LANGUAGES, towns

MASTER = MasterKey(bytes(range(32)), name="main", version=1)
OTHER = MasterKey(bytes(range(1, 33)), name="main", version=1)


def context(
    kind: str,
    language: str = "nb",
    *,
    master: MasterKey = MASTER,
    domain: str = "d",
    storage: StorageType = StorageType.STRING,
) -> Context:
    """The context of a column of fakes."""
    return Context(
        parameters={"kind": kind, "language": language},
        storage=storage,
        key=master.derive(domain, "anything"),
        derive=lambda use: master.derive(domain, use),
    )


def fakes(values: list[Any], kind: str, language: str = "nb", **more: Any) -> list[Any]:
    """What a list of values becomes."""
    made: list[Any] = fake.apply(pa.array(values), context(kind, language, **more)).to_pylist()
    return made


def test_a_full_name_has_the_fakes_of_its_parts():
    """Three columns of one person tell of one invented person, however the names are divided."""
    (whole,) = fakes(["Kari Anne Berg Nordmann"], "name")
    for given in ("Kari", "kari anne", "KARI ANNE BERG"):
        for surname in ("Nordmann", "Berg Nordmann", "NORDMANN"):
            first, last = fakes([given], "first_name"), fakes([surname], "last_name")
            assert f"{first[0]} {last[0]}" == whole


@pytest.mark.parametrize(
    "spelling", ["KARI NORDMANN", " kari  nordmann", "Nordmann, Kari", "Dr. Kari B. Nordmann"]
)
def test_one_person_has_one_fake_however_the_name_is_spelled(spelling):
    """Case, spaces, order, titles and initials say nothing of who it is."""
    assert fakes([spelling], "name") == fakes(["Kari Nordmann"], "name")


def test_a_firm_among_names_becomes_the_firm_of_its_own_column():
    """Customers are persons and firms in one column."""
    made = fakes(["Kari Nordmann", "Bygg AS", None, "Ola Nordmann"], "name")
    assert made[1] == fakes(["Bygg AS"], "company")[0]
    assert [len(name.split()) for name in made if name] == [2, 3, 2]
    assert made[0].split()[1] == made[3].split()[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_an_invented_person_is_a_name(language):
    """Nobody in Norway is called like a fake, and a genitive is always an s more."""
    words = vocabulary(language)
    both = [*words.adjectives.to_pylist(), *words.nouns.to_pylist()]
    assert len(set(both)) == len(both) > 2_500
    assert not [word for word in both if is_given(plain(word)) or is_surname(plain(word))]
    assert not [word for word in both if word[-1] in "sxz"]


def test_postcode_place_and_address_agree_without_seeing_the_row():
    """For every postcode in use: three columns, and one of whole addresses."""
    codes = [code for code, known in postcodes().items() if known.in_use]
    places = [postcodes()[code].place for code in codes]
    made_codes, made_places = fakes(codes, "postal_code"), fakes(places, "place")
    for code, place in zip(made_codes, made_places, strict=True):
        assert code in towns()[place]
        assert postcodes()[code].place.casefold() == place.casefold()
    streets = [f"Storgata {n}" for n in range(len(codes))]
    made = fakes(
        [f"{s}, {c} {p.title()}" for s, c, p in zip(streets, codes, places, strict=True)], "address"
    )
    again = zip(fakes(streets, "street"), made_codes, made_places, strict=True)
    assert made == [f"{street}, {code} {place}" for street, code, place in again]
    assert len(set(made_places)) == len(towns())


@pytest.mark.parametrize(
    "spelling",
    ["Storgata 1\n0150 OSLO", "storgata 1, NO-0150 Oslo, Norge", " Storgata 1 , 0150  oslo "],
)
def test_one_address_has_one_fake_however_it_is_written(spelling):
    """On two lines, with a country, in capitals."""
    assert fakes([spelling], "address") == fakes(["Storgata 1, 0150 Oslo"], "address")


def test_a_town_alone_stays_a_town_and_a_street_has_none():
    """Of a whole address in a column of streets, the street; of a postcode and place, both."""
    whole = fakes(["Storgata 1, 0150 Oslo"], "address")[0]
    street, _, town = whole.partition(", ")
    assert fakes(["0150 Oslo"], "address") == [town]
    assert fakes(["Storgata 1, 0150 Oslo", "Storgata 1"], "street") == [street, street]


def test_towns_are_real_pairs_of_the_register():
    """Every invented address lies in a town under a postcode of that town."""
    for town, codes in towns().items():
        assert len(set(codes)) == 12
        for code in codes:
            assert postcodes()[code].place.casefold() == town.casefold()
            assert postcodes()[code].in_use


def test_national_ids_are_synthetic_and_their_checks_are_right():
    """The month is 81 to 92; both checks and the date hold by a recogniser written apart."""
    made = fakes([f"{n:011d}" for n in range(5_000)], "national_id")
    assert all(81 <= int(value[2:4]) <= 92 for value in made)
    assert all(fodselsnummer.DECLARATION.verify(made))


def test_differing_valid_national_ids_keep_differing_fakes():
    """A permutation, not a draw: 60,000 draws of 50 million would meet some 35 times."""
    known = national_ids.real()
    ranks = np.arange(0, known.size, known.size // 60_000)
    numbers = ["".join(map(str, row)) for row in known.numbers(ranks).tolist()]
    assert len(set(fakes(numbers, "national_id"))) == len(set(numbers)) == len(ranks)
    assert known.size < national_ids.synthetic().size < 10**8


def test_a_rank_and_its_number_belong_together():
    """Numbers counted out are counted back, D-numbers and the years before 1900 too."""
    for known, month in ((national_ids.real(), 0), (national_ids.synthetic(), 80)):
        ranks = np.unique(np.linspace(0, known.size - 1, 20_000).astype(np.int64))
        at, entries, individuals = national_ids._placed(known.numbers(ranks), known, month)
        assert len(at) == len(ranks)
        assert (known.ranks(entries, individuals) == ranks).all()


def test_numbers_of_banks_and_firms_are_refused_by_those_who_check_them():
    """No account, IBAN or card is accepted by stdnum; organisation numbers have a synthetic start."""
    some = [f"{n:011d}" for n in range(3_000)]
    assert not any(kontonr.is_valid(value) for value in fakes(some, "account"))
    assert not any(kontonr.is_valid(value[4:]) for value in fakes(some, "account"))
    assert not any(iban.is_valid(value) for value in fakes(some, "iban"))
    assert not any(luhn.is_valid(value) for value in fakes(some, "card"))
    firms = fakes([f"{n:09d}" for n in range(3_000)], "organisation")
    assert all(orgnr.is_valid(value) and value[0] in "23" for value in firms)


def test_an_iban_holds_the_fake_of_its_account():
    """The account column and the IBAN column of one row still tell of one account."""
    (account,) = fakes(["8601 11 17947"], "account")
    assert fakes(["NO93 8601 1117 947"], "iban") == [f"NO00{account}"]


def test_telephones_are_no_numbers_at_all():
    """None is taken by libphonenumber for a number that can be."""
    made = fakes([f"9{n:07d}" for n in range(2_000)], "phone")
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(value, "NO")) for value in made)
    assert len(set(fakes(["912 34 567", "+4791234567", "0047 91234567"], "phone"))) == 1


def test_an_address_of_a_network_keeps_its_version():
    """IPv4 stays IPv4, in any spelling of one address."""
    made = fakes(["10.0.0.1", "2001:0DB8::1", "2001:db8:0::1", "no address"], "ip")
    assert made[1] == made[2]
    assert [":" in value for value in made] == [False, True, True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_stored_as_numbers_are_the_same_values(kind):
    """An integer column lost its zeros; the fake does not change for that."""
    made = fakes([150, None, 1017012345], kind, storage=StorageType.INTEGER)
    assert made == fakes(["150", None, "1017012345"], kind)


def test_every_category_of_a_person_has_the_kind_it_says():
    """The longest prefix decides, and what has no kind has none."""
    assert kind_of("user.name.first") is KINDS["first_name"]
    assert kind_of("user.contact.address.country") is None
    assert kind_of("user.demographic.gender") is None
    assert set(CATEGORIES.values()) - {""} == set(KINDS)


def test_a_fake_that_is_not_told_its_kind_is_an_error():
    """Nothing is guessed from the values."""
    with pytest.raises(TransformError) as caught:
        fake.apply(pa.array(["Kari"]), context(""))
    assert caught.value.code == 365


def test_fakes_are_the_same_in_another_process():
    """Nothing hangs on a seed or on the order of a set."""
    program = (
        "import pyarrow as pa\n"
        "from tests.unit.transforms.test_fakes import KINDS, fakes\n"
        "print({k: fakes(['Kari Nordmann', '01017012345', '10.0.0.1'], k) for k in KINDS})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    values = ["Kari Nordmann", "01017012345", "10.0.0.1"]
    assert done.stdout.strip() == str({k: fakes(values, k) for k in KINDS})


def test_the_rule_of_a_kind_fits_its_fakes_and_no_other_values():
    """What the gate is told is what is true."""
    real = ["Kari Nordmann", "kari@firma.no", "91234567", "01017012345", "974760673", "Storgata 1"]
    for name, kind in KINDS.items():
        for language in LANGUAGES:
            rule = re.compile(fake.form({"kind": name, "language": language}, 1).pattern)
            assert not [value for value in real if rule.fullmatch(value)]
            assert all(rule.fullmatch(value) for value in fakes(real, name, language))
            assert fake.form({"kind": name}, 1).emits == kind.categories[0]
