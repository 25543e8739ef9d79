"""Columns of persons' data are found, whatever they are called and however they are stored."""

from __future__ import annotations

import pytest

from detectors.columns import ScanOptions
from sladd.model import How

N = 120
FNR = "user.government_id.national_identification_number"
CASES = [
    # table, header, maker, category
    ("kunder", "fornavn", "first", "user.name.first"),
    ("kunder", "etternavn", "last", "user.name.last"),
    ("kunder", "navn", "name", "user.name"),
    ("Actor", "Nm", "name", "user.name"),
    ("kunder", "epost", "email", "user.contact.email"),
    ("newsletter_subscriber", "subscriber_email", "email", "user.contact.email"),
    ("Actor", "MobPh", "mobile", "user.contact.phone_number"),
    ("t17", "felt1", "email", "user.contact.email"),
    ("t17", "felt2", "fnr", FNR),
    ("t17", "felt3", "account", "user.financial.bank_account"),
    ("t17", "felt4", "street", "user.contact.address.street"),
    ("t17", "felt5", "ip", "user.device.ip_address"),
    ("t17", "felt6", "hash", "user.authorization.password"),
    ("t17", "felt7", "mobile", "user.contact.phone_number"),
    ("t17", "felt8", "first", "user.name.first"),
    ("ansatte", "foedselsNr", "fnr", FNR),
    ("ansatte", "FODSELSNUMMER", "fnr", FNR),
    ("tilsette", "kontonr", "account", "user.financial.bank_account"),
    ("customer_entity", "taxvat", "fnr", FNR),
    ("fakturaer", "kid", "kid", "user.payment.kid"),
    ("fakturaer", "orgnr", "orgnr", "organization.registration_number"),
    ("wc_orders", "customer_note", "words", "user.content.private"),
    ("status", "status", "email", "user.contact.email"),
    ("kunder", "pnr", "fnr", FNR),
    ("kunder", "kontonr", "fnr", FNR),
]


def values(made, maker: str) -> list[str]:
    if maker == "kid":
        return made.many(lambda: made.luhn(14), N)
    return made.many(getattr(made, maker), N)


@pytest.mark.parametrize(("table", "header", "maker", "category"), CASES)
def test_a_column_is_found(scanner, made, table, header, maker, category):
    """A column of personal data gets its category, by name, by values, or by both."""
    finding = scanner.findings(table, {header: values(made, maker)})[header]
    how = How.CONTAINS if category == "user.content.private" else How.IS
    assert (finding.how, finding.category) == (how, category)
    assert finding.confidence >= 0.5
    assert finding.evidence


def test_a_fodselsnummer_stored_as_a_number_has_lost_its_zero(scanner, made):
    """Integers are padded to the width of the recogniser, and floats are written out."""
    numbers = [int(n) for n in made.many(made.fnr, 300)]
    assert min(numbers) < 10**10  # some lost their zero
    columns = {"a": numbers, "b": [float(n) for n in numbers], "c": [f"{n:.10E}" for n in numbers]}
    for finding in scanner.findings("x", columns).values():
        assert (finding.how, finding.category) == (How.IS, FNR)


@pytest.mark.parametrize(
    ("header", "category"),
    [
        ("e_post", "user.contact.email"),
        ("fødselsnummer", FNR),
        ("riegádannummir", FNR),
        ("mottakarnamn", "user.name"),
        ("rp_token", "user.authorization.credentials"),
        ("phoneNumberMobile", "user.contact.phone_number"),
        ("nyhetsbrev", "user.privacy_preferences"),
        ("fagforening", "user.demographic.trade_union"),
        ("årslønn", "user.financial.salary"),
        ("billing_postcode", "user.contact.address.postal_code"),
    ],
)
def test_the_name_alone_decides_on_an_empty_table(scanner, header, category):
    """A table without rows is judged by its names."""
    finding = scanner.findings("kunder", {header: []})[header]
    assert (finding.how, finding.category) == (How.IS, category)


def test_postcodes_are_told_by_the_place_beside_them(scanner, made):
    """Four digits are postcodes when the register's place stands in the same row."""
    places = made.many(made.place, N)
    found = scanner.findings("x", {"a": [p[0] for p in places], "b": [p[1] for p in places]})
    assert found["a"].category == "user.contact.address.postal_code"
    assert found["b"].category == "user.contact.address.city"
    alone = scanner.findings("x", {"a": [p[0] for p in places]})
    assert alone["a"].how is How.NONE


def test_role_mailboxes_are_a_companys(scanner):
    """`post@` and `faktura@` in eight of ten addresses tell of companies."""
    roles = [f"{role}@firma{n}.example.no" for n in range(20) for role in ("post", "faktura")]
    finding = scanner.findings("kunder", {"epost": roles})["epost"]
    assert finding.category == "organization.contact.email"


def test_one_value_flags_a_column_when_chance_does_not_explain_it(scanner, made):
    """One fødselsnummer among words is `contains`; one account number is chance."""
    from detectors.norway.fodselsnummer import is_valid

    words = [f"ordre {n}" for n in range(200)]
    account = next(a for a in made.many(made.account, 9) if not is_valid(a))
    found = scanner.findings("x", {"a": [*words, made.fnr()], "b": [*words, account]})
    assert (found["a"].how, found["a"].category) == (How.CONTAINS, FNR)
    assert found["b"].how is How.NONE


def test_values_inside_longer_texts_are_contained(scanner, made):
    """An e-mail address inside some texts makes the column `contains`, never `is`."""
    texts = [f"{made.words()} {n}" for n in range(100)]
    texts[3] += f" Svar til {made.email()}."
    finding = scanner.findings("ordrer", {"felt9": texts})["felt9"]
    assert finding.how is How.CONTAINS
    assert finding.category == "user.content.private"
    assert "user.contact.email" in finding.also


def test_spans_in_free_text_count(scanner, made):
    """What the span finder sees inside texts is listed; one named entity is not enough."""
    from sladd.model import Span

    texts = [f"{made.words()} {n}" for n in range(40)]

    def one(_many):
        return [[Span(0, 2, "PERSON", 0.85)] if i == 0 else [] for i in range(len(_many))]

    def several(_many):
        return [[Span(i % 5, i % 5 + 4, "PERSON", 0.85)] for i in range(len(_many))]

    for finder, expected in ((one, ()), (several, ("user.name",))):
        options = ScanOptions(text_spans=finder)
        found = scanner.findings("ordrer", {"merknad": texts}, options=options)
        assert found["merknad"].also == expected


def test_keys_of_persons_are_identifiers(scanner, made):
    """The key of a table of persons, and a key that points there, identify a person."""
    people = scanner.findings(
        "kunder", {"id": list(range(N)), "epost": made.many(made.email, N)}, primary=("id",)
    )
    assert people["id"].category == "user.unique_id"
    orders = scanner.findings("ordrer", {"eier": [1, 2, 3]}, foreign={"eier": ("kunder", "id")})
    assert orders["eier"].category == "user.unique_id"


def test_each_key_of_an_eav_table_is_a_field(scanner, made):
    """Keys are judged one by one; a key that is personal data collapses to `*`."""
    keys = ["_billing_email", "_billing_phone", "_order_total", "kari.nordmann@example.no"] * 30
    makers = [made.email, made.mobile, lambda: str(made.rng.randint(1, 999)), made.words]
    values = [makers[i % 4]() for i in range(120)]
    found = scanner.findings("wc_orders_meta", {"meta_key": keys, "meta_value": values})
    assert found["meta_value"].how is How.CONTAINS
    assert found["meta_value._billing_email"].category == "user.contact.email"
    assert found["meta_value._billing_phone"].category == "user.contact.phone_number"
    assert found["meta_value._order_total"].how is How.NONE
    assert not any("nordmann" in name for name in found)
    assert "meta_value.*" in found


def test_a_key_and_a_value_of_the_same_thing_are_a_pair(scanner, made):
    """`profile_key` beside `profile_value`, but not beside another thing's value."""
    keys = ["profile.phone", "profile.tos"] * 40
    values = [made.mobile() if k == "profile.phone" else "1" for k in keys]
    found = scanner.findings("jos_user_profiles", {"profile_key": keys, "profile_value": values})
    assert found["profile_value.profile.phone"].category == "user.contact.phone_number"
    found = scanner.findings("lager", {"product_key": keys, "stock_value": values})
    assert not any(name.startswith("stock_value.") for name in found)


def test_json_in_a_text_column_is_fields(scanner, made):
    """Keys inside JSON are judged; an object keyed by e-mail collapses."""
    import json

    rows = [
        json.dumps({"user": {"email": made.email(), "phone": made.mobile()}, "total": n})
        for n in range(60)
    ]
    found = scanner.findings("carts", {"payload": rows})
    assert found["payload"].how is How.CONTAINS
    assert found["payload.user.email"].category == "user.contact.email"
    assert found["payload.user.phone"].category == "user.contact.phone_number"
    assert found["payload.total"].how is How.NONE
    keyed = [json.dumps({made.email(): {"sum": n}}) for n in range(30)]
    for scan in scanner.table("carts", {"payload": keyed}).fields:
        assert "@" not in str(scan.field.ref)
