"""Clean values that look like originals: none of them stops a release."""

from __future__ import annotations

import base64
import hashlib
import random
import uuid
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest


def column(shop, kept, name: str, make, table: str = "orders", **made) -> None:
    count = len(shop.tables[table][next(iter(shop.tables[table]))])
    rng = random.Random(name)
    shop.put(f"{table}.{name}", [make(n, rng) for n in range(count)], **made)


def phones(kept) -> list[int]:
    return [int(c["phone"][4:]) for c in kept.CUSTOMERS]


def strangers(kept) -> list[str]:
    """Full names whose parts customers have, though no customer has both."""
    real = {c["name"] for c in kept.CUSTOMERS}
    names = [f"{g} {f}" for g in (*kept.GIVEN, "Hedda") for f in (*kept.FAMILY, "Ruud")]
    return [name for name in names if name not in real]


COLUMNS = {
    "order numbers of eight digits": lambda n, rng: 45_000_000 + rng.randrange(10**6),
    "order numbers that fill a range of telephone numbers": lambda n, rng: 40_000_000 + 1_003 * n,
    "order numbers of eleven digits": lambda n, rng: 2_026_000_0000 + rng.randrange(10**9),
    "article numbers of thirteen digits": lambda n, rng: 7_038_010_000_000 + rng.randrange(10**7),
    "amounts that equal postcodes": lambda n, rng: rng.randrange(10_000),
    "amounts with decimals": lambda n, rng: round(rng.random() * 1e6, 2),
    "large amounts": lambda n, rng: rng.random() * 1e15,
    "years": lambda n, rng: 1950 + n % 50,
    "given names in product titles": lambda n, rng: f"Genseren {rng.choice(['Kari', 'Ola', 'Solveig'])}",
    "family names in product titles": lambda n, rng: f"Stol {rng.choice(['Strand', 'Vik', 'Berg'])}, eik",
    "a given and a family name apart": lambda n, rng: "Kari på kontoret og Hansen på lageret",
    "a town": lambda n, rng: rng.choice(["Oslo", "Bergen", "Bodø"]),
    "names of streets": lambda n, rng: rng.choice(["Storgata", "Kongens gate"]),
    "a street and a number, without a postcode": lambda n, rng: f"Storgata {rng.randrange(900, 999)}",
    "another domain of the same kind": lambda n, rng: "kundeservice@example.com",
    "words with an at sign": lambda n, rng: f"{n % 9} stk @ {n % 7} kr",
    "versions that look like addresses": lambda n, rng: f"versjon 10.{n % 9}.{n % 7}.{n % 5}",
    "random identifiers": lambda n, rng: f"{rng.getrandbits(128):032x}",
    "random UUIDs": lambda n, rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "hashes of other things": lambda n, rng: hashlib.sha256(f"file {n}".encode()).hexdigest(),
    "base64 of other things": lambda n, rng: base64.b64encode(f"produkt nr {n:05d}".encode()).decode(),
    "percent-encoded addresses of pages": lambda n, rng: f"/s%C3%B8k?q=kopp%20{n % 9}",
    "JSON without persons": lambda n, rng: f'{{"farge": "blå", "antall": {n % 9}}}',
    "dates as text": lambda n, rng: str(date(2024, 1, 1) + timedelta(days=n % 700)),
    "moments as text": lambda n, rng: str(datetime(2024, 1, 1) + timedelta(hours=n)),
    "company numbers with blanks": lambda n, rng: f"9{rng.randrange(10, 99)} 111 222",
    "opening hours": lambda n, rng: "man-fre 09-17, lør 10-15, tlf. ved bestilling",
    "negative numbers": lambda n, rng: -rng.randrange(10**7),
    "sizes and measures": lambda n, rng: f"{n % 90} x {n % 70} x {n % 50} cm",
    "empty texts and blanks": lambda n, rng: ("", "   ", None)[n % 3],
    "signs alone": lambda n, rng: ("!!!", "—", "☺", "…")[n % 4],
    "a long text": lambda n, rng: "Vi leverer kopper med trykk til bedrifter i hele landet. " * 40,
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_that_only_looks_like_originals_passes(shop, kept, name):
    """Each stands in all 450 rows of orders."""
    column(shop, kept, "extra", COLUMNS[name])
    assert shop.failed() == {}


def test_order_numbers_equal_to_telephone_numbers_pass(shop, kept):
    """A dense range in which some customers' numbers lie, in rows of others."""
    start = sorted(phones(kept))[70] - 200
    own = {n: phones(kept)[kept.customer_of(n)] for n in range(kept.ORDERS)}
    values = [start + n for n in range(kept.ORDERS)]
    assert any(v in phones(kept) for v in values)
    values = [v + 500 if v == own[n] else v for n, v in enumerate(values)]
    shop.put("orders.nr", values, decided=True)
    assert shop.failed() == {}


def test_products_named_like_persons_pass(shop, kept):
    """Names made of what customers are called, as many as there are products."""
    titles = strangers(kept)[:60]
    shop.put("products.title", [f"Koppen {t}" for t in titles + ["x"] * (60 - len(titles))])
    assert shop.failed() == {}


def test_a_product_that_bears_a_customers_name_passes_where_many_bought_it(shop, kept):
    """What stands in the rows of many persons is nobody's own."""
    shop.customers[5]["name"] = "Helly Hansen"
    values = ["Jakke Helly Hansen" if n % 4 == 0 and kept.customer_of(n) != 5 else "Kopp" for n in range(kept.ORDERS)]  # fmt: skip
    shop.put("orders.title", values)
    assert shop.failed() == {}


def test_pseudonyms_with_digits_in_a_row_pass(shop, kept):
    """Their alphabet and length are checked instead."""
    own = kept.CUSTOMERS[0]["phone"][4:].translate(str.maketrans("0189", "2345"))
    ids = [*shop.tables["customers"]["id"]]
    ids[0] = own + ids[0][8:]
    shop.put("customers.id", ids)
    shop.tables["orders"]["customer_id"] = [ids[kept.customer_of(n)] for n in range(kept.ORDERS)]
    assert shop.failed() == {}


def test_an_address_that_many_customers_share_passes(shop, kept):
    """As the switchboard of a firm: anything shared by more than five persons is weak."""
    for customer in shop.customers[:9]:
        customer["email"] = "post@example.org"
    shop.say(3, "Faktura til post@example.org")
    assert shop.failed() == {}


def test_a_column_kept_by_the_plan_passes(shop, kept):
    """Names that the plan lets out, where it lets them out."""
    shop.kept |= {"name", "first", "last"}
    shop.put("customers.name", [c["name"] for c in kept.CUSTOMERS], field="shop/customers.name", kept=True)  # fmt: skip
    assert shop.failed() == {}


def test_months_of_birth_pass(shop, kept):
    """The first of a month may be a birthday of somebody else."""
    values = pa.array([c["born"].replace(day=1) for c in kept.CUSTOMERS])
    shop.put("customers.born", values, field="shop/customers.born")
    assert shop.failed() == {}


def test_regions_named_like_towns_pass(shop, kept):
    """Oslo is a county as well."""
    values = ["Oslo" if c["city"] == "Oslo" else "Nord-Norge" for c in kept.CUSTOMERS]
    shop.put("customers.region", values, field="shop/customers.city")
    assert shop.failed() == {}


def test_truncated_moments_pass_in_anonymised_releases(shop, kept):
    """Whole hours."""
    shop.more = {"kind": "anonymised"}
    values = [c["seen"].replace(minute=0, second=0, microsecond=0) for c in kept.CUSTOMERS]
    shop.put("customers.seen", values)
    assert shop.failed() == {}


def test_numbers_kept_by_a_rule_of_their_own_pass(shop, kept):
    """Somebody decided it."""
    shop.put("orders.nr", list(range(kept.ORDERS)), decided=True)
    assert shop.failed() == {}


def test_numbers_of_rows_about_nobody_pass(shop, kept):
    """Products may be numbered."""
    shop.put("products.nr", list(range(60)))
    assert shop.failed() == {}


def test_numbers_that_repeat_pass(shop, kept):
    """Lines of an order."""
    shop.put("orders.line", [n % 40 for n in range(kept.ORDERS)])
    assert shop.failed() == {}


def test_two_releases_of_one_domain_may_join(shop, kept, tmp_path):
    """That is what a domain is for."""
    from sladd.gate.leaks.surrogates import Other
    from sladd.targets import Staging

    neighbour = kept.Shop()
    with Staging.begin(tmp_path / "m", "20261122T101112Z-ab13") as staging:
        shop.others = [Other("twin", staging.path, neighbour._written(staging))]
        assert shop.failed() == {}


def test_few_names_in_a_redacted_text_pass_within_the_stated_risk(shop, kept):
    """One of a hundred, where two of a hundred were stated; it is said."""
    shop.say(3, f"hilsen {kept.CUSTOMERS[kept.customer_of(3)]['name']}", field="shop/orders.comment", redacted=True, remaining={"user.name": 0.02}, mentions=100)  # fmt: skip
    checks = shop.check()
    assert all(c.passed for c in checks)
    assert any("of 101 found there" in c.detail for c in checks)


def test_a_table_without_rows_passes(shop):
    """Its files exist and hold nothing."""
    shop.tables["products"] = {"sku": pa.array([], pa.string()), "n": pa.array([], pa.int64())}
    assert shop.failed() == {}
