"""Numbers, dates, ages and user names in texts: the nearest label decides what they are."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One number, many meanings.
        ("Ring meg ang. ordre 45230017", [("ORDER_NUMBER", "45230017")]),
        ("Ordre 10023. Ring meg på 45230017", [("ORDER_NUMBER", "10023"), ("PHONE_NUMBER", "45230017")]),
        ("kundenr: 45230017", [("CUSTOMER_NUMBER", "45230017")]),
        ("order #A-55021 is late", [("ORDER_NUMBER", "A-55021")]),
        ("sporingsnummer 70712345678901234", [("ORDER_NUMBER", "70712345678901234")]),
        ("medl.nr 118273 skal fryses", [("CUSTOMER_NUMBER", "118273")]),
        ("Slå sammen K10448 og K10449, det er én kunde", [("CUSTOMER_NUMBER", "K10448"), ("CUSTOMER_NUMBER", "K10449")]),
        ("Legg det på kundekortet, 100482", [("CUSTOMER_NUMBER", "100482")]),
        ("Kundenr. K 20 881", [("CUSTOMER_NUMBER", "K 20 881")]),
        ("Ordre 771203 mangler. Heller ikke 771298", [("ORDER_NUMBER", "771203"), ("ORDER_NUMBER", "771298")]),
        ("en faktura på 3 950", []),
        ("Saken har fått nummer CS-0099172", [("ORDER_NUMBER", "CS-0099172")]),
        ("ordre 10023 og 10024", [("ORDER_NUMBER", "10023"), ("ORDER_NUMBER", "10024")]),
        ("KID 000506701000172 til konto 86011117947", [("NO_KID", "000506701000172"), ("NO_KONTONUMMER", "86011117947")]),
        ("fnr 10915596784", [("NO_FODSELSNUMMER", "10915596784")]),
        ("kontonr 8601.11.17947, ikke 86011117947", [("NO_KONTONUMMER", "8601.11.17947"), ("NO_KONTONUMMER", "86011117947")]),
        ("skriv til kari.moe@example.no", [("EMAIL_ADDRESS", "kari.moe@example.no")]),
        # Telephones by their place.
        ("Mvh Kari 91234567", [("PERSON", "Kari"), ("PHONE_NUMBER", "91234567")]),
        ("Mvh\nKari Moen\n91234567", [("PERSON", "Kari Moen"), ("PHONE_NUMBER", "91234567")]),
        ("nås på 91234567", [("PHONE_NUMBER", "91234567")]),
        ("Mobil: (+47) 456 78 901", [("PHONE_NUMBER", "(+47) 456 78 901")]),
        ("reach me at 91234567", [("PHONE_NUMBER", "91234567")]),
        ("nr mitt e 91234567", [("PHONE_NUMBER", "91234567")]),
        ("whatsapp +44 7700 900123", [("PHONE_NUMBER", "+44 7700 900123")]),
        # Written to be read by people.
        ("kari.moe (at) example.no", [("EMAIL_ADDRESS", "kari.moe (at) example.no")]),
        ("kari krøllalfa example punktum no", [("EMAIL_ADDRESS", "kari krøllalfa example punktum no")]),
        ("reg.nr. AB 12345", [("NO_NUMBER_PLATE", "AB 12345")]),
        # Dates of birth.
        ("født 12.03.1985", [("DATE_OF_BIRTH", "12.03.1985")]),
        ("f. 12.03.85", [("DATE_OF_BIRTH", "12.03.85")]),
        ("Fødselsdato: 120385", [("DATE_OF_BIRTH", "120385")]),
        ("eg er fødd 14. juni 1979", [("DATE_OF_BIRTH", "14. juni 1979")]),
        ("born on March 12, 1985", [("DATE_OF_BIRTH", "March 12, 1985")]),
        ("DOB 1985-03-12", [("DATE_OF_BIRTH", "1985-03-12")]),
        ("født i 1985", [("DATE_OF_BIRTH", "1985")]),
        ("Gunvor Bjørkli (07.08.1951) klager", [("PERSON", "Gunvor Bjørkli"), ("DATE_OF_BIRTH", "07.08.1951")]),
        # Ages.
        ("jeg er 16 år", [("AGE", "16 år")]),
        ("en 17-åring bestilte", [("AGE", "17-åring")]),
        ("I am 34 years old", [("AGE", "34 years old")]),
        ("Datteren vår på ni har tegnet den", [("AGE", "ni")]),
        ("Bestefar vert åtti til hausten", [("AGE", "åtti")]),
        ("Gave til en femtiåring", [("AGE", "femtiåring")]),
        ("my grandmother, 91, lives alone", [("AGE", "91")]),
        ("min 40-årsdag er i mai", [("AGE", "40-årsdag")]),
        ("Navn – fødselsdato\nA – 05.02.1983\nB – 30.12.1975",
         [("DATE_OF_BIRTH", "05.02.1983"), ("DATE_OF_BIRTH", "30.12.1975")]),
        ("fødselsnummeret mitt (070379*****)", [("DATE_OF_BIRTH", "070379")]),
        ("Til minne om Ola Nordmann (1951–2025)", [("PERSON", "Ola Nordmann"), ("DATE_OF_BIRTH", "1951")]),
        # Labels of further papers, and questions with their answers.
        ("kreditnota K-5518", [("ORDER_NUMBER", "K-5518")]),
        ("A: Fakturanummer?\nK: 711045 tror jeg", [("ORDER_NUMBER", "711045")]),
        ("Kunde K-28866 ringte", [("CUSTOMER_NUMBER", "K-28866")]),
        # Passports.
        ("passnr. FHC002549", [("PASSPORT_NUMBER", "FHC002549")]),
        ("my passport number is 27123456", [("PASSPORT_NUMBER", "27123456")]),
        # User names.
        ("insta: @kari_n", [("USERNAME", "@kari_n")]),
        ("snap: karinord", [("USERNAME", "karinord")]),
        ("Brukernavn: lars.holm", [("USERNAME", "lars.holm")]),
        ("Discord-navnet mitt er Ulv#4471", [("USERNAME", "Ulv#4471")]),
        ("Jeg er logget inn som sveinhaug og ser", [("USERNAME", "sveinhaug")]),
        ("Hvem er jms_admin?", [("USERNAME", "jms_admin")]),
    ],
)  # fmt: skip
def test_a_number_is_what_its_label_says(pieces, text, expected):
    """Orders, customers, accounts, telephones, births, ages and user names are told apart."""
    assert pieces(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sendes 45230017 snart",
        "str 36 38 40 42, ca 30x40 cm, 2500 2600",
        "Pris 1 250,- pr stk, totalt 12 345,50 kr",
        "Levering 2026-03-12 eller 12.03.2026 kl. 12.30",
        "Versjon 10.4.1.2 og 2.10.3",
        "Ordre 2 av 3 er sendt",
        "3 års garanti, firmaet er 40 år",
        "Refleksvest str. 6-8 år, og en 3 år gammel sekk",
        "Har jobbet i 22 år, bestilling på 300 flasker",
        "logget inn som gjest, fil logo_v2_final.pdf, retur 20/9",
        "Skisse logo.ai og reg.nr. mangler.Er det klart?",
        "Kampanjekode VAR2026, PMS 2945 C, vare 20-4411",
        "Jeg bestilte 12.03.2026",
        "Ring 815 00 000",
        "Avtalt 2026-03-05 eller 22.03.2026",
        "Det passer 12345678 ganger, pass på 12345678",
    ],
)
def test_measures_prices_dates_and_versions_are_no_identifiers(pieces, text):
    """Numbers without a label stay what they are."""
    assert pieces(text) == []


def test_a_date_behind_a_name_is_no_telephone(pieces):
    """`22.03.2026` has eight digits as well."""
    for date in ("22.03.2026", "2026-03-22", "22.03.26"):
        assert pieces(f"Mvh Kari Moen {date}") == [("PERSON", "Kari Moen")]


def test_labels_work_in_every_language_at_once(text_analyzer):
    """English in a Norwegian set-up is found, and nynorsk in an English one."""
    from detectors import engine

    texts = ["my phone is 91234567", "Telefonnummeret mitt: 91234567", "My name is Emily Clarke"]
    answers = [engine.spans(text_analyzer, texts, language) for language in ("nb", "nn", "en")]
    assert answers[0] == answers[1] == answers[2]
    assert all(answers[0])


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("skriv til post@example.no", "organization.contact.email"),
        ("skriv til kari.moe@example.no", "user.contact.email"),
        ("skriv til post@gmail.com", "user.contact.email"),
        ("Sentralbordet har tlf. 22 39 69 00", "organization.contact.phone_number"),
        ("Kundeservice: 22 39 69 00", "organization.contact.phone_number"),
        ("Kari på kundeservice, mobil 912 34 567", "user.contact.phone_number"),
    ],
)
def test_mailboxes_and_telephones_of_companies_are_not_personal(find, text, category):
    """What reaches whoever is at work has the company's category."""
    assert [span.category for span in find([text])[0] if span.type != "PERSON"] == [category]
