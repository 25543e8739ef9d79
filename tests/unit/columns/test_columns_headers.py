"""Names that stand in no list are read by what they are made of."""

from __future__ import annotations

import uuid

import pytest

from detectors.columns.composition import composition, cut
from detectors.columns.header_lists import lexicon
from detectors.columns.tables import head_of_name, kind_of_name
from sladd.model import How

BOOK = lexicon(("nb", "nn", "en"))
SAID = {
    # written as one word
    "guarantorid": "user.unique_id",
    "usermodified": "user.unique_id",
    "lastnamephonetic": "user.name.last",
    "idvisitor": "user.device.cookie_id",
    "hourlypay": "user.financial.salary",
    "guardiansname": "user.name",
    # a noun for persons or dealings, and a word for numbers
    "Volunteer Code": "user.unique_id",
    "søkernummer": "user.unique_id",
    "Handläggar-ID": "user.unique_id.employee",
    "vaktmester_nr": "user.unique_id.employee",
    "complaintReference": "user.link_key",
    "Buchungs-Nr": "user.link_key",
    # whoever did it
    "approved_by": "user.name",
    "signert_av": "user.name",
    # consent, wherever it stands
    "HasOptedOutOfFax": "user.privacy_preferences",
    "do_not_phone": "user.privacy_preferences",
    "emailstop": "user.privacy_preferences",
    "ParentalConsentReceived": "user.privacy_preferences",
    "nyhetsbrev_godtatt": "user.privacy_preferences",
    # what stands before a preposition
    "Message to Driver": "user.content.private",
    # what stands before a word that says little
    "locale_id": "user.demographic.language",
    "emp_ssn_num": "user.government_id.national_identification_number",
    # abbreviations
    "CUST_NBR": "user.unique_id",
    "PAT_BRTH_DT": "user.demographic.date_of_birth",
    "EMP_PH_NBR": "user.contact.phone_number",
    # the head of a compound whose beginning nothing knows
    "skattekommune": "user.contact.address.municipality",
    # words cut short that no list has
    "citizenshp": "user.demographic.nationality",
    "etternvn": "user.name.last",
    "allerg": "user.health_and_medical",
    # remarks, paths, plurals, other words for a number
    "Name (First)": "user.name.first",
    "order_id (metadata)": "user.link_key",
    "visitorEmails.0.address": "user.contact.email",
    "Company.Contact.ContactPerson.LastName": "user.name.last",
    "inntekt.bilOgBaat.bilregistreringsnummer": "user.government_id.vehicle_registration",
    "approved_by_id": "user.unique_id.employee",
    "donotbulkemail": "user.privacy_preferences",
    "sin_num": "user.government_id.national_identification_number",
    # payroll, and the languages of further neighbours
    "Pårørende relasjon": "user.demographic.household",
    "Date de naissance": "user.demographic.date_of_birth",
    "Burgerlijke staat": "user.demographic.marital_status",
    # questions of forms
    "Hva er din e-postadresse?": "user.contact.email",
    "what_is_your_phone_number?": "user.contact.phone_number",
    "Når er du født?": "user.demographic.date_of_birth",
    "Wie lautet Ihre Telefonnummer?": "user.contact.phone_number",
    # two things in one, steps of an export
    "Personnr/orgnr": "user.government_id.national_identification_number",
    "Postnr/stad": "user.contact.address.city",
    "Person - Email - Work": "user.contact.email",
    # what can be computed again from an address
    "email_sha256": "user.unique_id.pseudonymous",
    "Hashed Phone": "user.unique_id.pseudonymous",
    "Assigned to user": "user.name",
    "Bilete på nett": "user.privacy_preferences",
    # neighbours' languages
    "Rechnungsnummer": "user.link_key",
    "Bostadsadress": "user.contact.address.street",
    "Sagsbehandlers navn": "user.name",
    "Staatsbürgerschaft": "user.demographic.nationality",
    # nouns with their article, what is asked of whoever fills in the form
    "E-postadressen din (valgfritt)": "user.contact.email",
    "Postnummeret ditt": "user.contact.address.postal_code",
    "Kan vi ringe deg? Oppgi telefonnummer:": "user.contact.phone_number",
    "Hvilken avdeling jobber du i?": "user.workplace",
    "Hvem skal hente pakken?": "user.name",
    # whoever does something, by the ending of the word, and to whom it is given
    "grader_id": "user.unique_id",
    "observer_uid": "user.unique_id",
    "avsluttetAv": "user.name",
    "modifiedby": "user.unique_id.employee",
    "escalated_to": "user.name",
    "creator_profile_id": "user.unique_id",
    # a list knows one of two meanings
    "contact_no": "user.unique_id",
    "created_by": "user.unique_id.employee",
    # the country that someone is of, and what a dealing is called by
    "CitizenshipCountryCode": "user.demographic.nationality",
    "Opprinnelig ordre": "user.link_key",
}
SILENT = (
    "number_of_employees", "postage", "email_verified", "emailverified", "shipping_agent_code",
    "return_code", "customer_group_id", "newsletter_id", "parent_id", "token_id",
    "consent_template", "privacy_policy_url", "coverage", "biblionumber", "photo_count",
    "custom_field", "object_id", "address_format", "ip_allowlist_enabled", "check_in_at", "ad_name", "file_sha256", "is_on_sale", "email_template_id", "maks_tal",
    "folder_id", "server_id", "Er du fornøyd med produktet?", "shipper_id",
)  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_name_is_read_by_what_it_is_made_of(name):
    """Words are cut, spelt out and put together before a name is given up."""
    assert SAID[name] in {match.category for match in BOOK.read(name)}


@pytest.mark.parametrize("name", SILENT)
def test_composition_makes_nothing_of_names_of_things(name):
    """Counters, codes, templates and flags hold words for persons as well."""
    claims = {m.category for m in BOOK.read(name) if m.category and not m.thing}
    assert claims <= {"user.device.user_agent"}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Department", "user.workplace"),
        ("relationship", "user.demographic.household"),
        ("Minor", "user.childrens"),
        ("photo.content_url", "user.content.self_image"),
        ("tilknytning", "user.demographic.household"),
    ],
)
def test_some_words_speak_in_tables_of_persons_only(name, category):
    """A department of persons is where they work; elsewhere it is a department."""
    assert category in {match.category for match in BOOK.read(name, "person")}
    assert category not in {match.category for match in BOOK.read(name)}


def test_the_name_of_a_thing_is_not_its_leaders():
    """A project's name is a thing's, and its manager a person."""
    assert all(match.thing for match in BOOK.read("project_name"))
    assert not any(match.thing for match in BOOK.read("project_manager"))


def test_a_word_is_cut_only_where_all_of_it_is_known():
    """What is left over means that the word is another one."""
    known = composition().persons | {"modified"}
    assert cut("usermodified", known) == ("user", "modified")
    assert cut("usermodifiedx", known) == ()
    assert cut("user", known) == ()


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("Cust_Ledger_Entry", "order"),
        ("sales_channel", "organisation"),
        ("mdl_course", "thing"),
        ("styremøter", "thing"),
        ("user_token", "thing"),
        ("project_members", "person"),
        ("books", "product"),
        ("borrowers", "person"),
        ("Mitarbeiter", "person"),
        ("contactdetails", "person"),
        ("TransactionList", "order"),
        ("customergroups", "lookup"),
        ("user_emails", "person"),
        ("Account", ""),
    ],
)
def test_tables_are_told_by_their_heads(table, kind):
    """Things are told by the last word: members of a project are persons."""
    assert kind_of_name(table) == kind


def test_words_for_a_file_do_not_hide_what_it_holds():
    """An export of members, and the head of an order, are members and an order."""
    assert head_of_name("subscribed_members_export") == "person"
    assert head_of_name("Sales_Header") == "order"


def test_the_name_and_language_of_a_course_are_no_persons(scanner, made):
    """A table of things names persons; what the things are called is another matter."""
    names = made.many(lambda: f"{made.rng.choice(made.given)} {made.rng.choice(made.family)}", 60)
    found = scanner.findings(
        "courses",
        {
            "id": list(range(60)),
            "fullname": [f"Kurs {i} i sveising" for i in range(60)],
            "lang": ["no", "en"] * 30,
            "instructor": names,
        },
        primary=("id",),
    )
    assert found["instructor"].category == "user.name"
    assert {found[each].how for each in ("id", "fullname", "lang")} <= {How.NONE, How.LINKED}


def test_a_book_with_an_author_is_no_person(scanner, made):
    """Its key is nobody's number."""
    names = made.many(lambda: f"{made.rng.choice(made.family)}, {made.rng.choice(made.given)}", 60)
    found = scanner.findings(
        "verk", {"verk_id": list(range(60)), "forfatter_navn": names}, primary=("verk_id",)
    )
    assert found["verk_id"].how is not How.IS


def test_numbers_of_users_are_told_from_what_they_log_in_with(scanner):
    """`user_id` holds numbers or user names; the values decide."""
    logins = [f"{a}{b}" for a in ("kano", "olha", "siwe", "pebr", "anli") for b in range(20)]
    numbers = [str(uuid.UUID(int=i)) for i in range(100)]
    told = scanner.findings("audit", {"user_id": logins})["user_id"]
    counted = scanner.findings("audit", {"user_id": numbers})["user_id"]
    assert told.category == "user.account.username"
    assert counted.category == "user.unique_id"


def test_a_spoilt_number_of_persons_is_one_still(scanner, made):
    """In an export one cell in ten may hold nothing that counts."""
    mails = [f"{made.rng.choice(made.given).lower()}{i}@mail.example.no" for i in range(100)]
    numbers = [f"MX{7000 + 13 * i}" if i % 12 else "ukjent" for i in range(100)]
    found = scanner.findings("members", {"barcode": numbers, "email": mails})
    assert found["barcode"].category == "user.unique_id"


def test_the_mailbox_that_every_row_names_is_a_role(scanner):
    """Few values beside blanks and marks are judged by their cells."""
    cells = (["support@butikk.example.no"] * 60) + ["-", "ukjent", "n/a", "?"] * 8
    finding = scanner.findings("saker", {"mottatt_epost": cells})["mottatt_epost"]
    assert finding.category == "organization.contact.email"


def test_an_address_of_a_machine_is_nobodys_page(scanner):
    """Where an interface keeps the record is no page of the person's."""
    cells = [f"https://shop.example.com/api/v2/users/{i}.json" for i in range(50)]
    mails = [f"person{i}@mail.example.no" for i in range(50)]
    found = scanner.findings("users", {"url": cells, "email": mails})
    assert found["url"].how is not How.IS


def test_what_an_office_has_is_the_offices(scanner, made):
    """Streets and telephone numbers of branches are no person's, with a name or without."""
    rows = {
        "branchname": ["Hovedkontoret", "Filialen på Nes", "Bybua"] * 3,
        "branchaddress1": [f"Storgata {i}" for i in range(9)],
        "branchphone": [f"22 33 4{i} 5{i}" for i in range(9)],
    }
    found = scanner.findings("branches", rows)
    assert not any(f.category.startswith("user.") and f.how is How.IS for f in found.values())
