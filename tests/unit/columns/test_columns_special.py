"""Quasi-identifiers and special categories in columns, by names, values and codes."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from detectors.columns.health_codes import is_icd10
from detectors.columns.scan import judge_table
from detectors.columns.special import SPECIAL
from detectors.special_words import USES, terms
from sladd import taxonomy
from sladd.model import How

from .conftest import make_sample

N = 120
HEALTH = "user.health_and_medical"
D = "user.demographic"


def of(*values: object) -> list[object]:
    """A column in which these values come round and round."""
    return [values[i % len(values)] for i in range(N)]


ICD = of("F32.1", "J45.9", "M54.5", "I10", "S72.0", "E11.9", "R51", "Z73.0", "K21.9", "G43.1")
ATC = of("N02BE01", "A10BA02", "C09AA05", "N06AB06", "R03AC02")
FOUND = {
    # what: table, header, values, category
    "gender in words": ("t17", "felt3", of("mann", "kvinne", "annet"), f"{D}.gender"),
    "gender in letters": ("t17", "felt3", of("M", "K"), f"{D}.gender"),
    "gender as numbers under a name": ("kunder", "kjønn", of(1, 2), f"{D}.gender"),
    "gender in English": ("customers", "x1", of("female", "male"), f"{D}.gender"),
    "marital status": ("t17", "felt3", of("gift", "ugift", "skilt", "samboer"), f"{D}.marital_status"),
    "marital status, English": ("x", "c4", of("Married", "Never-married", "Divorced", "Widowed"), f"{D}.marital_status"),
    "nationality by code": ("kunder", "nasjonalitet", of("NO", "SE", "PL"), f"{D}.nationality"),
    "nationality by adjective": ("ansatte", "statsborgerskap", of("norsk", "polsk", "litauisk"), f"{D}.nationality"),
    "country of birth": ("ansatte", "fødeland", of("Norge", "Polen", "Somalia"), f"{D}.country_of_birth"),
    "language": ("kunder", "felt3", of("nb", "nn", "en"), f"{D}.language"),
    "household": ("kunder", "husstandsstørrelse", of(1, 2, 3, 4), f"{D}.household"),
    "job titles": ("t17", "felt3", of("salgssjef", "utvikler", "lagermedarbeider", "kundekonsulent", "regnskapsfører", "truckfører"), "user.job_title"),
    "job titles, English": ("staff", "x9", of("Sales Manager", "Nurse", "Software Engineer", "Clerk", "Shop Assistant"), "user.job_title"),
    "job titles, nynorsk": ("tilsette", "tittel_stilling", of("avdelingsleiar", "sjukepleiar", "rådgjevar"), "user.job_title"),
    "education": ("t17", "felt3", of("bachelor", "master", "videregående", "fagbrev"), "user.education"),
    "salary": ("ansatte", "timelønn", [180 + i for i in range(N)], "user.financial.salary"),
    "income": ("kunder", "husholdningsinntekt", [300_000 + 997 * i for i in range(N)], "user.financial.income"),
    "union by name": ("ansatte", "fagforening", of("LO", "YS", "NITO"), f"{D}.trade_union"),
    "union by values": ("t17", "felt3", of("Fagforbundet", "NITO", "Tekna", "uorganisert"), f"{D}.trade_union"),
    "union dues": ("payroll", "fagforeningstrekk", [0, 350, 420] * 40, f"{D}.trade_union"),
    "diagnoses": ("pasienter", "diagnose", ICD, HEALTH),
    "diagnoses among persons": ("ansatte", "felt3", ICD, HEALTH),
    "ATC": ("t17", "felt3", ATC, HEALTH),
    "medicines": ("t17", "felt3", of("Ritalin", "Zoloft", "Sobril", "Concerta"), HEALTH),
    "diets of guests": ("deltakere", "felt3", of("glutenfri", "laktosefri", "ingen", "halal"), HEALTH),
    "allergies": ("påmelding", "allergier", of("nøtter, egg", "gluten", "ingen", "skalldyr"), HEALTH),
    "sick leave": ("ansatte", "sykmeldt", [True, False] * 60, HEALTH),
    "sick leave, nynorsk": ("tilsette", "sjukmelding", of("nei", "50 %", "full"), HEALTH),
    "hours of sick leave": ("employees", "SickLeaveHours", [i % 60 for i in range(N)], HEALTH),
    "wheelchair": ("guests", "accessibility_needs", of("wheelchair", "none", "deaf"), HEALTH),
    "belief": ("t17", "felt3", of("muslim", "kristen", "den norske kirke", "buddhist"), f"{D}.religious_belief"),
    "church member": ("medlemmer", "medlem_i_den_norske_kirke", of("ja", "nei"), f"{D}.religious_belief"),
    "party by letters": ("velgere_kunder", "partitilhørighet", of("Ap", "H", "FrP", "SV"), f"{D}.political_opinion"),
    "party by values": ("t17", "felt3", of("Arbeiderpartiet", "Høyre", "Senterpartiet", "Fremskrittspartiet"), f"{D}.political_opinion"),
    "Sámi register": ("medlemmer", "samemanntall", [True, False] * 60, f"{D}.race_ethnicity"),
    "ethnic groups": ("t17", "felt3", of("samisk", "kvensk", "etnisk norsk", "romani"), f"{D}.race_ethnicity"),
    "orientation": ("t17", "felt3", of("heterofil", "homofil", "bifil"), f"{D}.sexual_orientation"),
    "face vectors": ("kunder", "face_embedding", [[0.1, 0.2, float(i)] for i in range(N)], "user.biometric"),
    "finger templates": ("ansatte", "fingeravtrykksmal", [b"\x01" * 8 + bytes([i]) for i in range(N)], "user.biometric"),
    "genes": ("kunder", "gentest_resultat", of("A", "B"), "user.health_and_medical.genetic"),
    "police certificate": ("trenere", "politiattest_levert", [True, False] * 60, "user.criminal_history"),
    "convictions": ("ansatte", "straffesaker", of("ingen", "betinget fengsel", "forelegg"), "user.criminal_history"),
}  # fmt: skip


@pytest.mark.parametrize("case", FOUND)
def test_what_a_column_says_of_persons_is_found(scanner, case):
    """By its name, by its values, or by both."""
    table, header, values, category = FOUND[case]
    finding = scanner.findings(table, {header: values})[header]
    assert (finding.how, finding.category) == (How.IS, category), finding.confidence
    assert 0.5 <= finding.confidence < 1


LEFT_ALONE = {
    "gender of a product": ("produkter", "felt3", of("Herre", "Dame", "M", "K")),
    "letters of a product": ("produkter", "målgruppe", of("M", "K")),
    "sizes": ("t1", "felt3", of("S", "M", "L", "XL")),
    "one letter": ("t1", "felt3", of("M")),
    "departments": ("avdelinger", "navn", of("Salg", "Lager", "Økonomi", "IT", "Marked")),
    "roles of users": ("t1", "rolle", of("admin", "leder", "bruker", "gjest")),
    "shelves": ("lager", "hylle", of("A12.1", "B13", "C34.2", "D11", "E12.1", "F55", "G11", "H10.3")),
    "codes of letters and digits": ("t1", "felt3", ICD),
    "ingredients": ("produkter", "innhold", of("gluten", "melk", "egg", "nøtter")),
    "foods without a name": ("t1", "felt3", of("melk", "egg", "fisk", "nøtter")),
    "a menu": ("retter", "type_mat", of("glutenfri", "vegansk", "laktosefri", "halal")),
    "products that sound ill": ("produkter", "navn", of("Førstehjelpsskrin", "Kors-anheng", "Allergivennlig dyne", "Gravidpute")),
    "the same in an order": ("ordrelinjer", "varenavn", of("Førstehjelpsskrin", "Kors-anheng", "Allergivennlig dyne", "Gravidpute")),
    "colours": ("t1", "farge", of("white", "black", "rød")),
    "colours without a name": ("t1", "felt3", of("white", "black", "asian blue", "red")),
    "states of cases": ("saker", "status", of("ny", "henlagt", "åpen")),
    "reasons of returns": ("returer", "årsak", of("fraud", "damaged", "theft")),
    "countries of origin": ("produkter", "opprinnelsesland", of("NO", "CN", "PL")),
    "country codes without a name": ("t1", "felt3", of("NO", "SE", "DK")),
    "health of servers": ("tjenester", "health_status", of("ok", "degraded", "down")),
    "churches": ("t1", "church", of("Nidarosdomen", "Borgund", "Urnes")),
    "bots": ("sessions", "is_bot", [True, False] * 60),
    "disabled accounts": ("users", "disabled", [True, False] * 60),
    "translations": ("oversettelser", "felt3", of("nb", "nn", "en")),
    "a rare word": ("t1", "felt3", of("halal", "rød", "grønn", "blå", "gul", "hvit")),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_what_only_sounds_so_is_left_alone(scanner, case):
    """Products, roles, codes and colours are no quasi-identifier and nothing of art. 9."""
    table, header, values = LEFT_ALONE[case]
    finding = scanner.findings(table, {header: values})[header]
    told = (finding.category, *finding.also) if finding.how is not How.NONE else ()
    assert not [c for c in told if c.startswith((*SPECIAL, D, "user.job_title", "user.education"))]


def test_a_diet_may_reveal_a_faith_as_well(scanner):
    """Halal is a diet and a faith; gluten is a diet."""
    for diet, also in (("halal", (f"{D}.religious_belief",)), ("vegetar", ())):
        values = of("glutenfri", "laktosefri", "ingen", diet)
        finding = scanner.findings("deltakere", {"kosthensyn": values})["kosthensyn"]
        assert (finding.category, finding.also) == (HEALTH, also)


@pytest.mark.parametrize(
    ("values", "weight"),
    [([180 + i for i in range(N)], 0.5), ([f"{35_000 + i} kr" for i in range(N)], 0.5),
     ([i % 9 for i in range(N)], -1.0)],
)  # fmt: skip
def test_pay_lies_where_pay_lies(scanner, values, weight):
    """Numbers up to ten are grades, not pay; the name still decides."""
    finding = scanner.findings("ansatte", {"lønn": values})["lønn"]
    assert [e.weight for e in finding.evidence if e.signal == "amounts"] == [weight]
    assert finding.category == "user.financial.salary"


def test_what_may_reveal_waits_for_a_person(scanner):
    """Every category of art. 9 and 10 says no more than that it may reveal."""
    known = taxonomy.load()
    finding = scanner.findings("ansatte", {"sykmelding": of("ja", "nei")})["sykmelding"]
    assert known[finding.category].may_reveal
    assert {c.key for c in known if c.may_reveal} == {
        c.key for c in known if c.legal_class in {"art9", "art10"}
    }
    assert not known["user.contact.email"].may_reveal


def test_no_evidence_holds_a_value(scanner):
    """The lists are named by category; the cells that stood in them are not told."""
    for table, header, values, _ in FOUND.values():
        sample = make_sample(table, {header: values})
        from detectors.columns import ScanOptions

        for judged in judge_table(sample, detectors=scanner.detectors, options=ScanOptions()):
            for candidate in judged.candidates:
                for fact in (f for e in candidate.evidence for f in e.facts.values()):
                    if isinstance(fact, str) and isinstance(values[0], str):
                        assert fact not in {str(v) for v in values}


@pytest.mark.parametrize(
    ("code", "valid"),
    [("A00", True), ("F32.1", True), ("U07.1", True), ("Z99.9", True), ("S72.00", True),
     ("E99", False), ("K95", False), ("A1", False), ("F32.123", False), ("ÆØÅ", False),
     ("12.3", False), ("", False)],
)  # fmt: skip
def test_icd10_codes_lie_in_their_chapters(code, valid):
    """A letter, two digits up to the chapter's last, and one or two more."""
    assert is_icd10(code) is valid


def test_the_lists_are_whole():
    """Known categories and uses, no term twice under one use, none too short to be told."""
    known = taxonomy.load()
    seen = set()
    for term in terms():
        assert term.category in known
        assert known[term.category].may_reveal
        assert term.use in USES
        assert term.text
        assert term.text == term.text.strip()
        if term.stem:
            assert len(term.text) >= 4, "a stem that short begins too many words"
        if term.use in {"word", "near"}:
            assert len(term.text) >= 3
        seen.add((term.category, term.use, term.text))
    assert len(seen) > 900


def test_countries_have_both_codes():
    """ISO 3166-1 in two letters and three, and a name in each language."""
    place = files("detectors.lexicon").joinpath("special", "countries.csv")
    with place.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 240
    assert all(len(r["alpha2"]) == 2 and len(r["alpha3"]) == 3 for r in rows)
    assert all(r["nb"] and r["nn"] and r["en"] for r in rows)
