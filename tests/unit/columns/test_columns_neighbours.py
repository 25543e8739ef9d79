"""What values and headers of neighbouring countries, questions and systems of records tell."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from detectors.columns.abroad import finnish_persons
from detectors.columns.forms import plated
from detectors.columns.header_lists import lexicon
from detectors.columns.profile import profile
from detectors.columns.tables import kind_of_table, topic_of_name
from sladd.model import How, StorageType

N = 40
_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
HEALTH = "user.health_and_medical"
D = "user.demographic"


def _alone(scanner, values):
    return scanner.findings("t1", {"k": list(range(N)), "felt1": values})["felt1"]


def _profile(values):
    return profile(pa.array(values), StorageType.STRING)


def _hetu(made):
    """Individual numbers from 900, which are given to nobody."""
    body = f"{made.rng.randint(1, 28):02}{made.rng.randint(1, 12):02}{made.rng.randint(40, 99)}"
    own = str(made.rng.randint(900, 999))
    return f"{body}-{own}{_SIGNS[int(body + own) % 31]}"


@pytest.mark.parametrize(
    ("make", "category"),
    [
        (_hetu, "user.government_id.national_identification_number"),
        (lambda made: f"{made.last()}nkatu {made.rng.randint(1, 99)} B", "user.contact.address.street"),
        (lambda made: f"{made.last()}straat {made.rng.randint(1, 99)}", "user.contact.address.street"),
        (lambda made: f"{made.first()} {made.last()} {made.mobile()}", "user.name"),
        (lambda made: f"Att: {made.first()} {made.last()}", "user.name"),
        (lambda made: f"v/ {made.first()} {made.last()}", "user.name"),
        (lambda made: f"{made.first()}-sin-iPhone", "user.name"),
        (lambda made: f"iPad til {made.first()} {made.last()}", "user.name"),
        (lambda made: f"utm=x&email={made.first().lower()}{made.rng.randint(1, 999)}%40example.net&l=1", "user.contact.email"),
        (lambda made: f"{made.rng.choice('ABCDEFHJKLNPRSTUVXYZ')}{made.rng.choice('ABCDEFHJKLNPRSTUVXYZ')} {made.rng.randint(10000, 99999)}",
         "user.government_id.vehicle_registration"),
        (lambda made: f"{made.rng.choice(['Rauma', 'Oslo', 'Turku', 'Bergen'])}, {made.rng.choice(['FI', 'NO'])}", "user.contact.address.city"),
    ],
)  # fmt: skip
def test_values_of_a_form_tell_without_a_name(scanner, made, make, category):
    """Numbers by their check sign, streets by their ending, persons behind what names them."""
    assert _alone(scanner, made.many(lambda: make(made), N)).category == category


def test_a_wrong_check_sign_is_no_henkilotunnus(made):
    """131052-308T is the example of the register; with another sign it is nobody's."""
    assert finnish_persons(_profile(["131052-308T"] * 2 + [_hetu(made) for _ in range(9)])) == 1.0
    wrong = [
        n[:-1] + _SIGNS[(_SIGNS.index(n[-1]) + 1) % 31] for n in made.many(lambda: _hetu(made), N)
    ]
    assert finnish_persons(_profile(wrong)) == 0.0


def test_article_numbers_are_no_plates(made):
    """A series has few letters, and random letters are not all used for plates."""
    assert not plated(_profile([f"AB {made.rng.randint(10000, 99999)}" for _ in range(N)]))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    mixed = [f"{made.rng.choice(letters)}{made.rng.choice(letters)} {20000 + k}" for k in range(N)]
    assert not plated(_profile(mixed))


def test_goods_with_numbers_behind_are_nobody(scanner, made):
    """`Canon Kamera 22334455` has the form of a name and a telephone number."""
    goods = made.many(
        lambda: (
            f"{made.rng.choice(['Canon', 'Bosch', 'Makita'])} Verktøy {made.rng.randint(20000000, 99999999)}"
        ),
        N,
    )
    assert _alone(scanner, goods).category != "user.name"


def test_five_digits_that_begin_as_their_town_are_postcodes(scanner, made):
    """Turku's begin with 20, Tampere's with 33; numbers of customers begin anyhow."""
    begin = {"Turku": "20", "Tampere": "33", "Oulu": "90", "Kuopio": "70", "Lahti": "15"}
    towns = made.many(lambda: made.rng.choice(list(begin)), N)
    codes = [f"{begin[town]}{made.rng.randint(10, 99)}0" for town in towns]
    beside = {
        "felt2": towns,
        "felt3": made.many(lambda: f"{made.last()}katu {made.rng.randint(1, 90)}", N),
    }
    found = scanner.findings("t1", {"felt1": codes, **beside})
    assert found["felt1"].category == "user.contact.address.postal_code"
    numbers = made.many(lambda: str(made.rng.randint(10000, 99999)), N)
    other = scanner.findings("t1", {"felt1": numbers, **beside})
    assert other["felt1"].category != "user.contact.address.postal_code"


@pytest.mark.parametrize(
    ("table", "header", "values", "category"),
    [
        ("t1", "felt1", ["mies", "nainen"], f"{D}.gender"),
        ("t1", "felt1", ["man", "vrouw"], f"{D}.gender"),
        ("asiakkaat", "Sukupuoli", ["nainen", "mies", "muu"], f"{D}.gender"),
        ("elever", "Morsmål", ["arabisk, trenger tolk", "norsk", "nordsamisk"], f"{D}.language"),
        ("asiakkaat", "Äidinkieli", ["suomi", "ruotsi", "venäjä"], f"{D}.language"),
        (
            "t1",
            "felt1",
            [
                "Myyntipäällikkö",
                "Kirjanpitäjä",
                "Varastotyöntekijä",
                "Toimitusjohtaja",
                "Sairaanhoitaja",
            ],
            "user.job_title",
        ),
        (
            "t1",
            "felt1",
            [
                "Logistiek medewerker",
                "Verpleegkundige",
                "Boekhouder",
                "Systeembeheerder",
                "Adviseur",
            ],
            "user.job_title",
        ),
        (
            "t1",
            "felt1",
            [
                "nebivolol",
                "lisinopril",
                "rosuvastatin",
                "fluvoxamine",
                "telmisartan",
                "lansoprazol",
            ],
            HEALTH,
        ),
        ("BUT000", "NATIO", ["NO", "PL", "FI"], f"{D}.nationality"),
        ("PA0021", "FASEX", [1, 2], f"{D}.gender"),
        ("PA0002", "SPRSL", ["O", "N", "E"], f"{D}.language"),
    ],
)
def test_words_and_fields_of_neighbours_tell(scanner, table, header, values, category):
    """Genders, languages, titles, medicines by their stem, and fields of SAP."""
    cells = [values[k % len(values)] for k in range(120)]
    found = scanner.findings(
        table, {"email": [f"p{k}@example.no" for k in range(120)], header: cells}
    )
    assert found[header].category == category


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("Hvor gammel er du?", f"{D}.age_range"),
        ("Kor gammal er eleven?", f"{D}.age_range"),
        ("Kor mange born er de, og kor gamle er dei?", "user.childrens"),
        ("Hvilket språk snakker du, og trenger du tolk?", f"{D}.language"),
        ("Bor du alene?", f"{D}.household"),
        ("Hvor mange voksne er dere?", f"{D}.household"),
        ("Er du tidligere straffet?", "user.criminal_history"),
        ("Får du sosialhjelp?", "user.financial.income"),
        ("Er det noe du ikke kan spise?", HEALTH),
        ("Diagnoser som læreren bør vite om", HEALTH),
        ("Er du med i en menighet?", f"{D}.religious_belief"),
        ("Skal navnet ditt stå på nettsiden?", "user.privacy_preferences"),
        ("Er det greitt at vi snakkar med skulen om deg?", "user.privacy_preferences"),
    ],
)
def test_a_question_tells_what_is_answered(question, category):
    """As forms of clubs, schools and municipalities ask."""
    assert lexicon(("nb", "nn", "en")).read(question)[0].category == category


def test_words_of_records_tell_in_tables_of_health():
    """`reaction` among allergies, `description` among medicines, and neither among orders."""
    words = lexicon(("nb", "nn", "en"))
    for table, header in (
        ("patient_allergies", "Reaction"),
        ("prescriptions", "drug"),
        ("medications", "Description"),
        ("allergier", "alvorlighetsgrad"),
    ):
        assert words.read(header, topic_of_name(table))[0].category == HEALTH
    assert topic_of_name("order_lines") == ""
    assert HEALTH not in {m.category for m in words.read("description", "order")}


def test_the_log_of_a_shop_is_not_the_shop():
    """Whose rows have a request's columns is what visitors did."""
    assert kind_of_table("logg_butikk", ["client_ip", "user_agent", "status_code", "city"]) == "web"
    assert kind_of_table("butikk", ["navn", "adresse", "status_code"]) == "organisation"


def test_the_range_of_an_advertised_salary_is_nobodys():
    """`min_salary` of a vacancy."""
    assert lexicon(("nb", "en")).read("min-salary")[0].category == ""


def test_births_of_pupils_are_told_from_days_at_work(scanner, made):
    """Any day of the week and years ago; who was hired began on weekdays."""
    days = [date(2007, 1, 1) + timedelta(days=made.rng.randint(0, 4300)) for _ in range(3 * N)]
    people = {
        "felt1": made.many(made.email, 3 * N), "felt2": made.many(made.first, 3 * N), "felt3": made.many(made.last, 3 * N),
    }  # fmt: skip
    found = scanner.findings("t5", {**people, "felt4": [f"{day:%d.%m.%Y}" for day in days]})
    assert found["felt4"].category == f"{D}.date_of_birth"
    at_work = [day - timedelta(days=max(0, day.weekday() - 4)) for day in days]
    hired = scanner.findings("t5", {**people, "felt4": [f"{day:%d.%m.%Y}" for day in at_work]})
    assert hired["felt4"].category != f"{D}.date_of_birth"


def test_who_is_to_be_called_has_a_name_and_a_telephone(scanner, made):
    """A header that promises a name alone takes nothing from what the cells hold."""
    cells = made.many(lambda: f"{made.first()} {made.last()} {made.mobile()}", N)
    found = scanner.findings("t1", {"Hvem skal vi ringe?": cells})["Hvem skal vi ringe?"]
    assert (found.category, found.how) == ("user.name", How.CONTAINS)
    assert "user.contact.phone_number" in found.also
